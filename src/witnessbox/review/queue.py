"""The reading queue: which messages of which batch a reviewer still has to read.

The batches are made by screening; scores order the reading and decide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import ReviewError, Standing, disputed
from witnessbox.review.record import standing
from witnessbox.review.rounds import batch_rows, last_cold, reading_order
from witnessbox.screening.normalise import Places

_COLUMNS = BATCHES.schema.names


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far one batch has been read, by one reviewer and by anybody."""

    batch: int
    messages: int
    read: int
    read_by_anyone: int
    disputed: int

    @property
    def remaining(self) -> int:
        """Count the messages this reviewer still has to read."""
        return self.messages - self.read


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that waits to be read, where it stands and what made it rank there."""

    batch: int
    rank: int
    message: str
    conversation: str
    position: int
    score: float
    category: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far all batches have been read: a column a figure, batches in order."""

    batch: Places
    messages: Places
    read: Places
    read_by_anyone: Places
    disputed: Places

    @property
    def batches(self) -> int:
        """Count the batches."""
        return len(self.batch)

    def part(self, first: int, last: int) -> tuple[BatchProgress, ...]:
        """Give some of the batches."""
        columns = (self.batch, self.messages, self.read, self.read_by_anyone, self.disputed)
        rows = zip(*(column[first:last].tolist() for column in columns), strict=True)
        return tuple(BatchProgress(*row) for row in rows)

    def total(self, screened: int) -> BatchProgress:
        """Sum all up as one batch, each message once: what the learner gives out was screened."""
        columns = (self.messages, self.read, self.read_by_anyone, self.disputed)
        first = self.batch <= screened
        return BatchProgress(0, *(int(column[first].sum()) for column in columns))

    def first_waiting(self, screened: int) -> int | None:
        """Find the batch to read on in: the learner's go before the ``screened`` ones."""
        unread = np.flatnonzero(self.read < self.messages)
        learned = unread[self.batch[unread] > screened]
        first = next(iter(learned.tolist()), None)
        return first if first is not None else next(iter(unread.tolist()), None)


def batches(folder: Folder, ledger: Ledger, reviewer: str) -> tuple[BatchProgress, ...]:
    """Say how far each batch has been read."""
    found = progress_of(folder, ledger, reviewer)
    return found.part(0, found.batches)


def progress_of(folder: Folder, ledger: Ledger, reviewer: str) -> Progress:
    """Say how far all batches have been read, going through all of them."""
    columns = ["batch", "message"]
    return counted(_batches(folder, ledger, columns), standing(folder, ledger), reviewer)


def remaining(
    folder: Folder, ledger: Ledger, reviewer: str, batch: int | None = None
) -> tuple[Waiting, ...]:
    """List what a reviewer still has to read, of one batch or of all, each message once.

    The learner's batches go before those that screening made.  Raises ReviewError where there is
    no such batch.
    """
    if batch is not None:
        rows = batch_rows(folder, ledger, batch).select(_COLUMNS)
        if not rows.num_rows:
            raise ReviewError(f"there is no batch {batch}; 'witnessbox review batches' lists them")
        return waiting(rows, standing(folder, ledger), reviewer)
    last = last_cold(folder)
    left = waiting(_once(folder, ledger), standing(folder, ledger), reviewer)
    return tuple(sorted(left, key=lambda one: one.batch <= last))


def _batches(folder: Folder, ledger: Ledger, columns: Sequence[str]) -> pa.Table:
    return _joined(*reading_order(folder, ledger, columns))


def _once(folder: Folder, ledger: Ledger) -> pa.Table:
    """Give every message in one batch: the learner's, where it gave the message out."""
    screened, *learned = reading_order(folder, ledger, _COLUMNS)
    given = _joined(*learned) if learned else screened.slice(0, 0)
    again = pc.is_in(screened["message"], value_set=given["message"].combine_chunks())
    return _joined(given, screened.filter(pc.invert(again)))


def _joined(*parts: pa.Table) -> pa.Table:
    return pa.concat_tables(parts).unify_dictionaries()


def progress(table: pa.Table, words: Standing, reviewer: str) -> tuple[BatchProgress, ...]:
    """Count each batch's messages, what is read of them, and where reviewers differ."""
    found = counted(table, words, reviewer)
    return found.part(0, found.batches)


def counted(table: pa.Table, words: Standing, reviewer: str) -> Progress:
    """Count each batch's messages, what is read of them, and where reviewers differ."""
    marked = pa.table(
        {
            "batch": table["batch"],
            "read": _among(table, words.messages(reviewer)),
            "read_by_anyone": _among(table, words.messages()),
            "disputed": _among(table, frozenset(disputed(words))),
        }
    )
    columns = ("read", "read_by_anyone", "disputed")
    sums = (
        marked.group_by("batch")
        .aggregate([("batch", "count"), *((column, "sum") for column in columns)])
        .sort_by("batch")
    )
    names = ("batch", "batch_count", "read_sum", "read_by_anyone_sum", "disputed_sum")
    return Progress(*(sums[name].to_numpy().astype(np.int64) for name in names))


def waiting(table: pa.Table, words: Standing, reviewer: str) -> tuple[Waiting, ...]:
    """List the messages a reviewer has not read, by batch and rank."""
    unread = table.filter(pc.invert(_among(table, words.messages(reviewer))))
    names = ("batch", "rank", "message", "conversation", "position", "score", "category")
    ordered = unread.sort_by([("batch", "ascending"), ("rank", "ascending")])
    return tuple(
        Waiting(*row) for row in zip(*(ordered[name].to_pylist() for name in names), strict=True)
    )


def _among(table: pa.Table, messages: frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(table["message"], value_set=pa.array(sorted(messages), pa.string()))
