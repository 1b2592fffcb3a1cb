"""The write-ahead log of a database, as an exhibit of its own: what only it holds.

Rows that stand in the database file itself are told there.  A row that the log deletes or changes
is a trace: the file still holds it as it was.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.msgstore.columns import Same
from witnessbox.intake.msgstore.keyed import Kept, kept
from witnessbox.intake.msgstore.reading import Chosen, Reading, reading_of
from witnessbox.intake.msgstore.spoken import CALLS, LEGACY, MESSAGE
from witnessbox.intake.msgstore.traces import Trace
from witnessbox.intake.numbered import Numbered, Taken
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.sqlite.wal import Log

Made = Callable[[Tables, dict[str, str], Same, Chosen | None], Reading]
"""Sets out to read the rows that are chosen."""

_TRACES = 1 << 12  # of a batch
_NUMBERS = 1 << 16  # asked about at once
_COMPARED = {
    MESSAGE: ("text_data", "key_id", "message_type", "timestamp"),
    LEGACY: ("data", "key_id", "media_wa_type", "timestamp"),
    CALLS: ("call_id", "timestamp"),
}


@dataclass(slots=True)
class _Standing:
    """The rows of a table of the database file, and how the log leaves it.

    ``told`` is what can be compared of those rows of which the log holds another copy.
    """

    rows: Numbered
    told: Kept
    taken: Taken
    kept: Numbered = field(default_factory=Numbered)


@dataclass(slots=True)
class LogReading:
    """A log on its way into rows, over the tables of its database without it and with it."""

    log: Log
    before: Tables
    after: Tables
    contacts: dict[str, str]
    same: Same
    made: Made = reading_of
    compared: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _COMPARED)
    found: list[Trace] = field(default_factory=list)
    standing: dict[str, _Standing] = field(default_factory=dict)

    def read(self) -> Iterator[Batch]:
        """Read what only the log holds; the last batch tells what it changes and deletes."""
        for table, names in self.compared.items():
            self.standing[table] = _standing(self.before, self.after, table, names)
        reading = self.made(self.after, self.contacts, self.same, self._chosen)
        for batch in reading.read():
            yield replace(batch, traces=self._traces(self.found))
            self.found = []
        deleted = self._deleted()
        while several := list(islice(deleted, _TRACES)):
            yield Batch(traces=self._traces(several))
        yield Batch(problems=problem_rows(self._remarks(sum(reading.held.values()))))

    def _traces(self, several: list[Trace]) -> pa.RecordBatch | None:
        return table_of(schema.TRACES, [(self.same.exhibit, *one) for one in several])

    def _chosen(self, table: str, rows: Rows) -> Flags:
        """Pick the rows only the log holds; note those that stand otherwise in the file."""
        standing, names = self.standing[table], self.compared[table]
        standing.kept.note(rows.rowid, rows.rowid, rows.start)
        there = standing.taken.among(rows.rowid)
        changed = np.flatnonzero(there & rows.from_wal)
        stood = standing.told.near(rows.rowid[changed])
        at, _ = stood.first(rows.rowid[changed])
        now = _told(rows, names)
        for column, name in enumerate(names):
            was = stood.texts[name].take(pa.array(at)).to_pylist()
            new = now[column].take(pa.array(changed)).to_pylist()
            for k, old, other in zip(changed.tolist(), was, new, strict=True):
                if old != other:
                    span = int(rows.start[k]), int(rows.end[k])
                    what = f"the log changes {name} of this row: “{old}” becomes “{other}”"
                    self.found.append((*span, table, int(rows.rowid[k]), "changed-in-log", what))
        return rows.from_wal & ~there

    def _deleted(self) -> Iterator[Trace]:
        what = "the log deletes this row, which the database file still holds"
        for table, standing in self.standing.items():
            kept = standing.kept.taken()
            for numbers in _numbers(standing.rows):
                for row in numbers[~kept.among(numbers)].tolist():
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


def _standing(before: Tables, after: Tables, table: str, names: tuple[str, ...]) -> _Standing:
    """Read a table of the database file; the words only of rows that the log holds too."""
    logged, rows = Numbered(), Numbered()
    for part in after.rows(table, (), shared=True):
        ids = part.rowid[part.from_wal]
        logged.note(ids, ids, part.start[part.from_wal])
    told, asked = kept(table, (), names), logged.taken()
    for part in before.rows(table, names, shared=True):
        rows.note(part.rowid, part.rowid, part.start)
        chosen = asked.among(part.rowid)
        if chosen.any():
            places = (part.rowid, part.rowid, part.start, part.end)
            mask = pa.array(chosen)
            texts = [one.filter(mask) for one in _told(part, names)]
            told.add([place[chosen] for place in places], texts)
    return _Standing(rows, told, rows.taken())


def _numbers(rows: Numbered) -> Iterator[Ints]:
    """Give every row id, some at a time."""
    for runs in rows.runs():
        for low, high in zip(runs.low.tolist(), runs.high.tolist(), strict=True):
            for first in range(low, high + 1, _NUMBERS):
                yield np.arange(first, min(first + _NUMBERS, high + 1))


def _told(rows: Rows, names: tuple[str, ...]) -> list[pa.Array]:
    """Give the compared columns as texts."""
    found = []
    for name in names:
        values, known = rows.integers(name)
        numbers = pc.cast(pa.array(values, mask=~known), pa.string())
        found.append(pc.coalesce(rows.text(name), numbers))
    return found
