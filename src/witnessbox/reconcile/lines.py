"""Straight pieces through differences of two clocks, some of which are false.

A difference counts where most of those around it agree with it.  Where the middle of the seven
before and the middle of the seven after lie apart for good, a piece ends.  Each piece is a line
through the middles of its outer thirds (the resistant line: J. W. Tukey, *Exploratory Data
Analysis*, 1977), level where a slope says no more than chance would; a piece that bends is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
AGREE_MS = 90_000
"""Two offsets this close are one: a minute's rounding on both sides and some jitter."""
_STRETCH = 7  # shared texts that must agree before a step is believed
_FEW = 5
_STEP_MS = 60_000
_BENT_MS = 12_000
_SLOPES_FROM = 24  # texts; fewer do not tell a slope from noise
_SMOOTHED = 15
_MOST_CUTS = 5
_BILLION = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """From this row of a copy on: what to add to its times."""

    since_row: int
    at_ms: int  # the copy's own time at which ``offset_ms`` holds
    offset_ms: int
    ppb: int  # by how much the offset grows: nanoseconds a second
    within_ms: int  # of the offset, at 95%, as far as the texts tell
    texts: int  # that it stands on


def at_rows(found: Sequence[Piece], rows: Ints, sent_ms: Ints) -> Ints:
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


def pieces(rows: Ints, sent_ms: Ints, offsets_ms: Ints) -> list[Piece] | None:
    """Turn the offsets seen at a copy's rows into pieces; None where too few agree."""
    order = np.argsort(rows, kind="stable")
    at, sent, offsets = rows[order], sent_ms[order], offsets_ms[order]
    kept = _in_stretches(offsets) if len(offsets) >= 2 * _STRETCH else np.zeros(0, bool)
    if kept.sum() < _FEW:
        return _level(sent, offsets)
    at, sent, offsets = at[kept], sent[kept], offsets[kept]
    found: list[Piece] = []
    ends = [0, *_breaks(offsets), len(offsets)]
    for begin, end in zip(ends, ends[1:], strict=False):
        for low, high, piece in _straight(sent, offsets, begin, end, _MOST_CUTS):
            since = int(at[low - 1] + at[low]) // 2 + 1 if found else 0
            fresh = replace(piece, since_row=since, texts=high - low)
            if not (found and _goes_on(found[-1], fresh, int(sent[low]))):
                found.append(fresh)
    return found


def _level(sent: Ints, offsets: Ints) -> list[Piece] | None:
    """Give the middle of the largest set of offsets that agree."""
    ordered = np.sort(offsets)
    reach = np.searchsorted(ordered, ordered + 2 * AGREE_MS, side="right")
    size = reach - np.arange(len(ordered))
    first = int(np.argmax(size))
    if size[first] < 2:  # noqa: PLR2004 - one by itself says nothing about a clock
        return None
    agreeing = ordered[first : reach[first]]
    offset = int(np.median(agreeing))
    within = _within(agreeing - offset)
    return [Piece(0, int(np.median(sent)), offset, 0, within, len(agreeing))]


def _in_stretches(offsets: Ints) -> npt.NDArray[np.bool_]:
    """Keep the offsets that most of the stretch around them agrees with."""
    padded = np.pad(offsets, _STRETCH // 2, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, _STRETCH)
    agreeing = (np.abs(around - offsets[:, np.newaxis]) <= AGREE_MS).sum(axis=1)
    return np.asarray(agreeing > _STRETCH // 2)


def _breaks(offsets: Ints) -> list[int]:
    """Find where a piece ends: the places of the first offset of each next one."""
    if len(offsets) < 2 * _STRETCH:
        wide = np.flatnonzero(np.abs(np.diff(offsets)) > AGREE_MS) + 1
        return [int(one) for one in wide]
    padded = np.pad(offsets, _STRETCH, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, _STRETCH)
    before, after = around[1 : len(offsets)], around[_STRETCH + 1 : len(offsets) + _STRETCH]
    first, second = np.median(before, axis=1), np.median(after, axis=1)
    apart = np.abs(second - first)
    cost = np.abs(before - first[:, np.newaxis]).sum(axis=1)
    cost += np.abs(after - second[:, np.newaxis]).sum(axis=1)
    stepping = np.flatnonzero(apart > _STEP_MS)
    found: list[int] = []
    for run in np.split(stepping, np.flatnonzero(np.diff(stepping) > 1) + 1):
        if len(run):
            found.append(int(run[np.argmin(cost[run])]) + 1)
    return found


def _straight(
    sent: Ints, offsets: Ints, begin: int, end: int, cuts: int
) -> list[tuple[int, int, Piece]]:
    """Fit a line to a stretch, and cut it where it bends; gives bounds and lines."""
    x, y = sent[begin:end], offsets[begin:end]
    line, rest = _line(x, y)
    if end - begin < 2 * _SLOPES_FROM or not cuts:
        return [(begin, end, line)]
    padded = np.pad(rest, _SMOOTHED // 2, mode="reflect")
    smooth = np.abs(
        np.median(np.lib.stride_tricks.sliding_window_view(padded, _SMOOTHED), axis=1)
    )
    noise = 5 * 1.25 * _deviation(rest) / _SMOOTHED**0.5
    inner = smooth[_SLOPES_FROM:-_SLOPES_FROM] if len(smooth) > 2 * _SLOPES_FROM else smooth[:0]
    if smooth.max() <= max(_BENT_MS, noise) or not len(inner):
        return [(begin, end, line)]
    middle = begin + _SLOPES_FROM + int(np.argmax(inner))
    return [
        *_straight(sent, offsets, begin, middle, cuts - 1),
        *_straight(sent, offsets, middle, end, cuts - 1),
    ]


def _line(x: Ints, y: Ints) -> tuple[Piece, Any]:
    """Give the resistant line through some points, and what it leaves of each."""
    at = int(np.median(x))
    level = int(np.median(y))
    ppb = 0
    if len(x) >= _SLOPES_FROM:
        third = len(x) // 3
        order = np.argsort(x, kind="stable")
        left, right = order[:third], order[-third:]
        run = float(np.median(x[right]) - np.median(x[left]))
        slope = 0.0
        if run > 0:
            for _ in range(2):  # the second time on what the first left
                left_over = y - slope * (x - at)
                slope += float(np.median(left_over[right]) - np.median(left_over[left])) / run
        chance = 4 * 1.25 * _deviation(y - slope * (x - at)) * (2 / third) ** 0.5
        if abs(slope) * run > max(chance, 1_000):
            ppb = round(slope * _BILLION)
    tilt = (x - at) * ppb // _BILLION
    offset = int(np.median(y - tilt)) if ppb else level
    rest = y - tilt - offset
    return Piece(0, at, offset, ppb, _within(rest), len(x)), rest


def _goes_on(last: Piece, fresh: Piece, sent_ms: int) -> bool:
    """Say whether a piece is only more of the one before."""
    here = last.offset_ms + (sent_ms - last.at_ms) * last.ppb // _BILLION
    there = fresh.offset_ms + (sent_ms - fresh.at_ms) * fresh.ppb // _BILLION
    level = last.ppb == fresh.ppb == 0
    return level and abs(here - there) <= max(1_000, last.within_ms + fresh.within_ms)


def _deviation(rest: Any) -> float:
    """Give the standard deviation, as far as the middle of the absolute ones tells it."""
    return 1.4826 * float(np.median(np.abs(rest)))


def _within(rest: Any) -> int:
    """Say within what a median is sure at 95%, in ms."""
    return int(1.96 * 1.2533 * _deviation(rest) / max(len(rest), 1) ** 0.5)
