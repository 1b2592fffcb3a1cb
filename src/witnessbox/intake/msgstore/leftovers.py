"""Traces in tables that await a message, or the deletion of one.

A receipt or an edit whose message had not come is kept for when it comes; a deletion of many
messages is written down as a job before it is done.  Where such a row still stands, it shows what
was announced, and no more.
"""

from collections.abc import Iterator

import numpy as np

from witnessbox.intake.database.keyed import listed
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.database.traces import MOST_SHOWN, Living, Trace
from witnessbox.intake.msgstore.receipts import written
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_JOB, _OLD_JOB = "deleted_chat_job", "deleted_chat_jobs"
_UP_TO = (
    ("messages", "deleted_message_row_id", "deleted_message_id"),
    ("starred messages", "deleted_starred_message_row_id", "deleted_starred_message_id"),
    ("messages of some types", "deleted_categories_message_row_id", ""),
)
_ONES, _TYPES = "singular_message_delete_rows_id", "deleted_message_categories"


def leftovers(tables: Tables, people: People, living: Living) -> Iterator[Trace]:
    """Find what awaits a message or a deletion."""
    yield from _orphaned_edits(tables)
    yield from _orphaned_receipts(tables)
    yield from _timers(tables, living)
    chats = listed(tables, "chat", "_id", ("jid_row_id",))
    wanted = ("chat_row_id", _ONES, _TYPES, *(new for _, new, _ in _UP_TO))
    for rows in tables.rows(_JOB, wanted, shared=True):
        at, there = chats.first(rows.numbers("chat_row_id", -1))
        homes = people.by_row(chats.numbers["jid_row_id"])
        places = np.where(there, homes[at], NOBODY) if len(homes) else np.full(len(rows), NOBODY)
        yield from _jobs(rows, places, people, [(noun, new) for noun, new, _ in _UP_TO])
    wanted = ("key_remote_jid", _TYPES, *(old for _, _, old in _UP_TO if old))
    for rows in tables.rows(_OLD_JOB, wanted, shared=True):
        places = people.by_text(rows.text("key_remote_jid"))
        yield from _jobs(rows, places, people, [(noun, old) for noun, _, old in _UP_TO if old])


def _jobs(
    rows: Rows, places: Ints, people: People, up_to: list[tuple[str, str]]
) -> Iterator[Trace]:
    ones, types = (rows.text(name).to_pylist() for name in (_ONES, _TYPES))
    numbers = [(noun, rows.numbers(name)) for noun, name in up_to]
    for k, place in enumerate(places.tolist()):
        chat = "a conversation that is not there" if place == NOBODY else people.name(place)
        said = [f"{noun} up to number {int(n[k])}" for noun, n in numbers if n[k] > 0]
        said += [f"rows {ones[k][:MOST_SHOWN]}"] if ones[k] else []
        said += [f"of types {types[k][:MOST_SHOWN]}"] if types[k] else []
        what = (
            f"a deletion in {chat} was set going: {', '.join(said) or 'of what, it does not say'}"
        )
        yield *_place(rows, k), "deletion-job", what


def _orphaned_edits(tables: Tables) -> Iterator[Trace]:
    wanted = ("key_id", "timestamp", "message_type", "revoked_key_id")
    for rows in tables.rows("message_orphaned_edit", wanted, shared=True):
        keys, revoked = rows.text("key_id").to_pylist(), rows.text("revoked_key_id").to_pylist()
        types, times = rows.numbers("message_type", -1), rows.numbers("timestamp")
        for k, key in enumerate(keys):
            what = f"an edit or deletion of message {revoked[k] or key}, which had not come"
            what += f"; its own type is {int(types[k])}"
            what += f"; sent {written(int(times[k]))}" if times[k] > 0 else ""
            yield *_place(rows, k), "orphan-edit", what


def _orphaned_receipts(tables: Tables) -> Iterator[Trace]:
    for rows in tables.rows("receipt_orphaned", ("key_id", "timestamp"), shared=True):
        times = rows.numbers("timestamp")
        for k, key in enumerate(rows.text("key_id").to_pylist()):
            what = f"a receipt of message {key}, which was not there when it came"
            what += f"; receipt {written(int(times[k]))}" if times[k] > 0 else ""
            yield *_place(rows, k), "orphan-receipt", what


def _timers(tables: Tables, living: Living) -> Iterator[Trace]:
    wanted = ("message_row_id", "duration", "expire_timestamp")
    taken = living.rows.taken()
    for rows in tables.rows("message_ephemeral", wanted, shared=True):
        messages, after = rows.numbers("message_row_id", -1), rows.numbers("duration")
        until = rows.numbers("expire_timestamp")
        for k in np.flatnonzero(~taken.among(messages)).tolist():
            what = f"the timer of message {int(messages[k])}, which is not there"
            what += f"; to disappear after {int(after[k])} s"
            what += f", on {written(int(until[k]))}" if until[k] > 0 else ""
            yield *_place(rows, k), "orphan-timer", what


def _place(rows: Rows, k: int) -> tuple[int, int, str, int]:
    return int(rows.start[k]), int(rows.end[k]), rows.layout.name, int(rows.rowid[k])
