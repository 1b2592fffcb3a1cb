"""A copy's rows made ready, once: read, folded, and laid down beside the tables.

They are needed twice: first to see which copies belong together, then to lay these over one
another.  To read and fold them a second time would cost as much as all the rest; what is laid down
is mapped, not loaded, and goes when the run ends.
"""

from pathlib import Path
from typing import Any

from witnessbox.evidence.model import Kind
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import mapped_rows, write_rows
from witnessbox.reconcile.columns import KINDS, flags, kinds_of
from witnessbox.reconcile.copies import rows_of
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import folded_texts

COLUMNS = (
    "exhibit",
    "start",
    "end",
    "sent_at",
    "precision",
    "sender",
    "kind",
    "text",
    "platform_id",
    "reply_to",
    "edited",
    "deleted",
    "wall_at",
    "table",
    "row",
)
"""The columns of messages that reconciliation reads."""
FOLDED = "folded"
"""The column of folded texts that making ready adds; a dictionary."""


def ready(rows: Any) -> Any:
    """Make rows ready, which have ``COLUMNS`` in the copy's own order."""
    polling = kinds_of(rows["kind"]) == KINDS.index(Kind.POLL)
    folded = folded_texts(rows["text"], polling, flags(rows["edited"]))
    return rows.append_column(FOLDED, folded)


def lay_ready(root: Path, apart: Path, source: Source) -> Any:
    """Read a copy out of the tables under ``root``, make its rows ready and lay them down."""
    rows = ready(rows_of(Tables(root), source, COLUMNS, apart)).unify_dictionaries()
    write_rows(rows, _place(apart, source))
    return rows


def rows_ready(apart: Path, source: Source) -> Any:
    """Give the rows that were laid down."""
    return mapped_rows(_place(apart, source))


def _place(apart: Path, source: Source) -> Path:
    return apart / f"{source.copy}.ready"
