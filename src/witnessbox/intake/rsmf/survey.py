"""What must be known of a whole manifest before its first event can be written: the cast.

Participants and conversations may stand before the events or behind them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec

from witnessbox.intake.careful import Doubt, load, sound, twice
from witnessbox.intake.json_spans import Elements, Frame, Shape
from witnessbox.intake.json_walk import walk
from witnessbox.intake.rsmf.words import Conversation, Participant, Record, taken

SHAPE = Shape(
    "events",
    (
        "id",
        "type",
        "parent",
        "body",
        "participant",
        "conversation",
        "timestamp",
        "deleted",
        "importance",
        "direction",
    ),
)
VERSIONS = ("1.0.0", "2.0.0")


class _Clock(msgspec.Struct, frozen=True, gc=False):
    timestamp: str | None = None
    conversation: str | None = None


_clock = msgspec.json.Decoder(_Clock).decode


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and where: what a manifest lists besides its events."""

    people: dict[str, str] = field(default_factory=dict)  # id to name
    conversations: dict[str, Conversation] = field(default_factory=dict)
    collection: str | None = None
    newest_first: bool = False
    doubts: tuple[Doubt, ...] = ()


def survey(stream: BinaryIO, longest_bytes: int) -> Cast:
    """Walk a manifest once and say what it lists."""
    values: dict[str, Any] = {}
    doubts: list[Doubt] = []
    last: dict[str | None, str] = {}
    earlier = later = 0
    for stretch in walk(stream, SHAPE, longest_bytes):
        if isinstance(stretch, Frame):
            frame, repeated = frame_of(stretch)
            values |= {key: one for key, one in frame.items() if key != SHAPE.key}
            doubts += [twice(key) for key in repeated]
        elif isinstance(stretch, Elements):
            for at, where in _clocks(stretch.pieces):
                before = last.get(where, at)
                earlier, later = earlier + (at < before), later + (at > before)
                last[where] = at
    people = _people(values.get("participants"), doubts)
    conversations = _by_id(values.get("conversations"), Conversation, doubts)
    doubts += _dangling(conversations, people)
    doubts += _version(values.get("version"))
    collection = values.get("eventcollectionid")
    return Cast(
        people=people,
        conversations=conversations,
        collection=collection if isinstance(collection, str) and collection else None,
        newest_first=later < earlier,
        doubts=tuple(doubts),
    )


def frame_of(stretch: Frame) -> tuple[dict[str, Any], list[str]]:
    """Read the document around the events: its values, and the keys written twice."""
    try:
        return load(sound(stretch.data))
    except (ValueError, RecursionError):
        return {}, []


def _clocks(pieces: list[bytes]) -> Iterator[tuple[str, str | None]]:
    """Give times as written: of one producer they sort as they run."""
    for piece in pieces:
        try:
            one = _clock(piece)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if one.timestamp is not None:
            yield one.timestamp, one.conversation


def _people(value: object, doubts: list[Doubt]) -> dict[str, str]:
    """Name everybody; two of one name are told apart by their ids."""
    listed = _by_id(value, Participant, doubts)
    shared = {
        name
        for name, times in Counter(person.name for person in listed.values()).items()
        if times > 1
    }
    for name in sorted(shared):
        what = f"{name} is the name of more than one participant; their ids are put behind it"
        doubts.append(Doubt("shared-name", what))
    return {
        key: f"{person.name} ({key})" if person.name in shared else person.name
        for key, person in listed.items()
    }


def _by_id(value: object, kind: type[Record], doubts: list[Doubt]) -> dict[str, Record]:
    noun = kind.__name__.lower()
    found: dict[str, Record] = {}
    if not isinstance(value, list):
        doubts.append(Doubt("no-cast", f"there is no list of {noun}s"))
        return found
    for one in value:
        record, wrong = taken(one, kind) if isinstance(one, dict) else (kind(), [])
        doubts += wrong
        if not record.id:
            doubts.append(Doubt("no-id", f"a {noun} has no id, and nothing can name it"))
        elif record.id in found:
            doubts.append(Doubt("duplicate-id", f"{noun} {record.id} is listed more than once"))
        else:
            found[record.id] = record
    return found


def _dangling(conversations: dict[str, Conversation], people: dict[str, str]) -> Iterator[Doubt]:
    for key, conversation in conversations.items():
        for one in dict.fromkeys([*(conversation.participants or ()), conversation.custodian]):
            if one is not None and one not in people:
                what = f"conversation {key} names participant {one}, who is not listed"
                yield Doubt("unknown-participant", what)


def _version(value: object) -> Iterator[Doubt]:
    if value is None:
        yield Doubt("no-version", "the manifest does not say which version of RSMF it is")
    elif value not in VERSIONS:
        known = " and ".join(VERSIONS)
        yield Doubt("unknown-version", f"version {str(value)[:60]}; this reader knows {known}")
