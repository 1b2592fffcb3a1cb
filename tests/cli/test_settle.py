"""Doubts listed and settled at a terminal."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command

CHAT = "03/04/24, 10:00 - Ana: early\n04/04/24, 10:00 - Bo: late\n"


@pytest.fixture
def operation(command: Command, tmp_path: Path) -> Path:
    chat = tmp_path / "WhatsApp Chat with Nights.txt"
    chat.write_text(CHAT)
    place = tmp_path / "op"
    command("new", place, "--name", "Harbour", "--zone", "Europe/London")
    words = ("--custodian", "Ana", "--basis", "consent", "--reference", "WB/1")
    command("receive", place, chat, *words)
    command("extract", place, "--jobs", "1")
    return place


def test_doubts_are_listed_with_both_readings_and_their_bytes(
    command: Command, operation: Path
) -> None:
    code, out, err = command("settle", operation)
    assert code == 0
    assert "WB/1  date-order  byte 0\n" in out
    assert "  as month/day/year they run from 2024-03-04 to 2024-04-04" in out
    assert "  there: '03/04/24, 10:00 - Ana: early'\n" in out
    assert "  settle as: day/month/year, month/day/year, as-read\n" in out
    assert "  settle as: an IANA time zone, as-read\n" in out
    assert err == "2 doubts are open, 0 settled or slight\n"


def test_a_settled_doubt_is_gone_from_the_list_and_its_exhibit_is_read_again(
    command: Command, operation: Path
) -> None:
    words = ("date-order", "month/day/year", "--reason", "the phone's settings")
    code, out, err = command("settle", operation, "WB/1", *words)
    assert code == 0
    assert out == "settled: date-order at byte 0 as month/day/year\nextract: 1 made anew\n"
    assert "what follows from it is due" in err
    assert "date-order" not in command("settle", operation)[1]
    every = command("settle", operation, "WB/1", "date-order", "--every")[1]
    assert "  settled as month/day/year\n" in every
    assert "  by Ana Okoro, 2" in every
    assert ": the phone's settings\n" in every
    assert "1 doubts are open, 1 settlements" in command("status", operation)[1]
    rows = command("export", operation, "messages", "--to", "jsonl")[1]
    assert "2024-03-04" in rows


def test_what_cannot_be_settled_is_refused(command: Command, operation: Path) -> None:
    code, _, err = command("settle", operation, "WB/9")
    assert (code, err) == (
        1,
        "witnessbox: no exhibit 'WB/9' was received; see 'witnessbox status'\n",
    )
    words = ("date-order", "month/day/year")
    assert "needs a reason" in command("settle", operation, "WB/1", *words)[2]


def test_one_reference_for_two_exhibits_is_not_settled_in_one_go(
    command: Command, operation: Path, tmp_path: Path
) -> None:
    other = tmp_path / "WhatsApp Chat with Lates.txt"
    other.write_text(CHAT.replace("early", "soon"))
    words = ("--custodian", "Bo", "--basis", "consent", "--reference", "WB/2")
    command("receive", operation, other, *words)
    command("extract", operation, "--jobs", "1")
    asked = ("date-order", "as-read", "--reason", "seen")
    assert "no exhibit ''" in command("settle", operation, "", *asked)[2]
    assert command("settle", operation, "WB/2", *asked)[0] == 0
    assert command("settle", operation)[2] == "3 doubts are open, 1 settled or slight\n"


def test_many_doubts_of_one_code_are_listed_in_short(
    command: Command, operation: Path, tmp_path: Path
) -> None:
    chat = tmp_path / "WhatsApp Chat with Back.txt"
    hours = (10, 20) * 5
    chat.write_text("".join(f"14/02/2024, {hour}:00 - Ana: tea\n" for hour in hours))
    words = ("--custodian", "Bo", "--basis", "consent", "--reference", "WB/2")
    command("receive", operation, chat, *words)
    command("extract", operation, "--jobs", "1")
    out = command("settle", operation, "WB/2", "time-runs-back")[1]
    assert "more; list them with --every\n" in out
    assert "more; list them" not in command("settle", operation, "WB/2", "--every")[1]
