"""Traces of deletion that any phone's database may hold, each with what it shows and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from witnessbox.intake.numbered import Numbered, Runs
from witnessbox.intake.numbered import gaps as gaps_of
from witnessbox.intake.sqlite.tables import SEQUENCE, Tables

Trace = tuple[int, int, str, int | None, str, str]
"""Start, end, table, row, kind, what it shows."""

MOST_SHOWN = 1_000
_LAST_MS = 253_402_300_799_999


@dataclass(frozen=True, slots=True)
class Living:
    """The messages that are there, by their row ids and by their sort keys."""

    table: str
    rows: Numbered
    sorts: Numbered  # of the rows that have one


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
