"""Traces of deletion a database holds by itself, each with what it shows and no more.

A number that no row has may never have been a message that anyone saw; a receipt or a file whose
message is gone shows that a row of that number was there; a quotation of a message that is not in
the database shows its words; the search index may keep words that the message itself lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from witnessbox.intake.msgstore.keyed import keyed
from witnessbox.intake.numbered import Numbered, Runs
from witnessbox.intake.numbered import gaps as gaps_of
from witnessbox.intake.sqlite.tables import SEQUENCE, Tables

Trace = tuple[int, int, str, int | None, str, str]
"""Start, end, table, row, kind, what it shows."""

MOST_SHOWN = 1_000
_LAST_MS = 253_402_300_799_999
_TIMES = ("receipt_timestamp", "read_timestamp", "played_timestamp")


@dataclass(frozen=True, slots=True)
class Living:
    """The messages that are there, by their row ids and by their sort keys."""

    table: str
    rows: Numbered
    sorts: Numbered  # of the rows that have one


def gaps(living: Living, tables: Tables) -> Iterator[Trace]:
    """Find numbers that no row has, between those that rows have and the table's own counter."""
    yield from row_gaps(living, _counter(tables, living.table))
    yield from _sort_gaps(living)


def row_gaps(living: Living, counter: int | None) -> Iterator[Trace]:
    """Find row ids that no row has, up to what the table has counted to."""
    highest = 0

    def noting(several: Iterator[Runs]) -> Iterator[Runs]:
        nonlocal highest
        for runs in several:
            highest = int(runs.high[-1]) if len(runs) else highest
            yield runs

    for gap in gaps_of(noting(living.rows.runs())):
        what = f"{numbered('row', gap.low, gap.high)} missing between rows {gap.low - 1} and "
        what += str(gap.high + 1)
        yield gap.start, gap.start, living.table, gap.low, "row-gap", what
    if counter is not None and counter > highest:
        what = f"{numbered('row', highest + 1, counter)} missing at the end: "
        what += f"the table has counted to {counter}"
        yield 0, 0, living.table, highest + 1, "row-gap", what


def _sort_gaps(living: Living) -> Iterator[Trace]:
    for gap in gaps_of(living.sorts.runs()):
        # A sort key that follows the row id tells nothing the row ids do not.
        if gap.after - gap.before == gap.high - gap.low + 2:
            continue
        what = f"{numbered('sort key', gap.low, gap.high)} missing before this row"
        yield gap.start, gap.start, living.table, gap.after, "sort-gap", what


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
        taken = living.rows.taken()
        for found in keyed(tables, table, key, times, texts).parts():
            for k in np.flatnonzero(~taken.among(found.key)).tolist():
                what = f"{noun} of message {int(found.key[k])}, which is not there"
                what += "".join(
                    f"; {name.removesuffix('_timestamp')} {_written(int(found.numbers[name][k]))}"
                    for name in times
                    if found.numbers[name][k] > 0
                )
                what += "".join(f": {found.texts[name][k].as_py() or 'unnamed'}" for name in texts)
                place = int(found.start[k]), int(found.end[k]), table, int(found.row[k])
                yield *place, kind, what


def _written(at_ms: int) -> str:
    at = datetime.fromtimestamp(min(at_ms, _LAST_MS) / 1000, UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
