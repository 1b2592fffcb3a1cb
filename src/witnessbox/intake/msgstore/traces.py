"""Traces of deletion a database holds by itself, each with what it shows and no more.

A number that no row has may never have been a message that anyone saw; a receipt or a file whose
message is gone shows that a row of that number was there; a quotation of a message that is not in
the database shows its words; the search index may keep words that the message itself lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from witnessbox.intake.msgstore.keyed import Keyed, keyed
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import SEQUENCE, Tables

Trace = tuple[int, int, str, int | None, str, str]
"""Start, end, table, row, kind, what it shows."""

_MOST_SHOWN = 1_000
_NOT_WORD = re.compile(r"\W+")
_LAST_MS = 253_402_300_799_999
_INDEXES = ("message_ftsv2_content", "messages_fts_content")
_TIMES = ("receipt_timestamp", "read_timestamp", "played_timestamp")


@dataclass(frozen=True, slots=True)
class Living:
    """The messages that are there: row ids ascending, the bytes each begins at, their keys."""

    table: str
    rows: Ints
    starts: Ints
    keys: frozenset[str]
    sorts: Ints  # sort keys, in the order of the row ids; 0 where there is none


def gaps(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find numbers that no row has, between those that rows have and the table's own counter."""
    rows = living.rows
    counter = _counter(tables, living.table)
    first = rows[:-1][np.diff(rows) > 1] + 1
    starts = living.starts[1:][np.diff(rows) > 1]
    last = rows[1:][np.diff(rows) > 1] - 1
    for low, high, start in zip(first.tolist(), last.tolist(), starts.tolist(), strict=True):
        what = f"{_numbers('row', low, high)} missing between rows {low - 1} and {high + 1}"
        yield start, start, living.table, low, "row-gap", what
    highest = int(rows[-1]) if len(rows) else 0
    if counter is not None and counter > highest:
        what = f"{_numbers('row', highest + 1, counter)} missing at the end: "
        what += f"the table has counted to {counter}"
        yield 0, 0, living.table, highest + 1, "row-gap", what
    yield from _sort_gaps(living)


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
        what = f"{_numbers('sort key', low, high)} missing before this row"
        yield start, start, living.table, row, "sort-gap", what


def _numbers(noun: str, low: int, high: int) -> str:
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


def absent_quotes(living: Living, quotes: Keyed) -> Iterator[Trace]:
    """Find quotations of messages that are not there, with the words they keep."""
    keys, said = quotes.texts["key_id"].to_pylist(), quotes.texts["text_data"].to_pylist()
    for k, (key, text) in enumerate(zip(keys, said, strict=True)):
        if key and key not in living.keys:
            words = f": “{text[:_MOST_SHOWN]}”" if text else ", without its words"
            what = f"message {int(quotes.key[k])} quotes {key}, which is not there{words}"
            span = int(quotes.start[k]), int(quotes.end[k])
            yield *span, quotes.table, int(quotes.row[k]), "quote-of-absent", what


def index_residue(living: Living, tables: Tables, said: "Words") -> Iterator[Trace]:
    """Find words the search index keeps of messages that are gone or say something else now."""
    for table in _INDEXES:
        for rows in tables.rows(table, ("c0content",), shared=True):
            kept = rows.text("c0content").to_pylist()
            for k, (row, text) in enumerate(zip(rows.rowid.tolist(), kept, strict=True)):
                kept_mark, now = mark(text), said.of(row)
                if kept_mark in {0, now}:
                    continue
                state = _state(row, now, living)
                span = int(rows.start[k]), int(rows.end[k])
                what = f"the search index holds words of message {row}, which {state}: "
                yield *span, table, row, "index-residue", what + f"“{(text or '')[:_MOST_SHOWN]}”"


def _state(row: int, now: int, living: Living) -> str:
    at = int(np.searchsorted(living.rows, row))
    if at >= len(living.rows) or int(living.rows[at]) != row:
        return "is not there"
    return "says something else now" if now else "has no words now"


def folded(text: str) -> str:
    """Fold words so that those of a message and those of the index compare, however spaced."""
    return _NOT_WORD.sub("", text.casefold())


class Words:
    """Short marks of the messages' folded words, kept where the database has a search index."""

    def __init__(self, tables: Tables) -> None:
        self.wanted = any(tables.has(name) for name in _INDEXES)
        self._rows: list[Ints] = []
        self._marks: list[Ints] = []
        self._sorted: tuple[Ints, Ints] | None = None

    def note(self, rows: Ints, texts: list[str | None]) -> None:
        """Add a batch's words."""
        self._rows.append(rows)
        self._marks.append(np.array([mark(text) for text in texts], np.int64))

    def of(self, row: int) -> int:
        """Give the mark of a message's words; 0 where it has none."""
        if self._sorted is None:
            nothing = np.empty(0, np.int64)
            rows = np.concatenate([nothing, *self._rows])
            order = np.argsort(rows, kind="stable")
            self._sorted = rows[order], np.concatenate([nothing, *self._marks])[order]
        rows, marks = self._sorted
        at = int(np.searchsorted(rows, row))
        return int(marks[at]) if at < len(rows) and int(rows[at]) == row else 0


def mark(text: str | None) -> int:
    """Mark words by a number that tells different ones apart; 0 where there are none."""
    words = folded(text or "")
    return hash(words) if words else 0


def _written(at_ms: int) -> str:
    at = datetime.fromtimestamp(min(at_ms, _LAST_MS) / 1000, UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
