"""What exhibits tell beside their messages: reactions, votes, whom they reached, earlier texts.

Each row names its message by exhibit and start.  An exhibit of many conversations is read once, and
its rows are laid out by conversation as its messages are, for as long as a run lasts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import (
    ACKNOWLEDGEMENTS,
    EARLIER_TEXTS,
    MESSAGES,
    REACTIONS,
    VOTES,
    Table,
)
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import lay, rows_apart
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.normalise import flat

BESIDE = (REACTIONS, VOTES, ACKNOWLEDGEMENTS, EARLIER_TEXTS)


def lay_beside(root: Path, exhibit: str, place: Path) -> None:
    """Lay out by conversation what an exhibit, whose messages are, tells beside them."""
    tables = Tables(root)
    there = [table for table in BESIDE if tables.shard_rows(table, exhibit)]
    if not there or not tables.shard_rows(MESSAGES, exhibit):
        return
    said = tables.read(MESSAGES, [exhibit], ["start", "thread"])
    starts, threads = said["start"].to_numpy(), flat(said["thread"])
    order = np.argsort(starts, kind="stable")
    for table in there:
        batches = tables.batches(table, exhibit, table.schema.names[1:])
        threaded = (_threaded(batch, starts[order], threads, order) for batch in batches)
        lay(threaded, place / table.name / exhibit)


def _threaded(batch: Any, starts: Any, threads: Any, order: Any) -> Any:
    """Add to rows the thread of their message; of a message that is not there are none."""
    wanted = batch["start"].to_numpy()
    at = np.minimum(np.searchsorted(starts, wanted), len(starts) - 1)
    known = np.flatnonzero(starts[at] == wanted)
    batch = batch.take(pa.array(known))
    thread = threads.take(pa.array(order[at[known]]))
    return batch.append_column("thread", thread).append_column("sequence", batch["start"])


def beside(tables: Tables, sources: Sequence[Source], apart: Path | None) -> list[Any]:
    """Read what copies tell beside messages, for each of ``BESIDE``; None where nobody does."""
    return [_of_copies(tables, table, sources, apart) for table in BESIDE]


def _of_copies(tables: Tables, table: Table, sources: Sequence[Source], apart: Path | None) -> Any:
    parts = []
    for source in sources:
        for exhibit in source.exhibits:
            rows = _read(tables, table, exhibit, (source.thread, apart))
            if rows is not None and len(rows):
                own = pa.array(np.zeros(len(rows), np.int32))
                named = pa.DictionaryArray.from_arrays(own, pa.array([exhibit]))
                parts.append(rows.append_column("exhibit", named))
    if not parts:
        return None
    return pa.concat_tables(parts).unify_dictionaries().select(table.schema.names)


def _read(tables: Tables, table: Table, exhibit: str, where: tuple[str | None, Path | None]) -> Any:
    """Read what one exhibit tells of one conversation, or of all; None where it tells nothing."""
    thread, apart = where
    columns = table.schema.names[1:]
    if apart is not None and (apart / exhibit).is_dir():
        return rows_apart(apart / table.name, exhibit, thread, ["sequence", *columns])
    return tables.read(table, [exhibit], columns) if tables.shard_rows(table, exhibit) else None
