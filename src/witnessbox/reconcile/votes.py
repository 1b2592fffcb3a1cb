"""Which names of two copies stand by the same texts, from one sorted pass over all samples.

Every text votes between the largest copy that holds it and each other one, so the cost grows with
the samples and not with pairs of copies.  Whether two copies mean the same message is told by the
texts around it: their time differences must agree with most of their neighbours', whatever the two
clocks are off by, drift or jump.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.lines import AGREE_MS
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.sorting import by_hash, order_by

Ints = npt.NDArray[np.int64]
Node = tuple[int, int]
"""A copy's place, and a name's place in its sketch."""

_REACH = 3
"""Neighbours on either side that say what the difference is hereabouts."""


@dataclass(frozen=True, slots=True)
class Vote:
    """How often two copies' names stand by one text, and how often one stands by another's.

    ``against`` counts for the name that fewer texts speak of: the other may be what one phone
    calls two people.
    """

    first: Node
    second: Node
    agreed: int
    against: int


@dataclass(frozen=True, slots=True)
class _Held:
    """Sampled texts of several copies that somebody is named for.  Arrays run alike."""

    hashes: npt.NDArray[np.uint64]
    rank: Ints  # place among the copies, the largest first
    sender: Ints
    sent_ms: Ints
    row: Ints
    unit_ms: Ints

    def at(self, places: Ints) -> "_Held":
        """Choose some."""
        return _Held(
            self.hashes[places],
            self.rank[places],
            self.sender[places],
            self.sent_ms[places],
            self.row[places],
            self.unit_ms[places],
        )


def votes(sketches: Sequence[Sketch], group: Sequence[int]) -> list[Vote]:
    """Count what the texts say about the names of one conversation's copies."""
    ranked = sorted(group, key=lambda copy: (-len(sketches[copy].hashes), copy))
    held = _held([sketches[copy] for copy in ranked])
    begins = np.append(True, held.hashes[1:] != held.hashes[:-1])[: len(held.hashes)]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))
    others = np.flatnonzero(~begins)
    first = first[others]
    order = order_by(held.rank[first], held.rank[others], held.row[first])
    one, two = held.at(first[order]), held.at(others[order])
    most = max(len(sketches[copy].names) for copy in ranked) + 1
    whole = len(ranked) * most
    codes = (one.rank * most + one.sender) * whole + two.rank * most + two.sender
    pairs, counts = np.unique(codes[_agreeing(one, two)], return_counts=True)

    def node(code: int) -> Node:
        rank, name = divmod(code, most)
        return ranked[rank], name

    return _weighed(
        [
            (node(code // whole), node(code % whole), count)
            for code, count in zip(pairs.tolist(), counts.tolist(), strict=True)
        ]
    )


def _held(sketches: Sequence[Sketch]) -> _Held:
    """Put samples together, sorted by text and then by the size of the copies."""
    sizes = [len(one.hashes) for one in sketches]
    together = _Held(
        np.concatenate([one.hashes for one in sketches]),
        np.repeat(np.arange(len(sizes)), sizes).astype(np.int64),
        np.concatenate([one.senders for one in sketches]),
        np.concatenate([one.sent_ms for one in sketches]),
        np.concatenate([one.places for one in sketches]),
        np.repeat([one.unit_ms for one in sketches], sizes).astype(np.int64),
    )
    named = together.at(np.flatnonzero(together.sender >= 0))
    return named.at(by_hash(named.hashes))


def _agreeing(one: _Held, two: _Held) -> npt.NDArray[np.bool_]:
    """Mark the pairs whose time difference is that of most pairs around them."""
    difference = two.sent_ms - one.sent_ms
    slack = AGREE_MS + (one.unit_ms + two.unit_ms) // 2
    near, seen = np.ones(len(difference), np.int64), np.ones(len(difference), np.int64)
    for shift in range(1, _REACH + 1):
        same = (one.rank[shift:] == one.rank[:-shift]) & (two.rank[shift:] == two.rank[:-shift])
        close = same & (np.abs(difference[shift:] - difference[:-shift]) <= slack[shift:])
        for end in (slice(shift, None), slice(None, -shift)):
            near[end] += close
            seen[end] += same
    return np.asarray((near * 2 > seen) & (near > 1))


def _weighed(pairs: Sequence[tuple[Node, Node, int]]) -> list[Vote]:
    totals: dict[tuple[Node, int], int] = {}
    for first, second, count in pairs:
        for node, other in ((first, second), (second, first)):
            totals[node, other[0]] = totals.get((node, other[0]), 0) + count
    return [
        Vote(
            min(first, second),
            max(first, second),
            count,
            min(totals[first, second[0]], totals[second, first[0]]) - count,
        )
        for first, second, count in pairs
    ]


def spans(sketch: Sketch) -> list[tuple[int, int] | None]:
    """Give the first and last row at which each name is sampled; None where it never is."""
    order = order_by(sketch.senders, sketch.places)
    senders, places = sketch.senders[order], sketch.places[order]
    names = np.arange(len(sketch.names))
    begins = np.searchsorted(senders, names).tolist()
    ends = np.searchsorted(senders, names, side="right").tolist()
    return [
        (int(places[begin]), int(places[end - 1])) if begin < end else None
        for begin, end in zip(begins, ends, strict=True)
    ]
