"""Which numbers the rows of a table bear, held as runs without a gap.

Row ids and sort keys mostly follow one another, so a run stands for many rows; where they do not,
the runs go to a file like any long table (``ordered``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa

from witnessbox.intake.ordered import KEY, Flags, Ints, Ordered

_COLUMNS = (KEY, "high", "row", "start", "last")
_TOGETHER = 1 << 16  # numbers given at once
_SCHEMA = pa.schema([pa.field(name, pa.int64()) for name in _COLUMNS])


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of numbers, ascending: from ``low`` to ``high``, every one of them taken."""

    low: Ints
    high: Ints
    row: Ints  # the row that bears the lowest
    start: Ints  # its first byte
    last: Ints  # the row that bears the highest

    def __len__(self) -> int:
        return len(self.low)

    def __getitem__(self, chosen: slice) -> "Runs":
        return Runs(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def followed_by(self, others: "Runs") -> "Runs":
        """Put other runs behind these."""
        pairs = ((getattr(self, each.name), getattr(others, each.name)) for each in fields(self))
        return Runs(*map(np.concatenate, pairs))

    def bear(self, numbers: Ints) -> Flags:
        """Say which numbers are taken; no two of these runs touch."""
        if not len(self):
            return np.zeros(len(numbers), np.bool_)
        at = np.searchsorted(self.low, numbers, "right") - 1
        found: Flags = (at >= 0) & (self.high[np.maximum(at, 0)] >= numbers)
        return found

    def joined(self) -> "Runs":
        """Make one run of those that touch or overlap; they ascend by their lowest numbers."""
        if not len(self):
            return self
        reach = np.maximum.accumulate(self.high)
        first = np.flatnonzero(np.append(True, self.low[1:] > reach[:-1] + 1))
        if len(first) == len(self):
            return self
        of = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(self))))
        high = np.maximum.reduceat(self.high, first)
        # Of several rows with one number, the lowest row comes first and the highest last.
        lowest = self.low == self.low[first][of]
        order = np.lexsort((self.row, ~lowest, of))[first]
        highest = np.where(self.high == high[of], self.last, np.iinfo(np.int64).min)
        last = np.maximum.reduceat(highest, first)
        return Runs(self.low[first], high, self.row[order], self.start[order], last)


_NONE = Runs(*(np.empty(0, np.int64) for _ in _COLUMNS))


@dataclass(slots=True)
class Numbered:
    """The numbers of all rows of a table, learnt batch by batch."""

    _runs: Ordered = field(default_factory=lambda: Ordered(_SCHEMA))

    def note(self, numbers: Ints, rows: Ints, starts: Ints) -> None:
        """Tell the numbers of some rows, and the byte each row begins at."""
        self.note_runs(runs_of(numbers, rows, starts))

    def note_runs(self, found: Runs) -> None:
        """Tell runs of numbers."""
        if len(found):
            arrays = [pa.array(getattr(found, each.name)) for each in fields(found)]
            self._runs.add(pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA))

    def runs(self) -> Iterator[Runs]:
        """Give the runs of all numbers, some at a time; no two of them touch."""
        held = _NONE
        for part in self._runs.in_order():
            held = held.followed_by(Runs(*(column.to_numpy() for column in part.columns))).joined()
            yield held[:-1]
            held = held[-1:]
        yield held

    def together(self) -> Runs:
        """Give the runs of all numbers at once; where the numbers have gaps, they are many."""
        several = list(self.runs())
        return Runs(
            *(np.concatenate([getattr(one, each.name) for one in several]) for each in fields(Runs))
        )

    def each(self) -> Iterator[Ints]:
        """Give every number once, some at a time."""
        for runs in self.runs():
            for low, high in zip(runs.low.tolist(), runs.high.tolist(), strict=True):
                for first in range(low, high + 1, _TOGETHER):
                    yield np.arange(first, min(first + _TOGETHER, high + 1))

    def taken(self) -> "Taken":
        """Set out to ask which numbers are taken."""
        return Taken(self)


@dataclass(slots=True)
class Taken:
    """Says which numbers are taken; quickly, where each question goes on from the one before."""

    _of: Numbered
    _coming: Iterator[Runs] = field(default_factory=lambda: iter(()))
    _held: Runs = _NONE
    _passed: int | None = None  # the lowest number that can be asked for going forward

    def among(self, numbers: Ints) -> Flags:
        """Say of each number whether it is taken."""
        found = np.zeros(len(numbers), np.bool_)
        if len(numbers):
            order = np.argsort(numbers, kind="stable")
            found[order] = self._among(numbers[order])
        return found

    def _among(self, numbers: Ints) -> Flags:
        first, last = int(numbers[0]), int(numbers[-1])
        if self._passed is None or first < self._passed:
            self._coming, self._held = self._of.runs(), _NONE
        self._passed = first
        while not len(self._held) or self._held.high[-1] < last:
            more = next(self._coming, None)
            if more is None:
                break
            held = self._held[int(np.searchsorted(self._held.high, first)) :]
            self._held = held.followed_by(more)
        return self._held.bear(numbers)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from ``low`` to ``high`` that no row bears, between those two rows bear."""

    low: int
    high: int
    before: int  # the row that bears the number before
    after: int  # the row that bears the number behind
    start: int  # its first byte


def gaps(several: Iterator[Runs]) -> Iterator[Gap]:
    """Find the gaps between runs."""
    held = _NONE
    for more in several:
        runs = held.followed_by(more)
        columns = (runs.high[:-1] + 1, runs.low[1:] - 1, runs.last[:-1], runs.row[1:])
        for one in zip(*(each.tolist() for each in (*columns, runs.start[1:])), strict=True):
            yield Gap(*one)
        held = runs[-1:]


def runs_of(numbers: Ints, rows: Ints, starts: Ints) -> Runs:
    """Make runs of the numbers of some rows."""
    if not len(numbers):
        return _NONE
    if (numbers[1:] <= numbers[:-1]).any():
        order = np.lexsort((rows, numbers))
        numbers, rows, starts = numbers[order], rows[order], starts[order]
    first = np.flatnonzero(np.append(True, np.diff(numbers) > 1))
    last = np.append(first[1:], len(numbers)) - 1
    return Runs(numbers[first], numbers[last], rows[first], starts[first], rows[last])
