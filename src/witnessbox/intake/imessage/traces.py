"""Traces of deletion in a messages database, each with what it shows and no more.

Messages takes row ids for reactions too, and drops the row of one that was taken back: a number
that no row has need never have been a message anyone saw.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.database.freed import Contents, Sign
from witnessbox.intake.database.identities import GUID, Identities, ask, asking
from witnessbox.intake.database.keyed import PLACE, Kept, Keyed, kept, keyed
from witnessbox.intake.database.traces import (
    MOST_SHOWN,
    Living,
    Trace,
    counter_of,
    row_gaps,
    written,
)
from witnessbox.intake.imessage import times
from witnessbox.intake.imessage.bodies import opened
from witnessbox.intake.imessage.files import ATTACHMENT, Files
from witnessbox.intake.imessage.parts import PARTS
from witnessbox.intake.imessage.people import CHAT, Roster
from witnessbox.intake.imessage.reactions import Hanging
from witnessbox.intake.imessage.spoken import IDENTITY, MESSAGE, bare, is_reaction
from witnessbox.intake.numbered import Numbered, Taken
from witnessbox.intake.ordered import KEY, Ordered
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_NAMED = ("reply-to-absent", "predecessor-absent")
_POINTING = ("nth", "row", "start", "end")
_PLACES = [pa.field(name, pa.int64()) for name in (KEY, "row", "start", "end")]
_ABSENT = pa.schema([*_PLACES, pa.field(GUID, pa.string())])
_ABSENT_COLUMNS = [*_POINTING, GUID]
_WORDS = pa.schema([*_ABSENT, pa.field("words", pa.string())])
_LISTS = (
    ("deleted_messages", "guid", "deleted-message", "the deletion of message"),
    ("sync_deleted_messages", "guid", "deleted-message", "the deletion of message"),
    (
        "unsynced_removed_recoverable_messages",
        "message_guid",
        "deleted-message",
        "the removal for good of message",
    ),
    ("message_processing_task", "guid", "orphan-task", "work still to be done on message"),
)
SIGN = Sign(
    identity="guid",
    said="text",
    at="date",
    whole=("handle_id", "error"),
    flags=("is_from_me",),
    at_ms=times.moment_ms,
    contents=Contents("attributedBody", opened),
)
"""By what a message is known in freed space."""

_DOES = {
    "reaction-to-absent": "reacts to",
    "reply-to-absent": "answers",
    "predecessor-absent": "came after",
}
"""How a row names another message."""


@dataclass(slots=True)
class Naming:
    """Rows of messages that name another by its identity, learnt before all messages are known.

    A row that names a message of its own batch names one that is there; only others are asked for.
    """

    asked: dict[str, Ordered] = field(
        default_factory=lambda: {kind: asking(_POINTING) for kind in _NAMED}
    )
    words: Ordered = field(default_factory=lambda: Ordered(_WORDS))
    count: int = 0

    def note(self, rows: Rows) -> None:
        """Take a batch of the table of messages."""
        nth = self.count + np.arange(len(rows))
        self.count += len(rows)
        answers = ~is_reaction(rows.numbers("associated_message_type"))
        here = IDENTITY.of(rows)
        for kind, guids in (
            ("reply-to-absent", bare(rows.text("thread_originator_guid"))),
            ("predecessor-absent", rows.text("reply_to_guid")),
        ):
            if guids.null_count == len(guids):
                continue
            absent = pc.invert(pc.is_in(guids, value_set=here.drop_null(), skip_nulls=True))
            absent = pc.and_(absent, guids.is_valid()).to_numpy(zero_copy_only=False)
            if kind == "reply-to-absent":
                absent &= answers
            if absent.any():
                places = (one[absent] for one in (nth, rows.rowid, rows.start, rows.end))
                ask(self.asked[kind], guids.filter(pa.array(absent)), *places)

    def note_words(self, spoken: Spoken, marks: Flags) -> None:
        """Take the words of tapbacks whose message this exhibit does not tell."""
        there = marks & spoken.reply_to.is_valid().to_numpy(zero_copy_only=False)
        if there.any():
            mask = pa.array(there)
            row, start, end = (one[there] for one in (spoken.row, spoken.start, spoken.end))
            texts = [one.filter(mask) for one in (spoken.reply_to, spoken.text)]
            columns = [np.arange(self.words.count, self.words.count + len(row)), row, start, end]
            arrays = [*map(pa.array, columns), *texts]
            self.words.add(pa.RecordBatch.from_arrays(arrays, schema=_WORDS))

    def absent(self, known: Identities, hanging: Hanging) -> Iterator[Trace]:
        """Find rows that name a message which is not there, with the words they keep of it."""
        nameless = _has_nameless(known)
        for part in self.words.in_order():
            for k in np.flatnonzero(_given(part) | (not nameless)).tolist():
                yield _naming("reaction-to-absent", part, k, part.column("words")[k].as_py())
        for kind, asked in self.asked.items():
            found = Ordered(_ABSENT)
            for part in asked.in_order():
                _, there = known.rows(part)
                gone = part.filter(pa.array(~there)).select(_ABSENT_COLUMNS)
                found.add(pa.RecordBatch.from_arrays(gone.columns, schema=_ABSENT))
            for part in found.in_order():
                rest = ~hanging.of(part.column("row").to_numpy())
                for k in np.flatnonzero(rest).tolist():
                    yield _naming(kind, part, k, None)


def _given(part: pa.RecordBatch) -> Flags:
    found: Flags = pc.not_equal(part.column(GUID), "").to_numpy(zero_copy_only=False)
    return found


def _has_nameless(known: Identities) -> bool:
    """Say whether some message has an identity without a letter."""
    asked = asking(())
    ask(asked, pa.array([""]))
    return any(bool(known.rows(part)[1].any()) for part in asked.in_order())


def _naming(kind: str, part: pa.RecordBatch, k: int, words: str | None) -> Trace:
    row, start, end = (part.column(name)[k].as_py() for name in ("row", "start", "end"))
    what = f"message {row} {_DOES[kind]} {part.column(GUID)[k].as_py()}, which is not there"
    what += f": {words[:MOST_SHOWN]}" if words else ""
    return start, end, MESSAGE, row, kind, what


def gaps(living: Living, tables: Tables, roster: Roster, files: Files) -> Iterator[Trace]:
    """Find row ids that no message, chat or file has, up to what each table has counted to."""
    yield from row_gaps(living, counter_of(tables, MESSAGE))
    for table, parts in ((CHAT, iter([roster.chats])), (ATTACHMENT, files.files.parts())):
        there = Living(table, Numbered(), Numbered())
        for rows in parts:
            there.rows.note(rows.row, rows.row, rows.start)
        yield from row_gaps(there, counter_of(tables, table))


def orphans(living: Living, roster: Roster, files: Files) -> Iterator[Trace]:
    """Find what belonged to messages, or to chats, that are not there."""
    taken = living.rows.taken()
    for joined, noun in (
        (roster.messages, "a place in a chat of message"),
        (roster.recoverable, "a place among the recently deleted of message"),
    ):
        for part in joined.parts():
            for k in np.flatnonzero(~taken.among(part.key)).tolist():
                what = f"{noun} {int(part.key[k])}, which is not there"
                yield _at(part, k, "orphan-join", what)
    yield from _orphan_files(taken, files)
    for part in roster.messages.parts():
        chats = part.numbers["chat_id"]
        for k in np.flatnonzero(~roster.chats.has(chats)).tolist():
            what = f"message {int(part.key[k])} was in chat {int(chats[k])}, which is not there"
            yield _at(part, k, "orphan-chat", what)


def _orphan_files(taken: Taken, files: Files) -> Iterator[Trace]:
    for part in files.joins.parts():
        carried = files.carried(part)
        for k in np.flatnonzero(~taken.among(part.key)).tolist():
            what = f"a file of message {int(part.key[k])}, which is not there: {carried.name(k)}"
            yield _at(part, k, "orphan-media", what)
    joined = Numbered()
    for part in files.joins.parts():
        numbers = part.numbers["attachment_id"]
        joined.note(numbers, part.row, part.start)
        missing = ~files.carried(part).there & taken.among(part.key)
        for k in np.flatnonzero(missing).tolist():
            what = f"message {int(part.key[k])} had file {int(numbers[k])}, which is not there"
            yield _at(part, k, "orphan-media", what)
    named = joined.taken()
    for part in files.files.parts():
        for k in np.flatnonzero(~named.among(part.key)).tolist():
            name = part.texts["filename"][k].as_py() or "unnamed"
            yield _at(part, k, "orphan-media", f"a file that no message names: {name}")


def recently_deleted(tables: Tables, roster: Roster) -> Iterator[Trace]:
    """Find messages, and parts of them, that the phone shows as deleted of late."""
    parts = keyed(tables, PARTS, "message_id", ("delete_date",))
    for found, noun in ((roster.recoverable, "message"), (parts, "a part of message")):
        for part in found.parts():
            at_ms, _ = times.since_2001(part.numbers["delete_date"])
            for k, when in enumerate(at_ms.tolist()):
                moment = f" at {written(when)}" if 0 < when < times.LAST_MS else ""
                what = f"{noun} {int(part.key[k])} was deleted{moment} and can still be recovered"
                yield _at(part, k, "recently-deleted", what)


@dataclass(slots=True)
class Lists:
    """The identities of deleted messages, and of chats, that the database keeps lists of."""

    asked: dict[str, Ordered]

    @classmethod
    def of(cls, tables: Tables) -> "Lists":
        """Read which identities they name."""
        found = {table: asking(("row",)) for table, *_ in _LISTS}
        for table, column, *_ in _LISTS:
            for rows in tables.rows(table, (column,), shared=True):
                ask(found[table], rows.text(column), rows.rowid)
        return cls(found)

    def traces(self, tables: Tables, known: Identities) -> Iterator[Trace]:
        """Say what the lists name, and whether it is there."""
        for table, column, kind, noun in _LISTS:
            present = self._present(table, known)
            for part in keyed(tables, table, "ROWID", (), (column,)).parts():
                there = present.near(part.row).has(part.row)
                for k, guid in enumerate(part.texts[column].to_pylist()):
                    if not (there[k] and kind == "orphan-task"):
                        state = "is still there" if there[k] else "is not there"
                        yield _at(part, k, kind, f"{noun} {guid} is noted, which {state}")
        for table, noun in (("sync_deleted_chats", "chat"), ("sync_deleted_attachments", "file")):
            for part in keyed(tables, table, "ROWID", ("timestamp",), ("guid",)).parts():
                for k, guid in enumerate(part.texts["guid"].to_pylist()):
                    what = f"the deletion of {noun} {guid} is noted"
                    yield _at(part, k, f"deleted-{noun}", what)

    def _present(self, table: str, known: Identities) -> Kept:
        """Say of which rows of a list the message is there."""
        found = kept(table)
        for part in self.asked[table].in_order():
            row: Ints = part.column("row").to_numpy()[known.rows(part)[1]]
            found.add([row] * len(PLACE), ())
        return found


def _at(rows: Keyed, k: int, kind: str, what: str) -> Trace:
    return int(rows.start[k]), int(rows.end[k]), rows.table, int(rows.row[k]), kind, what
