"""Known data as WhatsApp keeps it on iPhones: ``ChatStorage.sqlite``, its address book beside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Record, Talk
from witnessbox.validation.writers.phones import GROUP, NUMBER, Phone, card_of, ms_of, phone
from witnessbox.validation.writers.rows import Value, database, span_of

_SCHEMA = """
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER,
 Z_MAX INTEGER);
CREATE TABLE ZWACHATSESSION ( Z_PK INTEGER PRIMARY KEY, ZMESSAGECOUNTER INTEGER,
 ZLASTMESSAGE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR );
CREATE TABLE ZWAGROUPMEMBER ( Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR,
 ZCONTACTNAME VARCHAR );
CREATE TABLE ZWAMESSAGE ( Z_PK INTEGER PRIMARY KEY, ZSORT INTEGER, ZCHATSESSION INTEGER,
 ZGROUPMEMBER INTEGER, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZGROUPEVENTTYPE INTEGER,
 ZMESSAGEDATE TIMESTAMP, ZFROMJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR, ZMEDIAITEM INTEGER );
CREATE TABLE ZWAMEDIAITEM ( Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
 ZTITLE VARCHAR, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZVCARDSTRING VARCHAR, ZMETADATA BLOB );
CREATE TABLE ZWAMESSAGEINFO ( Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZRECEIPTINFO BLOB );
"""
_CANNOT = (
    ("edited", "what says that a message was edited has no published reading"),
    ("forwarded", "what says that a message was forwarded has no published reading"),
)
_PHOTO = "Media/120000000000000001@g.us/a/7.jpg"
_EVENTS = {"notice-created": 12, "notice-added": 2, "notice-left": 3}
_TYPES = {
    **dict.fromkeys(("attached", "omitted"), (1, Kind.MEDIA)),
    **dict.fromkeys(_EVENTS, (6, Kind.NOTICE)),
    "deleted": (14, Kind.DELETED),
    "location": (5, Kind.LOCATION),
    "contact": (4, Kind.CONTACT),
    "poll": (46, Kind.POLL),
    "call": (59, Kind.CALL),
}
_WORDLESS = frozenset(("deleted", "call", "notice-left"))
_ELSEWHERE = frozenset(("location", "contact", "attached", "omitted", "poll"))
_OPTIONS = ("Tea", "Coffee")
_CREATOR = "Ana Reed"
_APPLE = datetime(2001, 1, 1, tzinfo=UTC)
_Row = tuple[str, tuple[Value, ...]]


def write(talk: Talk) -> DataSet:
    """Write a group's messages and what belongs to them."""
    cannot = tuple(one for one in _CANNOT if one[0] in talk.elements)
    left_out = frozenset(code for code, _ in cannot)
    who = phone(talk)
    known_of = [known for known in talk.said if known.element not in left_out]
    rows: list[_Row] = [
        ("Z_PRIMARYKEY", (1, "WAMessage", 0, len(known_of))),
        ("ZWACHATSESSION", (1, len(known_of) + 1, len(known_of), GROUP, talk.title)),
    ]
    rows += [
        ("ZWAGROUPMEMBER", (place, 1, who.address(name), None))
        for place, name in enumerate(who.users, 1)
    ]
    said = []
    for row, known in enumerate(known_of, 1):
        own = _message(known, row, who)
        rows += [("ZWAMESSAGE", own), *_belonging(known, row, who)]
        said.append((known, own))
    data = database(_SCHEMA, rows)
    records: list[Record] = []
    for known, own in said:
        start, end = span_of(data, own)
        reply_to = records[-1].start if known.element == "reply" else None
        expected = replace(_expected(known, who), reply_to=reply_to)
        records.append(Record(known.element, start, end, expected))
    records.sort(key=lambda record: record.start)
    beside = (("ContactsV2.sqlite", who.contacts()),)
    return DataSet("", talk.title, "ChatStorage.sqlite", data, tuple(records), cannot, beside)


def _key(row: int) -> str:
    return f"3A{row:018X}"


def _actor(known: Known) -> str:
    """Tell who said a thing, or who did what a notice tells."""
    return known.sender or (known.member or "" if known.element == "notice-left" else _CREATOR)


def _message(known: Known, row: int, who: Phone) -> tuple[Value, ...]:
    kind, _ = _TYPES.get(known.element, (0, None))
    text: str | None = known.text or None
    if known.element in _WORDLESS | _ELSEWHERE:
        text = None
    if known.element == "notice-added":
        text = who.address(known.member or "")
    seconds = (ms_of(known.at) - ms_of(_APPLE)) / 1000
    event = _EVENTS.get(known.element, 0)
    member = who.row(_actor(known)) - 1
    return (row, row, 1, member, 0, kind, event, seconds, GROUP, _key(row), text, row)


def _belonging(known: Known, row: int, who: Phone) -> Iterator[_Row]:
    """Give the rows of other tables that belong to a message."""
    file: dict[str, tuple[Value, ...]] = {
        "attached": (_PHOTO, known.text, None, None, "image/jpeg", None),
        "omitted": (None, known.text, None, None, "image/jpeg", None),
        "contact": (None, None, None, None, card_of(known.text), None),
        "reply": (None, None, None, None, None, _field(5, _key(row - 1).encode())),
    }
    if known.element == "location":
        latitude, longitude = (float(part) for part in known.text.split(","))
        yield "ZWAMEDIAITEM", (row, row, None, None, latitude, longitude, None, None)
    elif known.element in file:
        yield "ZWAMEDIAITEM", (row, row, *file[known.element])
    if known.element == "poll":
        options = b"".join(_field(3, _field(1, one.encode())) for one in _OPTIONS)
        yield "ZWAMESSAGEINFO", (row, row, _field(8, _field(2, known.text.encode()) + options))
    if known.reactions:
        marks = b"".join(
            _field(1, _field(2, who.address(name).encode()) + _field(3, sign.encode()))
            for name, sign in known.reactions
        )
        yield "ZWAMESSAGEINFO", (row, row, _field(7, marks))


def _field(number: int, held: bytes) -> bytes:
    """Write one field of a blob, as Protocol Buffers are written."""
    size, out = len(held), bytearray((number << 3 | 2,))
    while size > 0x7F:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((*out, size)) + held


def _expected(known: Known, who: Phone) -> Expected:
    _, kind = _TYPES.get(known.element, (0, None))
    text: str | None = known.text or None
    special = {
        "contact": f"{known.text} {NUMBER}",
        "poll": "\n".join((known.text, *_OPTIONS)),
        "location": known.text.replace(",", ", "),
        "notice-added": who.address(known.member) if known.member else None,
    }
    files = {"attached": (_PHOTO, False), "omitted": (None, True)}
    name, omitted = files.get(known.element, (None, False))
    return Expected(
        kind=kind or (Kind.TEXT if known.text else Kind.EMPTY),
        sender=None if kind is Kind.NOTICE else who.shown(_actor(known)),
        text=None if known.element in _WORDLESS else special.get(known.element, text),
        wall_at=None,
        sent_at=known.at,
        deleted=known.element == "deleted",
        attached=(Attached(name, "image", omitted),) if known.element in files else (),
        reactions=tuple((who.shown(one), sign) for one, sign in known.reactions),
    )
