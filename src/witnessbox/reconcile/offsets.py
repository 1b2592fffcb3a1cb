"""How far each copy's clock is off, from the texts it shares with the others.

A text that each of two copies holds once ties a moment of the one to a moment of the other.  Along
a copy these differences lie on straight pieces: level where the clock runs right, sloping where it
drifts, with a step where summer time changed on one side or somebody set it.  Pieces are fitted by
medians (``lines``), which false pairs cannot move.  The clock that counts is one that gives UTC
itself; where none does, the middle one of all copies.

What a person decided of a copy's clock takes the place of what was measured.  Where no other copy
gives UTC itself, the others are moved along with it: that they differ by so much was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.lines import Ints, Seen, at_rows, pieces
from witnessbox.reconcile.model import Clock, ClockStep

_LINK = 2
"""Fewer texts in common say nothing about a clock."""
_DRIFTS_PPB = 3_000
"""Less is no drift worth speaking of: a quarter of a second a day."""
_REFERENCES = 5
_NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Marks:
    """The texts one copy holds once, by a number that is the same in every copy; arrays alike."""

    texts: Ints
    places: Ints  # rows, in the copy's own order
    sent_ms: Ints
    unit_ms: int  # how finely the copy tells time
    universal: bool  # the source itself gives UTC
    all_ms: Ints | None = None  # the times of all its rows, where they are at hand
    given: tuple[ClockStep, ...] = ()  # what a person decided, from the first step's row on

    @property
    def middle_ms(self) -> Ints:
        """Give times at the middle of what the copy's precision leaves open."""
        return self.sent_ms + self.unit_ms // 2


def clocks(marks: Sequence[Marks], phone: Ints) -> list[Clock]:
    """Give each copy of one conversation its clock; of one phone's copies one is compared with."""
    if len(marks) == 1:
        alone = Clock((ClockStep(0, 0),), 0, "no other copy to compare with")
        return [_as_given(alone, marks[0])]
    held, heard = _held(marks), _heard(marks, phone)
    known = (held, marks, heard)
    every = [_against(one, *known) for one in _references(*known)]
    found = min(every, key=lambda it: _unrest([it[i] for i in heard]))
    linked = [i for i in heard if found[i] is not None]
    universal = [i for i in linked if marks[i].universal and not marks[i].given]
    given = [] if universal else [i for i in linked if _given_where_seen(marks[i])]
    middle = _middle(
        [_off_given(found[i] or [], marks[i]) for i in given]
        or [_main(found[i] or [], marks[i]) for i in universal or linked]
    )
    sure = bool(universal or given)
    return [
        _as_given(_clock(one, marks[i], middle, sure=sure), marks[i]) for i, one in enumerate(found)
    ]


def _held(marks: Sequence[Marks]) -> npt.NDArray[np.float32]:
    """Say which copy (row) holds which text (column) once."""
    count = max((int(one.texts.max(initial=-1)) for one in marks), default=-1) + 1
    held = np.zeros((len(marks), count), np.float32)
    for copy, one in enumerate(marks):
        held[copy, one.texts] = 1
    return held


def _heard(marks: Sequence[Marks], phone: Ints) -> list[int]:
    """Choose of each phone the copy that is compared with: that gives UTC, that has most texts.

    Where all come from one phone, each of them is.
    """

    def worth(copy: int) -> tuple[bool, int, int, int]:
        one = marks[copy]
        return not one.universal, -len(one.texts), one.unit_ms, copy

    ordered = sorted(range(len(marks)), key=worth)
    chosen: dict[int, int] = {}
    for copy in ordered:
        chosen.setdefault(int(phone[copy]), copy)
    return sorted(chosen.values() if len(chosen) > 1 else ordered)


def _references(
    held: npt.NDArray[np.float32], marks: Sequence[Marks], heard: Sequence[int]
) -> list[int]:
    """Choose the copies that the others may be compared with, best first.

    One clock that is right by itself is enough.  Of others the one is taken against which the rest
    step and drift least; it should have much in common with them.
    """
    common = held @ held[heard].sum(axis=0)
    shared = common - held.sum(axis=1)
    most = shared[heard].max()
    universal = [i for i in heard if marks[i].universal and 4 * shared[i] > most]
    if universal:
        return [max(universal, key=lambda i: (common[i], -i))]
    ordered = sorted(heard, key=lambda i: (-common[i], i))
    return [i for i in ordered[:_REFERENCES] if 2 * shared[i] >= most]


def _unrest(found: Sequence[list[ClockStep] | None]) -> tuple[int, int, int]:
    """Say how much clocks step and drift; less is better, and an unlinked copy the worst."""
    steps = sum(len(one) - 1 for one in found if one)
    drifting = sum(abs(piece.ppb) > _DRIFTS_PPB for one in found if one for piece in one)
    return sum(one is None for one in found), steps + drifting, drifting


def _against(
    reference: int,
    held: npt.NDArray[np.float32],
    marks: Sequence[Marks],
    heard: Sequence[int],
) -> list[list[ClockStep] | None]:
    """Give each copy's clock against one; what one shares with none is passed on by the others.

    A phone's further copies come last, or where nothing else leads on to one that waits.
    """
    known = np.full(held.shape[1], _NO_TIME, np.int64)
    found: list[list[ClockStep] | None] = [None] * len(marks)
    found[reference] = [ClockStep(0, 0, texts=len(marks[reference].texts))]
    known[marks[reference].texts] = marks[reference].middle_ms
    waiting = [i for i in range(len(marks)) if i != reference]
    while waiting:
        common = held[waiting] @ (known != _NO_TIME).astype(np.float32)
        first = common * np.isin(waiting, heard)
        best = int(np.argmax(first if first.max() >= _LINK else common))
        if common[best] < _LINK:
            break
        copy = waiting.pop(best)
        one = marks[copy]
        there = known[one.texts]
        both = there != _NO_TIME
        offsets = there[both] - one.middle_ms[both]
        seen = Seen(one.places[both], one.sent_ms[both], offsets, one.unit_ms)
        fitted = pieces(seen, one.all_ms)
        if fitted is None:
            continue
        found[copy] = fitted
        fresh = ~both
        moved = one.middle_ms + at_rows(fitted, one.places, one.sent_ms)
        known[one.texts[fresh]] = moved[fresh]
    return found


def _given_where_seen(marks: Marks) -> bool:
    """Say whether a person decided of the clock where texts say how it differs from the others."""
    return bool(marks.given) and bool((marks.places >= marks.given[0].since_row).any())


def _off_given(found: Sequence[ClockStep], marks: Marks) -> int:
    """Say how far what was measured of a clock is from what was decided, in the middle."""
    at = marks.places >= marks.given[0].since_row
    places, sent_ms = marks.places[at], marks.sent_ms[at]
    off = at_rows(found, places, sent_ms) - at_rows(marks.given, places, sent_ms)
    return _middle(off.tolist())


def _as_given(clock: Clock, marks: Marks) -> Clock:
    """Let what a person decided stand in the place of what was measured."""
    if not marks.given:
        return clock
    since = marks.given[0].since_row
    before = tuple(step for step in clock.steps if step.since_row < since)
    steps = (*before, *marks.given)
    doubts = [clock.doubt] if before and clock.doubt else []
    where = f" from row {since:,} on" if before else ""
    doubt = "; ".join([*doubts, f"its offset{where} was decided by a person, not measured"])
    return Clock(steps, _main(steps, marks), doubt)


def _clock(found: list[ClockStep] | None, marks: Marks, middle: int, *, sure: bool) -> Clock:
    if found is None:
        return Clock((ClockStep(0, 0),), 0, "too few texts in common with another copy")
    moved = tuple(replace(one, offset_ms=one.offset_ms - middle) for one in found)
    main = _main(found, marks) - middle
    return Clock(moved, main, "; ".join(_doubts(moved, main, marks, sure=sure)) or None)


def _doubts(steps: Sequence[ClockStep], main: int, marks: Marks, *, sure: bool) -> list[str]:
    doubts = []
    if len(steps) > 1:
        doubts.append(f"the clock steps {len(steps) - 1} times against the other copies")
    drift = max((abs(step.ppb) for step in steps), default=0)
    if drift > _DRIFTS_PPB:
        doubts.append(f"it drifts by up to {drift * 86_400 / 1e9:.1f} s a day")
    if marks.unit_ms >= 60_000:
        doubts.append("the copy knows minutes only")
    if main and not sure:
        doubts.append("no copy gives UTC itself; the middle clock of all copies is taken")
    return doubts


def _main(found: Sequence[ClockStep], marks: Marks) -> int:
    """Give the offset that the middle one of the marks gets."""
    if not len(marks.places):
        return found[0].offset_ms
    return _middle(at_rows(found, marks.places, marks.sent_ms).tolist())


def _middle(numbers: Sequence[int]) -> int:
    return sorted(numbers)[(len(numbers) - 1) // 2]


def corrected(sent_ms: Ints, rows: Ints, clock: Clock) -> Ints:
    """Add a copy's clock to the times of some of its rows."""
    return sent_ms + at_rows(clock.steps, rows, sent_ms)
