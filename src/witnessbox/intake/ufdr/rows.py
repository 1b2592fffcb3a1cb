"""A report's messages as rows, chat by chat."""

from collections import Counter
from dataclasses import dataclass, field

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.parser import Assumption
from witnessbox.intake.stamps import Moment, moment
from witnessbox.intake.ufdr import meaning
from witnessbox.intake.ufdr.apps import platform_of
from witnessbox.intake.ufdr.meaning import Party
from witnessbox.intake.ufdr.model import Model, Talk

NOWHERE = "messages outside any chat"
_CONFIDENT = frozenset(("", "High"))
_INTACT = frozenset(("", "Intact"))


@dataclass(frozen=True, slots=True)
class Place:
    """The conversation a message belongs to."""

    conversation: str
    thread: str | None
    platform: str


@dataclass(slots=True)
class Heard:
    """What is carried from one message of a chat to the next."""

    senders: Counter[str] = field(default_factory=Counter)
    identifiers: dict[str, str] = field(default_factory=dict)
    last_ms: int = 0


def place_of(chat: Model | None, message: Model, *, several: bool) -> Place:
    """Say where a message belongs; ``several``: the report is of more than one extraction.

    Two extractions may be two phones in one chat, so each has its own copy of it.
    """
    holder = chat or message
    platform = platform_of(holder.told("Source") or message.told("SourceApplication"))
    if chat is None:
        return _place_of_loose(message, platform, several=several)
    thread = chat.told("Id") or chat.id or None
    title = meaning.title_of(chat) or thread or NOWHERE
    return Place(title, _told_apart(thread, chat.extraction, several=several), platform)


def _place_of_loose(message: Model, platform: str, *, several: bool) -> Place:
    parties = [meaning.party(one) for one in message.under("Parties", "From", "To")]
    others = [one for one in parties if not one.owner and one.name is not None]
    if message.type != "InstantMessage" and platform == "unknown":
        platform = "sms"
    named = sorted({one.name or "" for one in others})
    thread = message.told("ChatId") or "; ".join(
        sorted({one.identifier or one.name or "" for one in others})
    )
    extraction = message.extraction
    return Place(
        ", ".join(named[:8]) or message.told("ChatId") or NOWHERE,
        _told_apart(thread or None, extraction, several=several),
        platform,
    )


def _told_apart(thread: str | None, extraction: str, *, several: bool) -> str | None:
    return f"{thread} (extraction {extraction})" if several and thread is not None else thread


def add(
    rows: Gathered, talk: Talk, place: Place, heard: Heard, index: int, assumption: Assumption
) -> None:
    """Take one message, the ``index``-th of its report."""
    message = talk.message
    sender = meaning.sender_of(message)
    notice = meaning.is_notice(message, sender)
    text = meaning.text_of(message)
    kind = meaning.kind_of(message, notice=notice, text=text)
    stamp = message.told("TimeStamp")
    at = None if stamp is None else _moment(stamp, assumption.zone)
    _time_doubts(rows, talk.start, stamp, at)
    heard.last_ms = heard.last_ms if at is None else at.utc_ms
    rows.messages.append(
        Told(
            start=talk.start,
            end=talk.end,
            conversation=place.conversation,
            thread=place.thread,
            sequence=sequence(heard.last_ms, index),
            kind=kind,
            sender=None if notice or sender is None else sender.name,
            text=text,
            stamp=stamp,
            wall_at=None if at is None else at.wall_ms,
            sent_at=None if at is None else at.utc_ms,
            precision=None if at is None else _precision(at),
            zone=assumption.zone if at is not None and at.wall_ms is not None else "UTC",
            platform_id=message.told("Identifier"),
            reply_to=meaning.reply_to(message),
            edited="Edited" in meaning.labels(message),
            deleted=kind is Kind.DELETED,
        )
    )
    surroundings = _Surroundings(place, None if at is None else at.utc_ms)
    _beside(rows, talk, surroundings, None if notice else sender, heard)
    _doubts(rows, talk)


def _moment(stamp: str, zone: str) -> Moment | None:
    """Read a time; tools write year 1 where a phone holds none."""
    at = moment(stamp, zone)
    return None if at is None or at.utc_ms < 0 else at


def _precision(at: Moment) -> Precision:
    """Say how finely a time is known: reports write .000 where an app keeps whole seconds."""
    return (
        at.precision if at.utc_ms % 1000 or at.precision is Precision.MINUTE else Precision.SECOND
    )


def _time_doubts(rows: Gathered, start: int, stamp: str | None, at: Moment | None) -> None:
    if at is None:
        rows.doubt(start, "no-time", "no time" if stamp is None else f"{stamp[:80]} is no time")
    elif at.twice:
        rows.doubt(start, "zone-hour-twice", "the clock showed this hour twice; read as the first")
    elif at.never:
        rows.doubt(start, "zone-hour-skipped", "the clock skipped this hour")


@dataclass(frozen=True, slots=True)
class _Surroundings:
    place: Place
    sent_ms: int | None


def _beside(
    rows: Gathered, talk: Talk, around: _Surroundings, sender: Party | None, heard: Heard
) -> None:
    start, message = talk.start, talk.message
    if sender is not None and sender.name is not None:
        heard.senders[sender.name] += 1
        if sender.identifier is not None:
            heard.identifiers.setdefault(sender.name, sender.identifier)
    rows.attachments += [
        (start, one.name, one.media, one.omitted) for one in meaning.carried(message)
    ]
    rows.memberships += [
        (start, talk.end, around.place.conversation, one.event, None, one.member, around.sent_ms)
        for one in meaning.changes(message)
    ]


def _doubts(rows: Gathered, talk: Talk) -> None:
    start, message = talk.start, talk.message
    for holds, code, what, severity in (
        (talk.hurt is not None, "damaged-text", talk.hurt or "", Severity.DOUBT),
        (
            talk.after_damage,
            "after-damage",
            "the first message after damage; it may be a quotation inside the damaged one",
            Severity.DOUBT,
        ),
        (
            meaning.is_gone(message),
            "recovered-deleted",
            f"deleted on the phone and found all the same ({message.deleted_state})",
            Severity.NOTE,
        ),
        (
            message.deleted_state not in _INTACT and not meaning.is_gone(message),
            "deleted-state-unsure",
            f"whether it was deleted is not known ({message.deleted_state[:40]})",
            Severity.DOUBT,
        ),
        (
            message.confidence not in _CONFIDENT,
            "low-confidence",
            f"the tool's confidence in decoding it is {message.confidence[:40]}",
            Severity.DOUBT,
        ),
        (
            bool(message.twice),
            "field-twice",
            f"{', '.join(message.twice)[:80]} written more than once; the first was read",
            Severity.DOUBT,
        ),
    ):
        if holds:
            rows.problem(start, start, code, what, severity)
    if message.said("Body") is not None and message.said("Subject") is not None:
        rows.problem(start, start, "subject", "has a subject beside its text", Severity.NOTE)
    told = sorted(meaning.labels(message) - {"Edited", "System", "Reply"})
    if told:
        what = f"labelled {', '.join(told)[:80]}"
        rows.problem(start, start, "label", what, Severity.NOTE)


def close(rows: Gathered, chat: Model | None, place: Place, heard: Heard) -> None:
    """Give out who took part in a chat, once it has ended."""
    listed = [] if chat is None else [meaning.party(one) for one in chat.under("Participants")]
    named = {one.name: one.identifier for one in listed if one.name is not None}
    for name in dict.fromkeys([*named, *heard.senders]):
        identifier = named.get(name) or heard.identifiers.get(name)
        rows.participants.append(
            (place.conversation, name, identifier, heard.senders[name], name in named)
        )


def owners_of(chat: Model) -> str:
    """Name whom a chat's own record takes for the phone's owner."""
    listed = [meaning.party(one) for one in chat.under("Participants")]
    return ", ".join(one.name for one in listed if one.owner and one.name is not None)
