"""A database too long for its tables to be held in memory gives what a short one does."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.intake import chatstorage, dense, msgstore

from tests.intake.msgstore.phone import LEGACY, MORE, journaled, said, say, script
from tests.intake.reading import LONDON, rows
from witnessbox.intake import ordered
from witnessbox.intake.database import journal
from witnessbox.intake.parser import BATCH_TABLES, Source
from witnessbox.intake.parsers import whatsapp_android, whatsapp_ios
from witnessbox.intake.sqlite import cells
from witnessbox.intake.tiling import accounting

MESSAGES = 1_500
BY_BATCH = ("problems", "acknowledgements")  # their order is that of batches, of whatever size
IPHONE = """
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZLATITUDE FLOAT;
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZLONGITUDE FLOAT;
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZVCARDSTRING VARCHAR;
UPDATE ZWAMEDIAITEM SET ZLATITUDE = 51.5, ZLONGITUDE = Z_PK / 1000.0 WHERE Z_PK % 3 = 0;
UPDATE ZWAMEDIAITEM SET ZVCARDSTRING = 'BEGIN:VCARD' || char(10) || 'FN:Ana ' || Z_PK || char(10)
 || 'END:VCARD' WHERE Z_PK % 3 = 1;
UPDATE ZWAMESSAGE SET ZMESSAGETYPE = 4 + ZMEDIAITEM % 2 WHERE ZMEDIAITEM % 5 > 0;
UPDATE ZWAMESSAGE SET ZSORT = ZSORT + 1 WHERE Z_PK % 13 > 9;
UPDATE ZWAMEDIAITEM SET ZMESSAGE = 1500 - ZMESSAGE WHERE Z_PK % 4 = 0;
DELETE FROM ZWAMESSAGE WHERE Z_PK % 17 IN (3, 4);
"""
LATER = {
    "msgstore.db": "UPDATE message SET text_data='late' WHERE _id % 30 = 1;"
    "DELETE FROM message WHERE _id % 41 = 1;",
    "ChatStorage.sqlite": "UPDATE ZWAMESSAGE SET ZTEXT='late' WHERE Z_PK % 30 = 1;"
    "DELETE FROM ZWAMESSAGE WHERE Z_PK % 41 = 1;",
}


def with_log(
    path: Path, write: Callable[[Path, int], None], then: tuple[str, ...]
) -> tuple[bytes, bytes]:
    """Make a database with gaps and what only its log holds; give the bytes of both."""
    write(path, MESSAGES)
    with closing(sqlite3.connect(path)) as opened:
        for script in then:
            opened.executescript(script)
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.executescript(LATER[path.name])
        return path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()


def all_of(parser: object, one: Source) -> dict[str, list[dict[str, object]]]:
    found = list(parser.parse(one, LONDON))  # type: ignore[attr-defined]
    account = accounting(one.name, parser.FORMAT)  # type: ignore[attr-defined]
    for batch in found:
        account.take(batch)
    account.finish(one.size_bytes)
    told = {table.name: rows(found, table.name) for table in BATCH_TABLES}
    for name in BY_BATCH:
        told[name].sort(key=repr)
    return told


@pytest.mark.parametrize(
    ("parser", "name", "write", "then"),
    [
        (whatsapp_android, "msgstore.db", msgstore.write, (MORE, LEGACY, dense.FILL)),
        (whatsapp_ios, "ChatStorage.sqlite", chatstorage.write, (IPHONE,)),
    ],
)
def test_what_is_laid_down_in_files_is_read_as_what_is_held(
    parser: object,
    name: str,
    write: Callable[[Path, int], None],
    then: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database, log = with_log(tmp_path / name, write, then)

    def file(data: bytes, name: str, *beside: Source) -> Source:
        return Source(f"{len(name):064}", name, len(data), lambda: io.BytesIO(data), beside)

    def both() -> list[dict[str, list[dict[str, object]]]]:
        of_database = file(database, name)
        return [
            all_of(parser, of_database),
            all_of(parser, file(log, name + "-wal", of_database)),
        ]

    held = both()
    assert {row["kind"] for row in held[1]["traces"]} >= {"changed-in-log", "deleted-in-log"}
    assert {row["kind"] for row in held[0]["traces"]} >= {"row-gap", "sort-gap"}
    monkeypatch.setattr(ordered, "HELD_BYTES", 1 << 11)
    monkeypatch.setattr(ordered, "_BLOCK_ROWS", 16)
    monkeypatch.setattr(cells, "_BATCH_BYTES", 1 << 14)
    monkeypatch.setattr(cells, "_STITCHED_TOGETHER_BYTES", 1 << 13)
    assert both() == held


def test_the_rows_of_a_long_journal_are_read_as_those_of_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said(*(say(n, f"said {n}") for n in range(1, 400)))
    later = script(
        "BEGIN; UPDATE message SET text_data = 'late' WHERE _id % 3 = 0;"
        "DELETE FROM message WHERE _id % 7 = 0; COMMIT"
    )
    data, pages = journaled(tmp_path, first, later)
    database = Source("d" * 64, "msgstore.db", len(data), lambda: io.BytesIO(data))
    name = "msgstore.db-journal"
    beside = Source("e" * 64, name, len(pages), lambda: io.BytesIO(pages), (database,))
    short = all_of(whatsapp_android, beside)
    assert {one["kind"] for one in short["traces"]} == {
        "changed-since-journal",
        "deleted-since-journal",
    }
    monkeypatch.setattr(ordered, "HELD_BYTES", 1 << 11)
    monkeypatch.setattr(ordered, "_BLOCK_ROWS", 16)
    monkeypatch.setattr(journal, "MOST_TRACES", 8)
    assert all_of(whatsapp_android, beside) == short
