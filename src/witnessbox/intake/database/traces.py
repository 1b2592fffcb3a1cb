"""Traces of deletion that any phone's database may hold, each with what it shows and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import SEQUENCE, Tables

Trace = tuple[int, int, str, int | None, str, str]
"""Start, end, table, row, kind, what it shows."""

MOST_SHOWN = 1_000
_LAST_MS = 253_402_300_799_999


@dataclass(frozen=True, slots=True)
class Living:
    """The messages that are there: row ids ascending, and the bytes each begins at."""

    table: str
    rows: Ints
    starts: Ints
    sorts: Ints  # sort keys, in the order of the row ids; 0 where there is none


def row_gaps(living: Living, counter: int | None) -> Iterator[Trace]:
    """Find row ids that no row has, up to what the table has counted to."""
    rows = living.rows
    first = rows[:-1][np.diff(rows) > 1] + 1
    starts = living.starts[1:][np.diff(rows) > 1]
    last = rows[1:][np.diff(rows) > 1] - 1
    for low, high, start in zip(first.tolist(), last.tolist(), starts.tolist(), strict=True):
        what = f"{numbered('row', low, high)} missing between rows {low - 1} and {high + 1}"
        yield start, start, living.table, low, "row-gap", what
    highest = int(rows[-1]) if len(rows) else 0
    if counter is not None and counter > highest:
        what = f"{numbered('row', highest + 1, counter)} missing at the end: "
        what += f"the table has counted to {counter}"
        yield 0, 0, living.table, highest + 1, "row-gap", what


def numbered(noun: str, low: int, high: int) -> str:
    """Say one number or a run of them, with its verb."""
    return f"{noun} {low} is" if low == high else f"{noun}s {low} to {high} are"


def written(at_ms: int) -> str:
    """Say a time, to the second."""
    at = datetime.fromtimestamp(min(at_ms, _LAST_MS) / 1000, UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def counter_of(tables: Tables, table: str) -> int | None:
    """Give the number up to which a table has counted its rows; None where it does not count."""
    for rows in tables.rows(SEQUENCE, ("name", "seq"), shared=True):
        for name, count in zip(rows.text("name").to_pylist(), rows.numbers("seq"), strict=True):
            if name == table:
                return int(count)
    return None


class Quoted:
    """Which quoted messages are there, learnt batch by batch."""

    def __init__(self, quotes: Keyed) -> None:
        self._quotes = quotes
        encoded = quotes.texts["key_id"].dictionary_encode()
        self._keys, self._places = encoded.dictionary, encoded.indices
        self._seen = np.zeros(len(self._keys), np.bool_)

    def note(self, keys: pa.Array) -> None:
        """Tell the keys of a batch of messages."""
        if len(self._keys):
            found = pc.index_in(keys, value_set=self._keys).drop_null()
            self._seen[found.to_numpy(zero_copy_only=False)] = True

    def absent(self) -> Iterator[Trace]:
        """Find quotations of messages that are not there, with the words they keep."""
        quotes = self._quotes
        for k, place in enumerate(self._places.to_pylist()):
            if place is None or self._seen[place]:
                continue
            text = quotes.texts["text_data"][k].as_py()
            words = f": “{text[:MOST_SHOWN]}”" if text else ", without its words"
            key = self._keys[place].as_py()
            what = f"message {int(quotes.key[k])} quotes {key}, which is not there{words}"
            span = int(quotes.start[k]), int(quotes.end[k])
            yield *span, quotes.table, int(quotes.row[k]), "quote-of-absent", what
