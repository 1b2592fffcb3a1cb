"""``ChatStorage.sqlite`` of one phone, with ``ContactsV2.sqlite`` beside it."""

from collections.abc import Iterator, Sequence

from benchmarks.reconcile.clocks import HOUR_MS
from benchmarks.reconcile.databases import (
    Row,
    address,
    at_ms,
    chat_address,
    numbered,
    push_names,
    stanza,
    wording,
)
from benchmarks.reconcile.model import Copy, Form, Line, Person, Phone

from witnessbox.example.model import Message, Notice
from witnessbox.validation.writers.rows import database

_SCHEMA = """
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER,
 Z_MAX INTEGER);
CREATE TABLE ZWACHATSESSION ( Z_PK INTEGER PRIMARY KEY, ZMESSAGECOUNTER INTEGER,
 ZLASTMESSAGE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR );
CREATE TABLE ZWAGROUPMEMBER ( Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR,
 ZCONTACTNAME VARCHAR );
CREATE TABLE ZWAMESSAGE ( Z_PK INTEGER PRIMARY KEY, ZSORT INTEGER, ZCHATSESSION INTEGER,
 ZGROUPMEMBER INTEGER, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZGROUPEVENTTYPE INTEGER,
 ZMESSAGEDATE TIMESTAMP, ZFROMJID VARCHAR, ZTOJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR,
 ZMEDIAITEM INTEGER );
CREATE TABLE ZWAMEDIAITEM ( Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
 ZTITLE VARCHAR, ZLATITUDE FLOAT, ZLONGITUDE FLOAT );
CREATE TABLE ZWAPROFILEPUSHNAME ( Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR, ZPUSHNAME VARCHAR );
"""
_CONTACTS = """
CREATE TABLE ZWAADDRESSBOOKCONTACT ( Z_PK INTEGER PRIMARY KEY, ZWHATSAPPID VARCHAR, ZLID VARCHAR,
 ZFULLNAME VARCHAR );
"""
_EVENTS = {"subject": 1, "added": 2, "left": 3, "removed": 7, "created": 12}
_MEDIA = {"image": 1, "video": 2, "audio": 3, "document": 8, "sticker": 15}
_KINDS = {"text": 0, "location": 5, "poll": 46}
_DELETED, _GROUP_EVENT, _OTHER_EVENT = 14, 6, 10
_APPLE_MS = 978_307_200_000

assert _APPLE_MS % HOUR_MS == 0  # noqa: S101 - a slip of a digit would move every copy


def ios_files(
    phone: Phone, copies: Sequence[Copy], everyone: dict[str, Person]
) -> tuple[tuple[tuple[str, bytes], ...], list[tuple[int, int, Line]]]:
    """Give the files, and for every row its id, which copy it is of and what it shows."""
    placed = list(numbered(copies))
    last = placed[-1][0] if placed else 0
    rows: list[Row] = [("Z_PRIMARYKEY", (1, "WAMessage", 0, last))]
    members: dict[tuple[int, str], int] = {}
    for at, copy in enumerate(copies):
        title = copy.title
        rows.append(("ZWACHATSESSION", (at + 1, 0, None, chat_address(copy, everyone), title)))
        for person in dict.fromkeys(spell.person for spell in copy.talk.spells):
            if not copy.talk.direct:
                members[at, person] = len(members) + 1
                raw = address(everyone[person])
                rows.append(("ZWAGROUPMEMBER", (members[at, person], at + 1, raw, None)))
    rows += [
        ("ZWAPROFILEPUSHNAME", (place, address(everyone[key]), name))
        for place, (key, name) in enumerate(push_names(phone, everyone).items(), 1)
    ]
    chats = [chat_address(copy, everyone) for copy in copies]
    for row, at, line in placed:
        rows += _rows(phone, (row, at), line, _Members(members, everyone, chats[at]))
    names = dict(phone.names)
    book = [
        ("ZWAADDRESSBOOKCONTACT", (place, address(one), None, names[one.key]))
        for place, one in enumerate(everyone.values(), 1)
        if one.key in phone.saved and one.key != phone.owner.key
    ]
    files = (
        ("ChatStorage.sqlite", database(_SCHEMA, rows)),
        ("ContactsV2.sqlite", database(_CONTACTS, book)),
    )
    return files, placed


class _Members:
    """Who is who in one conversation of the database."""

    __slots__ = ("_everyone", "_members", "chat")

    def __init__(
        self, members: dict[tuple[int, str], int], everyone: dict[str, Person], chat: str
    ) -> None:
        self._members, self._everyone, self.chat = members, everyone, chat

    def row(self, at: int, person: str | None) -> int | None:
        """Give the row of a group's member."""
        return None if person is None else self._members.get((at, person))

    def address(self, person: str) -> str:
        """Give somebody's address."""
        return address(self._everyone[person])


def _rows(phone: Phone, place: tuple[int, int], line: Line, who: _Members) -> Iterator[Row]:
    row, at = place
    entry = line.entry
    seconds = (at_ms(phone, line) - _APPLE_MS) / 1000
    if isinstance(entry, Notice):
        yield "ZWAMESSAGE", _notice(phone, place, entry, who, seconds)
        return
    mine = entry.sender == phone.owner.key
    kind = _MEDIA[entry.media] if entry.media else _KINDS[entry.kind]
    kind = _DELETED if line.form is Form.PLACEHOLDER else kind
    text = None if entry.kind != "text" else wording(line)
    member = None if mine else who.row(at, entry.sender)
    sent_by, sent_to = (None, who.chat) if mine else (who.chat, None)
    yield (
        "ZWAMESSAGE",
        (
            row, row, at + 1, member, int(mine), kind, 0, seconds, sent_by, sent_to,
            stanza(entry, phone), text, row,
        ),
    )  # fmt: skip
    if line.form is not Form.PLACEHOLDER:
        yield from _item(row, entry)


def _item(row: int, said: Message) -> Iterator[Row]:
    if said.media:
        yield "ZWAMEDIAITEM", (row, row, None, said.text or None, None, None)
    if said.kind == "location":
        latitude, longitude = (float(part) for part in said.text.split(","))
        yield "ZWAMEDIAITEM", (row, row, None, None, latitude, longitude)


def _notice(
    phone: Phone, place: tuple[int, int], entry: Notice, who: _Members, seconds: float
) -> tuple[int | float | str | None, ...]:
    row, at = place
    acted = entry.actor or entry.member
    mine = acted == phone.owner.key
    event = _EVENTS.get(entry.event)
    text = entry.after if entry.event in {"subject", "created"} else None
    if entry.event in {"added", "removed"} and entry.member:
        text = who.address(entry.member)
    member = None if mine and entry.event != "left" else who.row(at, acted)
    kind = _OTHER_EVENT if event is None else _GROUP_EVENT
    return (
        row, row, at + 1, member, int(mine), kind, event or 0, seconds, who.chat, None,
        stanza(entry, phone), text, row,
    )  # fmt: skip
