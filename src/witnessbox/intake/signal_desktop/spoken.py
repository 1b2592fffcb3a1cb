"""Rows of ``messages`` as batches: columns first, ``json`` for what a version keeps there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.evidence.model import Kind
from witnessbox.intake.careful import Doubt
from witnessbox.intake.database.clock import sequence
from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.database.people import NOBODY, People
from witnessbox.intake.signal_desktop import codes
from witnessbox.intake.signal_desktop.beside import CALLS, MESSAGES, UNPROCESSED, Beside, CallTold
from witnessbox.intake.signal_desktop.files import Files, files_of
from witnessbox.intake.signal_desktop.notices import notice_text
from witnessbox.intake.signal_desktop.people import Roster, number_of
from witnessbox.intake.signal_desktop.texts import said
from witnessbox.intake.signal_desktop.words import Line, read
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

WANTED = {
    MESSAGES: (
        "id",
        "json",
        "type",
        "body",
        "conversationId",
        "source",
        "sourceServiceId",
        "sourceUuid",
        "sent_at",
        "timestamp",
        "received_at",
        "readStatus",
        "isErased",
        "isViewOnce",
        "storyId",
        "hasAttachments",
    ),
    CALLS: ("callId", "peerId", "ringerId", "mode", "type", "direction", "status", "timestamp"),
    UNPROCESSED: ("id", "timestamp", "source", "sourceServiceId"),
}
_LAST_MS = 1 << 47
_ROW_BITS = 18  # of the row id, to tell apart what was received at once
_MOST_RECEIVED = (1 << 42) - 1
_MESSAGE_PLACE = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is in a database, and what its other tables say."""

    people: People
    roster: Roster
    beside: Beside

    def name(self, key: str | None) -> str | None:
        """Give the name of whoever has this id."""
        return self.people.name(self.people.place(number_of(key))) if key else None

    def is_group(self) -> Flags:
        """Say of each place whether it is a group's; the last says so too, for nobody's."""
        groups = self.roster.groups
        return np.array([*(raw in groups for raw in self.people.raw), True], np.bool_)


@dataclass(frozen=True, slots=True)
class Told:
    """A batch of messages, and what was read out of each one's ``json``."""

    spoken: Spoken
    lines: list[Line]
    types: list[str | None]
    homes: list[str | None]  # ids of conversations
    files: list[Files]
    erased: Flags
    once: Flags
    doubts: list[tuple[int, Doubt]]
    bad: list[int]  # rows with bytes that are no sound text


def at_ms(value: int | None) -> int | None:
    """Give a time where it is one."""
    return value if value is not None and 0 < value < _LAST_MS else None


def told_of(rows: Rows, scene: Scene) -> Told:
    """Read a batch of messages."""
    texts, bad = rows.texts("json")
    readings = [read(text, Line) for text in texts.to_pylist()]
    lines = [line for line, _ in readings]
    types = _either(rows, "type", lines, "type")
    bodies = _either(rows, "body", lines, "body")
    homes = _either(rows, "conversationId", lines, "conversation_id")
    files = files_of(rows.rowid, lines, scene.beside.files.near(rows.rowid))
    once = rows.numbers("isViewOnce") == 1
    carry = (rows.numbers("hasAttachments") != 0) | once
    carries = [bool(held.kept) or more for held, more in zip(files, carry.tolist(), strict=True)]
    each = list(zip(types, lines, bodies, carries, strict=True))
    kinds = [kind_of(kind, line, body, has) for kind, line, body, has in each]
    words = [_words(kind, line, body, scene) for kind, line, body, _ in each]
    return Told(
        spoken=_spoken(rows, lines, types, (kinds, words, homes), scene),
        lines=lines,
        types=types,
        homes=homes,
        files=files,
        erased=rows.numbers("isErased") == 1,
        once=once,
        doubts=[(k, doubt) for k, (_, found) in enumerate(readings) for doubt in found],
        bad=sorted({*bad, *rows.texts("body")[1]}),
    )


def kind_of(type_: str | None, line: Line, body: str | None, has_files: bool) -> Kind:  # noqa: FBT001
    """Tell what sort of thing a message is."""
    notice = line.group_update is not None or line.expiration_timer_update is not None
    for holds, kind in (
        (type_ == codes.CALL, Kind.CALL),
        (type_ in codes.NOTICES or notice, Kind.NOTICE),
        (line.deleted_for_everyone, Kind.DELETED),
        (line.poll is not None, Kind.POLL),
        (line.sticker is not None, Kind.STICKER),
        (line.contact, Kind.CONTACT),
        (has_files, Kind.MEDIA),
        (body or line.story_reaction is not None, Kind.TEXT),
        (line.payment or line.gift_badge, Kind.EVENT),
    ):
        if holds:
            return kind
    return Kind.EMPTY


def _words(type_: str | None, line: Line, body: str | None, scene: Scene) -> str | None:
    """Give what a row says: the words a person wrote, or those that tell a notice or call."""
    call = scene.beside.calls.get(line.call_id or "")
    return said(line, body) or notice_text(type_, line, call, scene.name)


@dataclass(frozen=True, slots=True)
class _Who:
    """Where each message stands and who sent it, as places of ``People``."""

    chat: Ints
    sender: Ints
    from_me: Flags
    ids: list[str | None]  # what its author stands under


def _who(
    rows: Rows,
    lines: Sequence[Line],
    types: Sequence[str | None],
    homes: Sequence[str | None],
    scene: Scene,
) -> _Who:
    people = scene.people
    chat = people.by_text(pa.array([number_of(one or "") or None for one in homes], pa.string()))
    calls = [scene.beside.calls.get(line.call_id or "") for line in lines]
    from_me = [
        _outgoing(kind, line, call) for kind, line, call in zip(types, lines, calls, strict=True)
    ]
    named = people.by_text(pa.array(_authors(rows, lines, calls), pa.string()))
    sender = np.where((named == NOBODY) & ~scene.is_group()[chat], chat, named)
    ids = [
        people.raw[one]
        if one != NOBODY
        else (scene.roster.own if mine else people.raw[who] if who != NOBODY else None)
        for one, who, mine in zip(named.tolist(), sender.tolist(), from_me, strict=True)
    ]
    mine = np.array(from_me, np.bool_)
    return _Who(chat, np.where(mine, NOBODY, sender), mine, ids)


def _spoken(
    rows: Rows,
    lines: Sequence[Line],
    types: Sequence[str | None],
    told: tuple[Sequence[Kind], Sequence[str | None], Sequence[str | None]],
    scene: Scene,
) -> Spoken:
    kinds, words, homes = told
    who, times = _who(rows, lines, types, homes, scene), _times(rows, lines)
    keys = [
        f"{author}/{when}" if author and when and kind in codes.SPOKEN else None
        for author, when, kind in zip(who.ids, times.tolist(), types, strict=True)
    ]
    return Spoken(
        table=MESSAGES,
        row=rows.rowid,
        start=rows.start,
        end=rows.end,
        chat=who.chat,
        sender=who.sender,
        from_me=who.from_me,
        at_ms=times,
        kind=np.array([place_of(kind) for kind in kinds], np.int32),
        text=pa.array(words, pa.string()),
        key=pa.array(keys, pa.string()),
        reply_to=pa.array([_quoted(line, scene.people) for line in lines], pa.string()),
        edited=np.array([_edited(line) for line in lines], np.bool_),
        deleted=np.array([bool(line.deleted_for_everyone) for line in lines], np.bool_),
        sequence=sequence(_order(rows, times), _MESSAGE_PLACE),
    )


def _either(rows: Rows, column: str, lines: Sequence[Line], key: str) -> list[str | None]:
    return [
        one or getattr(line, key)
        for one, line in zip(rows.text(column).to_pylist(), lines, strict=True)
    ]


def _authors(
    rows: Rows, lines: Sequence[Line], calls: Sequence[CallTold | None]
) -> list[str | None]:
    """Give who sent each message, by service id or else by number; of a call, who rang."""
    services = _either(rows, "sourceServiceId", lines, "source_service_id")
    older = _either(rows, "sourceUuid", lines, "source_uuid")
    numbers = _either(rows, "source", lines, "source")
    ringers = [call.ringer if call is not None else None for call in calls]
    return [
        service or old or (number_of(number) if number else None) or ringer
        for service, old, number, ringer in zip(services, older, numbers, ringers, strict=True)
    ]


def _outgoing(type_: str | None, line: Line, call: CallTold | None) -> bool:
    if type_ != codes.CALL:
        return type_ == codes.OUTGOING
    if call is not None:
        return call.outgoing
    details = line.call_history_details
    return details is not None and details.was_incoming is False


def _times(rows: Rows, lines: Sequence[Line]) -> Ints:
    sent = rows.numbers("sent_at")
    times = np.where(sent > 0, sent, rows.numbers("timestamp"))
    for k in np.flatnonzero(times <= 0).tolist():
        times[k] = at_ms(lines[k].sent_at) or at_ms(lines[k].timestamp) or 0
    return times


def _quoted(line: Line, people: People) -> str | None:
    """Give the identity of the message that is quoted."""
    quote = line.quote
    author = quote and (quote.author_aci or quote.author_uuid or quote.author)
    if quote is None or not quote.id or not author:
        return None
    return f"{people.raw[people.place(author)]}/{quote.id}"


def _edited(line: Line) -> bool:
    return bool(line.edit_history) or line.edit_message_timestamp is not None


def _order(rows: Rows, times: Ints) -> Ints:
    received = rows.numbers("received_at")
    place = np.clip(np.where(received > 0, received, times), 0, _MOST_RECEIVED)
    return place << _ROW_BITS | rows.rowid & ((1 << _ROW_BITS) - 1)
