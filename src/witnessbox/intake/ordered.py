"""Rows in the order of a number: in memory while they are few, in a temporary file beyond.

A table that belongs to messages may be as long as an exhibit of gigabytes.  So rows are sorted some
at a time and each *run* of them is laid down in a file that has no name and goes with the process;
runs that overlap are laid together once.  What is asked for is read back a block at a time.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO

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


@dataclass(slots=True)
class _Run:
    """Rows in order, as blocks of a file: where each lies, its least and its greatest number."""

    at: list[int] = field(default_factory=list)
    size: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)


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
        for run in self._runs:
            for block in range(len(run.at)):
                yield self._block(run, block)

    def near(self, keys: Ints) -> pa.RecordBatch:
        """Give the rows of these numbers, in order; all rows where they are in memory."""
        self._close()
        if self._file is None:
            return self._held[0]
        wanted = keys if (keys[1:] > keys[:-1]).all() else np.unique(keys)
        found = []
        for run in self._runs:
            low = np.searchsorted(wanted, np.array(run.low, np.int64), "left")
            high = np.searchsorted(wanted, np.array(run.high, np.int64), "right")
            for block in np.flatnonzero(low < high).tolist():
                rows = self._block(run, block)
                found.append(rows.filter(pa.array(is_among(keys_of(rows), wanted))))
        return _sorted(found, self.schema)

    def _close(self) -> None:
        """Put in order what came last; lay runs together where one does not follow another."""
        if self._done:
            return
        self._done = True
        held, self._held = _sorted(self._held, self.schema), []
        if self._file is None:
            self._held = [held]
            return
        if held.num_rows:
            self._lay_down([held])
        ends = [(run.low[0], run.high[-1]) for run in self._runs]
        if any(one[1] > two[0] for one, two in pairwise(ends)):
            runs, old = self._runs, self._file
            self._runs, self._file = [], None
            self._lay_down(self._merged(runs, old))
            old.close()

    def _lay_down(self, several: Iterator[pa.RecordBatch] | list[pa.RecordBatch]) -> None:
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

    def _merged(self, runs: list[_Run], file: IO[bytes]) -> Iterator[pa.RecordBatch]:
        """Lay runs together, a block of each in memory."""
        ahead = [_Ahead(file, run, self.schema) for run in runs]
        while bounds := [one.high for one in ahead if one.more()]:
            bound = min(bounds)
            yield _sorted([part for one in ahead for part in one.up_to(bound)], self.schema)


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

    def up_to(self, bound: int) -> Iterator[pa.RecordBatch]:
        """Take the rows up to a number."""
        while self.more() and self.rows is not None:
            count = int(np.searchsorted(keys_of(self.rows), bound, "right"))
            yield self.rows.slice(0, count)
            if count < self.rows.num_rows:
                self.rows = self.rows.slice(count)
                return
            self.rows = None


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
