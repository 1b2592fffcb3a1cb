"""Known data as Signal Desktop's database holds a group, decrypted: ``db.sqlite``.

SQLite writes the file.  Where each row lies is found without our reader: its record is put together
here, column by column, as SQLite's file format describes it, and looked for in the file.  A message
has an id of its own, so its record stands there once.  Pages are as large as SQLite makes them, so
that no row of known data is too long for its page.
"""

import json
import sqlite3
from contextlib import closing
from typing import Any
from uuid import UUID, uuid5

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Record, Talk

_SCHEMA = """
PRAGMA page_size=65536;
CREATE TABLE messages(rowid INTEGER PRIMARY KEY ASC, id STRING UNIQUE, json TEXT, type STRING,
 body TEXT, conversationId STRING, sent_at INTEGER, received_at INTEGER, sourceServiceId TEXT);
CREATE INDEX messages_hasVisualMediaAttachments ON messages (received_at);
CREATE TABLE conversations(id STRING PRIMARY KEY ASC, json TEXT, type STRING, name TEXT, e164 TEXT,
 serviceId TEXT, groupId TEXT);
"""
_MESSAGE = "INSERT INTO messages VALUES(?,?,?,?,?,?,?,?,?)"
_PERSON = "INSERT INTO conversations VALUES(?,'{}','private',?,?,?,NULL)"
_GROUP = "INSERT INTO conversations VALUES(?,'{}','group',?,NULL,NULL,?)"
_CANNOT = (
    ("forwarded", "the database does not say that a message was forwarded"),
    ("location", "the app sends a place as a link or a picture"),
)
_NOTICES = {
    "notice-created": "create",
    "notice-added": "member-add",
    "notice-left": "member-remove",
}
_KINDS = {
    "empty": Kind.EMPTY,
    "deleted": Kind.DELETED,
    "attached": Kind.MEDIA,
    "omitted": Kind.MEDIA,
    "contact": Kind.CONTACT,
    "poll": Kind.POLL,
    "call": Kind.CALL,
    **dict.fromkeys(_NOTICES, Kind.NOTICE),
}
_SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_PHOTO, _NUMBER = "ab/abcdef0123", "+447700900124"
_VERSION = slice(96, 100)  # of the SQLite that wrote the file, in its header
_WRITTEN_BY = (3_040_001).to_bytes(4, "big")
_Json = dict[str, Any]


def write(talk: Talk) -> DataSet:
    """Write a group as one database; every message has the next row id."""
    cannot = tuple(one for one in _CANNOT if one[0] in talk.elements)
    left_out = frozenset(code for code, _ in cannot)
    said = [known for known in talk.said if known.element not in left_out]
    chat = _id(f"conversation {talk.title}")
    rows = [_row(known, number, chat, said[number - 2]) for number, known in enumerate(said, 1)]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.executescript(_SCHEMA)
        opened.execute("BEGIN")
        opened.executemany(_MESSAGE, rows)
        opened.execute(_GROUP, (chat, talk.title, _id(f"group {talk.title}")))
        for person in talk.people:
            opened.execute(_PERSON, (_chat(person), *_named(person), _id(person)))
        opened.execute("COMMIT")
        made = bytearray(opened.serialize())
    made[_VERSION] = _WRITTEN_BY
    data = bytes(made)
    spans = [_span(data, row) for row in rows]
    records = [
        Record(known.element, *span, _expected(known, spans[number - 1][0] if number else None))
        for number, (known, span) in enumerate(zip(said, spans, strict=True))
    ]
    records.sort(key=lambda record: record.start)
    return DataSet("", talk.title, "Signal/sql/db.sqlite", data, tuple(records), cannot)


def _id(of: str) -> str:
    return str(uuid5(_SPACE, of))


def _chat(person: str) -> str:
    return _id(f"conversation with {person}")


def _named(person: str) -> tuple[str | None, str | None]:
    """Give name and number; whoever is known by number only has no name."""
    known = person.replace(" ", "")
    return (None, known) if known.startswith("+") else (person, None)


def _row(known: Known, number: int, chat: str, before: Known) -> tuple[int | str | None, ...]:
    kinds = {"call": "call-history", **dict.fromkeys(_NOTICES, "group-v2-change")}
    held = _json(known) if known.element != "reply" else _quoting(before)
    bare = known.element in {"deleted", "poll", "contact", "call", "empty", *_NOTICES}
    return (
        number,
        _id(f"message {number} of {chat}"),
        json.dumps(held, ensure_ascii=False),
        kinds.get(known.element, "incoming"),
        None if bare else known.text,
        chat,
        _ms(known),
        number,
        None if known.sender is None else _id(known.sender),
    )


def _quoting(before: Known) -> _Json:
    return {
        "quote": {"id": _ms(before), "authorAci": _id(before.sender or ""), "text": before.text}
    }


def _json(known: Known) -> _Json:
    when = _ms(known)
    told: dict[str, _Json] = {
        "edited": {
            "editHistory": [
                {"body": known.text, "timestamp": when + 60_000},
                {"body": "as it was", "timestamp": when},
            ]
        },
        "deleted": {"deletedForEveryone": True},
        "attached": {"attachments": [{"path": _PHOTO, "contentType": "image/jpeg"}]},
        "omitted": {"attachments": [{"contentType": "image/jpeg"}]},
        "contact": {
            "contact": [{"name": {"displayName": known.text}, "number": [{"value": _NUMBER}]}]
        },
        "poll": {"poll": {"question": known.text, "options": ["Tea", "Coffee"]}},
        "call": {"callHistoryDetails": {"callMode": "Group", "wasIncoming": True}},
        "reactions": {
            "reactions": [
                {"emoji": sign, "fromId": _chat(who), "timestamp": when}
                for who, sign in known.reactions
            ]
        },
    }
    if known.element in _NOTICES:
        return {"groupV2Change": _change(known)}
    return told.get(known.element, {})


def _change(known: Known) -> _Json:
    who = _id(known.member or "")
    if known.element == "notice-created":
        return {"from": who, "details": [{"type": "create"}]}
    detail = {"type": _NOTICES[known.element], "aci": who}
    return {"from": who, "details": [detail]}


def _expected(known: Known, before: int | None) -> Expected:
    reply, deleted = known.element == "reply", known.element == "deleted"
    notes = {"edited": ("edited",), "deleted": ("deleted-for-everyone",)}
    return Expected(
        kind=_KINDS.get(known.element, Kind.TEXT),
        sender=None if known.sender is None else "".join(filter(None, _named(known.sender))),
        text=_text(known),
        wall_at=None,
        sent_at=known.at,
        edited=known.element == "edited",
        deleted=deleted,
        attached=_attached(known),
        reactions=known.reactions,
        reply_to=before if reply else None,
        noted=notes.get(known.element, ()),
    )


def _text(known: Known) -> str | None:
    if known.element in _NOTICES:
        change = _NOTICES[known.element]
        whom = "" if known.element == "notice-created" else f" {known.member}"
        return f"group-v2-change: {change}{whom}"
    texts = {
        "deleted": None,
        "call": "Group Incoming",
        "contact": f"{known.text} {_NUMBER}",
        "poll": f"{known.text}\nTea\nCoffee",
    }
    return texts.get(known.element, known.text or None)


def _attached(known: Known) -> tuple[Attached, ...]:
    files = {
        "attached": (Attached(_PHOTO, "image", omitted=False),),
        "omitted": (Attached(None, "image", omitted=True),),
    }
    return files.get(known.element, ())


def _ms(known: Known) -> int:
    return int(known.at.timestamp() * 1000)


def _span(data: bytes, row: tuple[int | str | None, ...]) -> tuple[int, int]:
    """Find the bytes of a row: the lengths before its record, then the record."""
    number, *values = row
    columns = [_column(value) for value in (None, *values)]  # a row id's own column is empty
    kinds = b"".join(kind for kind, _ in columns)
    head = _varint(len(kinds) + (1 if len(kinds) < 0x7F else 2)) + kinds
    record = head + b"".join(held for _, held in columns)
    cell = _varint(len(record)) + _varint(int(number or 0)) + record
    start = data.index(cell)
    if data.find(cell, start + 1) >= 0:
        raise ValueError("a row of known data stands in its file twice")
    return start, start + len(cell)


def _column(value: int | str | None) -> tuple[bytes, bytes]:
    """Write one column: its type with its length, and what it holds."""
    if value is None:
        return b"\0", b""
    if isinstance(value, str):
        held = value.encode()
        return _varint(13 + 2 * len(held)), held
    if value in (0, 1):
        return bytes([8 + value]), b""
    kind, size = next(
        (kind, size)
        for kind, size in enumerate((1, 2, 3, 4, 6, 8), 1)
        if -(1 << (8 * size - 1)) <= value < 1 << (8 * size - 1)
    )
    return bytes([kind]), value.to_bytes(size, "big", signed=True)


def _varint(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | value & 0x7F)
    return bytes(reversed(parts))
