"""``msgstore.db`` of one phone, with ``wa.db`` beside it."""

from collections.abc import Iterator, Sequence

from benchmarks.reconcile.databases import (
    Row,
    address,
    at_ms,
    chat_address,
    digits,
    numbered,
    push_names,
    stanza,
    wording,
)
from benchmarks.reconcile.model import Copy, Form, Line, Person, Phone

from witnessbox.example.model import Message, Notice
from witnessbox.validation.writers.rows import database

_SCHEMA = """
CREATE TABLE jid (_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL,
 raw_string TEXT);
CREATE TABLE chat (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, subject TEXT);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL,
 from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER,
 timestamp INTEGER, message_type INTEGER, text_data TEXT, sort_id INTEGER NOT NULL DEFAULT 0);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, mime_type TEXT);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL);
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 option_name TEXT);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
CREATE TABLE message_system_value_change (message_row_id INTEGER PRIMARY KEY, old_data TEXT);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
CREATE TABLE message_ephemeral_setting (message_row_id INTEGER PRIMARY KEY,
 setting_duration INTEGER, pre_setting_duration INTEGER);
"""
_BOOK = """
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL,
 display_name TEXT, wa_name TEXT);
"""
_ACTIONS = {
    "subject": 1, "added": 12, "left": 13, "removed": 14, "created": 11, "timer": 56,
    "encryption": 19, "code": 18,
}  # fmt: skip
_OWN_ACTIONS = {"added": 4, "left": 5, "removed": 7}
_MEDIA = {"image": 1, "audio": 2, "video": 3, "document": 9, "sticker": 20}
_KINDS = {"text": 0, "location": 5, "poll": 66}
_DELETED, _NOTICE = 15, 7


def android_files(
    phone: Phone, copies: Sequence[Copy], everyone: dict[str, Person]
) -> tuple[tuple[tuple[str, bytes], ...], list[tuple[int, int, Line]]]:
    """Give the files, and for every row its id, which copy it is of and what it shows."""
    people = {key: place for place, key in enumerate(everyone, 1)}
    rows: list[Row] = [
        ("jid", (people[one.key], digits(one), "s.whatsapp.net", address(one)))
        for one in everyone.values()
    ]
    following = len(people) + 1
    for at, copy in enumerate(copies, 1):
        raw = chat_address(copy, everyone)
        jid = people[copy.other] if copy.talk.direct else following
        if not copy.talk.direct:
            user, _, server = raw.partition("@")
            rows.append(("jid", (jid, user, server, raw)))
            following += 1
        rows.append(("chat", (at, jid, None if copy.talk.direct else copy.title)))
    placed = list(numbered(copies))
    for row, at, line in placed:
        rows += _rows(phone, row, at + 1, line, people)
    names, chosen = dict(phone.names), push_names(phone, everyone)
    book = [
        ("wa_contacts", (place, address(one), names[one.key] if saved else None, one.given))
        for place, one in enumerate(everyone.values(), 1)
        if one.key != phone.owner.key and ((saved := one.key in phone.saved) or one.key in chosen)
    ]
    files = (("msgstore.db", database(_SCHEMA, rows)), ("wa.db", database(_BOOK, book)))
    return files, placed


def _rows(phone: Phone, row: int, chat: int, line: Line, people: dict[str, int]) -> Iterator[Row]:
    entry, at = line.entry, at_ms(phone, line)
    key = stanza(entry, phone)
    if isinstance(entry, Notice):
        actor = entry.actor or (entry.member if entry.event in {"left", "code"} else None)
        mine = actor == phone.owner.key
        sender = people[actor] if actor and not mine else None
        text = entry.after
        values = (row, chat, int(mine), key, sender, 6, at, _NOTICE, text, row)
        yield "message", values
        yield from _change(phone, row, entry, people)
        return
    mine = entry.sender == phone.owner.key
    sender = None if mine else people[entry.sender]
    kind = _MEDIA[entry.media] if entry.media else _KINDS[entry.kind]
    kind = _DELETED if line.form is Form.PLACEHOLDER else kind
    yield "message", (row, chat, int(mine), key, sender, 0, at, kind, wording(line), row)
    yield from _belonging(row, line, entry, key)


def _change(phone: Phone, row: int, entry: Notice, people: dict[str, int]) -> Iterator[Row]:
    own = entry.member == phone.owner.key
    action = _OWN_ACTIONS.get(entry.event) if own else None
    yield "message_system", (row, action or _ACTIONS[entry.event])
    if entry.member is not None and entry.event != "code":
        yield "message_system_chat_participant", (row, people[entry.member])
    if entry.event == "subject":
        yield "message_system_value_change", (row, entry.before)
    if entry.event == "timer":
        yield "message_ephemeral_setting", (row, 604_800, 0)


def _belonging(row: int, line: Line, said: Message, key: str) -> Iterator[Row]:
    if line.form is Form.PLACEHOLDER:
        yield "message_revoked", (row, key)
        return
    if said.media:
        yield "message_media", (row, None, None)
    if line.form is Form.EDITED:
        yield "message_edit_info", (row, key)
    if said.kind == "location":
        latitude, longitude = said.text.split(",")
        yield "message_location", (row, float(latitude), float(longitude))
    if said.kind == "poll":
        for place, option in enumerate(said.text.split("\n")[1:]):
            yield "message_poll_option", (row * 2 + place, row, option.split("|")[0])
