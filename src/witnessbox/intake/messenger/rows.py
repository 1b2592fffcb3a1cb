"""Messenger messages as rows: kinds, times, texts, attachments, reactions, memberships.

A little longer than most files: each column is told from the same few fields of one message.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind, Precision, Problem, Severity, Span
from witnessbox.intake.careful import Doubt
from witnessbox.intake.clock import Ints
from witnessbox.intake.columns import column_of, table_of
from witnessbox.intake.media import media_of
from witnessbox.intake.messenger.words import Spoken
from witnessbox.intake.mojibake import is_wide, repaired

FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
_MS_FROM = 100_000_000_000  # a reaction's time above this is milliseconds, below it seconds
NOT_DOWNLOADED = "Failed to download media"
_TOLD = ("start", "end", "sequence", "stamp", "sent_at", "sender", "kind", "text", "deleted")
_PER_PART = 10_000
_PLACES = 1 << 21  # among messages of one millisecond
_FAR_MS = (1 << 42) - 1  # the year 2109; later times are all one to the order
FILES = (
    ("photos", "image"),
    ("videos", "video"),
    ("audio_files", "audio"),
    ("files", "document"),
    ("gifs", "gif"),
    ("media", None),
)
"""The lists of files a message may have, in the order their files are taken, and their media."""

_CAME, _WENT = frozenset(("added", "joined")), frozenset(("left", "removed"))
_NOTICES = ("Subscribe", "Unsubscribe")


@dataclass(slots=True)
class Texts:
    """Strings as they were meant, and a count of what had to be repaired.

    ``mend`` is False for a file whose writer was sound, so that nothing in it is touched.
    """

    mend: bool
    mended: int = 0
    wide: int = 0

    def meant(self, text: str | None) -> str | None:
        """Give a string as it was meant."""
        if text is None or text.isascii():
            return text
        fixed = repaired(text) if self.mend else None
        if fixed is None:
            self.wide += is_wide(text)
            return text
        self.mended += 1
        return fixed


@dataclass(frozen=True, slots=True)
class Thread:
    """What is the same in every row of one file."""

    exhibit: str
    parser: str
    conversation: str
    thread: str | None
    part: int  # N of message_N.json, else 0
    newest_first: bool

    def sequence(self, at_ms: int, index: int) -> int:
        """Give a message's place in its conversation: by time, then by its place in the files.

        A higher part is older where files run newest first.  Parts hold 10,000 messages each.
        """
        place = (self.part * _PER_PART + index) % _PLACES
        if self.newest_first:
            place = _PLACES - 1 - place
        return max(-_FAR_MS, min(at_ms, _FAR_MS)) * _PLACES + place

    def sequences(self, at_ms: Ints, index: Ints) -> Ints:
        """Give the places of many messages at once."""
        place = (self.part * _PER_PART + index) % _PLACES
        if self.newest_first:
            place = _PLACES - 1 - place
        return np.clip(at_ms, -_FAR_MS, _FAR_MS) * _PLACES + place


@dataclass(slots=True)
class Heard:
    """What is carried from one batch of a file to the next."""

    senders: Counter[str] = field(default_factory=Counter)
    last_ms: int = 0  # of the last message that had a time


@dataclass(slots=True)
class Rows:
    """The rows of one batch, gathered message by message."""

    thread: Thread
    texts: Texts
    heard: Heard
    messages: list[tuple[Any, ...]] = field(default_factory=list)  # as _TOLD has them
    attachments: list[tuple[int, str | None, str, bool]] = field(default_factory=list)
    reactions: list[tuple[int, str | None, str | None, int | None]] = field(default_factory=list)
    memberships: list[tuple[int, int, str, str | None, str | None, int | None]] = field(
        default_factory=list
    )
    problems: list[Problem] = field(default_factory=list)
    edited: set[int] = field(default_factory=set)  # the starts of messages said to be edited
    reached: int = 0  # the end of what was read so far

    def remark(self, doubt: Doubt, severity: Severity) -> None:
        """Note what shows only over the whole file, where the reading has come to."""
        self.problem(self.reached, self.reached, doubt, severity)

    def problem(self, start: int, end: int, doubt: Doubt, severity: Severity) -> None:
        """Note what could not be read or decided."""
        span = Span(self.thread.exhibit, start, end)
        self.problems.append(Problem(span, self.thread.parser, doubt.code, doubt.what, severity))

    def add(self, start: int, end: int, index: int, spoken: Spoken) -> None:
        """Take one message."""
        meant = self.texts.meant
        given = spoken.timestamp if spoken.timestamp_ms is None else spoken.timestamp_ms
        sent_at = given if given is not None and FIRST_MS <= given <= LAST_MS else None
        if sent_at is None:
            what = "no time" if given is None else f"{given} is no time"
            self.problem(start, start, Doubt("no-time", what), Severity.DOUBT)
        else:
            self.heard.last_ms = sent_at
        sender = meant(spoken.sender_name or spoken.sender_name_e2ee)
        text = meant(_text(spoken))
        if spoken.plain:
            kind, deleted = Kind.TEXT if text else Kind.EMPTY, False
        else:
            kind, deleted = kind_of(spoken), is_deleted(spoken)
            self._attach(start, spoken)
        if kind is Kind.NOTICE:
            self._membership(start, end, spoken, sender, sent_at)
            sender = None
        elif sender is not None:
            self.heard.senders[sender] += 1
        sequence = self.thread.sequence(self.heard.last_ms, index)
        stamp = None if given is None else str(given)
        self.messages.append(
            (start, end, sequence, stamp, sent_at, sender, kind.value, text, deleted)
        )
        for reaction in spoken.reactions or ():
            actor, mark = meant(reaction.actor), meant(reaction.reaction)
            self.reactions.append((start, actor, mark, reacted_at(reaction.timestamp)))

    def _attach(self, start: int, spoken: Spoken) -> None:
        meant = self.texts.meant
        for key, media in FILES:
            for one in getattr(spoken, key) or ():
                self.attach(start, meant(one.uri), media)
        if spoken.sticker is not None:
            self.attach(start, meant(spoken.sticker.uri), "sticker")
        if spoken.share is not None and spoken.share.link:
            self.attachments.append((start, meant(spoken.share.link), "link", False))

    def attach(self, start: int, name: str | None, media: str | None) -> None:
        """Take one file a message carries; where its medium is None, its name tells it."""
        if not name or name == NOT_DOWNLOADED:
            self.attachments.append((start, None, media or "unknown", True))
            return
        self.attachments.append((start, name, media or media_of(name), False))

    def _membership(
        self, start: int, end: int, spoken: Spoken, actor: str | None, sent_at: int | None
    ) -> None:
        members = [self.texts.meant(user.name) for user in spoken.users or ()] or [actor]
        for member in members:
            event = _event(spoken, alone=member == actor)
            if event is not None:
                self.memberships.append((start, end, event, actor, member, sent_at))


def _event(spoken: Spoken, *, alone: bool) -> str | None:
    """Tell whether a notice is of coming or going: by its type, else by an English wording."""
    said = set((spoken.content or "").split())
    if spoken.type == "Subscribe" or (spoken.type not in _NOTICES and said & _CAME):
        return "joined" if alone else "added"
    if spoken.type == "Unsubscribe" or said & _WENT:
        return "left" if alone else "removed"
    return None


def is_deleted(spoken: Spoken) -> bool:
    """Say whether a message was taken back."""
    return bool(
        spoken.is_unsent or spoken.is_unsent_e2ee or spoken.is_unsent_image_by_messenger_kid_parent
    )


def kind_of(spoken: Spoken) -> Kind:
    """Tell what a message is by its fields, never by its wording."""
    for holds, kind in (
        (is_deleted(spoken) or spoken.type == "placeholder", Kind.DELETED),
        (spoken.type in _NOTICES or bool(spoken.users), Kind.NOTICE),
        (spoken.call_duration is not None or spoken.type == "Call", Kind.CALL),
        (spoken.sticker is not None, Kind.STICKER),
        (_carries_files(spoken), Kind.MEDIA),
        (spoken.share is not None, Kind.SHARE),
        (bool(spoken.content or spoken.text), Kind.TEXT),
    ):
        if holds:
            return kind
    return Kind.EMPTY


def _carries_files(spoken: Spoken) -> bool:
    return bool(
        spoken.photos
        or spoken.videos
        or spoken.audio_files
        or spoken.files
        or spoken.gifs
        or spoken.media
    )


def _text(spoken: Spoken) -> str | None:
    said = spoken.text if spoken.content is None else spoken.content
    if said is None and spoken.share is not None:
        return spoken.share.share_text or spoken.share.link
    return said


def reacted_at(timestamp: int | None) -> int | None:
    """Give a reaction's time in milliseconds, however it is written."""
    if timestamp is None or timestamp <= 0:
        return None
    at = timestamp if timestamp >= _MS_FROM else timestamp * 1000
    return at if at <= LAST_MS else None


def same(value: str | None, rows: int) -> pa.DictionaryArray:
    """Say one thing in every row."""
    indices = pa.nulls(rows, pa.int32()) if value is None else pa.array(np.zeros(rows, np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array([value or ""], pa.string()))


def messages(rows: Rows) -> pa.RecordBatch | None:
    """Put the gathered messages into columns."""
    thread, count = rows.thread, len(rows.messages)
    if not count:
        return None
    column = dict(zip(_TOLD, zip(*rows.messages, strict=True), strict=True))
    repeated = {
        "exhibit": thread.exhibit,
        "conversation": thread.conversation,
        "thread": thread.thread,
        "precision": Precision.MILLISECOND.value,
        "zone": "UTC",
        "parser": thread.parser,
    }
    arrays = []
    for want in schema.MESSAGES.schema:
        if want.name in repeated:
            arrays.append(same(repeated[want.name], count))
        elif want.name == "edited":
            starts = column["start"] if rows.edited else ()
            said = [start in rows.edited for start in starts] or [False] * count
            arrays.append(pa.array(said, pa.bool_()))
        elif want.name not in column:  # what Messenger never tells
            arrays.append(pa.nulls(count, want.type))
        else:
            arrays.append(column_of(want.type, column[want.name]))
    return pa.RecordBatch.from_arrays(arrays, schema=schema.MESSAGES.schema)


def attachments(rows: Rows) -> pa.RecordBatch | None:
    """Put the files messages name into columns."""
    made = [(rows.thread.exhibit, *row) for row in rows.attachments]
    return table_of(schema.ATTACHMENTS, made)


def reactions(rows: Rows) -> pa.RecordBatch | None:
    """Put the reactions into columns."""
    return table_of(schema.REACTIONS, [(rows.thread.exhibit, *row) for row in rows.reactions])


def memberships(rows: Rows) -> pa.RecordBatch | None:
    """Put the joins and leaves into columns."""
    thread = rows.thread
    made = [(thread.exhibit, a, b, thread.conversation, *row) for a, b, *row in rows.memberships]
    return table_of(schema.MEMBERSHIPS, made)


def participants(thread: Thread, listed: list[str], senders: Counter[str]) -> pa.RecordBatch | None:
    """Put everyone the export lists or lets speak into columns, the list first."""
    on_list = frozenset(listed)
    made = [
        (thread.exhibit, thread.conversation, name, None, senders[name], name in on_list)
        for name in dict.fromkeys([*listed, *senders])
    ]
    return table_of(schema.PARTICIPANTS, made)
