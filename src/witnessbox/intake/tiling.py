"""Hold a parser to its word: every byte of a file, or every row of a database, is accounted for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.parser import Batch, Format

Ints = npt.NDArray[np.int64]
_SPANS = pa.schema([pa.field(KEY, pa.int64()), pa.field("end", pa.int64())])
_ROW_COLUMNS = ("start", "end", "table", "row")


class TilingError(WitnessboxError):
    """Some byte or row of an exhibit is in no record, or in two; none of its messages are kept."""


class Accounting(Protocol):
    """What is told every batch of a source, and closes the account at its end."""

    def take(self, batch: Batch) -> None:
        """Add a batch.  Raises TilingError where it does not fit."""

    def finish(self, size_bytes: int) -> None:
        """Close the account.  Raises TilingError where something is left over."""


def accounting(name: str, of: Format) -> Accounting:
    """Choose how a format's sources are accounted for."""
    return RowTiling(name, of.label) if of.accounts == "rows" else Tiling(name, of.label)


@dataclass(slots=True)
class Tiling:
    """How far the spans seen so far reach, batch after batch."""

    name: str
    parser: str
    reached: int = 0

    def take(self, batch: Batch) -> None:
        """Add a batch.  Raises TilingError where it leaves a gap, overlaps or looks back."""
        starts, ends = _spans(batch.messages)
        if (starts >= ends).any():
            self._fail(int(starts[starts >= ends][0]), "a message without bytes")
        problem_starts, problem_ends = _spans(batch.problems)
        owning = problem_ends > problem_starts
        starts = np.concatenate([starts, problem_starts[owning]])
        ends = np.concatenate([ends, problem_ends[owning]])
        if not len(starts):
            return
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        expected = np.concatenate([[self.reached], ends[:-1]])
        wrong = np.flatnonzero(starts != expected)
        if len(wrong):
            found, should = int(starts[wrong[0]]), int(expected[wrong[0]])
            self._fail(should, f"a span begins at {found}, the one before ends at {should}")
        self.reached = int(ends[-1])

    def finish(self, size_bytes: int) -> None:
        """Close the tiling.  Raises TilingError where it does not reach the exhibit's end."""
        if self.reached != size_bytes:
            self._fail(self.reached, f"spans end there, the exhibit has {size_bytes} bytes")

    def _fail(self, at: int, what: str) -> None:
        raise TilingError(
            f"{self.name} cannot be extracted: parser {self.parser} does not explain byte {at} "
            f"({what}); report this, the exhibit itself is safe in the vault"
        )


@dataclass(slots=True)
class RowTiling:
    """The rows seen so far, table by table.

    Spans lie apart from one another and inside the exhibit; rows of a message-bearing table are in
    one record each, and there are as many records as the table holds rows.
    """

    name: str
    parser: str
    held: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    spans: Ordered = field(default_factory=lambda: Ordered(_SPANS))  # by their first bytes
    shared: bool = False

    def take(self, batch: Batch) -> None:
        """Add a batch.  Raises TilingError where a message has no bytes, no table or no row."""
        for one, whole in ((batch.messages, True), (batch.problems, False)):
            if one is None:
                continue
            starts, ends = _spans(one)
            owning = ends > starts
            if whole and not owning.all():
                self._fail("a message without bytes")
            if not owning.any():
                continue
            rows = one.select(_ROW_COLUMNS).filter(pa.array(owning))
            if rows.column("table").null_count or (whole and rows.column("row").null_count):
                self._fail("a record that names no row")
            tables = rows.column("table").cast(pa.string()).value_counts().to_pylist()
            self.seen.update({each["values"]: each["counts"] for each in tables})
            self._note(starts[owning], ends[owning])
        if batch.holdings is not None:
            for held in batch.holdings.to_pylist():
                self.held[held["table"]] += held["rows"]

    def _note(self, starts: Ints, ends: Ints) -> None:
        """Note spans; those that follow one another without a gap are one from here on."""
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        self.shared = self.shared or bool((starts[1:] < ends[:-1]).any())
        first = np.flatnonzero(np.append(True, starts[1:] != ends[:-1]))
        last = np.append(first[1:], len(starts)) - 1
        arrays = [pa.array(starts[first]), pa.array(ends[last])]
        self.spans.add(pa.RecordBatch.from_arrays(arrays, schema=_SPANS))

    def finish(self, size_bytes: int) -> None:
        """Close the account.  Raises TilingError where rows and records differ in number."""
        reached = 0
        for rows in self.spans.in_order():
            starts, ends = keys_of(rows), rows.column("end").to_numpy()
            before = np.maximum.accumulate(np.append(reached, ends))
            self.shared = self.shared or bool((starts < before[:-1]).any())
            reached = int(before[-1])
        if self.shared or reached > size_bytes:
            self._fail("two records share bytes, or one runs past the end")
        for table in sorted(self.held | self.seen):
            if self.held[table] != self.seen[table]:
                held, seen = self.held[table], self.seen[table]
                self._fail(f"table {table} holds {held} rows, {seen} are in records")

    def _fail(self, what: str) -> None:
        raise TilingError(
            f"{self.name} cannot be extracted: parser {self.parser} does not account for every row "
            f"({what}); report this, the exhibit itself is safe in the vault"
        )


def _spans(batch: Any) -> tuple[Ints, Ints]:
    if batch is None:
        nothing = np.empty(0, np.int64)
        return nothing, nothing
    return batch.column("start").to_numpy(), batch.column("end").to_numpy()
