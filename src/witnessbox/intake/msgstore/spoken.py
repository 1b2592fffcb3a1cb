"""Rows of the three tables that hold messages, as batches of one shape.

``message`` (since about 2021), ``messages`` (before; both may stand side by side while a phone
migrates) and ``call_log``.  Columns that a version lacks are simply not there.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.database.clock import Clock, sequence
from witnessbox.intake.database.columns import Doubtful, Spoken
from witnessbox.intake.database.keyed import Kept, Keyed
from witnessbox.intake.database.kinds import kinds_of, place_of, plain_kinds
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.msgstore import codes
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows

MESSAGE, LEGACY, CALLS = "message", "messages", "call_log"
WANTED = {
    MESSAGE: (
        "chat_row_id",
        "from_me",
        "key_id",
        "sender_jid_row_id",
        "timestamp",
        "message_type",
        "text_data",
        "sort_id",
    ),
    LEGACY: (
        "key_remote_jid",
        "key_from_me",
        "key_id",
        "status",
        "data",
        "timestamp",
        "media_wa_type",
        "media_caption",
        "media_name",
        "media_size",
        "remote_resource",
        "edit_version",
        "quoted_row_id",
        "latitude",
        "longitude",
        "receipt_device_timestamp",
        "read_device_timestamp",
        "played_device_timestamp",
    ),
    CALLS: ("jid_row_id", "group_jid_row_id", "from_me", "call_id", "timestamp"),
}
_LEGACY_PLACE, _MESSAGE_PLACE, _CALL_PLACE = 0, 1, 2
_REVOKED_VERSION = 7


@dataclass(frozen=True, slots=True)
class Around:
    """What other tables say about messages of the table ``message``."""

    chats: Ints  # row ids of conversations, ascending
    chat_places: Ints
    edits: Kept
    revokes: Kept
    quotes: Kept
    media: Kept

    def near(self, messages: Ints) -> "Near":
        """Give what they say about these."""
        several = (self.edits, self.revokes, self.quotes, self.media)
        return Near(*(one.near(messages) for one in several))


@dataclass(frozen=True, slots=True)
class Near:
    """What other tables say about some messages."""

    edits: Keyed
    revokes: Keyed
    quotes: Keyed
    media: Keyed


def modern(rows: Rows, people: Correspondents, around: Around) -> tuple[Spoken, Doubtful]:
    """Read a batch of the table ``message``."""
    types, near = rows.numbers("message_type"), around.near(rows.rowid)
    chat = _chat(rows.numbers("chat_row_id", -1), around)
    from_me = rows.numbers("from_me") == 1
    group = people.is_group()
    named = people.by_row(rows.numbers("sender_jid_row_id"))
    sender = np.where((named == NOBODY) & ~group[chat], chat, named)
    text, bad = rows.texts("text_data")
    text = pc.coalesce(text, near.media.text("media_caption", rows.rowid))
    kind, unknown = plain_kinds(kinds_of(types, codes.KINDS), text)
    notice = kind == place_of(Kind.NOTICE)  # its sender is who acted, whoever stored it
    sort, sorted_ = rows.integers("sort_id")
    order = np.where(sorted_ & (sort > 0), sort, rows.rowid)
    return (
        Spoken(
            table=MESSAGE,
            row=rows.rowid,
            start=rows.start,
            end=rows.end,
            chat=chat,
            sender=np.where(from_me & ~notice, NOBODY, sender),
            from_me=from_me,
            at_ms=rows.numbers("timestamp"),
            kind=kind,
            text=text,
            key=rows.text("key_id"),
            reply_to=near.quotes.text("key_id", rows.rowid),
            edited=near.edits.has(rows.rowid),
            deleted=(kind == place_of(Kind.DELETED)) | near.revokes.has(rows.rowid),
            sequence=sequence(order, _MESSAGE_PLACE),
        ),
        Doubtful(bad, unknown),
    )


def legacy(rows: Rows, people: Correspondents, quotes: Kept) -> tuple[Spoken, Doubtful]:
    """Read a batch of the table ``messages``."""
    quoted = rows.numbers("quoted_row_id", -1)
    chat = people.by_text(rows.text("key_remote_jid"))
    from_me = rows.numbers("key_from_me") == 1
    resource = rows.text("remote_resource")
    named = people.by_text(resource)
    group = people.is_group()
    data, bad = rows.texts("data")
    types = _numbers(rows.text("media_wa_type"))
    system = rows.numbers("status") == codes.LEGACY_SYSTEM_STATUS
    text = pc.coalesce(data, rows.text("media_caption"))
    types = np.where(system, codes.SYSTEM, types)
    kind, unknown = plain_kinds(kinds_of(types, codes.KINDS), text)
    edition = rows.numbers("edit_version")
    return (
        Spoken(
            table=LEGACY,
            row=rows.rowid,
            start=rows.start,
            end=rows.end,
            chat=chat,
            sender=np.where(from_me, NOBODY, np.where((named < 0) & ~group[chat], chat, named)),
            from_me=from_me & ~system,
            at_ms=rows.numbers("timestamp"),
            kind=kind,
            text=text,
            key=rows.text("key_id"),
            reply_to=quotes.near(quoted).text("key_id", quoted),
            edited=(edition > 0) & (edition != _REVOKED_VERSION),
            deleted=kind == place_of(Kind.DELETED),
            sequence=sequence(rows.rowid, _LEGACY_PLACE),
        ),
        Doubtful(bad, unknown),
    )


def calls(rows: Rows, people: Correspondents, clock: Clock) -> Spoken:
    """Read a batch of the table ``call_log``; a call stands after the last message before it."""
    other = people.by_row(rows.numbers("jid_row_id"))
    group = people.by_row(rows.numbers("group_jid_row_id"))
    count = len(rows)
    from_me = rows.numbers("from_me") == 1
    at_ms = rows.numbers("timestamp")
    nothing = np.zeros(count, np.bool_)
    return Spoken(
        table=CALLS,
        row=rows.rowid,
        start=rows.start,
        end=rows.end,
        chat=np.where(group == NOBODY, other, group),
        sender=np.where(from_me, NOBODY, other),
        from_me=from_me,
        at_ms=at_ms,
        kind=np.full(count, place_of(Kind.CALL), np.int32),
        text=pa.nulls(count, pa.string()),
        key=rows.text("call_id"),
        reply_to=pa.nulls(count, pa.string()),
        edited=nothing,
        deleted=nothing,
        sequence=sequence(clock.order_at(at_ms), _CALL_PLACE),
    )


def _chat(chats: Ints, around: Around) -> Ints:
    if not len(around.chats):
        return np.full(len(chats), NOBODY, np.int64)
    at = np.minimum(np.searchsorted(around.chats, chats), len(around.chats) - 1)
    return np.where(around.chats[at] == chats, around.chat_places[at], NOBODY)


def _numbers(texts: pa.Array) -> Ints:
    """Read numbers that are written as text; what is none counts as 0."""
    sound = pc.match_substring_regex(texts, "^[0-9]{1,6}$").fill_null(False)  # noqa: FBT003
    found: Ints = (
        pc.if_else(sound, texts, pa.scalar("0")).cast(pa.int64()).to_numpy(zero_copy_only=False)
    )
    return found
