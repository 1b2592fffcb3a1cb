"""One database from its first table to its last: messages, what belongs to them, traces."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.msgstore import beyond as belonging
from witnessbox.intake.msgstore import columns, traces
from witnessbox.intake.msgstore.columns import Names, Same, Spoken
from witnessbox.intake.msgstore.keyed import Kept, keyed
from witnessbox.intake.msgstore.people import NOBODY, OWNER, People, people_of
from witnessbox.intake.msgstore.quoted import Quoted
from witnessbox.intake.msgstore.residue import index_residue
from witnessbox.intake.msgstore.spoken import (
    CALLS,
    LEGACY,
    MESSAGE,
    WANTED,
    Around,
    Clock,
    Doubtful,
    calls,
    legacy,
    modern,
)
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags
from witnessbox.intake.sqlite.tables import Rows, Tables

Chosen = Callable[[str, Rows], Flags]
"""Which rows of a batch of a table are this exhibit's to tell."""

_PLACEHOLDER = "-1"
_PAIR = 1 << 31
_TRACES = 1 << 12  # of a batch


@dataclass(slots=True)
class Reading:
    """A database on its way into rows; gathers what only shows over all of it.

    ``chosen`` picks the rows: all of them for a database, those only it holds for its log.
    """

    tables: Tables
    people: People
    same: Same
    chosen: Chosen | None = None
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: WANTED)
    held: Counter[str] = field(default_factory=Counter)
    types: Counter[int] = field(default_factory=Counter)
    rows: Numbered = field(default_factory=Numbered)
    sorts: Numbered = field(default_factory=Numbered)
    spoke: Counter[tuple[int, int]] = field(default_factory=Counter)

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table; the last batches say what shows only at the end."""
        beyond = belonging.beyond_of(self.tables, belonging.media_of(self.tables))
        around, quotes = self._around(beyond.media)
        quoted, clock = Quoted(around.quotes), self._clock()
        for rows in self._batches(LEGACY):
            rest, problems = self._sorted_out(rows)
            spoken, doubtful = legacy(rest, self.people, quotes)
            quoted.note(spoken.key)
            clock.note(spoken)
            yield self._told(rest, spoken, doubtful, problems)
        for rows in self._batches(MESSAGE):
            rest, problems = self._sorted_out(rows)
            spoken, doubtful = modern(rest, self.people, around)
            quoted.note(spoken.key)
            clock.note(spoken)
            yield self._told(rest, spoken, doubtful, problems, beyond)
        in_chat = keyed(self.tables, "message_call_log", "call_log_row_id", ("message_row_id",))
        for rows in self._batches(CALLS):
            yield self._calls(rows, calls(rows, self.people, clock), in_chat)
        yield from self._last(self._traces(quoted, around))

    def _clock(self) -> Clock:
        """Learn when calls were, to find their places as messages go by."""
        times = [
            rows.numbers("timestamp")
            for rows in self.tables.rows(CALLS, ("timestamp",), shared=True)
        ]
        return Clock(np.concatenate([np.empty(0, np.int64), *times]))

    def _around(self, media: Kept) -> tuple[Around, Kept]:
        chats = keyed(self.tables, "chat", "_id", ("jid_row_id",)).whole()
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

    def _batches(self, table: str) -> Iterator[Rows]:
        """Give a table's batches, and count the rows it holds; it is named even if it has none."""
        if self.tables.has(table):
            self.held[table] += 0
        for rows in self.tables.rows(table, self.wanted[table]):
            part = rows if self.chosen is None else rows.only(self.chosen(table, rows))
            owning = sum(fault.end > fault.start for fault in part.faults)
            self.held[table] += len(part) + owning
            if len(part) or part.faults:
                yield part

    def _told(
        self,
        rows: Rows,
        spoken: Spoken,
        doubtful: Doubtful,
        problems: list[Problem],
        beyond: belonging.Beyond | None = None,
    ) -> Batch:
        names = columns.names_of(self.people)
        problems += self._text_doubts(spoken, doubtful)
        if beyond is None:
            attached = belonging.legacy_attachments(spoken, rows, self.same)
            return self._batch(spoken, names, problems, attachments=attached)
        self.types.update(rows.numbers("message_type")[doubtful.unknown].tolist())
        return self._batch(
            spoken,
            names,
            problems,
            attachments=belonging.attachments(spoken, rows, beyond, self.same),
            reactions=belonging.reactions(spoken, self.people, names, beyond, self.same),
            memberships=belonging.memberships(spoken, self.people, names, beyond, self.same),
        )

    def _batch(
        self, spoken: Spoken, names: Names, problems: list[Problem], **more: pa.RecordBatch | None
    ) -> Batch:
        self._count(spoken)
        problems += columns.doubts(spoken, self.same)
        return Batch(
            messages=columns.messages(spoken, names, self.same),
            problems=problem_rows(problems),
            **more,
        )

    def _count(self, spoken: Spoken) -> None:
        senders = np.where(spoken.from_me, len(self.people.raw), spoken.sender)
        told = senders != NOBODY
        # One number for both: far cheaper to count than pairs.
        pairs = (spoken.chat[told] + 1) * _PAIR + senders[told]
        each, count = np.unique(pairs, return_counts=True)
        for pair, number in zip(each.tolist(), count.tolist(), strict=True):
            sender = pair % _PAIR
            owner = sender == len(self.people.raw)
            self.spoke[pair // _PAIR - 1, NOBODY if owner else sender] += number

    def _sorted_out(self, rows: Rows) -> tuple[Rows, list[Problem]]:
        """Take out the row WhatsApp itself put first, which is no message; name what is unread."""
        found = self._faults(rows)
        own = _placeholders(rows)
        what = "a row WhatsApp puts into every new database; it belongs to no conversation"
        for k in np.flatnonzero(own).tolist():
            at, row = (int(rows.start[k]), int(rows.end[k])), int(rows.rowid[k])
            place = (rows.layout.name, row)
            found.append(self.same.problem(at, "placeholder-row", what, Severity.NOTE, place))
        # A row that cannot be read, or that is no message, is there all the same.
        there = [(fault.row, fault.start) for fault in rows.faults if fault.row is not None]
        ids = np.concatenate([rows.rowid, np.array([row for row, _ in there], np.int64)])
        starts = np.concatenate([rows.start, np.array([start for _, start in there], np.int64)])
        self.rows.note(ids, ids, starts)
        sorts = rows.numbers("sort_id")
        has = (sorts > 0) & ~own
        self.sorts.note(sorts[has], rows.rowid[has], rows.start[has])
        return rows.only(~own) if own.any() else rows, found

    def _faults(self, rows: Rows) -> list[Problem]:
        return [
            self.same.problem(
                (fault.start, fault.end),
                "row-unread",
                fault.what,
                Severity.LOSS,
                (rows.layout.name, fault.row),
            )
            for fault in rows.faults
        ]

    def _text_doubts(self, spoken: Spoken, doubtful: Doubtful) -> list[Problem]:
        what = "the text's bytes are not sound; what cannot be read stands as U+FFFD"
        return [
            self.same.problem(
                (int(spoken.start[k]), int(spoken.start[k])),
                "undecodable-text",
                what,
                Severity.DOUBT,
                (spoken.table, int(spoken.row[k])),
            )
            for k in doubtful.bad_text
        ]

    def _calls(self, rows: Rows, spoken: Spoken, in_chat: Kept) -> Batch:
        near = in_chat.near(rows.rowid)
        at, there = near.first(rows.rowid)
        problems = self._faults(rows)
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
        return self._batch(spoken.only(~there), columns.names_of(self.people), problems)

    def _last(self, found: Iterator[traces.Trace]) -> Iterator[Batch]:
        """Say what shows only over all of the database; traces a batch at a time."""
        if self.chosen is None:
            while several := list(islice(found, _TRACES)):
                rows = [(self.same.exhibit, *one) for one in several]
                yield Batch(traces=table_of(schema.TRACES, rows))
        yield Batch(
            problems=problem_rows(self._remarks()),
            participants=table_of(schema.PARTICIPANTS, self._participants()),
            holdings=columns.holdings(self.held, self.same),
        )

    def _remarks(self) -> list[Problem]:
        found = [
            self.same.problem((0, 0), "table-unread", what, Severity.LOSS)
            for what in dict.fromkeys(self.tables.faults)
        ]
        for kind, count in sorted(self.types.items()):
            what = f"{count} messages are of type {kind}, which this version does not know"
            found.append(self.same.problem((0, 0), "unknown-type", what, Severity.DOUBT))
        return found

    def _traces(self, quoted: Quoted, around: Around) -> Iterator[traces.Trace]:
        # While a phone migrates, both tables share their numbers.
        table = MESSAGE if self.tables.has(MESSAGE) else LEGACY
        living = traces.Living(table, self.rows, self.sorts)
        yield from traces.gaps(living, self.tables)
        yield from traces.orphans(living, self.tables)
        yield from quoted.absent()
        yield from index_residue(self.tables, around.edits)

    def _participants(self) -> list[tuple[object, ...]]:
        listed = set(self._listed())
        people = self.people
        found: list[tuple[object, ...]] = []
        for chat, sender in sorted({*self.spoke, *listed}):
            raw = None if sender == NOBODY else people.raw[sender]
            found.append(
                (
                    self.same.exhibit,
                    None if chat == NOBODY else people.name(chat),
                    OWNER if sender == NOBODY else people.name(sender),
                    raw,
                    self.spoke[chat, sender],
                    (chat, sender) in listed,
                )
            )
        return found

    def _listed(self) -> Iterator[tuple[int, int]]:
        """Give the groups' members as the database lists them."""
        if self.chosen is not None:
            return
        for rows in self.tables.rows(
            "group_participant_user", ("group_jid_row_id", "user_jid_row_id"), shared=True
        ):
            groups = self.people.by_row(rows.numbers("group_jid_row_id"))
            users = self.people.by_row(rows.numbers("user_jid_row_id"))
            yield from zip(groups.tolist(), users.tolist(), strict=True)
        for rows in self.tables.rows("group_participants", ("gjid", "jid"), shared=True):
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
) -> Reading:
    """Set out to read a database, or the rows of it that are chosen."""
    return Reading(tables, people_of(tables, contacts), same, chosen)
