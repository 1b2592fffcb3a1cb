"""Exhibits of many conversations, laid out by conversation for as long as a run lasts.

A phone's database is one exhibit with thousands of conversations, whose rows stand mixed.  To look
for each conversation's rows through all of them would cost conversations times rows.  So such an
exhibit is read once, a stretch at a time, and each stretch is written by conversation; an index
says where each one's rows are.  What is read later is mapped, not loaded.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.sorting import order_by

STRETCH_ROWS = 1 << 19
_INDEX = "index"
_KNOWN = 64
"""Of so many exhibits it is known where each conversation is; others are looked up again."""


def lay_apart(root: Path, exhibit: str, place: Path, columns: Sequence[str]) -> None:
    """Write some columns of an exhibit's messages by conversation, into a folder of its own."""
    wanted = list(dict.fromkeys(["thread", "sequence", *columns]))
    lay(Tables(root).batches(MESSAGES, exhibit, wanted), place / exhibit)
    pa.default_memory_pool().release_unused()  # else each exhibit's stays until the run is over


def lay(batches: Iterable[Any], folder: Path) -> None:
    """Write rows that have a thread and a sequence by thread, into a folder of their own."""
    folder.mkdir(parents=True)
    spots: list[Any] = []
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= STRETCH_ROWS:
            spots.append(_written(waiting, folder, len(spots)))
            waiting = []
    if waiting:
        spots.append(_written(waiting, folder, len(spots)))
    write_rows(pa.concat_tables(spots), folder / _INDEX)


def _written(batches: list[Any], folder: Path, number: int) -> Any:
    """Write one stretch; give where in it each conversation's rows are."""
    rows = pa.Table.from_batches(batches).unify_dictionaries()
    thread = flat(rows["thread"])
    codes = codes_of(thread)
    order = order_by(codes, rows["sequence"].to_numpy())
    kept = rows.drop_columns(["thread"])
    in_order = bool((order[1:] > order[:-1]).all())
    write_rows(kept if in_order else kept.take(pa.array(order)), folder / str(number))
    found, first, counts = np.unique(codes[order], return_index=True, return_counts=True)
    return pa.table(
        {
            "thread": thread.dictionary.take(pa.array(found, mask=found < 0)).cast(pa.string()),
            "stretch": pa.array(np.full(len(found), number), pa.int64()),
            "first": pa.array(first, pa.int64()),
            "rows": pa.array(counts, pa.int64()),
        }
    )


def write_rows(rows: Any, place: Path) -> None:
    """Lay rows down so that they can be mapped."""
    with pa.OSFile(str(place), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        for batch in rows.combine_chunks().to_batches():
            writer.write_batch(batch)


def mapped_rows(place: Path) -> Any:
    """Map rows that were laid down."""
    return pa.ipc.open_file(pa.memory_map(str(place))).read_all()


def taken_off(rows: Any) -> Any:
    """Copy rows out of what is mapped: with the few of one conversation, far more would stay."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def is_apart(place: Path, exhibit: str) -> bool:
    """Say whether an exhibit was laid apart."""
    return (place / exhibit / _INDEX).is_file()


def rows_apart(place: Path, exhibit: str, thread: str | None, columns: Sequence[str]) -> Any | None:
    """Give one conversation's rows of an exhibit by sequence; None where it was not laid apart."""
    if not is_apart(place, exhibit):
        return None
    folder = place / exhibit
    parts = [
        mapped_rows(folder / str(stretch)).select(columns).slice(first, rows)
        for stretch, first, rows in _index(folder).get(thread, ())
    ]
    if not parts:
        return mapped_rows(folder / "0").select(columns).slice(0, 0)
    rows = pa.concat_tables(parts)
    sequence = rows["sequence"].to_numpy()
    in_order = bool((np.diff(sequence) >= 0).all())
    return rows if in_order else rows.take(pc.sort_indices(rows["sequence"]))


@lru_cache(maxsize=_KNOWN)
def _index(folder: Path) -> dict[str | None, list[tuple[int, int, int]]]:
    """Say where each conversation's rows are: in which stretch, from which row on, and how many."""
    found: dict[str | None, list[tuple[int, int, int]]] = {}
    for spot in mapped_rows(folder / _INDEX).to_pylist():
        place = spot["stretch"], spot["first"], spot["rows"]
        found.setdefault(spot["thread"], []).append(place)
    return found
