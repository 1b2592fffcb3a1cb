"""What stands in the blobs of ``ZWAMESSAGEINFO``: reactions, receipts, polls; read in one go.

Nobody has published a definition of these blobs.  What each of their fields is taken for is said
where it is read; docs/formats/whatsapp-ios.md says on whose word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.chatstorage import polls, wire
from witnessbox.intake.chatstorage.blobs import Why
from witnessbox.intake.chatstorage.polls import Part
from witnessbox.intake.chatstorage.receipts import Receipts, receipts_of, unread
from witnessbox.intake.chatstorage.walk import PADDING, Fields, walk
from witnessbox.intake.database.keyed import Kept, kept
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

INFO = "ZWAMESSAGEINFO"
_REACTIONS = 7
_LISTS = ((1, 2, 3, 4), (2, None, 2, 3))
"""Of each list of reactions its field, and the fields of who, mark and time; the second has no who.

The first are those of others, the second those of the phone's owner.
"""
_MOST_MARK = 64
_FIRST_MS, _LAST_MS = 1_000_000_000_000, 1 << 47
_MOST_BYTES, _AT_ONCE = 1 << 20, 1 << 22
"""How many bytes a blob has at most; how many of several are looked into at once, about."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One person's mark under a message."""

    by: str | None
    mark: str
    at_ms: int  # 0 where no time is told
    own: bool  # the phone's owner's


@dataclass(frozen=True, slots=True)
class Info:
    """What the blobs hold, by the row id of the message."""

    reactions: Kept = field(default_factory=lambda: kept(INFO, ("at_ms", "own"), ("by", "mark")))
    receipts: Kept = field(
        default_factory=lambda: kept(INFO, ("lid", "sent_ms", "reached_ms", "read_ms", "why"))
    )
    polls: Kept = field(default_factory=lambda: kept(INFO, ("sort", "choice", "why"), ("text",)))


def info_of(tables: Tables) -> Info:
    """Read all blobs; what they hold stands nowhere else."""
    found = Info()
    for rows in tables.rows(INFO, ("ZMESSAGE", "ZRECEIPTINFO"), shared=True):
        places = (rows.numbers("ZMESSAGE", -1), rows.rowid, rows.start, rows.end)
        blobs = rows.blobs("ZRECEIPTINFO")
        sizes = pc.fill_null(pc.binary_length(blobs), 0).to_numpy().astype(np.int64)
        there = np.flatnonzero((sizes > 0) & (sizes <= _MOST_BYTES))
        _receive(found, places, unread(np.flatnonzero(sizes > _MOST_BYTES), Why.LONG))
        breaks = np.flatnonzero(np.diff(np.cumsum(sizes[there]) // _AT_ONCE)) + 1
        for some in np.split(there, breaks):
            _read(found, [place[some] for place in places], blobs.take(pa.array(some)))
    return found


def _read(found: Info, places: Sequence[Ints], blobs: pa.Array) -> None:
    """Read some rows' blobs, none of them empty."""
    data = b"".join((*blobs.to_pylist(), PADDING))
    ends = np.cumsum(pc.binary_length(blobs).to_numpy().astype(np.int64))
    starts = np.concatenate([np.zeros(1, np.int64), ends])[:-1]
    held = np.frombuffer(data, np.uint8)
    top, broken = walk(held, starts, ends)
    marks = [
        (k, one)
        for k, start, end in _spans(top.of(_REACTIONS))
        for one in _reactions(data[start:end])
    ]
    of, numbers, texts = _columns(marks, found.reactions)
    found.reactions.add([*(place[of] for place in places), *numbers], texts)
    _receive(found, places, receipts_of(held, top, broken))
    parts = [
        (k, one)
        for k in np.unique(top.of(polls.MARK).owner).tolist()
        for one in polls.parts_of(wire.whole(data[starts[k] : ends[k]]) or ())
    ]
    of, numbers, texts = _columns(parts, found.polls)
    found.polls.add([*(place[of] for place in places), *numbers], texts)


def _receive(found: Info, places: Sequence[Ints], told: Receipts) -> None:
    numbers = (getattr(told, name) for name in found.receipts.numbers)
    found.receipts.add([*(place[told.owner] for place in places), *numbers], [])


def _spans(fields: Fields) -> Iterator[tuple[int, int, int]]:
    """Give what fields hold that hold bytes: whose, where it begins and ends."""
    held = fields.only(fields.sort == wire.BYTES)
    return zip(held.owner.tolist(), held.start.tolist(), held.end.tolist(), strict=True)


def _columns(
    told: Sequence[tuple[int, Reaction | Part]], kept: Kept
) -> tuple[Ints, list[Ints], list[pa.Array]]:
    """Put what was told into columns: whose it is, its numbers, its texts."""
    return (
        np.array([k for k, _ in told], np.int64),
        [np.array([getattr(one, name) for _, one in told], np.int64) for name in kept.numbers],
        [pa.array([getattr(one, name) for _, one in told], pa.string()) for name in kept.texts],
    )


def _reactions(lists: bytes) -> Iterator[Reaction]:
    for number, by, sign, time in _LISTS:
        for one in wire.parts(lists, number):
            told = dict(wire.fields(one))
            mark, when = wire.text(told.get(sign)), told.get(time)
            if mark is None or len(mark) > _MOST_MARK:
                continue
            sound = isinstance(when, int) and _FIRST_MS <= when < _LAST_MS
            at_ms = when if isinstance(when, int) and sound else 0
            who = wire.text(told.get(by)) if by else None
            yield Reaction(who, mark, at_ms, own=by is None)
