"""A copy's rows made ready, once: read, each distinct text found, and laid down beside the tables.

They are needed twice: first to see which copies belong together, then to lay these over one
another.  To read them a second time would cost more; what is laid down is mapped, not loaded, and
goes when the run ends.
"""

from pathlib import Path
from typing import Any

from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import is_apart, mapped_rows, taken_off, write_rows
from witnessbox.reconcile.copies import rows_of
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import flat

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
_TEXT = "text"


def ready(rows: Any) -> Any:
    """Make rows ready, which have ``COLUMNS`` in the copy's own order: each distinct text once."""
    place = rows.column_names.index(_TEXT)
    return rows.set_column(place, _TEXT, flat(rows[_TEXT])).unify_dictionaries()


def lay_ready(root: Path, apart: Path, source: Source) -> Any:
    """Read a copy out of the tables under ``root``, make its rows ready and lay them down.

    Of a copy whose exhibits were laid apart, only the texts are.
    """
    rows = ready(rows_of(Tables(root), source, COLUMNS, apart))
    write_rows(rows.select([_TEXT]) if _laid_apart(apart, source) else rows, _place(apart, source))
    return rows


def rows_ready(root: Path, apart: Path, source: Source) -> Any:
    """Give the rows that were laid down."""
    laid = mapped_rows(_place(apart, source))
    if not _laid_apart(apart, source):
        return laid
    others = [name for name in COLUMNS if name != _TEXT]
    rows = taken_off(rows_of(Tables(root), source, others, apart))
    return rows.add_column(COLUMNS.index(_TEXT), _TEXT, laid[_TEXT])


def _laid_apart(apart: Path, source: Source) -> bool:
    return all(is_apart(apart, exhibit) for exhibit in source.exhibits)


def _place(apart: Path, source: Source) -> Path:
    return apart / f"{source.copy}.ready"
