"""Straight pieces through differences of two clocks, some of which are false.

A difference counts where most of those around it agree with it.  Where the middle of the seven
before and the middle of the seven after lie apart for good, a piece ends.  Each piece is a line
through the middles of its outer thirds (the resistant line: J. W. Tukey, *Exploratory Data
Analysis*, 1977), level where a slope says no more than chance would; a piece that bends is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.model import ClockStep

Ints = npt.NDArray[np.int64]
AGREE_MS = 90_000
"""Two offsets this close are one: a minute's rounding on both sides and some jitter."""
STRETCH = 7  # shared texts that must agree before a step is believed
_FEW = 5
_STEP_MS = 60_000
_BENT_MS = 12_000
_SLOPES_FROM = 24  # texts; fewer do not tell a slope from noise
_SMOOTHED, _MANY = 15, 200
_BEYOND_CHANCE = 6
"""Standard deviations; of thousands of places that are looked at, chance reaches five somewhere."""
_MOST_CUTS = 5
_NEAR = 12  # texts on either side of a step that say where it is
_BILLION = 1_000_000_000


def at_rows(found: Sequence[ClockStep], rows: Ints, sent_ms: Ints) -> Ints:
    """Give what is to be added to the times of some rows."""
    if len(found) == 1 and not found[0].ppb:
        return np.full(len(rows), found[0].offset_ms, np.int64)
    place = np.searchsorted([one.since_row for one in found], rows, side="right") - 1
    place = np.maximum(place, 0)
    at, offset, ppb = (
        np.array([getattr(one, name) for one in found], np.int64)
        for name in ("at_ms", "offset_ms", "ppb")
    )
    return offset[place] + (sent_ms - at[place]) * ppb[place] // _BILLION


@dataclass(frozen=True, slots=True)
class Seen:
    """The offsets seen at some rows of a copy; arrays alike, in the order of rows."""

    rows: Ints
    sent_ms: Ints
    offsets_ms: Ints
    unit_ms: int  # how finely the copy tells time

    def by_row(self) -> "Seen":
        """Put them in order."""
        order = np.argsort(self.rows, kind="stable")
        return Seen(self.rows[order], self.sent_ms[order], self.offsets_ms[order], self.unit_ms)


def pieces(seen: Seen, all_ms: Ints | None = None) -> list[ClockStep] | None:
    """Turn the offsets seen at a copy's rows into pieces; None where too few agree.

    ``all_ms``, the times of all the copy's rows, tells more exactly where a piece begins.
    """
    ordered = seen.by_row()
    found = _fitted(ordered)
    if not found or len(found) == 1:
        return found
    settled = found[:1]
    for fresh in found[1:]:
        begins = _begins(settled[-1], fresh, ordered, all_ms)
        settled.append(replace(fresh, since_row=max(begins, settled[-1].since_row)))
    return settled


def _begins(last: ClockStep, fresh: ClockStep, seen: Seen, all_ms: Ints | None) -> int:
    """Say with which row a piece begins: after the rows that agree with the one before.

    Of the rows left between, the copy's own order tells: corrected times should not run back.
    """
    near = np.abs(np.searchsorted(seen.rows, fresh.since_row) - np.arange(len(seen.rows)))
    close = np.flatnonzero(near <= _NEAR)
    rows, sent = seen.rows[close], seen.sent_ms[close]
    by_last, by_fresh = (
        np.abs(at_rows([one], rows, sent) - seen.offsets_ms[close]) for one in (last, fresh)
    )
    to_last = (by_last < by_fresh) & (by_last <= AGREE_MS)
    to_fresh = (by_fresh < by_last) & (by_fresh <= AGREE_MS)
    right = np.concatenate([[0], np.cumsum(to_last)]) + np.append(
        np.cumsum(to_fresh[::-1])[::-1], 0
    )
    cut = int(np.argmax(right))
    before = rows[:cut][to_last[:cut]]
    after = rows[cut:][to_fresh[cut:]]
    low = int(before[-1]) + 1 if len(before) else last.since_row
    high = int(after[0]) if len(after) else low
    if all_ms is None or high <= low:
        return (low + high) // 2
    around = np.arange(max(low - 1, 0), high + 1)
    old, new = (at_rows([one], around, all_ms[around]) + all_ms[around] for one in (last, fresh))
    back_old = np.cumsum(np.append(0, np.minimum(np.diff(old), 0)))
    back_new = np.cumsum(np.append(0, np.minimum(np.diff(new), 0)))
    at_cut = np.minimum(new[1:] - old[:-1], 0)  # the first new row against the last old one
    total = back_old[:-1] + at_cut + back_new[-1] - back_new[1:]
    best = np.flatnonzero(total == total.max())
    return int(around[1:][best[len(best) // 2]])


def _fitted(seen: Seen) -> list[ClockStep] | None:
    at, sent, offsets, unit_ms = seen.rows, seen.sent_ms, seen.offsets_ms, seen.unit_ms
    kept = in_stretches(offsets) if len(offsets) >= 2 * STRETCH else np.zeros(0, bool)
    if kept.sum() < _FEW:
        return _level(sent, offsets, unit_ms)
    at, sent, offsets = at[kept], sent[kept], offsets[kept]
    found: list[ClockStep] = []
    ends = [0, *_breaks(offsets), len(offsets)]
    for begin, end in pairwise(ends):
        for low, high, piece in _straight(
            sent[begin:end], offsets[begin:end], begin, unit_ms, _MOST_CUTS
        ):
            since = int(at[low - 1] + at[low]) // 2 + 1 if found else 0
            fresh = replace(piece, since_row=since, texts=high - low)
            if not (found and _goes_on(found[-1], fresh, int(sent[low]))):
                found.append(fresh)
    return found


def _level(sent: Ints, offsets: Ints, unit_ms: int) -> list[ClockStep] | None:
    """Give the middle of the largest set of offsets that agree."""
    if not len(offsets):
        return None
    ordered = np.sort(offsets)
    reach = np.searchsorted(ordered, ordered + 2 * AGREE_MS, side="right")
    size = reach - np.arange(len(ordered))
    first = int(np.argmax(size))
    if size[first] < 2:
        return None
    agreeing = np.abs(offsets - int(np.median(ordered[first : reach[first]]))) <= AGREE_MS
    return [_line(sent[agreeing], offsets[agreeing], unit_ms)[0]]


def in_stretches(offsets: Ints, within_ms: int = AGREE_MS) -> npt.NDArray[np.bool_]:
    """Keep the offsets, a stretch of them at least, that most of those around agree with."""
    reach = STRETCH // 2
    padded = np.pad(offsets, reach, mode="reflect")
    agreeing = np.zeros(len(offsets), np.int8)
    for shift in range(STRETCH):
        agreeing += np.abs(padded[shift : shift + len(offsets)] - offsets) <= within_ms
    return np.asarray(agreeing > reach)


def _breaks(offsets: Ints) -> list[int]:
    """Find where a piece ends: the places of the first offset of each next one."""
    if len(offsets) < 2 * STRETCH:
        wide = np.flatnonzero(np.abs(np.diff(offsets)) > AGREE_MS) + 1
        return [int(one) for one in wide]
    if np.ptp(offsets) <= _STEP_MS:  # no two middles lie farther apart
        return []
    padded = np.pad(offsets, STRETCH, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, STRETCH)
    before, after = around[1 : len(offsets)], around[STRETCH + 1 : len(offsets) + STRETCH]
    first, second = np.median(before, axis=1), np.median(after, axis=1)
    apart = np.abs(second - first)
    cost = np.abs(before - first[:, np.newaxis]).sum(axis=1)
    cost += np.abs(after - second[:, np.newaxis]).sum(axis=1)
    stepping = np.flatnonzero(apart > _STEP_MS)
    runs = np.split(stepping, np.flatnonzero(np.diff(stepping) > 1) + 1)
    return [int(run[np.argmin(cost[run])]) + 1 for run in runs if len(run)]


def _straight(
    sent: Ints, offsets: Ints, begin: int, unit_ms: int, cuts: int
) -> list[tuple[int, int, ClockStep]]:
    """Fit a line to a stretch, and cut it where it bends; gives bounds and lines."""
    line, rest = _line(sent, offsets, unit_ms)
    whole = [(begin, begin + len(sent), line)]
    if len(sent) <= 2 * _SLOPES_FROM or not cuts:
        return whole
    window = _SMOOTHED if len(sent) < _MANY else 2 * _SMOOTHED + 1
    noise = _BEYOND_CHANCE * max(float(rest.std()), unit_ms / 12**0.5) / window**0.5
    bent = max(_BENT_MS, noise)
    if np.abs(rest).max() <= bent / 2:
        return whole
    if np.abs(_smoothed(rest, window, window // 4)).max() <= bent / 2:
        return whole  # nor does it bend between the places looked at
    bend = np.abs(_smoothed(rest, window))
    if bend.max() <= bent:
        return whole
    middle = _SLOPES_FROM + int(np.argmax(bend[_SLOPES_FROM:-_SLOPES_FROM]))
    return [
        *_straight(sent[:middle], offsets[:middle], begin, unit_ms, cuts - 1),
        *_straight(sent[middle:], offsets[middle:], begin + middle, unit_ms, cuts - 1),
    ]


def _smoothed(rest: Any, window: int, step: int = 1) -> Any:
    """Give the mean around every ``step``-th place, its farthest left out."""
    padded = np.pad(rest, window // 2, mode="reflect")
    around = np.sort(np.lib.stride_tricks.sliding_window_view(padded, window)[::step], axis=1)
    ends = window // 8  # the farthest may be false pairs
    return around[:, ends : window - ends].mean(axis=1)


def _line(x: Ints, y: Ints, unit_ms: int) -> tuple[ClockStep, Any]:
    """Give the line through some points, and what it leaves of each.

    The resistant line says which points are near; the least squares of those settle it, since
    middles of times cut to the minute are cut to the minute too.
    """
    at, level = int(_middle(x)), int(_middle(y))
    slope = _resistant(x - at, y - level) if len(x) >= _SLOPES_FROM else 0.0
    rest = y - level - slope * (x - at)
    near = np.abs(rest - _middle(rest)) <= AGREE_MS
    run = x[near] - x[near].mean()
    spread = float((run**2).sum())
    deviation = max(float(rest[near].std()), unit_ms / 12**0.5)
    if slope and spread:
        slope += float((run * (rest[near] - rest[near].mean())).sum()) / spread
        significant = abs(slope) > 4 * deviation / spread**0.5
        slope = slope if significant and abs(slope) * np.ptp(x) > 1_000 else 0.0
    ppb = round(slope * _BILLION)
    tilted = y - (x - at) * ppb // _BILLION
    near = np.abs(tilted - _middle(tilted)) <= AGREE_MS
    offset = round(float((tilted[near] - level).mean())) + level
    within = 1.96 * deviation / max(int(near.sum()), 1) ** 0.5
    return ClockStep(0, offset, at, ppb, round(within), len(x)), tilted - offset


def _middle(values: Any) -> Any:
    """Give the middle value, one that is there: of two far apart, their mean is near neither."""
    middle = (len(values) - 1) // 2
    return np.partition(values, middle)[middle]


def _resistant(x: Ints, y: Ints) -> float:
    """Give the slope between the middles of the outer thirds."""
    third = len(x) // 3
    order = np.argsort(x, kind="stable")
    left, right = order[:third], order[-third:]
    run = float(np.median(x[right]) - np.median(x[left]))
    slope = 0.0
    for _ in range(2 if run > 0 else 0):  # the second time on what the first left
        rest = y - slope * x
        slope += float(np.median(rest[right]) - np.median(rest[left])) / run
    return slope


def _goes_on(last: ClockStep, fresh: ClockStep, sent_ms: int) -> bool:
    """Say whether a piece is only more of the one before."""
    here = last.offset_ms + (sent_ms - last.at_ms) * last.ppb // _BILLION
    there = fresh.offset_ms + (sent_ms - fresh.at_ms) * fresh.ppb // _BILLION
    level = last.ppb == fresh.ppb == 0
    return level and abs(here - there) <= max(1_000, last.within_ms + fresh.within_ms)
