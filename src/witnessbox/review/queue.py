"""The reading queue: which messages of which batch a reviewer still has to read.

The batches are made by screening; scores order the reading and decide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import ReviewError, Standing, disputed
from witnessbox.review.record import standing
from witnessbox.review.rounds import batch_rows, last_cold, reading_order

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


def altogether(every: Sequence[BatchProgress], last_screened: int) -> BatchProgress:
    """Count all batches as one, each message once: what the learner gives out was screened too."""
    screened = [one for one in every if one.batch <= last_screened]
    return BatchProgress(
        0,
        sum(one.messages for one in screened),
        sum(one.read for one in screened),
        sum(one.read_by_anyone for one in screened),
        sum(one.disputed for one in screened),
    )


def batches(folder: Folder, ledger: Ledger, reviewer: str) -> tuple[BatchProgress, ...]:
    """Say how far each batch has been read."""
    return progress(_batches(folder, ledger), standing(folder, ledger), reviewer)


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


def _batches(folder: Folder, ledger: Ledger) -> pa.Table:
    return _joined(*reading_order(folder, ledger))


def _once(folder: Folder, ledger: Ledger) -> pa.Table:
    """Give every message in one batch: the learner's, where it gave the message out."""
    screened, *learned = reading_order(folder, ledger)
    given = _joined(*learned) if learned else screened.slice(0, 0)
    again = pc.is_in(screened["message"], value_set=given["message"].combine_chunks())
    return _joined(given, screened.filter(pc.invert(again)))


def _joined(*parts: pa.Table) -> pa.Table:
    return pa.concat_tables(part.select(_COLUMNS) for part in parts).unify_dictionaries()


def progress(table: pa.Table, words: Standing, reviewer: str) -> tuple[BatchProgress, ...]:
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
    counted = (
        marked.group_by("batch")
        .aggregate([("batch", "count"), *((column, "sum") for column in columns)])
        .sort_by("batch")
    )
    names = ("batch", "batch_count", "read_sum", "read_by_anyone_sum", "disputed_sum")
    return tuple(
        BatchProgress(*row)
        for row in zip(*(counted[name].to_pylist() for name in names), strict=True)
    )


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
