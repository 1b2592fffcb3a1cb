"""Invented chats and the copies that several phones hold of them, with the truth kept beside."""

import random
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pyarrow as pa

from witnessbox.evidence.schema import MEMBERSHIPS, MESSAGES
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.ready import ready

MINUTE, SECOND, MILLISECOND = 60_000, 1_000, 1
UNITS = {MINUTE: "minute", SECOND: "second", MILLISECOND: "millisecond"}
DAWN = 1_500_000_000_000
OMITTED = {"en": "<Media omitted>", "de": "Bild weggelassen", "fr": "<Médias omis>"}
DELETED = {
    "en": "This message was deleted",
    "de": "Diese Nachricht wurde gelöscht.",
    "fr": "Ce message a été supprimé",
}
RENAMED = {"en": "{} changed the group", "de": "{} hat die Gruppe geändert", "fr": "{} a changé"}
SHORT = ("ok", "👍", "on my way", "thanks", "lol", "who?")
NOUNS = ("kettle", "rota", "van", "radio", "locker", "lamp", "form", "torch", "boot", "desk", "key")
VERBS = ("check", "move", "find", "bring", "clean", "return", "borrow", "sign", "lift", "count")


@dataclass(frozen=True, slots=True)
class Said:
    """One true message."""

    number: int
    at_ms: int
    who: int  # −1 for a notice
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Phone:
    """How one phone shows a chat."""

    name: str
    names: tuple[str, ...]
    unit_ms: int = MINUTE
    skew_ms: int = 0
    language: str = "en"
    drops: frozenset[int] = frozenset()
    placeholders: frozenset[int] = frozenset()
    first: int = 0
    last: int = 1 << 40
    title: str = "Team Blue"
    altered: dict[int, str] = field(default_factory=dict)
    steps: tuple[tuple[int, int], ...] = ()  # from message number on, more skew in ms
    edited: frozenset[int] = frozenset()
    custodian: str = ""
    platform_ids: bool = False
    late: frozenset[int] = frozenset()  # shown behind the eight messages that follow
    parser: str = "whatsapp-text/1"
    second_file: int = 1 << 40  # the message number from which on a second file has the copy
    numbered: bool = False  # rows of a database: numbers as messages have them

    @property
    def exhibit(self) -> str:
        return sha256(self.name.encode()).hexdigest()

    @property
    def second_exhibit(self) -> str:
        return sha256(f"{self.name}, second file".encode()).hexdigest()


def chat(count: int, people: int = 5, seed: int = 1, pace_ms: int = 40_000) -> list[Said]:
    """Make up a chat: mostly distinct texts, a fifth short repeats, some pictures and notices."""
    draw = random.Random(seed)  # noqa: S311 - invented talk, not a secret
    at = DAWN
    said: list[Said] = []
    for number in range(count):
        at += int(draw.expovariate(1 / pace_ms)) + 1_000
        if draw.random() < 0.01:
            at += 9 * 3_600_000
        die = draw.random()
        who = draw.randrange(people)
        text = (
            f"{draw.choice(VERBS)} the {draw.choice(NOUNS)} by {draw.choice(NOUNS)} {number % 97}"
        )
        if die < 0.2:
            said.append(Said(number, at, who, "text", draw.choice(SHORT)))
        elif die < 0.27:
            said.append(Said(number, at, who, "media", ""))
        elif die < 0.28:
            said.append(Said(number, at, -1, "notice", ""))
        else:
            said.append(Said(number, at, who, "text", text))
    return said


def held(said: list[Said], phone: Phone) -> list[Said]:
    """Give the true messages that a phone shows, placeholders included."""
    shown = [
        one
        for one in said
        if phone.first <= one.number <= phone.last and one.number not in phone.drops
    ]
    order = sorted(range(len(shown)), key=lambda at: at + 8.5 * (shown[at].number in phone.late))
    return [shown[at] for at in order]


def rows(said: list[Said], phone: Phone) -> Any:
    """Give the rows of a phone's copy, made ready to be laid together."""
    return ready(stored(said, phone))


def stored(said: list[Said], phone: Phone) -> pa.Table:
    """Write the messages table of a phone's copy; a row's start is its true number × 1000."""
    made = [_row(one, phone, i) for i, one in enumerate(held(said, phone))]
    columns = {name: [row.get(name) for row in made] for name in MESSAGES.schema.names}
    plain = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in MESSAGES.schema
        ]
    )
    return pa.table(columns, schema=plain).cast(MESSAGES.schema)


def _row(one: Said, phone: Phone, sequence: int) -> dict[str, Any]:
    skew = phone.skew_ms + sum(more for since, more in phone.steps if one.number >= since)
    at = (one.at_ms + skew) // phone.unit_ms * phone.unit_ms
    kind, text = _shown(one, phone)
    return {
        "exhibit": phone.exhibit if one.number < phone.second_file else phone.second_exhibit,
        "start": one.number * 1000,
        "end": one.number * 1000 + 900,
        "conversation": phone.title,
        "thread": None,
        "sequence": sequence,
        "stamp": str(at),
        "wall_at": at,
        "sent_at": at,
        "precision": UNITS[phone.unit_ms],
        "zone": "Europe/London",
        "sender": None if one.who < 0 else phone.names[one.who],
        "kind": kind,
        "text": text,
        "platform_id": f"id{one.number}" if phone.platform_ids else None,
        "reply_to": None,
        "edited": one.number in phone.edited,
        "deleted": kind == "deleted",
        "parser": phone.parser,
        "table": "message" if phone.numbered else None,
        "row": one.number + 1 if phone.numbered else None,
    }


def _shown(one: Said, phone: Phone) -> tuple[str, str]:
    if one.number in phone.placeholders:
        return "deleted", DELETED[phone.language]
    if one.kind == "media":
        return "media", OMITTED[phone.language]
    if one.kind == "notice":
        return "notice", one.text or RENAMED[phone.language].format(phone.names[0])
    return one.kind, phone.altered.get(one.number, one.text)


def source(phone: Phone) -> Source:
    """Give the copy a phone's export makes."""
    return Source(
        copy="01" + phone.exhibit[:32],
        exhibits=(phone.exhibit,),
        thread=None,
        title=phone.title,
        platform="whatsapp",
        parser=phone.parser,
        custodian=phone.custodian,
    )


def no_memberships() -> pa.Table:
    return MEMBERSHIPS.schema.empty_table()


def dropping(said: list[Said], phone: Phone, share: float, seed: int) -> Phone:
    """Let a phone lose a share of the messages, at random."""
    draw = random.Random(seed)  # noqa: S311 - invented talk, not a secret
    return replace(phone, drops=frozenset(one.number for one in said if draw.random() < share))
