"""Rows of ``ZWAMESSAGE`` as batches of messages."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.chatstorage import codes
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.database.columns import Doubtful, Spoken, restated
from witnessbox.intake.database.keyed import Kept
from witnessbox.intake.database.kinds import kinds_of, place_of, plain_kinds
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.parser import Batch
from witnessbox.intake.sqlite.image import Ints
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
_AT = "ZMESSAGEDATE"
EPOCH_SECONDS = 978_307_200  # 2001-01-01, from which Apple counts
_MOST_SECONDS = 1e12


@dataclass(frozen=True, slots=True)
class Around:
    """What other tables say about messages."""

    roster: Roster
    media: Kept  # by the file's own row id
    quotes: Kept  # by the message that quotes


def spoken_of(rows: Rows, people: Correspondents, around: Around) -> tuple[Spoken, Doubtful]:
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
    kind, unknown = plain_kinds(kinds_of(types, codes.KINDS), text)
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
            at_ms=at_ms(rows),
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


def stamped(batch: Batch, rows: Rows, column: str = _AT) -> Batch:
    """Put the times as the database holds them, seconds since 2001, beside those made of them."""
    at = rows.reals(column)
    values = pc.cast(pa.array(at, mask=np.isnan(at)), pa.string())
    return replace(batch, messages=restated(batch.messages, stamp=values))


def at_ms(rows: Rows, column: str = _AT) -> Ints:
    """Give times as milliseconds since 1970; 0 where there is none."""
    at = rows.reals(column)
    known = np.isfinite(at) & (np.abs(at) < _MOST_SECONDS)
    found: Ints = np.round((np.where(known, at, 0) + EPOCH_SECONDS) * 1000).astype(np.int64)
    return np.where(known, found, 0)


def _order(rows: Rows) -> Ints:
    sort, known = rows.integers("ZSORT")
    return np.where(known & (sort > 0), sort, rows.rowid)


def _sender(rows: Rows, people: Correspondents, roster: Roster, sent_by: Ints, chat: Ints) -> Ints:
    """Tell who sent each message: the group's member, else the address it came from.

    What came from a group's own address, with no member, has no sender.
    """
    group = people.is_group()
    member = roster.member(rows.numbers("ZGROUPMEMBER", -1))
    other = np.where(sent_by == NOBODY, chat, sent_by)
    other = np.where(group[other], NOBODY, other)
    return np.where(member == NOBODY, other, member)
