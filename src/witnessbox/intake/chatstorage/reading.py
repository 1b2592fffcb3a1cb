"""An iPhone's database from its first table to its last."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from witnessbox.evidence.model import Problem
from witnessbox.intake.chatstorage import beyond, traces
from witnessbox.intake.chatstorage.blobs import Blobs
from witnessbox.intake.chatstorage.changes import member_changes
from witnessbox.intake.chatstorage.info import Info, info_of
from witnessbox.intake.chatstorage.people import Known, Roster, roster_of
from witnessbox.intake.chatstorage.polls import asked
from witnessbox.intake.chatstorage.pushed import pushed_names
from witnessbox.intake.chatstorage.reached import (
    BESIDE,
    BlobReceipts,
    DeviceReceipts,
    device_receipts,
)
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
    receipts: Tables | None = field(kw_only=True)  # of the database beside
    places: traces.Places = field(default_factory=traces.Places)
    blobs: Blobs = field(default_factory=Blobs)

    def read(self) -> Iterator[Batch]:
        """Read every message; the last batch says what shows only at the end."""
        around = Around(self.roster, beyond.media_of(self.tables), beyond.quotes_of(self.tables))
        info, shown = info_of(self.tables), shown_of(self.tables)
        people, same = self.people, self.same
        receipts = self._receipts(info)
        quoted = Quoted(around.quotes)
        for rows in self.batches(MESSAGE):
            problems = self._gathered(rows)
            spoken, doubtful = spoken_of(rows, people, around)
            quoted.note(spoken.key)
            self.types.update(rows.numbers("ZMESSAGETYPE")[doubtful.unknown].tolist())
            told = beyond.memberships(spoken, rows, people, self.roster, same)
            reacted = beyond.reactions(spoken, people, info.reactions, same)
            problems += self.text_doubts(spoken, doubtful)
            asking, votes = asked(spoken, people, info.polls, self.blobs, same)
            batch = self.batch(
                worded(asking, rows, shown, around.media),
                columns.names_of(people),
                problems,
                attachments=beyond.attachments(spoken, rows, around.media, same),
                reactions=reacted,
                votes=next(votes, None),
                memberships=told,
            )
            yield stamped(batch, rows)
            yield from (Batch(votes=more) for more in votes)
            for one in receipts:
                yield from one.told(spoken)
        yield Batch(problems=problem_rows([*self._noted()]))
        yield from self.last(self._shown(around, quoted))

    def _receipts(self, info: Info) -> tuple[BlobReceipts, DeviceReceipts]:
        devices = device_receipts(self.receipts)
        if self.receipts is not None:
            self.tables.faults += [f"{BESIDE}: {what}" for what in self.receipts.faults]
        told = self.people, self.blobs, self.same
        return (
            BlobReceipts(info.receipts, *told),
            DeviceReceipts(devices, self.roster.chats, *told),
        )

    def _noted(self) -> Iterator[Problem]:
        """Say what of the blobs is not read, and which changes of members nobody has explained."""
        yield from self.blobs.problems(self.same)
        if self.chosen is None:
            yield from member_changes(self.tables, self.people, self.same)

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
    receipts: Tables | None = None,
) -> StorageReading:
    """Set out to read a database, or the rows of it that are chosen.

    ``known`` leads from hidden addresses to the ones with telephone numbers; ``receipts`` is the
    database beside that keeps them.
    """
    names = dict(contacts)
    people, roster = roster_of(tables, names, known or {})
    for address, name in pushed_names(tables, people, roster):
        names.setdefault(address, name)
    return StorageReading(tables, people, same, WANTED, chosen, roster=roster, receipts=receipts)
