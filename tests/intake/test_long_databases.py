"""A database too long for its tables to be held in memory gives what a short one does."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.intake import chatstorage, msgstore

from tests.intake.reading import LONDON, rows
from witnessbox.intake import ordered
from witnessbox.intake.parser import BATCH_TABLES, Source
from witnessbox.intake.parsers import whatsapp_android, whatsapp_ios
from witnessbox.intake.sqlite import cells
from witnessbox.intake.tiling import accounting

MESSAGES = 1_500
ANDROID = """
CREATE TABLE call_log (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, from_me INTEGER, call_id TEXT,
 timestamp INTEGER);
INSERT INTO call_log SELECT _id, 3, 1, 'c' || _id, timestamp - 400000 FROM message WHERE _id % 50=0;
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY);
INSERT INTO message_edit_info SELECT _id FROM message WHERE _id % 11 = 0;
CREATE TABLE message_ftsv2_content (docid INTEGER PRIMARY KEY, c0content);
INSERT INTO message_ftsv2_content SELECT _id, text_data FROM message WHERE _id % 3 = 0;
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
INSERT INTO message_system SELECT _id, 12 FROM message WHERE _id % 40 = 0;
CREATE TABLE message_system_chat_participant (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 user_jid_row_id INTEGER);
INSERT INTO message_system_chat_participant(message_row_id, user_jid_row_id)
 SELECT message_row_id, 5 FROM message_system ORDER BY message_row_id DESC;
UPDATE message SET sort_id = sort_id + 7 WHERE _id % 13 > 9;
UPDATE message SET text_data = replace(hex(zeroblob(2000)), '00', 'long ') WHERE _id % 200 = 1;
DELETE FROM message WHERE _id % 17 IN (3, 4);
"""
IPHONE = """
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


def with_log(path: Path, write: Callable[[Path, int], None], then: str) -> tuple[bytes, bytes]:
    """Make a database with gaps and what only its log holds; give the bytes of both."""
    write(path, MESSAGES)
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(then)
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
    return {table.name: rows(found, table.name) for table in BATCH_TABLES}


@pytest.mark.parametrize(
    ("parser", "name", "write", "then"),
    [
        (whatsapp_android, "msgstore.db", msgstore.write, ANDROID),
        (whatsapp_ios, "ChatStorage.sqlite", chatstorage.write, IPHONE),
    ],
)
def test_what_is_laid_down_in_files_is_read_as_what_is_held(
    parser: object,
    name: str,
    write: Callable[[Path, int], None],
    then: str,
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
