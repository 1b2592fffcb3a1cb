"""Traces of deletion a database holds by itself, each with what it shows and no more.

A number that no row has may never have been a message that anyone saw; a receipt or a file whose
message is gone shows that a row of that number was there; a quotation of a message that is not in
the database shows its words; the search index may keep words that the message itself lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.msgstore.keyed import Keyed, keyed
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import SEQUENCE, Tables

Trace = tuple[int, int, str, int | None, str, str]
"""Start, end, table, row, kind, what it shows."""

MOST_SHOWN = 1_000
_LAST_MS = 253_402_300_799_999
_TIMES = ("receipt_timestamp", "read_timestamp", "played_timestamp")


@dataclass(frozen=True, slots=True)
class Living:
    """The messages that are there: row ids ascending, and the bytes each begins at."""

    table: str
    rows: Ints
    starts: Ints
    sorts: Ints  # sort keys, in the order of the row ids; 0 where there is none


def gaps(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find numbers that no row has, between those that rows have and the table's own counter."""
    yield from row_gaps(living, _counter(tables, living.table))
    yield from _sort_gaps(living)


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


def _sort_gaps(living: Living) -> Iterator[Trace]:
    known = living.sorts > 0
    order = np.argsort(living.sorts[known], kind="stable")
    sorts = living.sorts[known][order]
    rows, starts = living.rows[known][order], living.starts[known][order]
    for k in np.flatnonzero(np.diff(sorts) > 1).tolist():
        low, high = int(sorts[k]) + 1, int(sorts[k + 1]) - 1
        # A sort key that follows the row id tells nothing the row ids do not.
        if int(rows[k + 1]) - int(rows[k]) == high - low + 2:
            continue
        start, row = int(starts[k + 1]), int(rows[k + 1])
        what = f"{numbered('sort key', low, high)} missing before this row"
        yield start, start, living.table, row, "sort-gap", what


def numbered(noun: str, low: int, high: int) -> str:
    """Say one number or a run of them, with its verb."""
    return f"{noun} {low} is" if low == high else f"{noun}s {low} to {high} are"


def _counter(tables: Tables, table: str) -> int | None:
    for rows in tables.rows(SEQUENCE, ("name", "seq"), shared=True):
        for name, count in zip(rows.text("name").to_pylist(), rows.numbers("seq"), strict=True):
            if name == table:
                return int(count)
    return None


def orphans(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find receipts, files and other rows whose message is not there."""
    for table, kind, noun in (
        ("receipt_user", "orphan-receipt", "a receipt"),
        ("receipt_device", "orphan-receipt", "a device's receipt"),
        ("message_media", "orphan-media", "a file"),
        ("message_edit_info", "orphan-edit", "the time of an edit"),
        ("message_revoked", "orphan-revoke", "the mark of a deletion for everyone"),
        ("message_mentions", "orphan-mention", "a mention"),
        ("message_add_on", "orphan-reaction", "a reaction or vote"),
    ):
        key = "parent_message_row_id" if table == "message_add_on" else "message_row_id"
        times = _TIMES if table == "receipt_user" else ()
        texts = ("file_path",) if table == "message_media" else ()
        found = keyed(tables, table, key, times, texts)
        for k in found.orphans(living.rows).tolist():
            what = f"{noun} of message {int(found.key[k])}, which is not there"
            what += "".join(
                f"; {name.removesuffix('_timestamp')} {_written(int(found.numbers[name][k]))}"
                for name in times
                if found.numbers[name][k] > 0
            )
            what += "".join(f": {found.texts[name][k].as_py() or 'unnamed'}" for name in texts)
            yield int(found.start[k]), int(found.end[k]), table, int(found.row[k]), kind, what


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


def _written(at_ms: int) -> str:
    at = datetime.fromtimestamp(min(at_ms, _LAST_MS) / 1000, UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
