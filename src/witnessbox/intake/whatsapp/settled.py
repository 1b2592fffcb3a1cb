"""What people settled about a text export, put in place of what was inferred.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from witnessbox.intake.clock import NO_TIME, Flags, Ground, Ints, Order, Verdict
from witnessbox.intake.settlement import AS_READ, Settled, decided, standing
from witnessbox.intake.whatsapp.survey import Survey
from witnessbox.intake.zone import DAY_MS

_HALF_DAY_MS = DAY_MS // 2
_STEP_MS = 3_600_000  # a smaller step back is a message out of its place, not an afternoon
_HEAD = "header-in-body"


@dataclass(frozen=True, slots=True)
class Rulings:
    """Heads settled to begin a message or to be part of a body, by byte; and the clock."""

    messages: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    twelve_hours: bool = False

    def on(self, start: Ints) -> tuple[Flags, Flags]:
        """Say of heads at these bytes which are settled as messages, and which as bodies."""
        return np.isin(start, list(self.messages)), np.isin(start, list(self.bodies))


def rulings(settled: Sequence[Settled]) -> Rulings:
    """Gather what was settled about single heads and the clock."""
    return Rulings(
        messages=decided(settled, _HEAD, "message"),
        bodies=decided(settled, _HEAD, "body"),
        twelve_hours=bool(decided(settled, "half-day", "12-hour")),
    )


def apply(found: Survey, settled: Sequence[Settled]) -> Survey:
    """Put settled date orders in place of inferred ones; the doubt stays told."""
    if not settled:
        return found
    verdicts = {spelling: _verdict(one, settled) for spelling, one in found.verdicts.items()}
    return replace(found, verdicts=verdicts)


def _verdict(verdict: Verdict, settled: Sequence[Settled]) -> Verdict:
    segments = tuple(
        (at, _order(at, order, "layout-change" if place else "date-order", settled))
        for place, (at, order) in enumerate(verdict.segments)
    )
    if segments == verdict.segments:
        return verdict
    chosen = segments[0][1]
    every = dict.fromkeys((verdict.segments[0][1], *verdict.others))
    others = tuple(order for order in every if order is not chosen) if verdict.others else ()
    return replace(verdict, segments=segments, ground=Ground.SETTLED, others=others)


def _order(at: int, inferred: Order, code: str, settled: Sequence[Settled]) -> Order:
    word = standing(settled, code, at)
    return inferred if word is None or word.decision == AS_READ else Order(word.decision)


class Hours:
    """Reads hours 1 to 12 of a clock that marks no half-day: a step back begins the afternoon.

    A day that never steps back leaves open which half it lies in; it is read as the morning, and
    ``open_at`` is where the first such day begins.
    """

    __slots__ = ("_afternoon", "_began", "_day", "_last", "days", "open_at", "open_days")

    def __init__(self) -> None:
        self._day, self._last, self._afternoon = NO_TIME, NO_TIME, False
        self._began = -1
        self.days, self.open_days, self.open_at = 0, 0, -1

    def read(self, wall_ms: Ints, start: Ints, unmarked: Flags) -> Ints:
        """Read times that were taken for a 24-hour clock's; ``start`` are their messages' bytes."""
        read = wall_ms.copy()
        for row in np.flatnonzero((wall_ms != NO_TIME) & unmarked).tolist():
            day, of_day = divmod(int(wall_ms[row]), DAY_MS)
            of_half = of_day % _HALF_DAY_MS
            if day != self._day:
                self.close()
                self._day, self._last, self._afternoon = day, of_half, False
                self._began = int(start[row])
            elif self._last - of_half >= _STEP_MS and not self._afternoon:
                self._afternoon = True
            self._last = of_half
            read[row] = day * DAY_MS + of_half + self._afternoon * _HALF_DAY_MS
        return read

    def close(self) -> None:
        """End a day and count it."""
        if self._day == NO_TIME:
            return
        self.days += 1
        if not self._afternoon:
            self.open_days += 1
            self.open_at = self._began if self.open_at < 0 else self.open_at
        self._day = NO_TIME
