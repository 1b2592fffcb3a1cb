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
from witnessbox.intake.database.traces import Trace
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.sqlite.wal import Log

Made = Callable[[Tables, dict[str, str], Same, Chosen | None], Reads]
"""Sets out to read the rows that are chosen."""


@dataclass(slots=True)
class _Standing:
    """The rows of the database file: row ids ascending, and what of them can be compared."""

    rows: Ints
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
    found: list[Trace] = field(default_factory=list)
    standing: dict[str, _Standing] = field(default_factory=dict)
    kept: dict[str, list[Ints]] = field(default_factory=dict)

    def read(self) -> Iterator[Batch]:
        """Read what only the log holds; the last batch tells what it changes and deletes."""
        for table, names in self.compared.items():
            self.standing[table] = _standing(self.before, table, names)
        reading = self.made(self.after, self.contacts, self.same, self._chosen)
        yield from reading.read()
        self.found += self._deleted()
        yield Batch(
            problems=problem_rows(self._remarks(sum(reading.held.values()))),
            traces=table_of(schema.TRACES, [(self.same.exhibit, *one) for one in self.found]),
        )

    def _chosen(self, table: str, rows: Rows) -> Flags:
        """Pick the rows only the log holds; note those that stand otherwise in the file."""
        self.kept.setdefault(table, []).append(rows.rowid)
        standing = self.standing[table]
        there = np.isin(rows.rowid, standing.rows)
        changed = np.flatnonzero(there & rows.from_wal)
        at = np.searchsorted(standing.rows, rows.rowid[changed])
        names = self.compared[table]
        now = told(rows, names)
        for column, name in enumerate(names):
            was = standing.told[column].take(pa.array(at)).to_pylist()
            new = now[column].take(pa.array(changed)).to_pylist()
            for k, old, other in zip(changed.tolist(), was, new, strict=True):
                if old != other:
                    span = int(rows.start[k]), int(rows.end[k])
                    what = f"the log changes {name} of this row: “{old}” becomes “{other}”"
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


def _standing(tables: Tables, table: str, names: tuple[str, ...]) -> _Standing:
    parts = list(tables.rows(table, names, shared=True))
    values = [told(part, names) for part in parts]
    return _Standing(
        np.concatenate([np.empty(0, np.int64), *(part.rowid for part in parts)]),
        [
            pa.concat_arrays([pa.array([], pa.string()), *(one[k] for one in values)])
            for k in range(len(names))
        ],
    )


def told(rows: Rows, names: tuple[str, ...]) -> list[pa.Array]:
    """Give the compared columns as texts."""
    found = []
    for name in names:
        values, known = rows.integers(name)
        numbers = pc.cast(pa.array(values, mask=~known), pa.string())
        found.append(pc.coalesce(rows.text(name), numbers))
    return found
