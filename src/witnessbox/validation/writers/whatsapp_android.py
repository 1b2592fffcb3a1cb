"""Known data as WhatsApp keeps it on Android: ``msgstore.db``, of now and of before 2021."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Record, Talk
from witnessbox.validation.writers.phones import GROUP, NUMBER, Phone, card_of, ms_of, phone
from witnessbox.validation.writers.rows import Value, database, span_of

_ADDRESSES = """
CREATE TABLE jid (_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL,
 raw_string TEXT);
CREATE TABLE chat (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, subject TEXT);
"""
_MODERN = f"""{_ADDRESSES}
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL,
 from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER,
 timestamp INTEGER, message_type INTEGER, text_data TEXT, sort_id INTEGER NOT NULL DEFAULT 0);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, mime_type TEXT);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, key_id TEXT, text_data TEXT);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT);
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY AUTOINCREMENT, from_me INTEGER,
 sender_jid_row_id INTEGER, parent_message_row_id INTEGER, timestamp INTEGER,
 message_add_on_type INTEGER);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT,
 sender_timestamp INTEGER);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 vcard TEXT);
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 option_name TEXT);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
CREATE TABLE call_log (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER, from_me INTEGER,
 call_id TEXT, timestamp INTEGER, group_jid_row_id INTEGER);
"""
_OLDER = f"""{_ADDRESSES}
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL,
 key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, data TEXT, timestamp INTEGER,
 media_wa_type TEXT, media_size INTEGER, media_name TEXT, remote_resource TEXT,
 edit_version INTEGER, quoted_row_id INTEGER, latitude REAL, longitude REAL);
CREATE TABLE messages_quotes (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_id TEXT);
CREATE TABLE chat_list (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT, subject TEXT);
"""
_CANNOT_OLDER = (
    ("reactions", "the older schema has no reactions"),
    ("poll", "the older schema has no polls"),
    ("forwarded", "that a message was forwarded is not read out of the older schema"),
)
_PHOTO = "Media/WhatsApp Images/IMG-20240115-WA0007.jpg"
_CODES = {"notice-created": 11, "notice-added": 12, "notice-left": 5}
_CREATOR = "Ana Reed"
_TYPES = {
    **dict.fromkeys(("attached", "omitted"), (1, Kind.MEDIA)),
    **dict.fromkeys(_CODES, (7, Kind.NOTICE)),
    "deleted": (15, Kind.DELETED),
    "location": (5, Kind.LOCATION),
    "contact": (4, Kind.CONTACT),
    "poll": (66, Kind.POLL),
    "call": (90, Kind.CALL),
}
_Row = tuple[str, tuple[Value, ...]]


def modern(talk: Talk) -> DataSet:
    """Write a group into the table ``message`` and those that belong to it."""
    who = phone(talk)
    rows: list[_Row] = [("jid", one) for one in who.addresses]
    rows.append(("chat", (1, 1, talk.title)))
    said = []
    for row, known in enumerate(talk.said, 1):
        kind, _ = _TYPES.get(known.element, (0, None))
        wordless = known.element in {"deleted", "contact", "location", "call", *_MEMBERS}
        text = None if wordless else known.text or None
        sender = who.row(_actor(known))
        at = ms_of(known.at)
        own = (row, 1, 0, _key(row), sender, 0, at, kind, text, row)
        rows += [("message", own), *_belonging(known, row, who)]
        said.append((known, own, _expected(known, who)))
    return _set(talk, "current", database(_MODERN, rows), said, ())


def older(talk: Talk) -> DataSet:
    """Write a group into the table ``messages``, as it was before 2021."""
    cannot = tuple(one for one in _CANNOT_OLDER if one[0] in talk.elements)
    left_out = frozenset(code for code, _ in cannot)
    who = phone(talk)
    rows: list[_Row] = [("jid", one) for one in who.addresses]
    rows.append(("chat_list", (1, GROUP, talk.title)))
    said = []
    for row, known in enumerate((k for k in talk.said if k.element not in left_out), 1):
        own = _older(known, row, who)
        rows.append(("messages", own))
        if known.element == "reply":
            rows.append(("messages_quotes", (1, _key(row - 1))))
        expected = _expected(known, who)
        if known.element == "notice-added":
            expected = replace(expected, text=None)  # whom it added, the row does not hold
        said.append((known, own, expected))
    return _set(talk, "before 2021", database(_OLDER, rows), said, cannot)


def _set(
    talk: Talk,
    way: str,
    data: bytes,
    said: Sequence[tuple[Known, tuple[Value, ...], Expected]],
    cannot: tuple[tuple[str, str], ...],
) -> DataSet:
    records: list[Record] = []
    for known, row, expected in said:
        start, end = span_of(data, row)
        reply_to = records[-1].start if known.element == "reply" else None
        read = replace(expected, reply_to=reply_to)
        records.append(Record(known.element, start, end, read))
    records.sort(key=lambda record: record.start)
    beside = (("wa.db", phone(talk).book()),)
    return DataSet(way, talk.title, "msgstore.db", data, tuple(records), cannot, beside)


_MEMBERS = ("notice-added", "notice-left")


def _key(row: int) -> str:
    return f"3EB0{row:016X}"


def _actor(known: Known) -> str:
    """Tell who said a thing, or who did what a notice tells."""
    return known.sender or (known.member or "" if known.element == "notice-left" else _CREATOR)


def _belonging(known: Known, row: int, who: Phone) -> Iterator[_Row]:
    """Give the rows of other tables that belong to a message."""
    latitude, _, longitude = known.text.partition(",")
    for element, table, values in (
        ("attached", "message_media", (row, _PHOTO, "image/jpeg")),
        ("omitted", "message_media", (row, None, "image/jpeg")),
        ("reply", "message_quoted", (row, _key(row - 1), "as said")),
        ("edited", "message_edit_info", (row, _key(row))),
        ("deleted", "message_revoked", (row, _key(row))),
        ("forwarded", "message_forwarded", (row, 1)),
        ("contact", "message_vcard", (1, row, card_of(known.text))),
        ("poll", "message_poll_option", (1, row, "Tea")),
        ("poll", "message_poll_option", (2, row, "Coffee")),
    ):
        if known.element == element:
            yield table, values
    if known.element == "location":
        yield "message_location", (row, float(latitude), float(longitude))
    if known.element in _CODES:
        yield "message_system", (row, _CODES[known.element])
    if known.element == "notice-added" and known.member:
        yield "message_system_chat_participant", (row, who.row(known.member))
    for n, (name, sign) in enumerate(known.reactions, 1):
        at = ms_of(known.at) + n
        yield "message_add_on", (n, 0, who.row(name), row, at, 56)
        yield "message_add_on_reaction", (n, sign, at)


def _older(known: Known, row: int, who: Phone) -> tuple[Value, ...]:
    kind, _ = _TYPES.get(known.element, (0, None))
    notice = known.element in _CODES
    text: str | None = known.text or None
    if known.element in {"deleted", "location", "call", *_MEMBERS}:
        text = None
    latitude, longitude = None, None
    if known.element == "location":
        latitude, longitude = (float(part) for part in known.text.split(","))
    return (
        row,
        GROUP,
        0,
        _key(row),
        6 if notice else 0,
        card_of(known.text) if known.element == "contact" else text,
        ms_of(known.at),
        None if notice else "8" if known.element == "call" else str(kind),
        _CODES.get(known.element, 0),
        _PHOTO if known.element == "attached" else None,
        who.address(_actor(known)),
        {"edited": 1, "deleted": 7}.get(known.element, 0),
        1 if known.element == "reply" else 0,
        latitude,
        longitude,
    )


def _expected(known: Known, who: Phone) -> Expected:
    _, kind = _TYPES.get(known.element, (0, None))
    text: str | None = known.text or None
    special = {
        "poll": f"{known.text}\nTea\nCoffee",
        "contact": f"{known.text} {NUMBER}",
        "location": known.text.replace(",", ", "),
        "notice-added": f"added: {known.member} (by {_CREATOR})",
    }
    text = special.get(known.element, text)
    files = {"attached": (_PHOTO, False), "omitted": (None, True)}
    name, omitted = files.get(known.element, (None, False))
    return Expected(
        kind=kind or (Kind.TEXT if known.text else Kind.EMPTY),
        sender=None if kind is Kind.NOTICE else who.shown(_actor(known)),
        text=None if known.element in {"deleted", "call", "notice-left"} else text,
        wall_at=None,
        sent_at=known.at,
        edited=known.element == "edited",
        deleted=known.element == "deleted",
        attached=(Attached(name, "image", omitted),) if known.element in files else (),
        reactions=tuple((who.shown(one), sign) for one, sign in known.reactions),
        noted=("forwarded",) if known.element == "forwarded" else (),
    )
