"""Why things were joined or flagged, asked at a terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_flow import ANAS, BOS
from witnessbox.evidence.schema import DISCREPANCIES, PEOPLE
from witnessbox.operation.model import open_operation

START = ANAS.encode().index(b"03/03/2026, 22:05")
"""Of the message that Bo's phone lacks, in Ana's export."""


@pytest.fixture
def nights(command: Command, tmp_path: Path) -> Path:
    """One conversation from two phones, reconciled."""
    place = tmp_path / "op"
    command("new", place, "--name", "Operation Harbour")
    for custodian, text in (("Ana", ANAS), ("Bo", BOS)):
        file = tmp_path / custodian / "WhatsApp Chat with Nights.txt"
        file.parent.mkdir()
        file.write_text(text)
        command("receive", place, file, "--custodian", custodian, "--basis", "consent")
    assert command("run", place, "--jobs", "1")[0] == 0
    return place


def _missing(place: Path) -> dict[str, str]:
    rows = open_operation(place).tables.read(DISCREPANCIES).to_pylist()
    (found,) = [row for row in rows if row["kind"] == "missing"]
    return dict(found)


def test_a_message_is_explained_by_its_exhibit_and_byte(command: Command, nights: Path) -> None:
    code, out, err = command("why", nights, f"WB/001:{START}")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("Message 01")
    assert "kettle is broken again" in out
    assert "copy 1 (Ana): WB/001" in out
    assert "written   03/03/2026, 22:05, by Cy" in out
    assert "Which copies do not show it" in out
    assert "copy 2 (Bo): missing" in out
    assert "missing (" in out.split("What is told of it")[1]
    assert max(len(line) for line in out.splitlines()) <= 80


def test_a_discrepancy_is_explained_by_the_beginning_of_its_id(
    command: Command, nights: Path
) -> None:
    row = _missing(nights)
    code, out, _ = command("why", nights, row["discrepancy"][:20])
    assert code == 0
    assert out.startswith(f"Discrepancy {row['discrepancy']}: missing\n")
    for step in ("The message", "How strong", "What the data show", "What would explain it"):
        assert step in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_a_person_is_explained_with_the_names_on_each_copy(command: Command, nights: Path) -> None:
    rows = open_operation(nights).tables.read(PEOPLE).to_pylist()
    (person,) = {row["person"] for row in rows if row["name"] == "Boss"}
    code, out, _ = command("why", nights, person)
    assert code == 0
    assert out.startswith(f"Person {person}: ")
    assert "Nights, copy 2 (Bo): Boss, 2 messages" in out
    assert "What joins these names, strongest first" in out


def test_machines_get_the_same_as_one_object(command: Command, nights: Path) -> None:
    row = _missing(nights)
    code, out, _ = command("why", nights, row["message"], "--json")
    assert code == 0
    told = json.loads(out)
    assert told["message"]["id"] == row["message"]
    assert told["sightings"][0]["sight"]["span"]["start"] == START
    assert [one["stand"] for one in told["lacking"]] == ["missing"]
    assert row["discrepancy"] in {one["discrepancy"] for one in told["discrepancies"]}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("01", "several ids begin 01"),
        ("01ffffffffffff", "no message, person or discrepancy has an id that begins"),
        ("the kettle", "is no id"),
        ("WB/001:7", "no message begins at byte 7 of 'WB/001'"),
        ("WB/9:7", "no exhibit was received as 'WB/9'"),
    ],
)
def test_what_cannot_be_found_is_refused_with_what_to_do(
    command: Command,
    nights: Path,
    what: str,
    said: str,
) -> None:
    code, out, err = command("why", nights, what)
    assert (code, out) == (1, "")
    assert said in err


def test_what_a_terminal_would_obey_is_not_passed_on(command: Command, tmp_path: Path) -> None:
    place, file = tmp_path / "op", tmp_path / "WhatsApp Chat with Nights.txt"
    file.write_text("02/03/2026, 09:01 - Ana: red \x1b[31mkettle\n02/03/2026, 09:02 - Bo: tea\n")
    command("new", place, "--name", "Op")
    command("receive", place, file, "--custodian", "Ana", "--basis", "consent")
    command("run", place, "--jobs", "1")
    code, out, _ = command("why", place, "WB/001:0")
    assert code == 0
    assert "red �[31mkettle" in out
    assert "\x1b" not in out
