"""Which pairs of copies are worth comparing, from one sorted pass over all samples.

Each text that several copies hold ties every two that follow one another among its holders: along
such chains all copies of one conversation are reached, though not every pair is seen.  A pair is
worth comparing where the time differences of some of its texts agree with others around them:
sayings that two conversations share by chance were said at unlike times.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.lines import STRETCH
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.sorting import Ints, by_hash, order_by

HOUR_MS = 3_600_000
CLOCK_WIDTH_MS = 150_000
"""Differences this close count as agreeing: two minutes' rounding and some jitter."""
_BANDS = 16
_FEW, _LONG, _RARE = 2, 24, 4
_MANY, _SHARE = 12, 8
"""Of so many ties, one in so many must agree; of the texts two copies share, one in three."""


@dataclass(frozen=True, slots=True)
class _Ties:
    """Texts that tie two copies to one another.  Arrays run alike, by pair and row."""

    pair: Ints
    difference_ms: Ints
    telling: npt.NDArray[np.bool_]  # long, and few copies hold it


def linked(sketches: Sequence[Sketch]) -> dict[tuple[int, int], int]:
    """Give pairs of copies, by their places, that may show one conversation.

    Each has the number of texts that speak for it; a platform id counts as one.
    """
    found: dict[tuple[int, int], int] = {}
    if len(sketches) < 2:
        return found
    for pairs in chain(map(_agreed, _ties(sketches)), _sharing(sketches)):
        which, times = np.unique(pairs, return_counts=True)
        for pair, ties in zip(which.tolist(), times.tolist(), strict=True):
            key = divmod(pair, len(sketches))
            found[key] = found.get(key, 0) + ties
    return found


def _ties(sketches: Sequence[Sketch]) -> Iterator[_Ties]:
    """Give the ties, those of a pair together, in bands of pairs: one is laid out at a time."""
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    for band in _bands([one.hashes for one in sketches]):
        owner, first, second, holders = _chained(
            [one.hashes[at] for one, at in zip(sketches, band, strict=True)]
        )
        sent, row, length = (
            np.concatenate([getattr(one, name)[at] for one, at in zip(sketches, band, strict=True)])
            for name in ("sent_ms", "places", "lengths")
        )
        pair = owner[first] * len(sketches) + owner[second]
        telling = (length[first] >= _LONG) & (holders <= _RARE)
        parts.append((pair, row[first], sent[second] - sent[first], telling))
    edges = np.arange(_BANDS + 1) * len(sketches) // _BANDS * len(sketches)
    for low, high in pairwise(edges.tolist()):
        some = [(part, (part[0] >= low) & (part[0] < high)) for part in parts]
        pair, row, difference, telling = (
            np.concatenate([part[number][here] for part, here in some]) for number in range(4)
        )
        order = order_by(pair, row)
        yield _Ties(pair[order], difference[order], telling[order])


def _sharing(sketches: Sequence[Sketch]) -> Iterator[Ints]:
    """Give the pairs that share platform ids, as often as they do."""
    every = [one.platform_ids for one in sketches]
    for band in _bands(every):
        ids = [one[at] for one, at in zip(every, band, strict=True)]
        owner, first, second, _ = _chained(ids)
        yield owner[first] * len(sketches) + owner[second]


def _bands(values: Sequence[npt.NDArray[np.uint64]]) -> Iterator[list[slice]]:
    """Cut values, each copy's in order, into bands of about equal size, one after the other.

    What is chained is of one value, and so of one band: only one has to be in memory at a time.
    """
    some = np.sort(np.concatenate([one[:: _BANDS * 4] for one in values]))
    edges = some[np.arange(1, _BANDS) * len(some) // _BANDS] if len(some) else some
    inner = [np.searchsorted(one, edges).tolist() for one in values]
    cuts = [[0, *at, len(one)] for one, at in zip(values, inner, strict=True)]
    for band in range(len(edges) + 1):
        yield [slice(at[band], at[band + 1]) for at in cuts]


def _chained(values: Sequence[npt.NDArray[np.uint64]]) -> tuple[Ints, Ints, Ints, Ints]:
    """Give whose each value is, and the places of two that follow one another with one value.

    The last says how many copies hold that value.  Values came copy after copy and the sort is
    stable, so that each value's copies are in order.
    """
    owner = np.repeat(np.arange(len(values)), [len(one) for one in values])
    together = np.concatenate(values)
    order = by_hash(together)
    ordered = together[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    holders = np.diff(np.append(begins, len(ordered)))
    chained = np.repeat(holders, holders - 1)
    second = np.delete(np.arange(len(ordered)), begins)
    return owner, order[second - 1], order[second], chained


def _agreed(ties: _Ties) -> Ints:
    """Give the pairs of the ties that agree with another one of the same pair nearby.

    Where a pair has many ties, few that agree do so by chance; where it has very few, a long text
    that hardly anybody else holds speaks for itself.
    """
    agreed = np.zeros(len(ties.pair), bool)
    for shift in range(1, STRETCH):
        apart = np.abs(ties.difference_ms[shift:] - ties.difference_ms[:-shift])
        close = (apart <= CLOCK_WIDTH_MS) | (np.abs(apart - HOUR_MS) <= CLOCK_WIDTH_MS)
        close &= ties.pair[shift:] == ties.pair[:-shift]
        agreed[shift:] |= close
        agreed[:-shift] |= close
    begins = np.flatnonzero(np.diff(ties.pair, prepend=-1))
    counts = np.diff(np.append(begins, len(agreed)))
    agreeing = np.add.reduceat(agreed, begins, dtype=np.int64) if len(begins) else counts
    chance = (counts >= _MANY) & (agreeing * _SHARE < counts)
    few = counts <= _FEW
    speaks = agreed & ~np.repeat(chance, counts)
    return ties.pair[speaks | (np.repeat(few, counts) & ties.telling)]
