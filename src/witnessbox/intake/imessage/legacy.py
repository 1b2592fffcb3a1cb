"""Rows of ``message`` as iOS up to 5 kept them: text messages, and the first iMessages ("Madrid").

There were no chats then: a row names the other side by its address, or a group by a number.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.imessage import times
from witnessbox.intake.imessage.people import Addresses
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

_SENT = 1  # of the flags of a text message
_MADRID_SENT = 4


def is_legacy(rows: Rows) -> bool:
    """Say whether the table is laid out as it was before there were handles."""
    columns = rows.layout.columns
    return "handle_id" not in columns and "address" in columns


def place_of(rows: Rows, people: Addresses) -> tuple[Ints, Ints, Flags, Ints, pa.Array]:
    """Give where each message stands, who sent it, whether the owner did, when, and its identity.

    Text messages count from 1970, iMessages from 2001.
    """
    madrid = rows.numbers("is_madrid") == 1
    flags = np.where(madrid, rows.numbers("madrid_flags") & _MADRID_SENT, 0)
    from_me = np.where(madrid, flags != 0, rows.numbers("flags") & _SENT != 0)
    sender = people.by_text(pc.coalesce(rows.text("address"), rows.text("madrid_handle")))
    groups, known = rows.integers("group_id")
    group = known & (groups > 0) & (sender == NOBODY)
    raw = [
        f"group {number}" if there else None for number, there in zip(groups, group, strict=True)
    ]
    rooms = people.by_text(pc.coalesce(rows.text("madrid_roomname"), pa.array(raw, pa.string())))
    people.groups |= set(rooms[rooms != NOBODY].tolist())
    chat = np.where(rooms == NOBODY, sender, rooms)
    seconds = rows.numbers("date")
    at_ms = np.where(madrid, times.since_2001(seconds)[0], np.clip(seconds, 0, 1 << 40) * 1000)
    return chat, sender, from_me, at_ms, rows.text("madrid_guid")
