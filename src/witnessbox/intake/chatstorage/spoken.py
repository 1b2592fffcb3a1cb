"""Rows of ``ZWAMESSAGE`` as batches of messages."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.chatstorage import codes
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.msgstore.codes import place_of
from witnessbox.intake.msgstore.columns import Spoken
from witnessbox.intake.msgstore.keyed import Kept
from witnessbox.intake.msgstore.people import NOBODY, People
from witnessbox.intake.msgstore.spoken import Doubtful
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

MESSAGE = "ZWAMESSAGE"
WANTED = {
    MESSAGE: (
        "Z_PK",
        "ZSORT",
        "ZCHATSESSION",
        "ZGROUPMEMBER",
        "ZISFROMME",
        "ZMESSAGETYPE",
        "ZGROUPEVENTTYPE",
        "ZMESSAGEDATE",
        "ZFROMJID",
        "ZTOJID",
        "ZSTANZAID",
        "ZTEXT",
        "ZMEDIAITEM",
    )
}
_EPOCH_SECONDS = 978_307_200  # 2001-01-01, from which Apple counts
_MOST_SECONDS = 1e12


@dataclass(frozen=True, slots=True)
class Around:
    """What other tables say about messages."""

    roster: Roster
    media: Kept  # by the file's own row id
    quotes: Kept  # by the message that quotes


def spoken_of(rows: Rows, people: People, around: Around) -> tuple[Spoken, Doubtful]:
    """Read a batch of messages."""
    types, from_me = rows.numbers("ZMESSAGETYPE"), rows.numbers("ZISFROMME") == 1
    sent_by, sent_to = (people.by_text(rows.text(name)) for name in ("ZFROMJID", "ZTOJID"))
    session = around.roster.chat(rows.numbers("ZCHATSESSION", -1))
    # A row whose conversation is gone still names the other side.
    chat = np.where(session == NOBODY, np.where(from_me, sent_to, sent_by), session)
    text, bad = rows.texts("ZTEXT")
    media = rows.numbers("ZMEDIAITEM", -1)
    titles = around.media.near(media).text("ZTITLE", media)
    captions = pc.if_else(pa.array(np.isin(types, codes.CAPTIONED)), titles, None)
    text = pc.coalesce(text, captions)
    kind, unknown = _kinds(types, text)
    sender = _sender(rows, people, around.roster, sent_by, chat)
    nothing = np.zeros(len(rows), np.bool_)
    return (
        Spoken(
            table=MESSAGE,
            row=rows.rowid,
            start=rows.start,
            end=rows.end,
            chat=chat,
            sender=np.where(from_me, NOBODY, sender),
            from_me=from_me,
            at_ms=_at_ms(rows),
            kind=kind,
            text=text,
            key=rows.text("ZSTANZAID"),
            reply_to=around.quotes.near(rows.rowid).text("key_id", rows.rowid),
            edited=nothing,
            deleted=kind == place_of(Kind.DELETED),
            sequence=_order(rows),
        ),
        Doubtful(bad, unknown),
    )


def stamps(rows: Rows) -> pa.Array:
    """Give the times as the database holds them: seconds since 2001."""
    at = rows.reals("ZMESSAGEDATE")
    return pc.cast(pa.array(at, mask=np.isnan(at)), pa.string())


def _at_ms(rows: Rows) -> Ints:
    at = rows.reals("ZMESSAGEDATE")
    known = np.isfinite(at) & (np.abs(at) < _MOST_SECONDS)
    found: Ints = np.round((np.where(known, at, 0) + _EPOCH_SECONDS) * 1000).astype(np.int64)
    return np.where(known, found, 0)


def _order(rows: Rows) -> Ints:
    sort, known = rows.integers("ZSORT")
    return np.where(known & (sort > 0), sort, rows.rowid)


def _sender(rows: Rows, people: People, roster: Roster, sent_by: Ints, chat: Ints) -> Ints:
    """Tell who sent each message: the group's member, else the address it came from.

    What came from a group's own address, with no member, has no sender.
    """
    group = people.is_group()
    member = roster.member(rows.numbers("ZGROUPMEMBER", -1))
    other = np.where(sent_by == NOBODY, chat, sent_by)
    other = np.where(group[other], NOBODY, other)
    return np.where(member == NOBODY, other, member)


def _kinds(
    types: Ints, text: pa.Array
) -> "tuple[np.ndarray[tuple[int, ...], np.dtype[np.int32]], Ints]":
    kinds = codes.kinds_of(types)
    said: Flags = pc.greater(pc.binary_length(text).fill_null(0), 0).to_numpy(zero_copy_only=False)
    plain = (kinds < 0) | (kinds == place_of(Kind.TEXT))
    told = np.where(said, place_of(Kind.TEXT), place_of(Kind.EMPTY))
    return np.where(plain, told, kinds).astype(np.int32), np.flatnonzero(kinds < 0)
