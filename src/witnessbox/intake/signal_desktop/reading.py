"""Signal Desktop's database from its first table to its last."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from witnessbox.evidence.model import Kind, Problem, Severity
from witnessbox.intake.database import columns
from witnessbox.intake.database.clock import Clock, clock_of, sequence
from witnessbox.intake.database.columns import Doubtful, Same, Spoken
from witnessbox.intake.database.freed import freed_rows
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.residue import index_residue
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.signal_desktop import beyond, codes, traces
from witnessbox.intake.signal_desktop.beside import CALLS, MESSAGES, UNPROCESSED, beside_of
from witnessbox.intake.signal_desktop.forgotten import index_words
from witnessbox.intake.signal_desktop.people import people_of
from witnessbox.intake.signal_desktop.remarks import remarks, written
from witnessbox.intake.signal_desktop.spoken import WANTED, Scene, at_ms, told_of
from witnessbox.intake.sqlite.tables import Rows, Tables

COMPARED = {
    MESSAGES: ("body", "json", "type", "sent_at", "isErased"),
    CALLS: ("status", "timestamp"),
    UNPROCESSED: ("timestamp",),
}
"""What of a row is compared with what the log makes of it."""

_CALL_PLACE = 1


@dataclass(slots=True)
class DesktopReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    scene: Scene = field(kw_only=True)
    clock: Clock = field(kw_only=True)
    quotes: traces.Quotes = field(default_factory=traces.Quotes)
    unknown: Counter[str] = field(default_factory=Counter)
    sealed: int = 0

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table; the last batch says what shows only at the end."""
        if self.chosen is None:
            yield Batch(problems=problem_rows(self.scene.roster.problems))
        for rows in self.batches(MESSAGES):
            yield self._messages(rows)
        for rows in self.batches(CALLS):
            yield self._calls(rows)
        for rows in self.batches(UNPROCESSED):
            yield Batch(problems=problem_rows(self._unprocessed(rows)))
        yield Batch(problems=problem_rows(list(self._tallied())))
        yield from self.last(self._shown())

    def _messages(self, rows: Rows) -> Batch:
        self.gather(rows)
        problems = self.faults(rows)
        told = told_of(rows, self.scene)
        spoken, same, scene = told.spoken, self.same, self.scene
        self.quotes.note(told, scene)
        self.clock.note(spoken)
        self.sealed += sum(one.sealed for files in told.files for one in files.kept)
        known = codes.SPOKEN | codes.NOTICES | {codes.CALL}
        self.unknown.update(one or "(none)" for one in told.types if one not in known)
        problems += self.text_doubts(spoken, Doubtful(told.bad, np.empty(0, np.int64)))
        problems += remarks(told, scene, rows.text("storyId").to_pylist(), same)
        return self.batch(
            spoken,
            columns.names_of(self.people),
            problems,
            attachments=beyond.attachments(told, same),
            reactions=beyond.reactions(told, scene, same),
            votes=beyond.votes(told, scene, same),
            acknowledgements=beyond.acknowledgements(
                told, rows.numbers("readStatus", NOBODY), scene, same
            ),
            earlier_texts=beyond.earlier_texts(told, same),
            memberships=beyond.memberships(told, scene, same),
        )

    def _calls(self, rows: Rows) -> Batch:
        spoken = self._rung(rows)
        told = self.scene.beside.calls
        messages = [
            told[key].in_message if key in told and told[key].row == row else None
            for key, row in zip(spoken.key.to_pylist(), spoken.row.tolist(), strict=True)
        ]
        problems = self.faults(rows)
        for k, message in enumerate(messages):
            if message is not None:
                at = int(spoken.start[k]), int(spoken.end[k])
                what = f"this call is message {message} of the table {MESSAGES}"
                place = (CALLS, int(spoken.row[k]))
                problems.append(
                    self.same.problem(at, "call-told-in-message", what, Severity.NOTE, place)
                )
        alone = spoken.only(np.array([one is None for one in messages], np.bool_))
        return self.batch(alone, columns.names_of(self.people), problems)

    def _rung(self, rows: Rows) -> Spoken:
        """Read calls; each stands after the last message sent before it."""
        names = ("mode", "type", "direction", "status")
        words = [
            " ".join(filter(None, each)) or None
            for each in zip(*(rows.text(name).to_pylist() for name in names), strict=True)
        ]
        outgoing = [one == "Outgoing" for one in rows.text("direction").to_pylist()]
        from_me, nothing = np.array(outgoing, np.bool_), np.zeros(len(rows), np.bool_)
        peer = self.people.by_text(rows.text("peerId"))
        ringer = self.people.by_text(rows.text("ringerId"))
        other = np.where((ringer == NOBODY) & ~self.scene.is_group()[peer], peer, ringer)
        times = rows.numbers("timestamp")
        return Spoken(
            table=CALLS,
            row=rows.rowid,
            start=rows.start,
            end=rows.end,
            chat=peer,
            sender=np.where(from_me, NOBODY, other),
            from_me=from_me,
            at_ms=times,
            kind=np.full(len(rows), place_of(Kind.CALL), np.int32),
            text=pa.array(words, pa.string()),
            key=rows.text("callId"),
            reply_to=pa.nulls(len(rows), pa.string()),
            edited=nothing,
            deleted=nothing,
            sequence=sequence(self.clock.order_at(times), _CALL_PLACE),
        )

    def _unprocessed(self, rows: Rows) -> list[Problem]:
        """Name what came in and was not yet made a message of."""
        found = self.faults(rows)
        senders = zip(
            rows.text("sourceServiceId").to_pylist(), rows.text("source").to_pylist(), strict=True
        )
        times = rows.numbers("timestamp").tolist()
        for k, ((service, number), when) in enumerate(zip(senders, times, strict=True)):
            who, at = self.scene.name(service or number), at_ms(when)
            what = f"something that came in{f' from {who}' if who else ''}"
            what += f", sent at {written(at)}," if at else ""
            what += " and was not yet made a message of; its content is not read"
            span, row = (int(rows.start[k]), int(rows.end[k])), (UNPROCESSED, int(rows.rowid[k]))
            found.append(self.same.problem(span, "unprocessed", what, Severity.LOSS, row))
        return found

    def _tallied(self) -> Iterator[Problem]:
        for kind, count in sorted(self.unknown.items()):
            what = f"{count} messages are of type {kind}, which this version does not know"
            yield self.same.problem((0, 0), "unknown-type", what, Severity.DOUBT)
        if self.sealed:
            files = "1 file is" if self.sealed == 1 else f"{self.sealed:,} files are"
            what = f"{files} kept encrypted under a key in the database; named, not decrypted"
            yield self.same.problem((0, 0), "files-encrypted", what, Severity.NOTE)

    def _shown(self) -> Iterator[Trace]:
        living = Living(MESSAGES, self.rows, self.sorts)
        edits = self.scene.beside.edits
        yield from traces.gaps(living, self.tables)
        yield from traces.orphans(self.scene)
        yield from self.quotes.absent(self.scene.beside)
        yield from index_residue(self.tables, traces.INDEX, edits)
        yield from index_words(self.tables, living)
        yield from freed_rows(self.tables, MESSAGES, traces.SIGN)

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give the groups' members as the database lists them."""
        own = self.scene.roster.own
        for group, member in self.scene.roster.members if self.chosen is None else ():
            who = self.people.place(member)
            yield self.people.place(group), NOBODY if self.people.raw[who] == own else who


def reading_of(
    tables: Tables, contacts: dict[str, str], same: Same, chosen: Chosen | None = None
) -> DesktopReading:
    """Set out to read a database, or the rows of it that are chosen; its names are its own."""
    del contacts
    people, roster = people_of(tables, same)
    scene = Scene(people, roster, beside_of(tables, orphans=chosen is None))
    clock = clock_of(tables, CALLS, "timestamp")
    return DesktopReading(tables, people, same, WANTED, chosen, scene=scene, clock=clock)
