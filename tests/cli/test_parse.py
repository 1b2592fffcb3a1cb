"""Reading exports without an operation."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

CHAT = (
    "lost\n"
    "[31/12/2023, 21:04:05] Ana: hi\nthere\n"
    "\u200e[31/12/2023, 21:05:09] Bo: \u200eimage omitted\n"
)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    place = tmp_path / "_chat.txt"
    place.write_text(CHAT, encoding="utf-8")
    return place


def _lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_one_object_a_record_in_file_order(command: Command, chat: Path) -> None:
    code, out, err = command("parse", chat)
    assert code == 0
    records = [line for line in _lines(out) if "problem" not in line]
    keys = ("kind", "sent_at", "sender", "text")
    assert [tuple(record[key] for key in keys) for record in records] == [
        ("text", "2023-12-31T21:04:05", "Ana", "hi\nthere"),
        ("media", "2023-12-31T21:05:09", "Bo", "\u200eimage omitted"),
    ]
    assert "read 2 messages" in err


def test_spans_of_records_and_problems_tile_the_file(command: Command, chat: Path) -> None:
    _, out, _ = command("parse", chat)
    at = 0
    for line in _lines(out):
        assert line["start"] == at
        at = line["end"]
    assert at == len(CHAT.encode())


def test_a_problem_says_what_and_how_bad(command: Command, chat: Path) -> None:
    _, out, _ = command("parse", chat)
    first = _lines(out)[0]
    assert (first["start"], first["end"]) == (0, 5)
    assert first["severity"] in ("loss", "note")
    assert isinstance(first["problem"], str)


def test_problems_can_be_left_out(command: Command, chat: Path) -> None:
    _, out, _ = command("parse", chat, "--no-problems")
    assert not any("problem" in line for line in _lines(out))


def test_what_no_parser_knows_is_refused_with_what_was_looked_for(
    command: Command, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("milk\neggs\n")
    code, out, err = command("parse", notes)
    assert (code, out) == (1, "")
    assert "looked for" in err


def test_a_file_that_is_not_there_is_refused(command: Command, tmp_path: Path) -> None:
    code, _, err = command("parse", tmp_path / "no.txt")
    assert code == 1
    assert "there is no such file" in err


def test_nothing_named_is_said(command: Command) -> None:
    code, _, err = command("parse")
    assert code == 1
    assert "name exports" in err


def test_parquet_holds_every_table(command: Command, chat: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    assert command("parse", chat, "--to", "parquet", "--output", folder)[0] == 0
    names = {place.parent.name for place in folder.rglob("*.parquet")}
    assert {"messages", "problems", "attachments"} <= names


def test_parquet_needs_a_folder(command: Command, chat: Path) -> None:
    code, _, err = command("parse", chat, "--to", "parquet")
    assert code == 1
    assert "--output FOLDER" in err


def test_several_files_are_told_apart(command: Command, chat: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(CHAT, encoding="utf-8")
    _, out, _ = command("parse", chat, other)
    assert {line["file"] for line in _lines(out)} == {"_chat.txt", "other.txt"}


TABLE = "When,Who,What\n2024-03-01T21:04:05Z,Ana,hi\n"
MAPPING = '[columns]\ntime = "When"\nsender = "Who"\ntext = "What"\n'


def test_a_table_is_read_with_the_mapping_given(command: Command, tmp_path: Path) -> None:
    table, mapping = tmp_path / "desk.csv", tmp_path / "my.toml"
    table.write_text(TABLE)
    mapping.write_text(MAPPING)
    code, out, _ = command("parse", table, "--mapping", mapping)
    assert (code, [line.get("text") for line in _lines(out)]) == (0, [None, "hi"])
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(table, "desk.csv")
    code, out, _ = command("parse", archive, "--mapping", mapping)
    assert (code, [line.get("text") for line in _lines(out)]) == (0, [None, "hi"])


def test_a_table_is_read_with_the_mapping_that_lies_beside_it(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "desk.csv").write_text(TABLE)
    (folder / "desk.csv.mapping.toml").write_text(MAPPING)
    code, out, _ = command("parse", folder)
    assert (code, [line.get("text") for line in _lines(out)]) == (0, [None, "hi", None])


def test_a_table_without_a_mapping_is_refused_with_what_is_missing(
    command: Command, tmp_path: Path
) -> None:
    table = tmp_path / "desk.csv"
    table.write_text(TABLE)
    code, _, err = command("parse", table)
    assert code == 1
    assert "desk.csv.mapping.toml" in err
    assert "When,Who,What" in err


def test_a_mapping_that_is_not_there_is_said(command: Command, tmp_path: Path) -> None:
    code, _, err = command("parse", tmp_path / "desk.csv", "--mapping", tmp_path / "none.toml")
    assert code != 0
    assert "there is no mapping" in err


def test_an_archive_in_an_archive_is_read_and_not_refused(
    command: Command, chat: Path, tmp_path: Path
) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(chat, "_chat.txt")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
    code, out, err = command("parse", outer)
    assert code == 0
    assert {line["file"] for line in _lines(out)} == {"outer.zip/inner.zip/_chat.txt"}
    assert "refused" not in err


def test_limits_are_taken_from_a_file(command: Command, chat: Path, tmp_path: Path) -> None:
    archive, limits = tmp_path / "in.zip", tmp_path / "limits.toml"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(chat, "_chat.txt")
        packed.write(chat, "_chat_2.txt")
    limits.write_text("members = 1\n")
    assert command("parse", archive)[0] == 0
    code, _, err = command("parse", archive, "--limits", limits)
    assert code == 1
    assert "members" in err


@pytest.mark.parametrize("written", ["members = 0", "members = ", "wide = 1", None])
def test_limits_that_cannot_be_read_are_said(
    written: str | None, command: Command, chat: Path, tmp_path: Path
) -> None:
    limits = tmp_path / "limits.toml"
    if written is not None:
        limits.write_text(written)
    code, _, err = command("parse", chat, "--limits", limits)
    assert code != 0
    assert f"the limits in {limits} cannot be read" in " ".join(err.split())
