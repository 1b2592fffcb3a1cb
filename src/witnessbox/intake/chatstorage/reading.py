"""An iPhone's database from its first table to its last."""

from collections.abc import Iterator
from dataclasses import dataclass, field

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
from witnessbox.intake.database.quoted import Quoted
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.tables import Rows, Tables

COMPARED = {MESSAGE: ("ZTEXT", "ZSTANZAID", "ZMESSAGETYPE", "ZMESSAGEDATE")}
"""What of a message is compared with what the log makes of it."""


@dataclass(slots=True)
class StorageReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    people: Correspondents
    roster: Roster = field(kw_only=True)
    places: traces.Places = field(default_factory=traces.Places)

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
        if self.chosen is None:
            changes = member_changes(self.tables, self.people, self.same)
            yield Batch(problems=problem_rows(list(changes)))
        yield from self.last(self._shown(around, quoted))

    def _gathered(self, rows: Rows) -> list[Problem]:
        """Note which rows there are, and their places in their conversations."""
        self.gather(rows)
        self.places.note(rows, rows.numbers("ZCHATSESSION", -1), rows.numbers("ZSORT"))
        return self.faults(rows)

    def _shown(self, around: Around, quoted: Quoted) -> Iterator[Trace]:
        living = Living(MESSAGE, self.rows, self.sorts)
        yield from traces.gaps(living, self.tables)
        yield from self.places.gaps(self.roster, self.people)
        yield from traces.orphans(living, self.tables, around.media, self.roster)
        yield from quoted.absent()
        yield from freed_rows(self.tables, MESSAGE, traces.SIGN)

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
