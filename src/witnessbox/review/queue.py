"""The reading queue: which messages of which batch a reviewer still has to read.

The batches are made by screening; scores order the reading and decide nothing.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Standing, disputed
from witnessbox.review.record import standing
from witnessbox.review.rounds import reading_order

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


def batches(folder: Folder, ledger: Ledger, reviewer: str) -> tuple[BatchProgress, ...]:
    """Say how far each batch has been read."""
    return progress(_batches(folder, ledger), standing(folder, ledger), reviewer)


def remaining(
    folder: Folder, ledger: Ledger, reviewer: str, batch: int | None = None
) -> tuple[Waiting, ...]:
    """List what a reviewer still has to read, in reading order, of one batch or of all."""
    return waiting(_batches(folder, ledger), standing(folder, ledger), reviewer, batch)


def _batches(folder: Folder, ledger: Ledger) -> pa.Table:
    parts = [part.select(_COLUMNS) for part in reading_order(folder, ledger)]
    return pa.concat_tables(parts).unify_dictionaries()


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


def waiting(
    table: pa.Table, words: Standing, reviewer: str, batch: int | None = None
) -> tuple[Waiting, ...]:
    """List the messages a reviewer has not read, by batch and rank."""
    unread = table.filter(pc.invert(_among(table, words.messages(reviewer))))
    if batch is not None:
        unread = unread.filter(pc.equal(unread["batch"], batch))
    names = ("batch", "rank", "message", "conversation", "position", "score", "category")
    ordered = unread.sort_by([("batch", "ascending"), ("rank", "ascending")])
    return tuple(
        Waiting(*row) for row in zip(*(ordered[name].to_pylist() for name in names), strict=True)
    )


def _among(table: pa.Table, messages: frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(table["message"], value_set=pa.array(sorted(messages), pa.string()))
