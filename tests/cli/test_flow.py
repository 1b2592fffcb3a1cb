"""An operation by hand, command by command, as the README has it."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Command

ANAS = """\
02/03/2026, 09:00 - Messages and calls are end-to-end encrypted.
02/03/2026, 09:00 - Ana created group "Nights"
02/03/2026, 09:01 - Ana: who has the van keys
02/03/2026, 09:02 - Bo: on the hook, as always
02/03/2026, 09:14 - Bo: overtime sheet is in the tray
03/03/2026, 22:05 - Cy: kettle is broken again
13/03/2026, 22:06 - Ana: someone bring a new one
13/03/2026, 22:10 - Bo: tell the new girl to make the tea
"""
BOS = ANAS.replace("03/03/2026, 22:05 - Cy: kettle is broken again\n", "").replace("Ana:", "Boss:")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "WhatsApp Chat with Nights.txt").write_text(ANAS)
    with zipfile.ZipFile(folder / "bo.zip", "w") as archive:
        archive.writestr("WhatsApp Chat with Nights.txt", BOS)
    return folder


@pytest.fixture
def operation(command: Command, exports: Path, tmp_path: Path) -> Path:
    place = tmp_path / "op"
    assert command("new", place, "--name", "Operation Harbour")[0] == 0
    for file, custodian in (("WhatsApp Chat with Nights.txt", "Ana"), ("bo.zip", "Bo")):
        words = ("--custodian", custodian, "--basis", "consent in writing")
        assert command("receive", place, exports / file, *words)[0] == 0
    return place


@pytest.fixture
def ran(command: Command, operation: Path) -> Path:
    assert command("run", operation, "--jobs", "1")[0] == 0
    return operation


def test_receiving_says_each_exhibit_and_its_reference(
    command: Command, exports: Path, tmp_path: Path
) -> None:
    command("new", tmp_path / "op", "--name", "Op")
    words = ("--custodian", "Bo", "--basis", "consent")
    code, out, _ = command("receive", tmp_path / "op", exports / "bo.zip", *words)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["WB/001", "WB/001/1", "2"]
    assert out.endswith("2 received, 0 refused\n")


def test_a_broken_archive_is_refused_with_its_reason(
    command: Command, operation: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 no archive")
    words = ("--custodian", "Cy", "--basis", "consent")
    code, out, err = command("receive", operation, broken, *words)
    assert code == 1
    assert "0 received, 1 refused" in out
    assert "broken.zip is refused" in err


def test_running_twice_does_the_work_once(command: Command, ran: Path) -> None:
    code, out, err = command("run", ran, "--jobs", "1")
    assert code == 0
    assert set(out.splitlines()) == {
        f"{step}: up to date" for step in ("extract", "reconcile", "pictures", "index", "screen")
    }
    assert "nothing is due" in err


def test_one_step_can_be_run_alone(command: Command, operation: Path) -> None:
    code, out, _ = command("extract", operation, "--jobs", "1")
    assert code == 0
    assert out.startswith("extract: 3 made anew\n")


def test_status_explains_every_byte(command: Command, ran: Path) -> None:
    code, out, _ = command("status", ran)
    assert code == 0
    assert "0 bytes unexplained" in out
    assert "discrepancies, missing: 1" in out
    assert "due: nothing" in out


def test_status_says_what_is_due_before_anything_ran(command: Command, operation: Path) -> None:
    code, out, _ = command("status", operation)
    assert code == 0
    assert "not read yet" in out
    assert "due: extract (3)" in out


def test_a_search_shows_the_message_in_its_context(command: Command, ran: Path) -> None:
    code, out, err = command("search", ran, "overtime", "--context", "1")
    assert code == 0
    assert "on the hook" in out
    assert "overtime sheet is in the tray" in out
    assert "1 of 1 hits" in err


def test_a_search_for_machines_gives_spans(command: Command, ran: Path) -> None:
    _, out, _ = command("search", ran, "kettle", "--json")
    (hit,) = (json.loads(line) for line in out.splitlines())
    assert ANAS.encode()[hit["span"]["start"] : hit["span"]["end"]].endswith(b"broken again\n")


def test_a_search_without_a_hit_is_a_finding_too(command: Command, ran: Path) -> None:
    assert command("search", ran, "helicopter")[0] == 1


def test_a_query_that_cannot_be_read_says_where(command: Command, ran: Path) -> None:
    code, _, err = command("search", ran, '"no end')
    assert code == 1
    assert "at character" in err


def test_codings_go_in_from_a_file_and_only_once(
    command: Command, ran: Path, tmp_path: Path
) -> None:
    start = ANAS.encode().index(b"13/03/2026, 22:10")
    file = tmp_path / "codings.jsonl"
    coding = {
        "exhibit": "WB/001",
        "start": start,
        "categories": ["misogyny"],
        "severity": 2,
        "banter": True,
    }
    file.write_text(json.dumps(coding) + "\n")
    assert command("review", "code", ran, file)[1] == "1 codings entered, 0 stood already\n"
    assert command("review", "code", ran, file)[1] == "0 codings entered, 1 stood already\n"
    _, out, _ = command("review", "batches", ran)
    assert out.splitlines()[1].split()[2] == "1"
    _, out, err = command("review", "next", ran)
    assert all(json.loads(line)["message"] for line in out.splitlines())
    assert "messages to read" in err
    assert command("review", "disputed", ran)[0] == 0


def test_a_table_is_exported_in_each_format(command: Command, ran: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in command("export", ran, "sightings")[1].splitlines()]
    assert len(rows) == 15
    _, out, _ = command("export", ran, "copies", "--to", "csv")
    assert len(out.splitlines()) == 3
    file = tmp_path / "messages.parquet"
    assert command("export", ran, "messages", "--to", "parquet", "--output", file)[0] == 0
    assert file.read_bytes()[:4] == b"PAR1"


def test_conversations_are_exported_for_review_platforms(
    command: Command, ran: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "rsmf"
    code, _, err = command("export", ran, "--to", "rsmf", "--output", folder)
    assert code == 0
    assert "9 events of 1 conversation(s) in 3 file(s)" in err
    days = [file.stem.rpartition("_")[2] for file in sorted(folder.glob("*.rsmf"))]
    assert days == ["2026-03-02", "2026-03-03", "2026-03-13"]
    assert command("export", ran, "--to", "rsmf")[0] == 1
    assert command("export", ran, "people", "--to", "rsmf", "--output", tmp_path / "x")[0] == 1


def test_a_report_is_published_and_holds(command: Command, ran: Path) -> None:
    code, out, _ = command("publish", ran)
    assert code == 0
    bundle = Path(out.splitlines()[-1])
    assert command("verify", bundle)[0] == 0
    code, out, _ = command("verify", ran)
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"holds"}


def test_a_breach_is_exit_code_one(command: Command, ran: Path) -> None:
    (place, *_) = sorted((ran / "vault").glob("*/*"))
    place.chmod(0o644)
    place.write_bytes(place.read_bytes() + b"x")
    code, out, _ = command("verify", ran)
    assert code == 1
    assert "BREACH" in out
    assert "has changed" in out
