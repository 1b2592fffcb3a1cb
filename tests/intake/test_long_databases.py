"""A database too long for its tables to be held in memory gives what a short one does."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.intake import chatstorage, imessage, msgstore, signal_desktop

from tests.intake.chatstorage.iphone import poll, vote
from tests.intake.msgstore.phone import LEGACY, MORE
from tests.intake.reading import LONDON, rows
from witnessbox.intake import ordered, parsers
from witnessbox.intake.parser import BATCH_TABLES, Source
from witnessbox.intake.parsers import whatsapp_android, whatsapp_ios
from witnessbox.intake.sqlite import cells
from witnessbox.intake.tiling import accounting

MESSAGES = 1_500
BY_BATCH = ("problems", "acknowledgements")  # their order is that of batches, of whatever size
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
UPDATE message SET message_type = 66 WHERE _id % 20 = 2;
UPDATE message SET message_type = 5 WHERE _id % 20 = 6;
UPDATE message SET message_type = 4 WHERE _id % 20 = 7;
UPDATE message SET message_type = 7 WHERE _id % 40 = 0;
INSERT INTO message_poll_option(message_row_id, option_name)
 SELECT _id, 'one of ' || _id FROM message WHERE message_type = 66 ORDER BY _id DESC;
INSERT INTO message_poll_option(message_row_id, option_name)
 SELECT _id, 'two of ' || _id FROM message WHERE message_type = 66;
INSERT INTO message_add_on SELECT 9000000 + _id, 0, 5, message_row_id, 1700000000000 + _id, 67
 FROM message_poll_option;
INSERT INTO message_add_on_poll_vote SELECT _id, timestamp FROM message_add_on WHERE _id > 9000000;
INSERT INTO message_add_on_poll_vote_selected_option(message_add_on_row_id, message_poll_option_id)
 SELECT _id, _id - 9000000 FROM message_add_on WHERE _id > 9000000 AND _id % 5 > 0;
INSERT INTO message_location(message_row_id, latitude, longitude, place_name)
 SELECT _id, 51.5, _id / 1000.0, 'place ' || _id FROM message WHERE message_type = 5;
INSERT INTO message_vcard(message_row_id, vcard)
 SELECT _id, 'BEGIN:VCARD' || char(10) || 'FN:Ana ' || _id || char(10) || 'END:VCARD' FROM message
 WHERE message_type = 4;
INSERT INTO message_system_value_change SELECT message_row_id, 'was ' || message_row_id
 FROM message_system;
INSERT INTO message_ephemeral_setting SELECT message_row_id, 60, 30 FROM message_system;
INSERT INTO message_ephemeral SELECT _id, 60, timestamp FROM message WHERE _id % 10 = 1;
INSERT INTO message_forwarded SELECT _id, 5 FROM message WHERE _id % 9 = 1;
INSERT INTO message_view_once_media SELECT _id, 1 FROM message WHERE _id % 19 = 1;
INSERT INTO message_mentions(message_row_id, jid_row_id) SELECT _id, 5 FROM message
 WHERE _id % 6 = 1 ORDER BY _id % 7;
INSERT INTO receipt_device(message_row_id, receipt_device_jid_row_id, receipt_device_timestamp)
 SELECT _id, 5, timestamp FROM message ORDER BY _id % 7;
INSERT INTO messages(key_remote_jid, key_from_me, key_id, data, timestamp, media_wa_type,
 read_device_timestamp) SELECT raw_string, from_me, 'old ' || message._id, text_data, timestamp, 0,
 timestamp FROM message JOIN jid ON jid._id = 5 WHERE message._id % 3 = 0;
INSERT INTO receipts(key_remote_jid, key_id, receipt_device_timestamp, played_device_timestamp)
 SELECT raw_string, 'old ' || message._id, timestamp, timestamp FROM message JOIN jid ON jid._id = 5
 ORDER BY message._id % 11;
DELETE FROM message WHERE _id % 17 IN (3, 4);
"""
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
        (whatsapp_android, "msgstore.db", msgstore.write, (MORE, LEGACY, ANDROID)),
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
