"""What stands in the blobs of ``ZWAMESSAGEINFO``: reactions, receipts, polls; read in one go.

Nobody has published a definition of these blobs.  What each of their fields is taken for is said
where it is read; docs/formats/whatsapp-ios.md says on whose word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from witnessbox.intake.chatstorage import polls, receipts, wire
from witnessbox.intake.chatstorage.blobs import Why
from witnessbox.intake.chatstorage.polls import Part
from witnessbox.intake.chatstorage.receipts import Receipt
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
_BYTES, _MORE = 2, 0x80
_BEGINNINGS = tuple(
    number << 3 | _BYTES | more for number in (receipts.MARK, polls.MARK) for more in (0, _MORE)
)
"""The first byte of a field that is looked into whole."""


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
        default_factory=lambda: kept(INFO, ("sent_ms", "reached_ms", "read_ms", "why"), ("by",))
    )
    polls: Kept = field(default_factory=lambda: kept(INFO, ("sort", "choice", "why"), ("text",)))


def info_of(tables: Tables) -> Info:
    """Read all blobs; what they hold stands nowhere else."""
    found = Info()
    for rows in tables.rows(INFO, ("ZMESSAGE", "ZRECEIPTINFO"), shared=True):
        marks: list[tuple[int, Reaction]] = []
        told: list[tuple[int, Receipt]] = []
        parts: list[tuple[int, Part]] = []
        for k, blob in enumerate(rows.blobs("ZRECEIPTINFO").to_pylist()):
            if not blob:
                continue
            marks += ((k, one) for one in _reactions(blob))
            if any(byte in blob for byte in _BEGINNINGS):
                held = wire.whole(blob)
                if held is None:
                    told.append((k, Receipt(why=Why.BROKEN)))
                    continue
                told += ((k, one) for one in receipts.receipts_of(held))
                parts += ((k, one) for one in polls.parts_of(held))
        places = (rows.numbers("ZMESSAGE", -1), rows.rowid, rows.start, rows.end)
        _take(found.reactions, places, marks)
        _take(found.receipts, places, told)
        _take(found.polls, places, parts)
    return found


def _take(
    found: Kept, places: Sequence[Ints], told: Sequence[tuple[int, Reaction | Receipt | Part]]
) -> None:
    """Keep what was told, each with the place of its row in a batch."""
    of = np.array([k for k, _ in told], np.int64)
    numbers = (
        np.array([getattr(one, name) for _, one in told], np.int64) for name in found.numbers
    )
    texts = [pa.array([getattr(one, name) for _, one in told], pa.string()) for name in found.texts]
    found.add([*(place[of] for place in places), *numbers], texts)


def _reactions(blob: bytes) -> Iterator[Reaction]:
    for lists in wire.parts(blob, _REACTIONS):
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
