"""Parts of messages that were deleted of late: ``recoverable_message_part`` keeps their words."""

import numpy as np
import pyarrow as pa

from witnessbox.evidence.model import Kind
from witnessbox.intake.database.columns import Doubtful, Spoken
from witnessbox.intake.database.keyed import Kept, keyed
from witnessbox.intake.database.kinds import place_of, plain_kinds
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.imessage import times
from witnessbox.intake.imessage.bodies import Bodies, decoded
from witnessbox.intake.imessage.people import Addresses, Roster
from witnessbox.intake.imessage.spoken import MESSAGE, Heard, sequence
from witnessbox.intake.sqlite.tables import Rows, Tables

PARTS = "recoverable_message_part"
_OF_PARENT = ("date", "handle_id", "is_from_me")


def parents_of(tables: Tables) -> Kept:
    """Read who said each message, and when."""
    return keyed(tables, MESSAGE, "ROWID", _OF_PARENT, ("guid",))


def parts_of(rows: Rows, parents: Kept, people: Addresses, roster: Roster) -> Heard:
    """Read a batch of parts; who said them and when stands in the row of their message."""
    of = rows.numbers("message_id", -1)
    messages = parents.near(of)
    at, there = messages.first(of)
    date, handle, me = (np.zeros(len(rows), np.int64) for _ in _OF_PARENT)
    for values, name in zip((date, handle, me), _OF_PARENT, strict=True):
        values[there] = messages.numbers[name][at[there]]
    text, unread, broken = decoded(rows.blobs("part_text"))
    at_ms, chat = times.since_2001(date)[0], roster.place(rows.numbers("chat_id", -1))
    who = people.by_row(handle)
    sender = np.where((who == NOBODY) & there & ~people.is_group()[chat], chat, who)
    kind, _ = plain_kinds(np.full(len(rows), place_of(Kind.TEXT), np.int32), text)
    nothing = np.zeros(len(rows), np.bool_)
    spoken = Spoken(
        table=PARTS,
        row=rows.rowid,
        start=rows.start,
        end=rows.end,
        chat=chat,
        sender=np.where(me == 1, NOBODY, sender),
        from_me=me == 1,
        at_ms=at_ms,
        kind=kind,
        text=text,
        key=pa.nulls(len(rows), pa.string()),
        reply_to=messages.text("guid", of),
        edited=nothing,
        deleted=nothing,
        sequence=sequence(at_ms, of),
    )
    bodies = Bodies(text, broken, unread, [])
    return Heard(spoken, Doubtful(broken, np.empty(0, np.int64)), bodies, [], nothing)
