"""Write a large database of Signal Desktop: what its memory is measured on.

One database of many messages in thirty conversations, with the columns of 2025: one in ten carries
a file, one in seven has reactions, one in fifteen quotes another, one in two hundred was edited.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

AT_MS = 1_700_000_000_000
PEOPLE = 30
SCHEMA = """
CREATE TABLE messages(rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT,
 readStatus INTEGER, sent_at INTEGER, schemaVersion INTEGER, conversationId STRING,
 received_at INTEGER, hasAttachments INTEGER, hasVisualMediaAttachments INTEGER, type STRING,
 body TEXT, isErased INTEGER, isViewOnce INTEGER, sourceServiceId TEXT, storyId STRING,
 timestamp INTEGER, source TEXT);
CREATE TABLE conversations(id STRING PRIMARY KEY ASC, json TEXT, type STRING, members TEXT,
 name TEXT, profileName TEXT, profileFamilyName TEXT, profileFullName TEXT, e164 TEXT,
 serviceId TEXT, groupId TEXT);
CREATE TABLE items(id STRING PRIMARY KEY ASC, json TEXT);
CREATE TABLE message_attachments(messageId TEXT NOT NULL, editHistoryIndex INTEGER NOT NULL,
 attachmentType TEXT NOT NULL, orderInMessage INTEGER NOT NULL, contentType TEXT, path TEXT,
 localKey TEXT, fileName TEXT, flags INTEGER, sentAt INTEGER);
CREATE TABLE reactions(emoji STRING, fromId STRING, targetTimestamp INTEGER, messageId STRING,
 timestamp NUMBER);
CREATE TABLE edited_messages(messageId STRING, sentAt INTEGER);
CREATE TABLE callsHistory(callId TEXT PRIMARY KEY, peerId TEXT, ringerId TEXT, mode TEXT, type TEXT,
 direction TEXT, status TEXT, timestamp INTEGER);
CREATE VIRTUAL TABLE messages_fts USING fts5(body, tokenize = 'unicode61');
"""


def write(path: Path, messages: int) -> None:
    """Write a database of so many messages; the same number gives the same rows."""
    numbers = range(1, messages + 1)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.executescript(SCHEMA)
        opened.executemany(
            "INSERT INTO conversations(id, json, type, name, serviceId) "
            "VALUES(?,'{}','private',?,?)",
            ((f"conversation-{n}", f"Ana {n}", _who(n)) for n in range(1, PEOPLE + 1)),
        )
        marks = ",".join("?" * 18)
        opened.executemany(f"INSERT INTO messages VALUES({marks})", map(_row, numbers))
        opened.executemany(
            "INSERT INTO message_attachments VALUES(?,-1,'attachment',0,'image/jpeg',?,'k',?,0,?)",
            ((_id(n), f"ab/{n:064x}", f"IMG_{n}.jpg", AT_MS + n * 1000) for n in numbers[9::10]),
        )
        opened.executemany("INSERT INTO reactions VALUES('+',?,?,?,?)", _marks(numbers))
        opened.executemany(
            "INSERT INTO edited_messages VALUES(?,?)",
            ((_id(n), AT_MS + n * 1000) for n in numbers[3::200]),
        )
        opened.executemany(
            "INSERT INTO callsHistory VALUES(?,?,?,'Direct','Audio','Incoming','Accepted',?)",
            ((f"call-{n}", _who(1), _who(1), AT_MS + n * 1000) for n in numbers[4::500]),
        )
        opened.commit()


def _marks(numbers: range) -> Iterator[tuple[object, ...]]:
    for n in numbers[6::7]:
        at = AT_MS + n * 1000
        yield _who(n * 3), at, _id(n), at + 5


def _id(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


def _who(n: int) -> str:
    return f"00000000-0000-4000-9000-{n % PEOPLE + 1:012}"


def _row(n: int) -> tuple[object, ...]:
    at, mine = AT_MS + n * 1000, n % 4 == 0
    body = f"message {n} about the rota, the keys and the tea"
    held: dict[str, object] = {"id": _id(n), "timestamp": at, "schemaVersion": 14}
    if n % 15 == 0:
        quoted = {"id": at - 3000, "authorAci": _who(n - 3), "text": f"message {n - 3}"}
        held["quote"] = quoted
    elif n % 200 == 4:
        held["editHistory"] = [
            {"body": body, "timestamp": at},
            {"body": "was", "timestamp": at - 1},
        ]
    elif n % 500 == 5:
        held["callId"] = f"call-{n}"
    kind = "call-history" if n % 500 == 5 else "outgoing" if mine else "incoming"
    return (
        *(n, _id(n), json.dumps(held), 0, at, 14, f"conversation-{n % PEOPLE + 1}", at + 1),
        *(int(n % 10 == 0), 0, kind, body, 0, 0, None if mine else _who(n), None, at, None),
    )
