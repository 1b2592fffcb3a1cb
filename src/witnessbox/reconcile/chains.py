"""Which pairs of copies are worth comparing, from one sorted pass over all samples.

Each text that several copies hold ties every two that follow one another among its holders: along
such chains all copies of one conversation are reached, though not every pair is seen.  A pair is
worth comparing where the time differences of some of its texts agree with others around them:
sayings that two conversations share by chance were said at unlike times.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.lines import STRETCH
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.sorting import Ints, order_by

HOUR_MS = 3_600_000
CLOCK_WIDTH_MS = 150_000
"""Differences this close count as agreeing: two minutes' rounding and some jitter."""
_FEW, _LONG = 2, 24


@dataclass(frozen=True, slots=True)
class _Ties:
    """Texts that tie two copies to one another.  Arrays run alike, by pair and row."""

    pair: Ints
    difference_ms: Ints
    length: Ints  # characters


def linked(sketches: Sequence[Sketch]) -> dict[tuple[int, int], int]:
    """Give pairs of copies, by their places, that may show one conversation.

    Each has the number of texts that speak for it; a platform id counts as one.
    """
    found: dict[tuple[int, int], int] = {}
    if len(sketches) < 2:
        return found
    for pairs in (_agreed(_ties(sketches)), _sharing(sketches)):
        which, times = np.unique(pairs, return_counts=True)
        for pair, ties in zip(which.tolist(), times.tolist(), strict=True):
            key = divmod(pair, len(sketches))
            found[key] = found.get(key, 0) + ties
    return found


def _ties(sketches: Sequence[Sketch]) -> _Ties:
    owner, first, second = _chained([one.hashes for one in sketches])
    sent, row, length = (
        np.concatenate([getattr(one, name) for one in sketches])
        for name in ("sent_ms", "places", "lengths")
    )
    pair = owner[first] * len(sketches) + owner[second]
    order = order_by(pair, row[first])
    return _Ties(pair[order], (sent[second] - sent[first])[order], length[first][order])


def _sharing(sketches: Sequence[Sketch]) -> Ints:
    """Give the pairs that share platform ids, as often as they do."""
    owner, first, second = _chained([one.platform_ids for one in sketches])
    return np.asarray(owner[first] * len(sketches) + owner[second])


def _chained(values: Sequence[npt.NDArray[np.uint64]]) -> tuple[Ints, Ints, Ints]:
    """Give whose each value is, and the places of those that follow one another with one value.

    Values came copy after copy and the sort is stable, so that each value's copies are in order.
    """
    owner = np.repeat(np.arange(len(values)), [len(one) for one in values])
    together = np.concatenate(values)
    order = np.argsort(together, kind="stable")
    same = np.flatnonzero(together[order[1:]] == together[order[:-1]])
    return owner, order[same], order[same + 1]


def _agreed(ties: _Ties) -> Ints:
    """Give the pairs of the ties that agree with another one of the same pair nearby.

    Of very few ties a long text speaks for itself.
    """
    agreed = np.zeros(len(ties.pair), bool)
    for shift in range(1, STRETCH):
        apart = np.abs(ties.difference_ms[shift:] - ties.difference_ms[:-shift])
        close = (apart <= CLOCK_WIDTH_MS) | (np.abs(apart - HOUR_MS) <= CLOCK_WIDTH_MS)
        close &= ties.pair[shift:] == ties.pair[:-shift]
        agreed[shift:] |= close
        agreed[:-shift] |= close
    begin = np.searchsorted(ties.pair, ties.pair)
    few = np.searchsorted(ties.pair, ties.pair, side="right") - begin <= _FEW
    return ties.pair[agreed | (few & (ties.length >= _LONG))]
