"""An iPhone's database from its first table to its last."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from witnessbox.evidence.model import Problem
from witnessbox.intake.chatstorage import beyond, traces
from witnessbox.intake.chatstorage.changes import member_changes
from witnessbox.intake.chatstorage.people import Known, Roster, roster_of
from witnessbox.intake.chatstorage.pushed import pushed_names
from witnessbox.intake.chatstorage.spoken import MESSAGE, WANTED, Around, spoken_of, stamped
from witnessbox.intake.chatstorage.told import shown_of, worded
from witnessbox.intake.database import columns
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.freed import freed_rows
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.traces import Living, Quoted, Trace
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

COMPARED = {MESSAGE: ("ZTEXT", "ZSTANZAID", "ZMESSAGETYPE", "ZMESSAGEDATE")}
"""What of a message is compared with what the log makes of it."""


@dataclass(slots=True)
class StorageReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    people: Correspondents
    roster: Roster = field(kw_only=True)
    sessions: list[Ints] = field(default_factory=list)

    def read(self) -> Iterator[Batch]:
        """Read every message; the last batch says what shows only at the end."""
        around = Around(self.roster, beyond.media_of(self.tables), beyond.quotes_of(self.tables))
        marks = beyond.reactions_of(self.tables)
        shown = shown_of(self.tables)
        quoted = Quoted(around.quotes)
        for rows in self.batches(MESSAGE):
            problems = self._gathered(rows)
            spoken, doubtful = spoken_of(rows, self.people, around)
            quoted.note(spoken.key)
            self.types.update(rows.numbers("ZMESSAGETYPE")[doubtful.unknown].tolist())
            told = beyond.memberships(spoken, rows, self.people, self.roster, self.same)
            reacted = beyond.reactions(spoken, self.people, marks, self.same)
            problems += self.text_doubts(spoken, doubtful)
            batch = self.batch(
                worded(spoken, rows, shown, around.media),
                columns.names_of(self.people),
                problems,
                attachments=beyond.attachments(spoken, rows, around.media, self.same),
                reactions=reacted,
                memberships=told,
            )
            yield stamped(batch, rows)
        if self.chosen is not None:
            yield self.last([])
            return
        changes = member_changes(self.tables, self.people, self.same)
        yield Batch(problems=problem_rows(list(changes)))
        yield self.last(self._shown(around, quoted))

    def _gathered(self, rows: Rows) -> list[Problem]:
        """Note which rows there are, those that cannot be read among them."""
        there = [(fault.row, fault.start, 0, -1) for fault in rows.faults if fault.row is not None]
        lost = np.array(there, np.int64).reshape(-1, 4).T
        known = (rows.rowid, rows.start, rows.numbers("ZSORT"), rows.numbers("ZCHATSESSION", -1))
        kept = (self.rows, self.starts, self.sorts, self.sessions)
        for values, found, unread in zip(kept, known, lost, strict=True):
            values.append(np.concatenate([found, unread]))
        return self.faults(rows)

    def _shown(self, around: Around, quoted: Quoted) -> list[Trace]:
        nothing = np.empty(0, np.int64)
        rows, starts, sorts, sessions = (
            np.concatenate([nothing, *values])
            for values in (self.rows, self.starts, self.sorts, self.sessions)
        )
        order = np.argsort(rows, kind="stable")
        living = Living(MESSAGE, rows[order], starts[order], sorts[order])
        return [
            *traces.gaps(living, self.tables),
            *traces.sort_gaps(living, sessions[order], self.roster, self.people),
            *traces.orphans(living, self.tables, around.media, self.roster),
            *quoted.absent(),
            *freed_rows(self.tables, MESSAGE, traces.SIGN),
        ]

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give the groups' members as the database lists them."""
        return iter(()) if self.chosen is not None else self.roster.listed()


def reading_of(
    tables: Tables,
    contacts: dict[str, str],
    same: Same,
    chosen: Chosen | None = None,
    *,
    known: Known | None = None,
) -> StorageReading:
    """Set out to read a database, or the rows of it that are chosen.

    ``known`` leads from hidden addresses to the ones with telephone numbers.
    """
    names = dict(contacts)
    people, roster = roster_of(tables, names, known or {})
    for address, name in pushed_names(tables, people, roster):
        names.setdefault(address, name)
    return StorageReading(tables, people, same, WANTED, chosen, roster=roster)
