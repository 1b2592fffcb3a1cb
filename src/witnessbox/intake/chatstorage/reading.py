"""An iPhone's database from its first table to its last."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from witnessbox.evidence.model import Problem
from witnessbox.intake.chatstorage import beyond, traces
from witnessbox.intake.chatstorage.people import Roster, roster_of
from witnessbox.intake.chatstorage.spoken import MESSAGE, WANTED, Around, spoken_of, stamps
from witnessbox.intake.msgstore import columns
from witnessbox.intake.msgstore.columns import Same
from witnessbox.intake.msgstore.quoted import Quoted
from witnessbox.intake.msgstore.reading import Chosen, Reading
from witnessbox.intake.msgstore.traces import Living, Trace
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.tables import Rows, Tables

COMPARED = {MESSAGE: ("ZTEXT", "ZSTANZAID", "ZMESSAGETYPE", "ZMESSAGEDATE")}
"""What of a message is compared with what the log makes of it."""


@dataclass(slots=True)
class StorageReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    rosters: list[Roster] = field(default_factory=list)
    places: traces.Places = field(default_factory=traces.Places)

    @property
    def roster(self) -> Roster:
        """Give who is in the database."""
        return self.rosters[0]

    def read(self) -> Iterator[Batch]:
        """Read every message; the last batch says what shows only at the end."""
        around = Around(self.roster, beyond.media_of(self.tables), beyond.quotes_of(self.tables))
        marks = beyond.reactions_of(self.tables)
        quoted = Quoted(around.quotes)
        for rows in self._batches(MESSAGE):
            problems = self._gathered(rows)
            spoken, doubtful = spoken_of(rows, self.people, around)
            quoted.note(spoken.key)
            self.types.update(rows.numbers("ZMESSAGETYPE")[doubtful.unknown].tolist())
            told = beyond.memberships(spoken, rows, self.people, self.roster, self.same)
            reacted = beyond.reactions(spoken, self.people, marks, self.same)
            problems += self._text_doubts(spoken, doubtful)
            batch = self._batch(
                spoken,
                columns.names_of(self.people),
                problems,
                attachments=beyond.attachments(spoken, rows, around.media, self.same),
                reactions=reacted,
                memberships=told,
            )
            yield _stamped(batch, rows)
        yield from self._last(self._shown(around, quoted))

    def _gathered(self, rows: Rows) -> list[Problem]:
        """Note which rows there are, those that cannot be read among them."""
        there = [(fault.row, fault.start) for fault in rows.faults if fault.row is not None]
        lost = np.array(there, np.int64).reshape(-1, 2).T
        ids, starts = (
            np.concatenate(pair) for pair in zip((rows.rowid, rows.start), lost, strict=True)
        )
        self.rows.note(ids, ids, starts)
        self.places.note(rows, rows.numbers("ZCHATSESSION", -1), rows.numbers("ZSORT"))
        return self._faults(rows)

    def _shown(self, around: Around, quoted: Quoted) -> Iterator[Trace]:
        living = Living(MESSAGE, self.rows, self.sorts)
        yield from traces.gaps(living, self.tables)
        yield from self.places.gaps(self.roster, self.people)
        yield from traces.orphans(living, self.tables, around.media, self.roster)
        yield from quoted.absent()

    def _listed(self) -> Iterator[tuple[int, int]]:
        return iter(()) if self.chosen is not None else self.roster.listed()


def _stamped(batch: Batch, rows: Rows) -> Batch:
    """Put the times as the database holds them beside those made of them."""
    if batch.messages is None:
        return batch
    place = batch.messages.schema.get_field_index("stamp")
    values = stamps(rows).cast(batch.messages.schema.field(place).type)
    arrays = batch.messages.columns
    arrays[place] = values
    made = batch.messages.from_arrays(arrays, schema=batch.messages.schema)
    return replace(batch, messages=made)


def reading_of(
    tables: Tables, contacts: dict[str, str], same: Same, chosen: Chosen | None = None
) -> StorageReading:
    """Set out to read a database, or the rows of it that are chosen."""
    people, roster = roster_of(tables, contacts)
    return StorageReading(tables, people, same, chosen, WANTED, rosters=[roster])
