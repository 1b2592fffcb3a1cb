"""A phone's database on its way into rows: what is the same whatever app keeps it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.columns import table_of
from witnessbox.intake.database import columns
from witnessbox.intake.database.columns import Doubtful, Names, Same, Spoken
from witnessbox.intake.database.people import NOBODY, OWNER, People
from witnessbox.intake.database.traces import Trace
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.ordered import is_among
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

Chosen = Callable[[str, Rows], Flags]
"""Which rows of a batch of a table are this exhibit's to tell."""

MOST_TRACES = 1 << 12
"""How many traces, or participants, one batch has."""

_PAIR = 1 << 31


def _pair(chat_and_sender: tuple[int, int]) -> int:
    """Make one number of two places, nobody's among them, that sorts as they do."""
    chat, sender = chat_and_sender
    return (chat + 1) * _PAIR + sender + 1


def trace_rows(several: Sequence[Trace], same: Same) -> pa.RecordBatch | None:
    """Put traces into their table."""
    return table_of(schema.TRACES, [(same.exhibit, *one) for one in several])


class Reads(Protocol):
    """What reads a database, or what its log holds, into batches."""

    @property
    def held(self) -> Mapping[str, int]:
        """Say how many rows each message-bearing table holds."""

    def read(self) -> Iterator[Batch]:
        """Read every message-bearing table."""


@dataclass(slots=True)
class Reading:
    """A database on its way into rows; gathers what only shows over all of it.

    ``chosen`` picks the rows: all of them for a database, those only it holds for its log.
    ``wanted`` names the columns that are read of each message-bearing table.
    """

    tables: Tables
    people: People
    same: Same
    wanted: Mapping[str, tuple[str, ...]]
    chosen: Chosen | None = None
    held: Counter[str] = field(default_factory=Counter)
    types: Counter[int] = field(default_factory=Counter)
    rows: Numbered = field(default_factory=Numbered)
    sorts: Numbered = field(default_factory=Numbered)
    spoke: Counter[tuple[int, int]] = field(default_factory=Counter)
    pending: list[Trace] = field(default_factory=list)

    def batches(self, table: str) -> Iterator[Rows]:
        """Give a table's batches, and count the rows it holds; it is named even if it has none."""
        if self.tables.has(table):
            self.held[table] += 0
        for rows in self.tables.rows(table, self.wanted[table]):
            part = rows if self.chosen is None else rows.only(self.chosen(table, rows))
            owning = sum(fault.end > fault.start for fault in part.faults)
            self.held[table] += len(part) + owning
            if len(part) or part.faults:
                yield part

    def batch(
        self, spoken: Spoken, names: Names, problems: list[Problem], **more: pa.RecordBatch | None
    ) -> Batch:
        """Put a batch of messages, what belongs to them and what is wrong with them together."""
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

    def gather(self, rows: Rows) -> tuple[Ints, Ints]:
        """Note which rows there are; give them and their first bytes.

        A row that cannot be read is there all the same.
        """
        there = [(fault.row, fault.start) for fault in rows.faults if fault.row is not None]
        lost = np.array(there, np.int64).reshape(-1, 2).T
        ids, starts = (
            np.concatenate(pair) for pair in zip((rows.rowid, rows.start), lost, strict=True)
        )
        self.rows.note(ids, ids, starts)
        return ids, starts

    def faults(self, rows: Rows) -> list[Problem]:
        """Name the rows that cannot be read."""
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

    def text_doubts(self, spoken: Spoken, doubtful: Doubtful) -> list[Problem]:
        """Name the messages whose text is no sound text."""
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

    def last(self, found: Iterator[Trace]) -> Iterator[Batch]:
        """Say what shows only at the end: who spoke, what is missing, how many rows there were."""
        yield from self.shown(found)
        for rows in self._participants():
            yield Batch(participants=rows)
        yield Batch(
            problems=problem_rows(self._remarks()),
            traces=trace_rows(self.pending, self.same),
            holdings=columns.holdings(self.held, self.same),
        )

    def shown(self, found: Iterator[Trace]) -> Iterator[Batch]:
        """Take traces, and put them into their table once they are many.

        What is left goes with what is said last; where rows are chosen, no trace is sought.
        """
        for trace in found if self.chosen is None else ():
            self.pending.append(trace)
            if len(self.pending) >= MOST_TRACES:
                yield Batch(traces=trace_rows(self.pending, self.same))
                self.pending = []

    def _remarks(self) -> list[Problem]:
        found = [
            self.same.problem((0, 0), "table-unread", what, Severity.LOSS)
            for what in dict.fromkeys(self.tables.faults)
        ]
        found += [
            self.same.problem((0, 0), "addresses-unread", what, Severity.LOSS)
            for what in dict.fromkeys(self.tables.unheld)
        ]
        for kind, count in sorted(self.types.items()):
            what = f"{count} messages are of type {kind}, which this version does not know"
            found.append(self.same.problem((0, 0), "unknown-type", what, Severity.DOUBT))
        return found

    def _participants(self) -> Iterator[pa.RecordBatch | None]:
        """List who spoke, and who is listed, conversation by conversation, some at a time."""
        listed = np.unique(np.fromiter(map(_pair, self.listed()), np.int64))
        spoke = np.fromiter(map(_pair, self.spoke), np.int64, len(self.spoke))
        pairs, people = np.union1d(listed, spoke), self.people
        for first in range(0, len(pairs), MOST_TRACES):
            some = pairs[first : first + MOST_TRACES]
            found: list[tuple[object, ...]] = []
            for pair, is_listed in zip(some.tolist(), is_among(some, listed).tolist(), strict=True):
                chat, sender = pair // _PAIR - 1, pair % _PAIR - 1
                found.append(
                    (
                        self.same.exhibit,
                        None if chat == NOBODY else people.name(chat),
                        OWNER if sender == NOBODY else people.name(sender),
                        None if sender == NOBODY else people.raw[sender],
                        self.spoke[chat, sender],
                        is_listed,
                    )
                )
            yield table_of(schema.PARTICIPANTS, found)

    def listed(self) -> Iterator[tuple[int, int]]:
        """Give the groups' members as the database lists them; none by default."""
        return iter(())
