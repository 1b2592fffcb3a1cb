"""The keys of Messenger's JSON, as frozen records, read fast where sound and with care where not.

Two exports share the records: the account download (``sender_name``, ``timestamp_ms``, ``content``)
and the download of end-to-end encrypted chats (``senderName``, ``timestamp``, ``text``).
"""

import json
import re

import msgspec
from msgspec import field

from witnessbox.intake.careful import Doubt, repeats, unpacked


class File(msgspec.Struct, frozen=True, gc=False):
    """A file a message carries; ``uri`` is its path inside the export."""

    uri: str | None = None


class Share(msgspec.Struct, frozen=True, gc=False):
    """A link or post a message passes on."""

    link: str | None = None
    share_text: str | None = None


class Reaction(msgspec.Struct, frozen=True, gc=False):
    """One person's reaction; ``timestamp`` is in seconds or milliseconds."""

    reaction: str | None = None
    actor: str | None = None
    timestamp: int | None = None


class Person(msgspec.Struct, frozen=True, gc=False):
    """Someone named in a member list or a notice."""

    name: str | None = None


class Spoken(msgspec.Struct, frozen=True, gc=False):
    """One message as either export writes it; from ``photos`` on, what plain messages lack."""

    sender_name: str | None = None
    timestamp_ms: int | None = None
    content: str | None = None
    sender_name_e2ee: str | None = field(default=None, name="senderName")
    timestamp: int | None = None
    text: str | None = None
    type: str | None = None
    is_unsent_e2ee: bool | None = field(default=None, name="isUnsent")
    is_unsent_image_by_messenger_kid_parent: bool | None = None
    reactions: list[Reaction] | None = None
    media: list[File] | None = None
    photos: list[File] | None = None
    videos: list[File] | None = None
    audio_files: list[File] | None = None
    files: list[File] | None = None
    gifs: list[File] | None = None
    sticker: File | None = None
    share: Share | None = None
    users: list[Person] | None = None
    call_duration: int | float | None = None
    is_unsent: bool | None = None

    @property
    def plain(self) -> bool:
        """Say whether this is a text and nothing else; most messages are."""
        return (
            msgspec.structs.astuple(self)[_PLAIN_FIELDS:] == _NOTHING
            and self.type not in SPECIAL_TYPES
            and not (
                self.media or self.is_unsent_e2ee or self.is_unsent_image_by_messenger_kid_parent
            )
        )


class Clock(msgspec.Struct, frozen=True, gc=False):
    """Only the time of a message, to see which way a file runs."""

    timestamp_ms: int | None = None
    timestamp: int | None = None


_one = msgspec.json.Decoder(Spoken).decode
_many = msgspec.json.Decoder(list[Spoken]).decode
_clocks = msgspec.json.Decoder(list[Clock]).decode
_PLAIN_FIELDS = Spoken.__struct_fields__.index("photos")
_NOTHING = (None,) * (len(Spoken.__struct_fields__) - _PLAIN_FIELDS)
SPECIAL_TYPES = frozenset(("Subscribe", "Unsubscribe", "Call", "placeholder"))
_FIELDS = {one.encode_name: one for one in msgspec.structs.fields(Spoken)}
_SHOWN_CHARACTERS = 60
_COUNTED = ("sender_name", "senderName", "timestamp_ms", "content", "text")
_ESCAPED_ASCII = re.compile(rb"\\u00[2-7][0-9a-fA-F]")


def clocks(pieces: list[bytes]) -> list[int]:
    """Give the times of messages, in milliseconds, those that can be read."""
    try:
        found = _clocks(b"[" + b",".join(pieces) + b"]")
    except (msgspec.DecodeError, RecursionError):
        if len(pieces) > 1:
            return [time for piece in pieces for time in clocks([piece])]
        return []
    times = (one.timestamp if one.timestamp_ms is None else one.timestamp_ms for one in found)
    return [time for time in times if time is not None]


def read(pieces: list[bytes]) -> tuple[list[Spoken], dict[int, tuple[Doubt, ...]]]:
    """Read messages, and say by their place in the list what is in doubt about which."""
    whole = b",".join(pieces)
    try:
        sound = _many(b"[" + whole + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _doubted([_read_one(piece) for piece in pieces])
    if _may_repeat_a_key(whole, sound):
        repeated = [repeats(piece) for piece in pieces]
        return _doubted(list(zip(sound, repeated, strict=True)))
    return sound, {}


def _doubted(
    found: list[tuple[Spoken, tuple[Doubt, ...]]],
) -> tuple[list[Spoken], dict[int, tuple[Doubt, ...]]]:
    doubts = {place: those for place, (_, those) in enumerate(found) if those}
    return [one for one, _ in found], doubts


def _may_repeat_a_key(whole: bytes, sound: list[Spoken]) -> bool:
    """Compare how often keys are written with how often they were read; cheap, errs on yes."""
    written = sum(whole.count(b'"' + key.encode() + b'"') for key in _COUNTED)
    missing = (
        [one.sender_name for one in sound].count(None)
        + [one.sender_name_e2ee for one in sound].count(None)
        + [one.timestamp_ms for one in sound].count(None)
        + [one.content for one in sound].count(None)
        + [one.text for one in sound].count(None)
    )
    read_ = len(_COUNTED) * len(sound) - missing
    return written != read_ or _ESCAPED_ASCII.search(whole) is not None


def _read_one(piece: bytes) -> tuple[Spoken, tuple[Doubt, ...]]:
    try:
        return _one(piece), repeats(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_with_care(piece)


def _read_with_care(piece: bytes) -> tuple[Spoken, tuple[Doubt, ...]]:
    """Take from a message every field that has the type it should, and name those that have not."""
    values, doubts = unpacked(piece)
    if values is None:
        return Spoken(), tuple(doubts)
    taken = {}
    for key in values.keys() & _FIELDS.keys():
        one = _FIELDS[key]
        try:
            taken[one.name] = msgspec.convert(values[key], one.type)
        except msgspec.ValidationError:
            shown = _shown(values[key])
            doubts.append(Doubt("wrong-type", f"{key} cannot be {shown} and was left out"))
    return Spoken(**taken), tuple(sorted(doubts, key=lambda doubt: (doubt.code, doubt.what)))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return json.dumps(value, ensure_ascii=False)[:_SHOWN_CHARACTERS]
