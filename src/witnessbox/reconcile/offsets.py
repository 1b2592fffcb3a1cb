"""How far each copy's clock is off, from the texts it shares with the others.

The differences between two copies' times of the same rare texts have a middle that a few false
pairs cannot move (the median).  Where the middle itself moves for good, at a change of summer time
on one side or when somebody set the clock, the offset gets steps.  The clock that counts is the
middle one of all copies, unless a source gives UTC itself.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.blocking import agreeing_but_for_hours, shared
from witnessbox.reconcile.model import Clock, ClockStep
from witnessbox.reconcile.sketch import Sketch

AGREE_MS = 90_000
"""Two offsets this close are one: a minute's rounding and some jitter."""
_STRETCH = 7  # shared texts that must agree before a step is believed
_FEW = 5
_LINK = 2


def clocks(sketches: Sequence[Sketch]) -> list[Clock]:
    """Give each copy of one conversation its clock."""
    count = len(sketches)
    if count == 1:
        return [Clock((ClockStep(0, 0),), 0, "no other copy to compare with")]
    relative = _from_reference(sketches)
    universal = [i for i in range(count) if sketches[i].universal and relative[i] is not None]
    trusted = universal or [i for i in range(count) if relative[i] is not None]
    mains = sorted(_main(relative[i] or _SAME, sketches[i]) for i in trusted)
    middle = mains[(len(mains) - 1) // 2]
    return [_clock(relative[i], sketches[i], middle, len(universal)) for i in range(count)]


_Steps = list[tuple[int, int]]  # since which row, offset in ms
_SAME: _Steps = [(0, 0)]


def _clock(steps: _Steps | None, sketch: Sketch, middle: int, universal: int) -> Clock:
    if steps is None:
        return Clock((ClockStep(0, 0),), 0, "too few texts in common with another copy")
    moved = tuple(
        ClockStep(since, _rounded(offset - middle, sketch.unit_ms)) for since, offset in steps
    )
    main = _rounded(_main(steps, sketch) - middle, sketch.unit_ms)
    doubts = []
    if len(moved) > 1:
        doubts.append(f"the clock steps {len(moved) - 1} times against the other copies")
    if sketch.unit_ms >= 60_000:
        doubts.append("the copy knows minutes only")
    if main and not universal:
        doubts.append("no copy gives UTC itself; the middle clock of all copies is taken")
    return Clock(moved, main, "; ".join(doubts) or None)


def _rounded(offset_ms: int, unit_ms: int) -> int:
    return round(offset_ms / unit_ms) * unit_ms


def _main(steps: _Steps, sketch: Sketch) -> int:
    """Give the offset that most of the sampled texts get."""
    starts = np.array([since for since, _ in steps], np.int64)
    places = np.searchsorted(starts, sketch.places, side="right") - 1
    counts = np.bincount(np.maximum(places, 0), minlength=len(steps))
    return steps[int(np.argmax(counts))][1]


def _from_reference(sketches: Sequence[Sketch]) -> list[_Steps | None]:
    """Give each copy's steps against one reference, along the strongest links; None if unlinked."""
    count = len(sketches)
    strength = np.zeros((count, count), np.int64)
    for a in range(count):
        for b in range(a + 1, count):
            strength[a, b] = strength[b, a] = _strength(sketches[a], sketches[b])
    reference = int(np.argmax(strength.sum(axis=1)))
    steps: list[_Steps | None] = [None] * count
    steps[reference] = list(_SAME)
    while True:
        links = [
            (-int(strength[a, b]), a, b)
            for a in range(count)
            if steps[a] is not None
            for b in range(count)
            if steps[b] is None and strength[a, b]
        ]
        if not links:
            return steps
        _, a, b = min(links)
        known = steps[a] or _SAME
        both = shared(sketches[a], sketches[b])
        there = _middled(sketches[a], both.first)
        target = there + _at(known, sketches[a].places[both.first])
        steps[b] = measured(
            sketches[b].places[both.second], target - _middled(sketches[b], both.second)
        )


def _strength(first: Sketch, second: Sketch) -> int:
    """Count the texts in common whose times agree; one by itself says nothing about a clock."""
    both = shared(first, second)
    differences = second.sent_ms[both.second] - first.sent_ms[both.first]
    agreeing = int(agreeing_but_for_hours(differences).sum())
    return agreeing if agreeing >= _LINK else 0


def _middled(sketch: Sketch, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give times at the middle of what the copy's precision leaves open."""
    return sketch.sent_ms[places] + sketch.unit_ms // 2


def _at(steps: _Steps, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    starts = np.array([since for since, _ in steps], np.int64)
    offsets = np.array([offset for _, offset in steps], np.int64)
    return offsets[np.searchsorted(starts, rows, side="right") - 1]


def measured(
    rows: npt.NDArray[np.int64], offsets_ms: npt.NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Turn the offsets seen at a copy's rows into steps: (from which row on, offset in ms)."""
    order = np.argsort(rows, kind="stable")
    at, offsets = rows[order], offsets_ms[order]
    if len(offsets) < 2 * _STRETCH:
        return [(0, _best(offsets))]
    kept = _in_stretches(offsets)
    if kept.sum() < _FEW:
        return [(0, _best(offsets))]
    at, offsets = at[kept], offsets[kept]
    breaks = np.flatnonzero(np.abs(np.diff(offsets)) > AGREE_MS) + 1
    steps: list[tuple[int, int]] = []
    for begin, end in zip([0, *breaks], [*breaks, len(offsets)], strict=True):
        offset = int(np.median(offsets[begin:end]))
        if steps and abs(steps[-1][1] - offset) <= AGREE_MS:
            continue
        since = int(at[begin - 1] + at[begin]) // 2 + 1 if steps else 0
        steps.append((since, offset))
    return steps


def _best(offsets: npt.NDArray[np.int64]) -> int:
    """Give the middle of the largest set of offsets that agree."""
    ordered = np.sort(offsets)
    reach = np.searchsorted(ordered, ordered + 2 * AGREE_MS, side="right")
    first = int(np.argmax(reach - np.arange(len(ordered))))
    return int(np.median(ordered[first : reach[first]]))


def _in_stretches(offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Keep the offsets that most of the stretch around them agrees with."""
    padded = np.pad(offsets, _STRETCH // 2, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, _STRETCH)
    agreeing = (np.abs(around - offsets[:, np.newaxis]) <= AGREE_MS).sum(axis=1)
    return np.asarray(agreeing > _STRETCH // 2)


def corrected(
    sent_ms: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], clock: Clock
) -> npt.NDArray[np.int64]:
    """Add a copy's clock to the times of some of its rows."""
    return sent_ms + _at([(step.since_row, step.offset_ms) for step in clock.steps], rows)
