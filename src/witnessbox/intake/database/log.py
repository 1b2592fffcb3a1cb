"""The write-ahead log of a database, as an exhibit of its own: what only it holds.

Rows that stand in the database file itself are told there.  A row that the log deletes or changes
is a trace: the file still holds it as it was.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.keyed import Kept, kept
from witnessbox.intake.database.reading import MOST_TRACES, Chosen, Reads, trace_rows
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.numbered import Numbered, Taken
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.btree import Pages
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.sqlite.wal import Log, frame_of

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
    """The rows of a table of the database file, and how the log leaves it.

    ``told`` is what can be compared of those rows of which the log holds another copy.  A table may
    be read more than once; ``compared`` are the log's pages whose rows were compared.
    """

    rows: Numbered
    told: Kept
    taken: Taken
    kept: Numbered = field(default_factory=Numbered)
    compared: Pages = field(default_factory=Pages)


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

    def read(self) -> Iterator[Batch]:
        """Read what only the log holds, what it changes, and at last what it deletes."""
        for table, names in self.compared.items():
            self.standing[table] = _standing(self.before, self.after, table, names, self.told)
        reading = self.made(self.after, self.contacts, self.same, self._chosen)
        for batch in reading.read():
            yield batch
            yield from self._many()
        for trace in self._deleted():
            self.found.append(trace)
            yield from self._many()
        yield Batch(
            problems=problem_rows(self._remarks(sum(reading.held.values()))),
            traces=trace_rows(self.found, self.same),
        )

    def _many(self) -> Iterator[Batch]:
        """Put what was found into its table once it is much."""
        if len(self.found) >= MOST_TRACES:
            yield Batch(traces=trace_rows(self.found, self.same))
            self.found = []

    def _chosen(self, table: str, rows: Rows) -> Flags:
        """Pick the rows only the log holds; note those that stand otherwise in the file."""
        standing, names = self.standing[table], self.compared[table]
        standing.kept.note(rows.rowid, rows.rowid, rows.start)
        there = standing.taken.among(rows.rowid)
        changed = np.flatnonzero(there & rows.from_wal)
        changed = changed[self._fresh(standing, rows.start[changed])]
        stood = standing.told.near(rows.rowid[changed])
        at, _ = stood.first(rows.rowid[changed])
        now = self.told(rows, names)
        for column, name in enumerate(names):
            was = stood.texts[name].take(pa.array(at)).to_pylist()
            new = now[column].take(pa.array(changed)).to_pylist()
            for k, old, other in zip(changed.tolist(), was, new, strict=True):
                if old != other:
                    span = int(rows.start[k]), int(rows.end[k])
                    shown = " becomes ".join(f"“{one}”" for one in apart(old, other))
                    what = f"the log changes {name} of this row: {shown}"
                    self.found.append((*span, table, int(rows.rowid[k]), "changed-in-log", what))
        return rows.from_wal & ~there

    def _fresh(self, standing: _Standing, starts: Ints) -> Flags:
        """Say of each row whether its page of the log is met for the first time."""
        frames = frame_of(self.log, starts)
        new = [one for one in np.unique(frames).tolist() if one not in standing.compared]
        for one in new:
            standing.compared.add(one)
        return np.isin(frames, new)

    def _deleted(self) -> Iterator[Trace]:
        what = "the log deletes this row, which the database file still holds"
        for table, standing in self.standing.items():
            kept = standing.kept.taken()
            for numbers in standing.rows.each():
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


def _standing(
    before: Tables, after: Tables, table: str, names: tuple[str, ...], told: Told
) -> _Standing:
    """Read a table of the database file; the words only of rows that the log holds too."""
    logged, rows = Numbered(), Numbered()
    for part in after.rows(table, (), shared=True):
        ids = part.rowid[part.from_wal]
        logged.note(ids, ids, part.start[part.from_wal])
    stood, asked = kept(table, (), names), logged.taken()
    for part in before.rows(table, names, shared=True):
        rows.note(part.rowid, part.rowid, part.start)
        again = part.only(asked.among(part.rowid))
        if len(again):
            places = (again.rowid, again.rowid, again.start, again.end)
            stood.add(places, told(again, names))
    return _Standing(rows, stood, rows.taken())


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
