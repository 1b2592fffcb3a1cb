"""What extraction leaves open is said where it ran."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

CHAT = "03/04/24, 10:00 - Ana: early\n04/04/24, 10:00 - Bo: late\n"


@pytest.fixture
def operation(command: Command, tmp_path: Path) -> Path:
    place = tmp_path / "op"
    command("new", place, "--name", "Harbour", "--zone", "Europe/London")
    return place


def receive(command: Command, operation: Path, name: str, text: str) -> None:
    file = operation.parent / name
    file.write_text(text)
    code, _, err = command("receive", operation, file, "--custodian", "Ana", "--basis", "consent")
    assert code == 0, err


def test_losses_and_doubts_are_told_by_exhibit_in_lines_that_fit(
    command: Command, operation: Path
) -> None:
    receive(command, operation, "WhatsApp Chat with Nights.txt", CHAT)
    receive(command, operation, "notes.txt", "no chat at all\n")
    out = command("extract", operation, "--jobs", "1")[1].splitlines()
    assert out[:2] == ["extract: 2 made anew", "WB/001  WhatsApp Chat with Nights.txt"]
    assert out[2].startswith("  doubt  date-order: dates such as 03/04/24, 10:00 can be day/")
    assert out[2].endswith("…")
    assert out[4:6] == ["WB/002  notes.txt", out[5]]
    assert out[5].startswith("  loss  ")
    assert out[6].startswith("1 loss, 2 doubts; doubts are settled with: witnessbox settle ")
    assert max(map(len, out[:6])) == 80


def test_doubts_of_one_kind_are_one_line_with_their_number(
    command: Command, operation: Path
) -> None:
    hours = ("10:00", "09:00", "09:30", "08:00", "08:30", "07:00", "07:30")
    back = "".join(f"13/04/2024, {hour} - Ana: it is {hour}\n" for hour in hours)
    receive(command, operation, "WhatsApp Chat with Nights.txt", back)
    assert "  doubt  time-runs-back × 2: " in command("extract", operation, "--jobs", "1")[1]


def test_a_long_list_is_cut_and_says_where_the_rest_is(command: Command, operation: Path) -> None:
    folder = operation.parent / "exports"
    folder.mkdir()
    for number in range(13):
        (folder / f"WhatsApp Chat with {number}.txt").write_text(
            f"{CHAT}05/04/24, 10:00 - C: {number}\n"
        )
    command("receive", operation, folder, "--custodian", "Ana", "--basis", "consent")
    out = command("extract", operation, "--jobs", "1")[1].splitlines()
    assert out[-2] == f"… and 6 kinds more in 3 exhibits: witnessbox status {operation}"


def test_where_nothing_is_open_nothing_is_told(command: Command, operation: Path) -> None:
    said = {"sender_name": "Ana", "timestamp_ms": 1_709_298_000_000, "content": "tea?"}
    chat = {"participants": [{"name": "Ana"}], "messages": [said], "title": "Ana"}
    receive(command, operation, "message_1.json", json.dumps(chat))
    assert command("extract", operation, "--jobs", "1")[1] == "extract: 1 made anew\n"
