"""Traces of deletion in a messages database, each with what it shows and no more.

Messages takes row ids for reactions too, and drops the row of one that was taken back: a number
that no row has need never have been a message anyone saw.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.intake.database.freed import Contents, Sign
from witnessbox.intake.database.keyed import Keyed, held
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
from witnessbox.intake.imessage.identities import Identities
from witnessbox.intake.imessage.parts import PARTS
from witnessbox.intake.imessage.people import CHAT, Roster
from witnessbox.intake.imessage.spoken import MESSAGE
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

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


@dataclass(frozen=True, slots=True)
class Pointing:
    """Rows of one batch that name another message by its identity."""

    row: Ints
    start: Ints
    end: Ints
    to: pa.Array
    words: pa.Array | None = None  # of the other message, as the row repeats them


def gaps(living: Living, tables: Tables, roster: Roster, files: Files) -> Iterator[Trace]:
    """Find row ids that no message, chat or file has, up to what each table has counted to."""
    yield from row_gaps(living, counter_of(tables, MESSAGE))
    for table, rows in ((CHAT, roster.chats), (ATTACHMENT, files.files)):
        there = Living(table, Numbered(), Numbered())
        there.rows.note(rows.row, rows.row, rows.start)
        yield from row_gaps(there, counter_of(tables, table))


def orphans(living: Living, roster: Roster, files: Files) -> Iterator[Trace]:
    """Find what belonged to messages, or to chats, that are not there."""
    taken = living.rows.taken()
    for joined, kind, noun in (
        (roster.messages, "orphan-join", "a place in a chat of message"),
        (roster.recoverable, "orphan-join", "a place among the recently deleted of message"),
        (files.joins, "orphan-media", "a file of message"),
    ):
        for k in np.flatnonzero(~taken.among(joined.key)).tolist():
            what = f"{noun} {int(joined.key[k])}, which is not there"
            if joined is files.joins:
                what += f": {_file(files, k)}"
            yield _at(joined, k, kind, what)
    missing = ~files.there & taken.among(files.joins.key)
    for k in np.flatnonzero(missing).tolist():
        number = int(files.joins.numbers["attachment_id"][k])
        what = f"message {int(files.joins.key[k])} had file {number}, which is not there"
        yield _at(files.joins, k, "orphan-media", what)
    loose = ~np.isin(files.files.key, files.joins.numbers["attachment_id"])
    for k in np.flatnonzero(loose).tolist():
        name = files.files.texts["filename"][k].as_py() or "unnamed"
        yield _at(files.files, k, "orphan-media", f"a file that no message names: {name}")
    for k in np.flatnonzero(~roster.chats.has(roster.messages.numbers["chat_id"])).tolist():
        chat, message = int(roster.messages.numbers["chat_id"][k]), int(roster.messages.key[k])
        what = f"message {message} was in chat {chat}, which is not there"
        yield _at(roster.messages, k, "orphan-chat", what)


def _file(files: Files, join: int) -> str:
    place = int(files.at[join])
    name = files.files.texts["filename"][place].as_py() if files.there[join] else None
    return name or "unnamed"


def recently_deleted(tables: Tables, roster: Roster) -> Iterator[Trace]:
    """Find messages, and parts of them, that the phone shows as deleted of late."""
    parts = held(tables, PARTS, "message_id", ("delete_date",))
    for found, noun in ((roster.recoverable, "message"), (parts, "a part of message")):
        at_ms, _ = times.since_2001(found.numbers["delete_date"])
        for k, when in enumerate(at_ms.tolist()):
            moment = f" at {written(when)}" if 0 < when < times.LAST_MS else ""
            what = f"{noun} {int(found.key[k])} was deleted{moment} and can still be recovered"
            yield _at(found, k, "recently-deleted", what)


def listed(tables: Tables, known: Identities) -> Iterator[Trace]:
    """Find the identities of deleted messages, and of chats, that the database keeps lists of."""
    for table, column, kind, noun in _LISTS:
        rows = held(tables, table, "ROWID", (), (column,))
        there = known.present(rows.texts[column])
        for k, guid in enumerate(rows.texts[column].to_pylist()):
            if there[k] and kind == "orphan-task":
                continue
            state = "is still there" if there[k] else "is not there"
            yield _at(rows, k, kind, f"{noun} {guid} is noted, which {state}")
    for table, noun in (("sync_deleted_chats", "chat"), ("sync_deleted_attachments", "file")):
        rows = held(tables, table, "ROWID", ("timestamp",), ("guid",))
        for k, guid in enumerate(rows.texts["guid"].to_pylist()):
            yield _at(rows, k, f"deleted-{noun}", f"the deletion of {noun} {guid} is noted")


def absent(several: Sequence[Pointing], known: Identities, kind: str) -> Iterator[Trace]:
    """Find rows that name a message which is not there, with the words they keep of it."""
    there = known.present(pa.concat_arrays([one.to for one in several]))
    at = 0
    for one in several:
        missing = ~there[at : at + len(one.to)]
        at += len(one.to)
        for k in np.flatnonzero(missing).tolist():
            what = f"message {int(one.row[k])} {_DOES[kind]} {one.to[k].as_py()}"
            what += ", which is not there"
            kept = None if one.words is None else one.words[k].as_py()
            what += f": {kept[:MOST_SHOWN]}" if kept else ""
            span = int(one.start[k]), int(one.end[k])
            yield *span, MESSAGE, int(one.row[k]), kind, what


def _at(rows: Keyed, k: int, kind: str, what: str) -> Trace:
    return int(rows.start[k]), int(rows.end[k]), rows.table, int(rows.row[k]), kind, what
