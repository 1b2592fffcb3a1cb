"""The keys of a Telegram message in JSON, as frozen records, read with care where they are odd."""

from typing import Any

import msgspec
from msgspec import field

from witnessbox.intake.careful import Doubt, repeats, unpacked
from witnessbox.intake.telegram.mending import mend

Id = int | str
Text = str | list["str | Entity"]


class Entity(msgspec.Struct, frozen=True, gc=False):
    """A piece of text that is more than text; ``href`` is where a link leads."""

    text: str | None = None
    href: str | None = None


class Person(msgspec.Struct, frozen=True, gc=False):
    """Someone who reacted; ``name`` is as the exporter's account knows them."""

    name: str | None = field(default=None, name="from")
    date_unixtime: Id | None = None


class Reaction(msgspec.Struct, frozen=True, gc=False):
    """A reaction and how many gave it; ``recent`` names some of them."""

    type: str | None = None
    count: int = 1
    emoji: str | None = None
    document_id: str | None = None
    recent: list[Person] = []


class Place(msgspec.Struct, frozen=True, gc=False):
    """A point on the map, in degrees."""

    latitude: float | None = None
    longitude: float | None = None


class Card(msgspec.Struct, frozen=True, gc=False):
    """A contact passed on."""

    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One answer a poll offers."""

    text: Text | None = None


class Poll(msgspec.Struct, frozen=True, gc=False):
    """A poll: its question and the answers it offers."""

    question: Text | None = None
    answers: list[Answer] = []


class Written(msgspec.Struct, frozen=True):
    """One message or service line as the export writes it."""

    id: Id | None = None
    type: str | None = None
    date: str | None = None
    date_unixtime: Id | None = None
    edited: str | None = None
    edited_unixtime: Id | None = None
    sender: str | None = field(default=None, name="from")
    from_id: Id | None = None
    actor: str | None = None
    actor_id: Id | None = None
    author: str | None = None
    action: str | None = None
    title: str | None = None
    members: list[str | None] | None = None
    information_text: str | None = None
    forwarded_from: str | None = None
    saved_from: str | None = None
    reply_to_message_id: Id | None = None
    reply_to_peer_id: Id | None = None
    message_id: Id | None = None
    media_type: str | None = None
    mime_type: str | None = None
    photo: str | None = None
    file: str | None = None
    file_name: str | None = None
    contact_vcard: str | None = None
    contact_information: Card | None = None
    location_information: Place | None = None
    place_name: str | None = None
    address: str | None = None
    poll: Poll | None = None
    game_title: str | None = None
    self_destruct_period_seconds: int | float | None = None
    reactions: list[Reaction] | None = None
    text: Text | None = None


class Chat(msgspec.Struct, frozen=True):
    """What a chat says of itself."""

    name: str | None = None
    type: str | None = None
    id: Id | None = None


_CHAT_FIELDS = msgspec.structs.fields(Chat)
_FIELDS = {one.encode_name: one for one in msgspec.structs.fields(Written)}
_one = msgspec.json.Decoder(Written).decode
_many = msgspec.json.Decoder(list[Written]).decode

MENDED = "not-json"
"""The code of what only had to be mended: nothing in it is in doubt."""


def read(pieces: list[bytes]) -> list[tuple[Written, tuple[Doubt, ...]]]:
    """Read messages, each with what is in doubt about it."""
    try:
        sound_ones = _many(b"[" + b",".join(pieces) + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [_read_one(piece) for piece in pieces]
    return [
        (one, repeats(piece) if _may_repeat(piece) else ())
        for one, piece in zip(sound_ones, pieces, strict=True)
    ]


def _may_repeat(piece: bytes) -> bool:
    """Say whether a key may be written twice; cheap, errs on yes."""
    return any(piece.count(mark) > 1 for mark in _MARKS) or b"\\u00" in piece


_MARKS = tuple(b'"' + key.encode() + b'":' for key in ("id", "from", "date_unixtime", "date"))


def _read_one(piece: bytes) -> tuple[Written, tuple[Doubt, ...]]:
    try:
        return _one(piece), repeats(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_with_care(piece)


def _read_with_care(piece: bytes) -> tuple[Written, tuple[Doubt, ...]]:
    """Take from a message every field that has the type it should, and name those that have not."""
    mended = mend(piece)
    doubts = []
    if mended != piece:
        what = "written in a way that is no JSON, as some versions of the exporter do"
        doubts.append(Doubt(MENDED, what))
    values, more = unpacked(mended)
    doubts += more
    if values is None:
        return Written(), tuple(doubts)
    taken: dict[str, Any] = {}
    for key in sorted(values.keys() & _FIELDS.keys()):
        one = _FIELDS[key]
        try:
            taken[one.name] = msgspec.convert(values[key], one.type)
        except msgspec.ValidationError:
            doubts.append(Doubt("wrong-type", f"{key} is not what it should be; left out"))
    return Written(**taken), tuple(doubts)


def chat_of(values: dict[str, Any]) -> Chat:
    """Take from a chat's own keys those that are what they should be."""
    taken = {}
    for one in _CHAT_FIELDS:
        try:
            taken[one.name] = msgspec.convert(values.get(one.encode_name), one.type)
        except msgspec.ValidationError:
            continue
    return Chat(**taken)


def plain(text: Text | None) -> str | None:
    """Give a text as it was written, its pieces put together; None where there is none."""
    if text is None or isinstance(text, str):
        return text or None
    pieces = (one if isinstance(one, str) else one.text or "" for one in text)
    return "".join(pieces) or None


def links(text: Text | None) -> list[str]:
    """Give where the links of a text lead whose words do not say it."""
    if text is None or isinstance(text, str):
        return []
    return [one.href for one in text if isinstance(one, Entity) and one.href]
