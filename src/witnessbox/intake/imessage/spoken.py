"""Rows of ``message`` as batches of messages."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.database.columns import Doubtful, Spoken
from witnessbox.intake.database.identities import Identity
from witnessbox.intake.database.kinds import UNKNOWN, Kinds, place_of, plain_kinds
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.imessage import codes, legacy, times
from witnessbox.intake.imessage.bodies import Bodies, bodies_of, holds, said
from witnessbox.intake.imessage.changes import Changed
from witnessbox.intake.imessage.files import OBJECT, Carried
from witnessbox.intake.imessage.people import Addresses, Joined, Roster
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

MESSAGE = "message"
MOST_OF = (1 << 21, 1 << 42)
"""Places among messages of one millisecond, and the last time that orders messages."""

_GUIDS = ("guid", "madrid_guid")
_PREFIX = r"^(bp:|p:\d+/)"
_ONLY_FILES = re.compile(rf"[{OBJECT}\s]+")


@dataclass(frozen=True, slots=True)
class Around:
    """What other tables say about the messages of a batch."""

    roster: Roster
    carried: Carried


@dataclass(frozen=True, slots=True)
class Heard:
    """A batch of messages, what is doubtful of it, and what its rows say beyond."""

    spoken: Spoken
    doubtful: Doubtful
    bodies: Bodies
    by_address: list[int]  # rows no chat names, which stand under the address they name
    unlisted: Flags  # rows whose text alone speaks of a file
    joined: Joined | None = None  # the chats of messages


@dataclass(frozen=True, slots=True)
class Place:
    """Who said it, where and when."""

    chat: Ints
    sender: Ints
    from_me: Flags
    at_ms: Ints
    key: pa.Array


def _identities(rows: Rows) -> pa.Array:
    several = [rows.text(name) for name in _GUIDS if rows.layout.place(name) is not None]
    return pc.coalesce(*several) if several else pa.nulls(len(rows), pa.string())


IDENTITY = Identity(MESSAGE, _GUIDS, _identities)
"""By what every device knows a message."""


def bare(guids: pa.Array) -> pa.Array:
    """Take off a message's identity which part of it is meant."""
    if guids.null_count == len(guids):
        return guids
    return pc.replace_substring_regex(guids, _PREFIX, "")


def spoken_of(rows: Rows, people: Addresses, around: Around, past: dict[int, Changed]) -> Heard:
    """Read a batch of messages; ``past`` tells of those that were changed, by their place here."""
    joined = around.roster.joined(rows.rowid)
    place, by_address = placed(rows, people, around.roster, joined)
    bodies = bodies_of(rows)
    item, kinds_of_link = rows.numbers("item_type"), rows.numbers("associated_message_type")
    titles = pc.if_else(pa.array(item == codes.NAME), rows.text("group_title"), None)
    text = pc.coalesce(bodies.text, titles)
    unlisted = holds(pc.match_substring(text, OBJECT))
    speaks = np.flatnonzero(unlisted).tolist()
    only = [k for k in speaks if _ONLY_FILES.fullmatch(text[k].as_py())]
    if only:
        keep = np.ones(len(rows), np.bool_)
        keep[only] = False
        text = pc.if_else(pa.array(keep), text, None)
    gone = np.zeros(len(rows), np.bool_)
    gone[[k for k, one in past.items() if one.gone]] = True
    gone |= (rows.numbers("date_retracted") != 0) & ~said(text)
    edited = rows.numbers("date_edited") != 0
    edited &= ~gone
    edited[[k for k, one in past.items() if one.edited]] = True
    kinds = _kinds(rows, around.carried, item, kinds_of_link, only)
    kinds = np.where(gone, place_of(Kind.DELETED), kinds).astype(np.int32)
    kind, unknown = plain_kinds(kinds, text)
    spoken = Spoken(
        table=MESSAGE,
        row=rows.rowid,
        start=rows.start,
        end=rows.end,
        chat=place.chat,
        sender=np.where(place.from_me, NOBODY, place.sender),
        from_me=place.from_me,
        at_ms=place.at_ms,
        kind=kind,
        text=text,
        key=place.key,
        reply_to=_reply_to(rows, place.key, kinds_of_link),
        edited=edited,
        deleted=gone,
        sequence=sequence(place.at_ms, rows.rowid),
    )
    return Heard(spoken, Doubtful(bodies.bad_text, unknown), bodies, by_address, unlisted, joined)


def sequence(at_ms: Ints, rows: Ints) -> Ints:
    """Order messages by time, then by row: row ids follow the order in which rows came in."""
    places, last = MOST_OF
    return np.clip(at_ms, -last + 1, last - 1) * places + rows % places


def placed(
    rows: Rows, people: Addresses, roster: Roster, joined: Joined
) -> tuple[Place, list[int]]:
    """Read who said each message, where and when, and which rows no chat names."""
    if legacy.is_legacy(rows):
        return Place(*legacy.place_of(rows, people)), []
    from_me = rows.numbers("is_from_me") == 1
    handle = people.by_row(rows.numbers("handle_id"))
    chat = roster.chat(rows.rowid, joined)
    homeless = chat == NOBODY
    if homeless.any():
        # Of a row in several rooms, the first.
        first = pc.replace_substring_regex(rows.text("cache_roomnames"), ",.*", "")
        rooms = people.by_text(pc.if_else(pa.array(homeless), first, None))
        people.groups |= set(rooms[rooms != NOBODY].tolist())
        other = np.where(rooms == NOBODY, handle, rooms)
        chat = np.where(homeless, other, chat)
    sender = np.where((handle == NOBODY) & ~people.is_group()[chat], chat, handle)
    place = Place(chat, sender, from_me, times.at_ms(rows, "date"), rows.text("guid"))
    return place, np.flatnonzero(homeless & (chat != NOBODY)).tolist()


def _kinds(rows: Rows, carried: Carried, item: Ints, link: Ints, only: list[int]) -> Kinds:
    apps = rows.text("balloon_bundle_id").dictionary_encode()
    kind_of = [place_of(codes.app_kind(one)) for one in apps.dictionary.to_pylist()]
    which = apps.indices.fill_null(len(kind_of)).to_numpy(zero_copy_only=False)
    kinds: Kinds = np.array([*kind_of, place_of(Kind.TEXT)], np.int32)[which]
    plain = kinds == place_of(Kind.TEXT)
    kinds[only] = place_of(Kind.MEDIA)
    kinds[plain & (carried.shown() | (rows.numbers("is_audio_message") == 1))] = place_of(
        Kind.MEDIA
    )
    kinds[plain & (carried.stuck() | (link == codes.STICKER))] = place_of(Kind.STICKER)
    kinds[link == codes.VOTE] = place_of(Kind.POLL)
    known = np.isin(link, (*codes.PLAIN, codes.STICKER, codes.VOTE)) | is_reaction(link)
    kinds[~known | (item < 0) | (item > codes.MOST_ITEM)] = UNKNOWN
    kinds[(item > 0) & (item <= codes.MOST_ITEM)] = place_of(Kind.NOTICE)
    return kinds


def is_reaction(link: Ints) -> Flags:
    """Say which rows are tapbacks, or take one back."""
    mark = np.where(link >= codes.TAKEN_BACK, link - codes.TAKEN_BACK, link - codes.ADDED)
    return (mark >= 0) & (mark < len(codes.MARKS))


def _reply_to(rows: Rows, key: pa.Array, link: Ints) -> pa.Array:
    """Give what a message answers, or hangs on: a sticker, a vote, a tapback.

    ``reply_to_guid`` is no answer: it names whatever message came before.
    """
    threads = bare(rows.text("thread_originator_guid"))
    hung = bare(rows.text("associated_message_guid"))
    own = holds(pc.equal(hung, key))  # an app's first message hangs on itself
    hung = pc.if_else(pa.array(own | (link == codes.NOTHING)), None, hung)
    return pc.coalesce(pc.if_else(pa.array(is_reaction(link)), None, threads), hung)
