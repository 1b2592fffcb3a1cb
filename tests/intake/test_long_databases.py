"""A database too long for its tables to be held in memory gives what a short one does."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.intake import chatstorage, dense, imessage, msgstore, signal_desktop

from tests.intake.chatstorage.iphone import poll, vote
from tests.intake.msgstore.phone import LEGACY, MORE, journaled, said, say, script
from tests.intake.reading import LONDON, rows
from witnessbox.intake import ordered, parsers
from witnessbox.intake.database import journal
from witnessbox.intake.parser import BATCH_TABLES, Source
from witnessbox.intake.parsers import whatsapp_android, whatsapp_ios
from witnessbox.intake.sqlite import cells
from witnessbox.intake.tiling import accounting

MESSAGES = 1_500
BY_BATCH = ("problems", "acknowledgements")  # their order is that of batches, of whatever size
POLL = poll("Tea?", "Yes", "No", votes=vote("447700900003@s.whatsapp.net", 1) + vote(None, 0))
IPHONE = """
UPDATE ZWAMESSAGEINFO SET ZRECEIPTINFO = x'POLL' WHERE Z_PK % 12 = 0;
UPDATE ZWAMESSAGE SET ZMESSAGETYPE = 46 WHERE Z_PK % 12 = 0;
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
MAC = """
CREATE TABLE chat_recoverable_message_join (chat_id INTEGER, message_id INTEGER,
 delete_date INTEGER, PRIMARY KEY (chat_id, message_id));
CREATE TABLE recoverable_message_part (chat_id INTEGER, message_id INTEGER, part_index INTEGER,
 delete_date INTEGER, part_text BLOB NOT NULL, PRIMARY KEY (chat_id, message_id, part_index));
CREATE TABLE deleted_messages (ROWID INTEGER PRIMARY KEY, guid TEXT NOT NULL);
INSERT INTO chat_recoverable_message_join SELECT 2, ROWID, date FROM message WHERE ROWID % 31 = 5;
INSERT INTO recoverable_message_part SELECT 2, ROWID, 0, date, attributedBody FROM message
 WHERE ROWID % 29 = 5 AND attributedBody IS NOT NULL ORDER BY ROWID DESC;
INSERT INTO deleted_messages(guid) SELECT guid FROM message WHERE ROWID % 37 = 3;
INSERT INTO deleted_messages(guid) SELECT 'gone ' || ROWID FROM message WHERE ROWID % 37 = 4;
UPDATE message SET associated_message_type = 2000 + ROWID % 8, handle_id = ROWID % 5 + 1,
 associated_message_emoji = 'e' || (ROWID % 3), date = date - (ROWID % 17) * 1000000000,
 associated_message_guid = 'p:0/00000000-0000-4000-8000-'
 || printf('%012d', (ROWID * 7919) % 1500 / 20 * 20 + 2) WHERE ROWID % 20 IN (9, 11);
UPDATE message SET associated_message_type = associated_message_type + 1000 WHERE ROWID % 60 = 11;
UPDATE message SET associated_message_type = 4000, associated_message_guid =
 '00000000-0000-4000-8000-' || printf('%012d', ROWID % 50 + 1) WHERE ROWID % 71 = 6;
UPDATE message SET associated_message_type = 2002, associated_message_guid = ''
 WHERE ROWID % 191 = 6;
UPDATE message SET reply_to_guid = '00000000-0000-4000-8000-'
 || printf('%012d', (ROWID * 7919) % 1900 + 1) WHERE ROWID % 7 = 1;
UPDATE message SET thread_originator_guid = 'p:1/00000000-0000-4000-8000-'
 || printf('%012d', (ROWID * 31) % 1900 + 1) WHERE ROWID % 9 = 1;
UPDATE message SET text = replace(hex(zeroblob(2000)), '00', 'long ') WHERE ROWID % 200 = 1;
DELETE FROM chat_message_join WHERE message_id % 61 = 1;
INSERT INTO chat_message_join SELECT 97, ROWID, 0 FROM message WHERE ROWID % 67 = 1
 ORDER BY ROWID DESC;
UPDATE attachment SET is_sticker = 1 WHERE ROWID % 30 = 0;
UPDATE attachment SET hide_attachment = 1 WHERE ROWID % 70 = 0;
INSERT INTO message_attachment_join SELECT message_id, attachment_id + 10
 FROM message_attachment_join WHERE message_id % 40 = 0;
INSERT INTO message_attachment_join SELECT message_id + 1, 900000 + attachment_id
 FROM message_attachment_join WHERE message_id % 90 = 0;
DELETE FROM message_attachment_join WHERE attachment_id % 110 = 0;
DELETE FROM message WHERE ROWID % 17 IN (3, 4);
"""
DESKTOP = """
CREATE TABLE mentions(messageId, mentionAci STRING, start INTEGER, length INTEGER);
INSERT INTO mentions SELECT id, 'x', 1, 1 FROM messages WHERE rowid % 23 = 3 ORDER BY rowid DESC;
INSERT INTO mentions VALUES (NULL, 'x', 1, 1);
INSERT INTO messages_fts(rowid, body) SELECT rowid, body FROM messages;
INSERT INTO message_attachments SELECT messageId, -1, 'sticker', 2, 'image/webp', path, NULL,
 fileName, 0, sentAt FROM message_attachments WHERE rowid % 5 = 1 ORDER BY rowid DESC;
INSERT INTO reactions SELECT 'x' || rowid, fromId, targetTimestamp, messageId, timestamp
 FROM reactions WHERE rowid % 3 = 0 ORDER BY rowid DESC;
UPDATE messages SET json = json_set(json, '$.quote', json('{"id":' || (sent_at - 77000
 * (rowid % 13)) || ',"authorAci":"z","text":"tea"}')) WHERE rowid % 11 = 2;
UPDATE messages SET conversationId = 'none ' || (rowid % 40) WHERE rowid % 37 = 2;
DELETE FROM messages WHERE rowid % 17 IN (3, 4);
DELETE FROM messages_fts WHERE rowid % 34 = 3;
"""
LATER = {
    "chat.db": "UPDATE message SET text='late' WHERE ROWID % 30 = 1;"
    "DELETE FROM message WHERE ROWID % 41 = 1;"
    "INSERT INTO message(guid, text, date, handle_id, associated_message_type,"
    " associated_message_guid) SELECT 'new' || ROWID, 'Liked', date, 3, 2001, guid FROM message"
    " WHERE ROWID % 25 = 2;",
    "db.sqlite": "UPDATE messages SET body='late' WHERE rowid % 30 = 1;"
    "DELETE FROM messages WHERE rowid % 41 = 1;",
    "msgstore.db": "UPDATE message SET text_data='late' WHERE _id % 30 = 1;"
    "DELETE FROM message WHERE _id % 41 = 1;",
    "ChatStorage.sqlite": "UPDATE ZWAMESSAGE SET ZTEXT='late' WHERE Z_PK % 30 = 1;"
    "DELETE FROM ZWAMESSAGE WHERE Z_PK % 41 = 1;",
}


OF_ITS_OWN = {
    "msgstore.db": "sort-gap",
    "ChatStorage.sqlite": "sort-gap",
    "chat.db": "reaction-to-absent",
    "sql/db.sqlite": "index-words",
}
"""A trace that each database must show."""


def with_log(
    path: Path, write: Callable[[Path, int], None], then: tuple[str, ...]
) -> tuple[bytes, bytes]:
    """Make a database with gaps and what only its log holds; give the bytes of both."""
    path.parent.mkdir(exist_ok=True)
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
        (
            whatsapp_ios,
            "ChatStorage.sqlite",
            chatstorage.write,
            (IPHONE.replace("POLL", POLL.hex()),),
        ),
        (parsers.imessage, "chat.db", imessage.write, (MAC,)),
        (parsers.signal_desktop, "sql/db.sqlite", signal_desktop.write, (DESKTOP,)),
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
    assert {row["kind"] for row in held[0]["traces"]} >= {"row-gap", OF_ITS_OWN[name]}
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
