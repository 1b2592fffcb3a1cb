"""How far each copy's clock is off, from the texts it shares with the others.

A text that each of two copies holds once ties a moment of the one to a moment of the other.  Along
a copy these differences lie on straight pieces: level where the clock runs right, sloping where it
drifts, with a step where summer time changed on one side or somebody set it.  Pieces are fitted by
medians (``lines``), which false pairs cannot move.  The clock that counts is one that gives UTC
itself; where none does, the middle one of all copies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.lines import Ints, Piece, at_rows, pieces
from witnessbox.reconcile.model import Clock, ClockStep
from witnessbox.reconcile.sketch import Sketch

_LINK = 2
"""Fewer texts in common say nothing about a clock."""
_RUNS_ALIKE_PPB = 3_000
"""Drifts this close are one: a quarter of a second a day, less than a text says in a month."""
_NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Marks:
    """The texts one copy holds once, by a number that is the same in every copy; arrays alike."""

    texts: Ints
    places: Ints  # rows, in the copy's own order
    sent_ms: Ints
    unit_ms: int  # how finely the copy tells time
    universal: bool  # the source itself gives UTC

    @property
    def middle_ms(self) -> Ints:
        """Give times at the middle of what the copy's precision leaves open."""
        return self.sent_ms + self.unit_ms // 2


def marks_of(sketches: Sequence[Sketch]) -> list[Marks]:
    """Number the texts of copies' samples."""
    hashes = np.concatenate([np.empty(0, np.uint64), *(one.hashes for one in sketches)])
    numbers = np.unique(hashes, return_inverse=True)[1].astype(np.int64)
    ends = np.cumsum([len(one.hashes) for one in sketches])
    parts = np.split(numbers, ends[:-1])
    return [
        Marks(texts, one.places, one.sent_ms, one.unit_ms, one.universal)
        for texts, one in zip(parts, sketches, strict=True)
    ]


def clocks(marks: Sequence[Marks]) -> list[Clock]:
    """Give each copy of one conversation its clock."""
    if len(marks) == 1:
        return [Clock((ClockStep(0, 0),), 0, "no other copy to compare with")]
    held = _held(marks)
    reference = _reference(held, marks)
    found = _against(reference, held, marks)
    steadier = _steadier(reference, held, found, marks)
    if steadier != reference:
        found = _against(steadier, held, marks)
    linked = [i for i, one in enumerate(found) if one is not None]
    universal = [i for i in linked if marks[i].universal]
    mains = sorted(_main(found[i] or [], marks[i]) for i in universal or linked)
    middle = mains[(len(mains) - 1) // 2]
    return [_clock(found[i], marks[i], middle, len(universal)) for i in range(len(marks))]


def _held(marks: Sequence[Marks]) -> npt.NDArray[np.float32]:
    """Say which copy (row) holds which text (column) once."""
    count = max((int(one.texts.max(initial=-1)) for one in marks), default=-1) + 1
    held = np.zeros((len(marks), count), np.float32)
    for copy, one in enumerate(marks):
        held[copy, one.texts] = 1
    return held


def _reference(held: npt.NDArray[np.float32], marks: Sequence[Marks]) -> int:
    """Choose the copy that the others are compared with: it has most in common with them."""
    common = held @ held.sum(axis=0)
    universal = np.array([one.universal for one in marks])
    # A clock that is right by itself is worth being compared with over a longer chain.
    return int(np.argmax(np.where(universal & (common > 2 * held.sum(axis=1)), 4, 1) * common))


def _against(
    reference: int, held: npt.NDArray[np.float32], marks: Sequence[Marks]
) -> list[list[Piece] | None]:
    """Give each copy's clock against one; what one shares with none is passed on by the others."""
    known = np.full(held.shape[1], _NO_TIME, np.int64)
    found: list[list[Piece] | None] = [None] * len(marks)
    found[reference] = [Piece(0, 0, 0, 0, 0, len(marks[reference].texts))]
    known[marks[reference].texts] = marks[reference].middle_ms
    waiting = [i for i in range(len(marks)) if i != reference]
    while waiting:
        common = held[waiting] @ (known != _NO_TIME).astype(np.float32)
        copy = waiting.pop(int(np.argmax(common)))
        if common.max() < _LINK:
            break
        one = marks[copy]
        there = known[one.texts]
        both = there != _NO_TIME
        offsets = there[both] - one.middle_ms[both]
        fitted = pieces(one.places[both], one.sent_ms[both], offsets)
        if fitted is None:
            continue
        found[copy] = fitted
        fresh = ~both
        moved = one.middle_ms + at_rows(fitted, one.places, one.sent_ms)
        known[one.texts[fresh]] = moved[fresh]
    return found


def _steadier(
    reference: int,
    held: npt.NDArray[np.float32],
    found: Sequence[list[Piece] | None],
    marks: Sequence[Marks],
) -> int:
    """Choose another reference where most copies drift alike against this one: then it drifts."""
    if marks[reference].universal:
        return reference
    drifts = {i: max(one, key=lambda it: it.texts).ppb for i, one in enumerate(found) if one}
    ordered = sorted(drifts.values())
    middle = ordered[len(ordered) // 2]
    if len(ordered) < 3 or abs(middle) <= _RUNS_ALIKE_PPB:  # noqa: PLR2004 - two cannot outvote one
        return reference
    common = held @ held[reference]
    alike = [i for i, ppb in drifts.items() if abs(ppb - middle) <= _RUNS_ALIKE_PPB]
    return min(alike, key=lambda i: (len(found[i] or ()), -common[i], i))


def _clock(found: list[Piece] | None, marks: Marks, middle: int, universal: int) -> Clock:
    if found is None:
        return Clock((ClockStep(0, 0),), 0, "too few texts in common with another copy")
    moved = tuple(
        ClockStep(
            one.since_row, one.offset_ms - middle, one.at_ms, one.ppb, one.within_ms, one.texts
        )
        for one in found
    )
    main = _main(found, marks) - middle
    return Clock(moved, main, "; ".join(_doubts(moved, main, marks, universal)) or None)


def _doubts(steps: Sequence[ClockStep], main: int, marks: Marks, universal: int) -> list[str]:
    doubts = []
    if len(steps) > 1:
        doubts.append(f"the clock steps {len(steps) - 1} times against the other copies")
    drift = max((abs(step.ppb) for step in steps), default=0)
    if drift > _RUNS_ALIKE_PPB:
        doubts.append(f"it drifts by up to {drift * 86_400 / 1e9:.1f} s a day")
    if marks.unit_ms >= 60_000:
        doubts.append("the copy knows minutes only")
    if main and not universal:
        doubts.append("no copy gives UTC itself; the middle clock of all copies is taken")
    return doubts


def _main(found: Sequence[Piece], marks: Marks) -> int:
    """Give the offset that the middle one of the marks gets."""
    offsets = at_rows(found, marks.places, marks.sent_ms) if len(marks.places) else np.zeros(1)
    return int(np.sort(offsets)[(len(offsets) - 1) // 2])


def corrected(sent_ms: Ints, rows: Ints, clock: Clock) -> Ints:
    """Add a copy's clock to the times of some of its rows."""
    found = [
        Piece(one.since_row, one.at_ms, one.offset_ms, one.ppb, one.within_ms, one.texts)
        for one in clock.steps
    ]
    return sent_ms + at_rows(found, rows, sent_ms)


def stepping_at(clock: Clock, step: int, since_row: int) -> Clock:
    """Move one step of a clock to another row."""
    steps = list(clock.steps)
    steps[step] = replace(steps[step], since_row=since_row)
    return replace(clock, steps=tuple(steps))
