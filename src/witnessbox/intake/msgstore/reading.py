"""One database from its first table to its last: messages, what belongs to them, traces."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database import columns
from witnessbox.intake.database.clock import Clock, clock_of
from witnessbox.intake.database.columns import Doubtful, Same, Spoken
from witnessbox.intake.database.freed import freed_rows
from witnessbox.intake.database.keyed import Kept, addresses, keyed, listed
from witnessbox.intake.database.quoted import Quoted
from witnessbox.intake.database.reading import Chosen, Reading
from witnessbox.intake.database.residue import Index, index_residue
from witnessbox.intake.database.traces import Living, Trace
from witnessbox.intake.msgstore import beyond as belonging
from witnessbox.intake.msgstore import older, traces
from witnessbox.intake.msgstore.changes import members_over_time
from witnessbox.intake.msgstore.leftovers import leftovers
from witnessbox.intake.msgstore.notes import Marks, marks_of, notes, timed
from witnessbox.intake.msgstore.people import Correspondents, people_of
from witnessbox.intake.msgstore.receipts import Receipts, Starts
from witnessbox.intake.msgstore.spoken import (
    CALLS,
    LEGACY,
    MESSAGE,
    WANTED,
    Around,
    calls,
    legacy,
    modern,
)
from witnessbox.intake.msgstore.told import Told, told_of, worded
from witnessbox.intake.msgstore.votes import Votes, votes, votes_of
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags
from witnessbox.intake.sqlite.tables import Rows, Tables

COMPARED = {
    MESSAGE: ("text_data", "key_id", "message_type", "timestamp"),
    LEGACY: ("data", "key_id", "media_wa_type", "timestamp"),
    CALLS: ("call_id", "timestamp"),
}
"""What of a row is compared with what the log makes of it."""

_PLACEHOLDER = "-1"
_INDEXES = tuple(
    Index(table, "c0content", MESSAGE, ("text_data",), lambda rows: rows.text("text_data"))
    for table in ("message_ftsv2_content", "messages_fts_content")
)


@dataclass(frozen=True, slots=True)
class Held:
    """Tables whose rows belong to messages of the table ``message``."""

    beyond: belonging.Beyond
    told: Told
    votes: Votes
    marks: Marks

    @classmethod
    def of(cls, tables: Tables, people: Correspondents, beyond: belonging.Beyond) -> "Held":
        """Read them."""
        return cls(beyond, told_of(tables, people), votes_of(tables), marks_of(tables))


@dataclass(slots=True)
class StoreReading(Reading):
    """A database, or what its log holds, on its way into rows."""

    people: Correspondents
    clock: Clock = field(kw_only=True)
    starts: Starts = field(default_factory=Starts)

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table; the last batches say what shows only at the end."""
        beyond = belonging.beyond_of(self.tables, belonging.media_of(self.tables))
        around, quotes = self._around(beyond.media)
        beside = Held.of(self.tables, self.people, beyond)
        older_receipts = older.OlderReceipts(self.tables, self.people)
        quoted = Quoted(around.quotes)
        for rows in self.batches(LEGACY):
            rest, problems = self._sorted_out(rows)
            spoken, doubtful = legacy(rest, self.people, quotes)
            quoted.note(spoken.key)
            names = columns.names_of(self.people)
            yield self._older(rest, spoken, doubtful, problems, names)
            yield from older_receipts.note(spoken, rest, names, self.same)
        yield from older_receipts.told(columns.names_of(self.people), self.same)
        for rows in self.batches(MESSAGE):
            rest, problems = self._sorted_out(rows)
            spoken, doubtful = modern(rest, self.people, around)
            quoted.note(spoken.key)
            yield self._told(rest, spoken, doubtful, problems, beside)
        in_chat = keyed(self.tables, "message_call_log", "call_log_row_id", ("message_row_id",))
        for rows in self.batches(CALLS):
            yield self._calls(rows, in_chat)
        yield from self._ended(quoted, around)

    def _ended(self, quoted: Quoted, around: Around) -> Iterator[Batch]:
        # While a phone migrates, both tables share their numbers.
        table = MESSAGE if self.tables.has(MESSAGE) else LEGACY
        living = Living(table, self.rows, self.sorts)
        yield from self.shown(traces.gaps(living, self.tables))
        receipts = Receipts(self.tables, self.people, self.starts, self.same)
        for batch in receipts.read():
            yield batch
            yield from self.shown(iter(receipts.orphans))
            receipts.orphans.clear()
        if self.chosen is None:
            yield from members_over_time(self.tables, self.people, self.same)
            yield Batch(problems=problem_rows([*timed(self.tables, living, self.same)]))
        yield from self.last(self._traces(living, quoted, around))

    def _around(self, media: Kept) -> tuple[Around, Kept]:
        chats = listed(self.tables, "chat", "_id", ("jid_row_id",))
        texts = ("key_id", "text_data")
        around = Around(
            chats=chats.key,
            chat_places=self.people.by_row(chats.numbers["jid_row_id"]),
            edits=keyed(self.tables, "message_edit_info"),
            revokes=keyed(self.tables, "message_revoked"),
            quotes=keyed(self.tables, "message_quoted", texts=texts),
            media=media,
        )
        return around, keyed(self.tables, "messages_quotes", "_id", (), ("key_id",))

    def _older(
        self,
        rows: Rows,
        spoken: Spoken,
        doubtful: Doubtful,
        problems: list[Problem],
        names: columns.Names,
    ) -> Batch:
        problems += self.text_doubts(spoken, doubtful)
        self.clock.note(spoken)
        return self.batch(
            older.worded(spoken, rows),
            names,
            problems,
            attachments=belonging.legacy_attachments(spoken, rows, self.same),
            memberships=older.memberships(spoken, rows, names, self.same),
        )

    def _told(
        self, rows: Rows, spoken: Spoken, doubtful: Doubtful, problems: list[Problem], beside: Held
    ) -> Batch:
        names, beyond, same = columns.names_of(self.people), beside.beyond, self.same
        problems += self.text_doubts(spoken, doubtful)
        problems += notes(spoken, beside.marks, self.people, names, same)
        self.clock.note(spoken)
        self.types.update(rows.numbers("message_type")[doubtful.unknown].tolist())
        return self.batch(
            worded(spoken, beside.told, beyond, self.people, names),
            names,
            problems,
            attachments=belonging.attachments(spoken, rows, beyond, same),
            reactions=belonging.reactions(spoken, self.people, names, beyond, same),
            votes=votes(spoken, self.people, names, beyond.reactions, beside.votes, same),
            memberships=belonging.memberships(spoken, self.people, names, beyond, same),
        )

    def _sorted_out(self, rows: Rows) -> tuple[Rows, list[Problem]]:
        """Take out the row WhatsApp itself put first, which is no message; name what is unread."""
        found = self.faults(rows)
        own = _placeholders(rows)
        what = "a row WhatsApp puts into every new database; it belongs to no conversation"
        for k in np.flatnonzero(own).tolist():
            at, row = (int(rows.start[k]), int(rows.end[k])), int(rows.rowid[k])
            place = (rows.layout.name, row)
            found.append(self.same.problem(at, "placeholder-row", what, Severity.NOTE, place))
        # A row that is no message is there all the same.
        self.starts.note(*self.gather(rows))
        sorts = rows.numbers("sort_id")
        has = (sorts > 0) & ~own
        self.sorts.note(sorts[has], rows.rowid[has], rows.start[has])
        return rows.only(~own) if own.any() else rows, found

    def _calls(self, rows: Rows, in_chat: Kept) -> Batch:
        spoken = calls(rows, self.people, self.clock)
        near = in_chat.near(rows.rowid)
        at, there = near.first(rows.rowid)
        problems = self.faults(rows)
        for k in np.flatnonzero(there).tolist():
            message = int(near.numbers["message_row_id"][at[k]])
            problems.append(
                self.same.problem(
                    (int(spoken.start[k]), int(spoken.end[k])),
                    "call-told-in-message",
                    f"this call is message {message} of the table {MESSAGE}",
                    Severity.NOTE,
                    (CALLS, int(spoken.row[k])),
                )
            )
        return self.batch(spoken.only(~there), columns.names_of(self.people), problems)

    def _traces(self, living: Living, quoted: Quoted, around: Around) -> Iterator[Trace]:
        yield from traces.orphans(living, self.tables)
        yield from leftovers(self.tables, self.people, living)
        yield from quoted.absent()
        for index in _INDEXES:
            yield from index_residue(self.tables, index, around.edits)
        for table, sign in traces.SIGNS.items():
            yield from freed_rows(self.tables, table, sign)

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give the groups' members as the database lists them."""
        if self.chosen is not None:
            return
        wanted = ("group_jid_row_id", "user_jid_row_id")
        for rows in addresses(self.tables, "group_participant_user", wanted):
            groups = self.people.by_row(rows.numbers("group_jid_row_id"))
            users = self.people.by_row(rows.numbers("user_jid_row_id"))
            yield from zip(groups.tolist(), users.tolist(), strict=True)
        for rows in addresses(self.tables, "group_participants", ("gjid", "jid")):
            groups = self.people.by_text(rows.text("gjid"))
            users = self.people.by_text(rows.text("jid"))
            yield from zip(groups.tolist(), users.tolist(), strict=True)


def _placeholders(rows: Rows) -> Flags:
    remote = "key_remote_jid" if rows.layout.name == LEGACY else "key_id"
    found = pc.equal(pc.coalesce(rows.text(remote), pa.scalar("")), _PLACEHOLDER)
    none: Flags = found.to_numpy(zero_copy_only=False)
    return none if rows.layout.name == LEGACY else none & (rows.numbers("chat_row_id") < 0)


def reading_of(
    tables: Tables, contacts: dict[str, str], same: Same, chosen: Chosen | None = None
) -> StoreReading:
    """Set out to read a database, or the rows of it that are chosen."""
    clock = clock_of(tables, CALLS, "timestamp")
    return StoreReading(tables, people_of(tables, contacts), same, WANTED, chosen, clock=clock)
