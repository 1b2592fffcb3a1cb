"""The write-ahead log of a database, as an exhibit of its own: what only it holds.

Rows that stand in the database file itself are told there.  A row that the log deletes or changes
is a trace: the file still holds it as it was.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.reading import Chosen, Reads
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.sqlite.wal import Log

Made = Callable[[Tables, dict[str, str], Same, Chosen | None], Reads]
"""Sets out to read the rows that are chosen."""

_BEFORE = 40  # characters shown before the first that differs

Told = Callable[[Rows, tuple[str, ...]], list[pa.Array]]
"""Gives the compared columns as texts."""


def told(rows: Rows, names: tuple[str, ...]) -> list[pa.Array]:
    """Give columns as texts, numbers in digits."""
    found = []
    for name in names:
        values, known = rows.integers(name)
        numbers = pc.cast(pa.array(values, mask=~known), pa.string())
        found.append(pc.coalesce(rows.text(name), numbers))
    return found


@dataclass(slots=True)
class _Standing:
    """The rows of the database file, by row ids ascending.

    What can be compared is kept of the rows the log holds anew; all others are as they were.
    """

    rows: Ints
    touched: Ints
    told: list[pa.Array]


@dataclass(slots=True)
class LogReading:
    """A log on its way into rows, over the tables of its database without it and with it."""

    log: Log
    before: Tables
    after: Tables
    contacts: dict[str, str]
    same: Same
    made: Made
    compared: Mapping[str, tuple[str, ...]]
    told: Told = told
    found: list[Trace] = field(default_factory=list)
    standing: dict[str, _Standing] = field(default_factory=dict)
    kept: dict[str, list[Ints]] = field(default_factory=dict)

    def read(self) -> Iterator[Batch]:
        """Read what only the log holds; the last batch tells what it changes and deletes."""
        for table, names in self.compared.items():
            parts = self.after.rows(table, (), shared=True)
            anew = [np.empty(0, np.int64), *(part.rowid[part.from_wal] for part in parts)]
            self.standing[table] = _standing(
                self.before, table, names, np.concatenate(anew), self.told
            )
        reading = self.made(self.after, self.contacts, self.same, self._chosen)
        yield from reading.read()
        self.found += self._deleted()
        yield Batch(
            problems=problem_rows(self._remarks(sum(reading.held.values()))),
            traces=table_of(
                # A table may be read more than once; what shows twice is told once.
                schema.TRACES,
                [(self.same.exhibit, *one) for one in dict.fromkeys(self.found)],
            ),
        )

    def _chosen(self, table: str, rows: Rows) -> Flags:
        """Pick the rows only the log holds; note those that stand otherwise in the file."""
        self.kept.setdefault(table, []).append(rows.rowid)
        standing = self.standing[table]
        there = np.isin(rows.rowid, standing.rows)
        changed = np.flatnonzero(np.isin(rows.rowid, standing.touched) & rows.from_wal)
        at = np.searchsorted(standing.touched, rows.rowid[changed])
        names = self.compared[table]
        now = self.told(rows, names)
        for column, name in enumerate(names):
            was = standing.told[column].take(pa.array(at)).to_pylist()
            new = now[column].take(pa.array(changed)).to_pylist()
            for k, old, other in zip(changed.tolist(), was, new, strict=True):
                if old != other:
                    span = int(rows.start[k]), int(rows.end[k])
                    shown = " becomes ".join(f"“{one}”" for one in apart(old, other))
                    what = f"the log changes {name} of this row: {shown}"
                    self.found.append((*span, table, int(rows.rowid[k]), "changed-in-log", what))
        return rows.from_wal & ~there

    def _deleted(self) -> Iterator[Trace]:
        for table, standing in self.standing.items():
            kept = np.concatenate([np.empty(0, np.int64), *self.kept.get(table, ())])
            what = "the log deletes this row, which the database file still holds"
            for row in standing.rows[~np.isin(standing.rows, kept)].tolist():
                yield 0, 0, table, row, "deleted-in-log", what

    def _remarks(self, held: int) -> list[Problem]:
        rows = "1 row stands" if held == 1 else f"{held} rows stand"
        what = f"{rows} only in this write-ahead log, not in its database"
        found = [self.same.problem((0, 0), "only-in-log", what, Severity.NOTE)]
        for count, code, noun in (
            (self.log.uncommitted, "log-uncommitted", "were never committed"),
            (self.log.left_over, "log-left-over", "are left over from earlier use or damaged"),
        ):
            if count:
                what = f"{count} pages in the log {noun}; their rows are not read"
                found.append(self.same.problem((0, 0), code, what, Severity.DOUBT))
        return found


def _standing(
    tables: Tables, table: str, names: tuple[str, ...], anew: Ints, told: Told
) -> _Standing:
    nothing = np.empty(0, np.int64)
    rows, touched = [nothing], [nothing]
    texts = [[pa.array([], pa.string())] for _ in names]
    for part in tables.rows(table, names, shared=True):
        rows.append(part.rowid)
        kept = part.only(np.isin(part.rowid, anew))
        touched.append(kept.rowid)
        for column, values in zip(texts, told(kept, names), strict=True):
            column.append(values)
    whole = list(map(pa.concat_arrays, texts))
    return _Standing(np.concatenate(rows), np.concatenate(touched), whole)


def apart(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Show two values from shortly before they differ, where they are too long to be shown."""
    longest = max(len(old or ""), len(new or ""))
    if old is None or new is None or longest <= MOST_SHOWN:
        return old and old[:MOST_SHOWN], new and new[:MOST_SHOWN]
    pairs = enumerate(zip(old, new, strict=False))
    same = next((k for k, (one, other) in pairs if one != other), min(len(old), len(new)))
    start = max(same - _BEFORE, 0)
    end, before = start + MOST_SHOWN, "…" if start else ""
    return before + old[start:end], before + new[start:end]
