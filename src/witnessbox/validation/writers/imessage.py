"""Known data as Apple's Messages keeps a group: ``sms.db``.

SQLite itself writes the database.  Where a row lies in it is established without our reader: the
row's record is encoded here once more, by the rules of the file format, and looked for among the
bytes; each holds the identity of its message and stands in the file but once.
"""

import plistlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Record, Talk

_CANNOT = (
    ("forwarded", "the database does not say that a message was forwarded"),
    ("location", "a place is a file like any other, or stands in an app's own contents"),
    ("contact", "a contact card is a file like any other"),
    ("poll", "a poll's question and answers stand in an app's own contents"),
    ("call", "calls stand in another database"),
    ("notice-created", "the database says nothing of how a group began"),
)
_SCHEMA = """
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT NOT NULL, service TEXT NOT NULL);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, style INTEGER, chat_identifier TEXT,
 display_name TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, handle_id INTEGER,
 attributedBody BLOB, service TEXT, date INTEGER, is_from_me INTEGER, item_type INTEGER,
 other_handle INTEGER, associated_message_guid TEXT, associated_message_type INTEGER,
 associated_message_emoji TEXT, message_summary_info BLOB, thread_originator_guid TEXT,
 date_edited INTEGER);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, mime_type TEXT,
 transfer_name TEXT);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
"""
_VERSIONS = slice(92, 100)  # which SQLite wrote the file: not the same on every machine
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_PHOTO = "~/Library/SMS/Attachments/0a/10/IMG_7.heic"
_EMOJI, _ADDED, _LEFT = 2006, 1, 3
_PAGE_BYTES = 4096
_MOST_ON_PAGE = _PAGE_BYTES - 35
_Value = int | str | bytes | None


@dataclass(slots=True)
class _Row:
    """One row of ``message``, its columns in their order."""

    guid: str
    text: str | None
    handle_id: int
    body: bytes | None
    date: int
    item_type: int = 0
    other_handle: int = 0
    on: str | None = None
    link: int = 0
    emoji: str | None = None
    summary: bytes | None = None
    thread: str | None = None
    edited: int = 0

    def columns(self) -> tuple[_Value, ...]:
        """Give the values in the table's order, without the row id."""
        return (
            *(self.guid, self.text, self.handle_id, self.body, "iMessage", self.date, 0),
            *(self.item_type, self.other_handle, self.on, self.link, self.emoji, self.summary),
            *(self.thread, self.edited),
        )


def write(talk: Talk) -> DataSet:
    """Write a group's messages, their words by turns in the text and in the archive."""
    cannot = tuple(one for one in _CANNOT if one[0] in talk.elements)
    left_out = frozenset(code for code, _ in cannot)
    people = {person: number for number, person in enumerate(talk.people, 1)}
    rows: list[_Row] = []
    told: list[tuple[str, int, Expected, int | None]] = []  # element, row, and the row it answers
    files: list[tuple[int, str | None, str]] = []
    for known in talk.said:
        if known.element in left_out:
            continue
        row, expected = _message(known, people, len(rows) + 1)
        rows.append(row)
        number = len(rows)
        answers = told[-1][1] if known.element == "reply" else None
        row.thread = None if answers is None else rows[answers - 1].guid
        told.append((known.element, number, expected, answers))
        files += [(number, *one) for one in _files(known)]
        rows += _tapbacks(known, row, people, number)
    data = _database(talk, people, rows, files)
    spans = [_span(data, number, row) for number, row in enumerate(rows, 1)]
    records = [
        Record(
            element,
            *spans[number - 1],
            replace(expected, reply_to=None if answers is None else spans[answers - 1][0]),
        )
        for element, number, expected, answers in told
    ]
    records.sort(key=lambda record: record.start)
    return DataSet("", talk.title, "sms.db", data, tuple(records), cannot)


def _message(known: Known, people: dict[str, int], number: int) -> tuple[_Row, Expected]:
    """Give a message's row, and what must be read of it."""
    text, date = known.text or None, _date(known.at)
    row = _Row(
        f"00000000-0000-4000-8000-{number:012}", text, people.get(known.sender or "", 0), None, date
    )
    if text is not None and number % 2:
        row.text, row.body = None, _archive(text)
    expected = Expected(
        kind=Kind.TEXT if text else Kind.EMPTY,
        sender=known.sender,
        text=text,
        wall_at=None,
        sent_at=known.at,
        reactions=known.reactions,
    )
    if known.element == "edited":
        history = {"0": [_edition(known.at, "as it was"), _edition(known.at, known.text)]}
        row.summary, row.edited = _summary({"otr": {"0": {}}, "ec": history}), date
        expected = replace(expected, edited=True, noted=("edited",))
    elif known.element == "deleted":
        row.text, row.body, row.edited = None, None, date
        row.summary = _summary({"otr": {"0": {}}, "rp": [0]})
        deleted = replace(expected, kind=Kind.DELETED, text=None, deleted=True)
        expected = replace(deleted, noted=("unsent",))
    elif known.element in ("attached", "omitted"):
        name, omitted = _files(known)[0][0] or _files(known)[0][1], known.element == "omitted"
        expected = replace(expected, kind=Kind.MEDIA, attached=(Attached(name, "image", omitted),))
    elif known.element.startswith("notice-"):
        row.text, row.body = None, None
        row.item_type = _ADDED if known.element == "notice-added" else _LEFT
        member = people[str(known.member)]
        row.handle_id, row.other_handle = (0, member) if row.item_type == _ADDED else (member, 0)
        expected = replace(expected, kind=Kind.NOTICE, text=None)
    return row, expected


def _files(known: Known) -> list[tuple[str | None, str]]:
    """Give the path and the name of a message's file; what did not come has a name alone."""
    if known.element not in ("attached", "omitted"):
        return []
    return [(_PHOTO if known.element == "attached" else None, "IMG_7.heic")]


def _tapbacks(known: Known, on: _Row, people: dict[str, int], number: int) -> list[_Row]:
    return [
        _Row(
            guid=f"00000000-0000-4000-9000-{number + nth:012}",
            text=f"Reacted {sign} to “{known.text}”",
            handle_id=people[who],
            body=None,
            date=on.date + nth,
            on=f"p:0/{on.guid}",
            link=_EMOJI,
            emoji=sign,
        )
        for nth, (who, sign) in enumerate(known.reactions, 1)
    ]


def _database(
    talk: Talk,
    people: dict[str, int],
    rows: Sequence[_Row],
    files: Sequence[tuple[int, str | None, str]],
) -> bytes:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        opened.executescript(_SCHEMA)
        handles = ((number, person) for person, number in people.items())
        opened.executemany("INSERT INTO handle VALUES(?,?,'iMessage')", handles)
        opened.execute("INSERT INTO chat VALUES(1,'iMessage;+;chat1',43,'chat1',?)", (talk.title,))
        numbered = list(enumerate(rows, 1))
        marks = ",".join("?" * (1 + len(numbered[0][1].columns())))
        opened.executemany(
            f"INSERT INTO message VALUES({marks})",
            ((number, *row.columns()) for number, row in numbered),
        )
        opened.executemany(
            "INSERT INTO chat_message_join VALUES(1,?)", ((number,) for number, _ in numbered)
        )
        for nth, (number, path, name) in enumerate(files, 1):
            opened.execute("INSERT INTO attachment VALUES(?,?,'image/heic',?)", (nth, path, name))
            opened.execute("INSERT INTO message_attachment_join VALUES(?,?)", (number, nth))
        opened.commit()
        data = bytearray(opened.serialize())
    data[_VERSIONS] = bytes(8)
    return bytes(data)


def _span(data: bytes, number: int, row: _Row) -> tuple[int, int]:
    """Find a row's bytes; of one that goes on in other pages, those up to its identity."""
    record = _record((None, *row.columns()))
    cell = _varint(len(record)) + _varint(number) + record
    if len(record) > _MOST_ON_PAGE:
        cell = cell[: cell.index(row.guid.encode()) + len(row.guid)]
    start = data.index(cell)
    return start, start + len(cell)


def _record(values: Sequence[_Value]) -> bytes:
    """Write a row as SQLite does: the types of its columns, then their values."""
    types, held = zip(*(_stored(value) for value in values), strict=True)
    kinds = b"".join(map(_varint, types))
    return _varint(len(kinds) + 1) + kinds + b"".join(held)  # no header here is 127 bytes long


def _stored(value: _Value) -> tuple[int, bytes]:
    if value is None:
        return 0, b""
    if isinstance(value, str):
        return 13 + 2 * len(value.encode()), value.encode()
    if isinstance(value, bytes):
        return 12 + 2 * len(value), value
    if value in (0, 1):
        return 8 + value, b""
    for kind, size in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 6)):
        if value < 1 << (8 * size - 1):
            return kind, value.to_bytes(size, "big")
    return 6, value.to_bytes(8, "big")


def _varint(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def _archive(text: str) -> bytes:
    """Write a text as an archive of ``NSAttributedString`` begins and ends."""
    held = text.encode()
    if len(held) <= 0x7F:
        size = bytes([len(held)])
    elif len(held) <= 0x7FFF:
        size = b"\x81" + len(held).to_bytes(2, "little")
    else:
        size = b"\x82" + len(held).to_bytes(4, "little")
    head = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00"
    string = b"\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+"
    styles = b"\x86\x84\x02iI\x01" + size + b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x00"
    return head + string + size + held + styles + b"\x86\x86"


def _edition(at: datetime, text: str) -> dict[str, object]:
    return {"d": (at - _EPOCH).total_seconds(), "t": _archive(text)}


def _summary(held: dict[str, object]) -> bytes:
    return plistlib.dumps(held, fmt=plistlib.FMT_BINARY)


def _date(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000
