"""What exhibits tell beside their messages: reactions, votes, and whom messages reached.

Each row names its message by exhibit and start.  An exhibit of many conversations is read once, and
its rows are laid out by conversation as its messages are, for as long as a run lasts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import (
    ACKNOWLEDGEMENTS,
    CANONICAL_ACKNOWLEDGEMENTS,
    CANONICAL_REACTIONS,
    CANONICAL_VOTES,
    MESSAGES,
    REACTIONS,
    VOTES,
    Table,
)
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import lay, rows_apart
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import flat


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of what is told beside messages: the table read, and the one its rows become."""

    told: Table
    united: Table

    @property
    def columns(self) -> list[str]:
        """Name the columns that say who, what and when."""
        return list(self.told.schema.names[2:])


SORTS = (
    Sort(REACTIONS, CANONICAL_REACTIONS),
    Sort(VOTES, CANONICAL_VOTES),
    Sort(ACKNOWLEDGEMENTS, CANONICAL_ACKNOWLEDGEMENTS),
)
_NAMES = ["exhibit", "start", "who", "what", "at"]


def lay_beside(root: Path, exhibit: str, place: Path) -> None:
    """Lay out by conversation what one exhibit tells beside its messages."""
    tables = Tables(root)
    there = [sort for sort in SORTS if tables.shard_rows(sort.told, exhibit)]
    if not there or not tables.shard_rows(MESSAGES, exhibit):
        return
    said = tables.read(MESSAGES, [exhibit], ["start", "thread"])
    starts, threads = said["start"].to_numpy(), flat(said["thread"])
    order = np.argsort(starts, kind="stable")
    for sort in there:
        batches = tables.batches(sort.told, exhibit, ["start", *sort.columns])
        threaded = (_threaded(batch, starts[order], threads, order) for batch in batches)
        lay(threaded, place / sort.told.name / exhibit)


def _threaded(batch: Any, starts: Any, threads: Any, order: Any) -> Any:
    """Add to rows the thread of their message; of a message that is not there are none."""
    wanted = batch["start"].to_numpy()
    at = np.minimum(np.searchsorted(starts, wanted), len(starts) - 1)
    known = np.flatnonzero(starts[at] == wanted)
    batch = batch.take(pa.array(known))
    thread = threads.take(pa.array(order[at[known]]))
    return batch.append_column("thread", thread).append_column("sequence", batch["start"])


def beside(tables: Tables, sources: Sequence[Source], apart: Path | None) -> list[Any]:
    """Read what copies tell beside their messages, for each of ``SORTS``; None where nobody does.

    The columns are exhibit, start, who, what and at.
    """
    return [_beside(tables, sort, sources, apart) for sort in SORTS]


def _beside(tables: Tables, sort: Sort, sources: Sequence[Source], apart: Path | None) -> Any:
    parts = [
        rows.append_column("exhibit", pa.array([exhibit] * len(rows)).dictionary_encode())
        for source in sources
        for exhibit, rows in _parts(tables, sort, source, apart)
        if len(rows)
    ]
    if not parts:
        return None
    found = pa.concat_tables(parts).unify_dictionaries()
    return found.select(["exhibit", "start", *sort.columns]).rename_columns(_NAMES)


def _parts(
    tables: Tables, sort: Sort, source: Source, apart: Path | None
) -> Iterator[tuple[str, Any]]:
    columns = ["start", *sort.columns]
    for exhibit in source.exhibits:
        if not tables.shard_rows(sort.told, exhibit):
            continue
        rows = None
        if apart is not None:
            place = apart / sort.told.name
            rows = rows_apart(place, exhibit, source.thread, ["sequence", *columns])
        yield exhibit, tables.read(sort.told, [exhibit], columns) if rows is None else rows
