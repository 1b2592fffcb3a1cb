"""Rows in the order of a number: in memory while they are few, in a temporary file beyond.

A table that belongs to messages may be as long as an exhibit of gigabytes.  So rows are sorted some
at a time and each *run* of them is laid down in a file that has no name and goes with the process;
runs that overlap are laid together, a few at a time.  What is asked for is read back a block at a
time, and only from the blocks it can be in.
"""

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KEY = "key"
"""The column that rows are put in the order of; those of the same number stay as they came."""

HELD_BYTES = 1 << 23
"""How much of one such table is held in memory; what lies beyond is laid down in a file."""

_BLOCK_ROWS, _BLOCK_BYTES = 1 << 11, 1 << 17
_MOST_PARTS = 1 << 10
_MOST_RUNS = 32  # laid together at once; a block of each is in memory


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class _Run:
    """Rows in order, as blocks of a file: where each lies, its least and its greatest number."""

    at: "array[int]" = field(default_factory=_numbers)
    size: "array[int]" = field(default_factory=_numbers)
    low: "array[int]" = field(default_factory=_numbers)
    high: "array[int]" = field(default_factory=_numbers)

    def take(self, other: "_Run") -> None:
        """Put the blocks of another run of the same file behind."""
        self.at += other.at
        self.size += other.size
        self.low += other.low
        self.high += other.high


@dataclass(slots=True)
class Ordered:
    """Rows that come in any order and are asked for in the order of their numbers."""

    schema: pa.Schema
    held_bytes: int = field(default_factory=lambda: HELD_BYTES)
    count: int = 0
    _held: list[pa.RecordBatch] = field(default_factory=list)
    _size: int = 0
    _file: IO[bytes] | None = None
    _runs: list[_Run] = field(default_factory=list)
    _done: bool = False

    def add(self, rows: pa.RecordBatch) -> None:
        """Take some rows; all of them come before the first question."""
        if rows.num_rows:
            self._held.append(rows)
            self.count += rows.num_rows
            self._size += rows.get_total_buffer_size()
        if len(self._held) >= _MOST_PARTS:
            self._held = [_sorted(self._held, self.schema)]
        if self._size > self.held_bytes:
            self._lay_down([_sorted(self._held, self.schema)])
            self._held, self._size = [], 0

    def __len__(self) -> int:
        return self.count

    @property
    def in_memory(self) -> bool:
        """Say whether all rows are in memory; asking for them is free then."""
        return self._file is None

    def in_order(self) -> Iterator[pa.RecordBatch]:
        """Give all rows, some at a time."""
        self._close()
        if self._file is None:
            yield self._held[0]
            return
        (run,) = self._runs
        for block in range(len(run.at)):
            yield self._block(run, block)

    def near(self, keys: Ints) -> pa.RecordBatch:
        """Give the rows of these numbers, in order; where all are in memory, others among them."""
        self._close()
        if not len(keys):
            return _sorted([], self.schema)
        if self._file is None:
            return _between(self._held[0], int(keys.min()), int(keys.max()))
        wanted, found = keys if (keys[1:] > keys[:-1]).all() else np.unique(keys), []
        (run,) = self._runs
        lows, highs = np.frombuffer(run.low, np.int64), np.frombuffer(run.high, np.int64)
        first, last = np.searchsorted(highs, wanted[0]), np.searchsorted(lows, wanted[-1], "right")
        low = np.searchsorted(wanted, lows[first:last], "left")
        high = np.searchsorted(wanted, highs[first:last], "right")
        for block in (first + np.flatnonzero(low < high)).tolist():
            rows = self._block(run, block)
            found.append(rows.filter(pa.array(is_among(keys_of(rows), wanted))))
        return _sorted(found, self.schema)

    def _close(self) -> None:
        """Put in order what came last, and make one run of all."""
        if self._done:
            return
        self._done = True
        held, self._held = _sorted(self._held, self.schema), []
        if self._file is None:
            self._held = [held]
            return
        if held.num_rows:
            self._lay_down([held])
        while self._file is not None and _overlap(self._runs):
            runs, old = self._runs, self._file
            self._runs, self._file = [], None
            for first in range(0, len(runs), _MOST_RUNS):
                self._lay_down(_merged(runs[first : first + _MOST_RUNS], old, self.schema))
            old.close()
        whole = _Run()
        for run in self._runs:
            whole.take(run)
        self._runs = [whole]

    def _lay_down(self, several: Iterable[pa.RecordBatch]) -> None:
        """Write rows that are in order as one run."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with the rows
        run = _Run()
        for rows in several:
            step = max(1, min(_BLOCK_ROWS, rows.num_rows * _BLOCK_BYTES // max(rows.nbytes, 1)))
            for first in range(0, rows.num_rows, step):
                block = rows.slice(first, step)
                data = block.serialize()
                run.at.append(self._file.seek(0, os.SEEK_END))
                run.size.append(data.size)
                numbers = keys_of(block)
                run.low.append(int(numbers[0]))
                run.high.append(int(numbers[-1]))
                self._file.write(data)
        self._runs.append(run)

    def _block(self, run: _Run, block: int) -> pa.RecordBatch:
        assert self._file is not None  # noqa: S101 - there are runs
        return _read(self._file, run, block, self.schema)


@dataclass(slots=True)
class _Ahead:
    """A run that is read forward."""

    file: IO[bytes]
    run: _Run
    schema: pa.Schema
    rows: pa.RecordBatch | None = None
    block: int = 0

    def more(self) -> bool:
        """Hold a block that has rows; say whether there is one."""
        if self.rows is None and self.block < len(self.run.at):
            self.rows = _read(self.file, self.run, self.block, self.schema)
            self.block += 1
        return self.rows is not None

    @property
    def high(self) -> int:
        """Give the greatest number of the block that is held."""
        return self.run.high[self.block - 1]

    def below(self, bound: int) -> Iterator[pa.RecordBatch]:
        """Take the rows below a number that no block before the last held goes beyond."""
        if self.more():
            yield from self._taken(bound, "left")

    def equal(self, bound: int) -> Iterator[pa.RecordBatch]:
        """Take the rows of a number, of however many blocks, once those below it are taken."""
        while self.more() and self.run.low[self.block - 1] <= bound:
            yield from self._taken(bound, "right")
            if self.rows is not None:
                return

    def _taken(self, bound: int, side: Literal["left", "right"]) -> Iterator[pa.RecordBatch]:
        rows = self.rows
        assert rows is not None  # noqa: S101 - there are more
        count = int(np.searchsorted(keys_of(rows), bound, side))
        self.rows = rows.slice(count) if count < rows.num_rows else None
        if count:
            yield rows.slice(0, count)


def _merged(runs: list[_Run], file: IO[bytes], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Lay runs together, a block of each in memory."""
    return _gathered(_in_turn([_Ahead(file, run, schema) for run in runs], schema))


def _in_turn(ahead: list[_Ahead], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Give the rows of runs in order; those of one number run by run, as they came."""
    while bounds := [one.high for one in ahead if one.more()]:
        bound = min(bounds)
        yield _sorted([part for one in ahead for part in one.below(bound)], schema)
        for one in ahead:
            yield from one.equal(bound)


def _gathered(several: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Put small batches together until they make a block."""
    held: list[pa.RecordBatch] = []
    count = size = 0
    for rows in several:
        if rows.num_rows:
            held.append(rows)
            count, size = count + rows.num_rows, size + rows.nbytes
        if count >= _BLOCK_ROWS or size >= _BLOCK_BYTES:
            yield from _together(held)
            held, count, size = [], 0, 0
    yield from _together(held)


def _together(several: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    if several:
        yield from pa.Table.from_batches(several).combine_chunks().to_batches()


def _overlap(runs: list[_Run]) -> bool:
    """Say whether a run begins before the one that came before it ends."""
    return any(one.high[-1] > two.low[0] for one, two in pairwise(runs))


def _between(rows: pa.RecordBatch, low: int, high: int) -> pa.RecordBatch:
    """Give the stretch of rows in order whose numbers lie from one to another."""
    keys = keys_of(rows)
    first, last = (int(np.searchsorted(keys, *end)) for end in ((low, "left"), (high, "right")))
    return rows.slice(first, last - first)


def keys_of(rows: pa.RecordBatch) -> Ints:
    """Give the numbers that rows are in the order of."""
    found: Ints = rows.column(KEY).to_numpy()
    return found


def is_among(keys: Ints, wanted: Ints) -> Flags:
    """Say of each number whether it is among others, which ascend."""
    if not len(wanted):
        return np.zeros(len(keys), np.bool_)
    at = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
    found: Flags = wanted[at] == keys
    return found


def _read(file: IO[bytes], run: _Run, block: int, schema: pa.Schema) -> pa.RecordBatch:
    file.seek(run.at[block])
    return pa.ipc.read_record_batch(pa.py_buffer(file.read(run.size[block])), schema)


def _sorted(several: list[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """Put rows together, in order."""
    if not several:
        return pa.RecordBatch.from_pylist([], schema)
    rows = pa.Table.from_batches(several).combine_chunks().to_batches() if several[1:] else several
    whole = rows[0] if rows else pa.RecordBatch.from_pylist([], schema)
    keys = keys_of(whole)
    if (keys[1:] >= keys[:-1]).all():
        return whole
    return whole.take(pa.array(np.argsort(keys, kind="stable")))
