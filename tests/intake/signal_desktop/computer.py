"""An invented computer's database, made by SQLite with the columns Signal Desktop gives it."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE messages(
  rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT, readStatus INTEGER,
  sent_at INTEGER, schemaVersion INTEGER, conversationId STRING, received_at INTEGER,
  hasAttachments INTEGER, hasVisualMediaAttachments INTEGER, expireTimer INTEGER, type STRING,
  body TEXT, isErased INTEGER, isViewOnce INTEGER, sourceServiceId TEXT, storyId STRING,
  isStory INTEGER GENERATED ALWAYS AS (type IS 'story'),
  callId TEXT GENERATED ALWAYS AS (json_extract(json, '$.callId')),
  timestamp INTEGER, source TEXT,
  isSearchable INT GENERATED ALWAYS AS (isViewOnce IS NOT 1 AND storyId IS NULL) VIRTUAL,
  searchableText TEXT GENERATED ALWAYS AS (CASE WHEN json->'poll' IS NOT NULL
    THEN json->'poll'->>'question' ELSE body END) VIRTUAL);
CREATE INDEX messages_hasVisualMediaAttachments ON messages (hasVisualMediaAttachments);
CREATE VIRTUAL TABLE messages_fts USING fts5(body, tokenize = 'unicode61');
CREATE TRIGGER messages_on_insert AFTER INSERT ON messages WHEN new.isSearchable IS 1 BEGIN
  INSERT INTO messages_fts(rowid, body) VALUES (new.rowid, new.searchableText); END;
CREATE TRIGGER messages_on_delete AFTER DELETE ON messages BEGIN
  DELETE FROM messages_fts WHERE rowid = old.rowid; END;
CREATE TABLE conversations(
  id STRING PRIMARY KEY ASC, json TEXT, active_at INTEGER, type STRING, members TEXT, name TEXT,
  profileName TEXT, profileFamilyName TEXT, profileFullName TEXT, e164 TEXT, serviceId TEXT,
  groupId TEXT);
CREATE TABLE items(id STRING PRIMARY KEY ASC, json TEXT);
CREATE TABLE message_attachments(
  messageId TEXT NOT NULL, editHistoryIndex INTEGER NOT NULL, attachmentType TEXT NOT NULL,
  orderInMessage INTEGER NOT NULL, conversationId TEXT NOT NULL, sentAt INTEGER NOT NULL,
  contentType TEXT NOT NULL, path TEXT, localKey TEXT, fileName TEXT, flags INTEGER,
  PRIMARY KEY (messageId, editHistoryIndex, attachmentType, orderInMessage)) STRICT;
CREATE TABLE reactions(conversationId STRING, emoji STRING, fromId STRING,
  targetAuthorAci STRING, targetTimestamp INTEGER, unread INTEGER, messageId STRING,
  timestamp NUMBER);
CREATE TABLE edited_messages(messageId STRING, sentAt INTEGER, readStatus INTEGER,
  conversationId STRING);
CREATE TABLE mentions(messageId, mentionAci STRING, start INTEGER, length INTEGER);
CREATE TABLE pinnedMessages(id INTEGER PRIMARY KEY AUTOINCREMENT, conversationId TEXT,
  messageId TEXT, pinnedAt INTEGER);
CREATE TABLE sendLogMessageIds(payloadId INTEGER NOT NULL, messageId STRING NOT NULL,
  PRIMARY KEY (payloadId, messageId));
CREATE TABLE callsHistory(callId TEXT PRIMARY KEY, peerId TEXT NOT NULL, ringerId TEXT,
  mode TEXT NOT NULL, type TEXT NOT NULL, direction TEXT NOT NULL, status TEXT NOT NULL,
  timestamp INTEGER NOT NULL);
CREATE TABLE unprocessed(id TEXT NOT NULL PRIMARY KEY ASC, timestamp INTEGER NOT NULL,
  content BLOB NOT NULL, source TEXT, sourceServiceId TEXT) STRICT;
INSERT INTO items VALUES
 ('uuid_id','{"id":"uuid_id","value":"00000000-0000-4000-8000-0000000000ff.2"}'),
 ('number_id','{"id":"number_id","value":"+447700900100.2"}'),('theme','{"value":"dark"}');
"""
OLD = """
CREATE TABLE messages(id STRING PRIMARY KEY ASC, json TEXT, unread INTEGER, sent_at INTEGER,
  schemaVersion INTEGER, conversationId STRING, received_at INTEGER, source STRING,
  sourceDevice STRING, hasAttachments INTEGER, hasVisualMediaAttachments INTEGER, type STRING,
  body TEXT);
CREATE TABLE conversations(id STRING PRIMARY KEY ASC, json TEXT, active_at INTEGER, type STRING,
  members TEXT, name TEXT, profileName TEXT);
CREATE TABLE items(id STRING PRIMARY KEY ASC, json TEXT);
INSERT INTO items VALUES('number_id','{"id":"number_id","value":"+447700900100.1"}');
"""
AT = 1_709_300_000_000
OWN = "00000000-0000-4000-8000-0000000000ff"
ANA, BO, CY = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
TO_ANA, TO_BO, TO_CY, NIGHTS, TO_SELF = (
    f"10000000-0000-4000-8000-00000000000{n}" for n in range(1, 6)
)
GROUP_ID = "bmlnaHRzIGFyZSBsb25nIGFuZCB0aGUgdGVhIGlzIGhvdA=="
Fill = Callable[[sqlite3.Connection], object]
Row = tuple[object, ...]


def key(row: int) -> str:
    """Give the id of the message of a row."""
    return f"20000000-0000-4000-8000-{row:012}"


def said(
    row: int,
    body: str | None = "hello",
    by: str | None = ANA,
    *,
    kind: str | None = None,
    where: str = NIGHTS,
    more: dict[str, Any] | str | None = None,
    **columns: object,
) -> Fill:
    """Put in a message; without ``by`` the account's owner sent it."""
    held = more if isinstance(more, str) else json.dumps(more or {}, ensure_ascii=False)
    values: dict[str, object] = {
        "rowid": row,
        "id": key(row),
        "json": held,
        "type": kind or ("outgoing" if by is None else "incoming"),
        "body": body,
        "conversationId": where,
        "sent_at": AT + row * 60_000,
        "received_at": row,
        "sourceServiceId": by,
        **columns,
    }
    return put("messages", values)


def put(table: str, values: dict[str, object]) -> Fill:
    """Put in a row of any table."""
    marks = ",".join("?" * len(values))
    statement = f"INSERT INTO {table}({','.join(values)}) VALUES({marks})"
    return lambda opened: opened.execute(statement, tuple(values.values()))


def file(row: int, path: str | None = "ab/abcd", **columns: object) -> Fill:
    """Put in a file of a message."""
    values: dict[str, object] = {
        "messageId": key(row),
        "editHistoryIndex": -1,
        "attachmentType": "attachment",
        "orderInMessage": 0,
        "conversationId": NIGHTS,
        "sentAt": AT,
        "contentType": "image/jpeg",
        "path": path,
        **columns,
    }
    return put("message_attachments", values)


def person(where: str, who: str, **columns: object) -> Fill:
    """Put in a conversation with one person."""
    return put(
        "conversations",
        {"id": where, "type": "private", "serviceId": who, "json": "{}", **columns},
    )


def script(text: str) -> Fill:
    return lambda opened: opened.executescript(text)


def many(statement: str, *values: Row) -> Fill:
    return lambda opened: opened.executemany(statement, values)


def commit(opened: sqlite3.Connection) -> None:
    """Write what is there before something is deleted, so that the index keeps two parts."""
    opened.commit()


GROUP = put(
    "conversations",
    {
        "id": NIGHTS,
        "type": "group",
        "name": "Night turn",
        "groupId": GROUP_ID,
        "json": json.dumps({"membersV2": [{"aci": ANA}, {"aci": BO}, {"aci": OWN}]}),
    },
)
PEOPLE: tuple[Fill, ...] = (
    person(TO_ANA, ANA, name="\u2068Ana Reed\u2069", profileFullName="ana", e164="+447700900101"),
    person(TO_BO, BO, profileFullName="Bo Lind", e164="+447700900102"),
    person(TO_CY, CY, e164="+447700900103"),
    person(TO_SELF, OWN, e164="+447700900100"),
    GROUP,
)


def database(
    place: Path, *fills: Fill, schema: str = SCHEMA, people: tuple[Fill, ...] = PEOPLE
) -> bytes:
    """Make a database; give its bytes."""
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.executescript(schema)
        for fill in (*people, *fills):
            fill(opened)
        opened.commit()
    return place.read_bytes()


def logged(place: Path, first: tuple[Fill, ...], later: tuple[Fill, ...]) -> tuple[bytes, bytes]:
    """Make a database with what only its log holds: the bytes of both."""
    made = place / "logged.sqlite"
    with closing(sqlite3.connect(made)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.executescript(SCHEMA)
        for fill in (*PEOPLE, *first):
            fill(opened)
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for fill in later:
            fill(opened)
        opened.commit()
        return made.read_bytes(), Path(f"{made}-wal").read_bytes()


FULL: tuple[Fill, ...] = (
    said(1, None, None, kind="group-v2-change", more={"groupV2Change": {
        "from": ANA,
        "details": [{"type": "create"}, {"type": "title", "newTitle": "Night turn"}]}}),
    said(2, "Kettle is on", readStatus=0, more={"readAt": AT + 200_000, "reactions": [
        {"emoji": "👍", "fromId": TO_BO, "timestamp": AT + 130_000}]}),
    said(3, "Coming", None, more={
        "quote": {"id": AT + 120_000, "authorAci": ANA, "text": "Kettle is on"},
        "sendStateByConversationId": {
            TO_ANA: {"status": "Read", "updatedAt": AT + 190_000},
            TO_BO: {"status": "Delivered", "updatedAt": AT + 185_000},
            TO_SELF: {"status": "Read", "updatedAt": AT + 181_000}}}),
    said(4, "Two sugars, \ufffc?", BO, more={"bodyRanges": [
        {"start": 12, "length": 1, "mentionAci": ANA}]}),
    said(6, "Tea at six", CY, more={"editHistory": [
        {"body": "Tea at six", "timestamp": AT + 400_000},
        {"body": "Tea at five", "timestamp": AT + 360_000}]}),
    said(7, None, BO, more={"deletedForEveryone": True,
                            "deletedForEveryoneTimestamp": AT + 430_000}, isErased=1),
    said(8, "Look", BO, hasAttachments=1),
    file(8, "ab/abcdef", fileName="rota.jpg", localKey="a2V5"),
    said(9, None, more={"poll": {"question": "Tea or coffee?", "options": ["Tea", "Coffee"],
        "votes": [
            {"fromConversationId": TO_BO, "optionIndexes": [1], "timestamp": AT + 550_000}]}}),
    said(10, "See you", where=TO_ANA),
    said(11, None, None, kind="call-history", where=TO_ANA, more={"callId": "77"}),
    put("callsHistory", {"callId": "77", "peerId": ANA, "ringerId": ANA, "mode": "Direct",
        "type": "Audio", "direction": "Incoming", "status": "Missed", "timestamp": AT + 660_000}),
    put("callsHistory", {"callId": "78", "peerId": GROUP_ID, "ringerId": BO, "mode": "Group",
        "type": "Group", "direction": "Incoming", "status": "Joined", "timestamp": AT + 670_000}),
    put("unprocessed", {"id": "u1", "timestamp": AT + 700_000, "content": b"\1\2",
        "sourceServiceId": CY}),
    put("reactions", {"emoji": "❤", "fromId": TO_BO, "messageId": key(5),
        "targetTimestamp": AT + 300_000, "timestamp": AT + 310_000}),
)  # fmt: skip
