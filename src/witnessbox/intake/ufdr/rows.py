"""A report's messages as rows, chat by chat."""

from collections import Counter
from dataclasses import dataclass, field

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.apps import platform_of
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.parser import Assumption
from witnessbox.intake.stamps import Moment, moment
from witnessbox.intake.ufdr import meaning
from witnessbox.intake.ufdr.meaning import Party
from witnessbox.intake.ufdr.model import Model, Talk

NOWHERE = "messages outside any chat"
_EXTRACTION = " (extraction "
_CONFIDENT = frozenset(("", "High"))
_INTACT = frozenset(("", "Intact"))
_TOLD_LABELS = frozenset(("Edited", "System", "Reply"))


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

    def take(self, sender: Party) -> None:
        """Count a message of somebody's."""
        if sender.name is not None:
            self.senders[sender.name] += 1
            if sender.identifier is not None:
                self.identifiers.setdefault(sender.name, sender.identifier)


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
    return f"{thread}{_EXTRACTION}{extraction})" if several and thread is not None else thread


def thread_and_extraction(thread: str) -> tuple[str, str]:
    """Take apart a thread's id and the extraction it comes from; no extraction is named by none."""
    known, _, extraction = thread.partition(_EXTRACTION)
    return known, extraction.removesuffix(")")


def add(
    rows: Gathered, talk: Talk, place: Place, heard: Heard, index: int, assumption: Assumption
) -> None:
    """Take one message, the ``index``-th of its report."""
    message = talk.message
    sender = meaning.sender_of(message)
    labelled = meaning.labels(message)
    notice = meaning.is_notice(message, sender, labelled)
    text, held = meaning.text_of(message), list(meaning.carried(message))
    kind = meaning.kind_of(message, held, notice=notice, text=text)
    stamp = message.told("TimeStamp")
    at = None if stamp is None else _moment(stamp, assumption.zone)
    sent_ms = None if at is None else at.utc_ms
    if at is None or at.twice or at.never:
        _doubt_time(rows, talk.start, stamp, at)
    heard.last_ms = heard.last_ms if sent_ms is None else sent_ms
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
            sent_at=sent_ms,
            precision=None if at is None else _precision(at),
            zone=assumption.zone if at is not None and at.wall_ms is not None else "UTC",
            platform_id=message.told("Identifier"),
            reply_to=meaning.reply_to(message),
            edited="Edited" in labelled,
            deleted=kind is Kind.DELETED,
        )
    )
    if sender is not None and not notice:
        heard.take(sender)
    rows.attachments += [(talk.start, one.name, one.media, one.omitted) for one in held]
    rows.memberships += [
        (talk.start, talk.end, place.conversation, one.event, None, one.member, sent_ms)
        for one in meaning.changes(message)
    ]
    _doubts(rows, talk)
    _beside(rows, talk, labelled)


def _moment(stamp: str, zone: str) -> Moment | None:
    """Read a time; tools write year 1 where a phone holds none."""
    at = moment(stamp, zone)
    return None if at is None or at.utc_ms < 0 else at


def _precision(at: Moment) -> Precision:
    """Say how finely a time is known: reports write .000 where an app keeps whole seconds."""
    return (
        at.precision if at.utc_ms % 1000 or at.precision is Precision.MINUTE else Precision.SECOND
    )


def _doubt_time(rows: Gathered, start: int, stamp: str | None, at: Moment | None) -> None:
    if at is None:
        rows.doubt(start, "no-time", "no time" if stamp is None else f"{stamp[:80]} is no time")
    elif at.twice:
        rows.doubt(start, "zone-hour-twice", "the clock showed this hour twice; read as the first")
    else:
        rows.doubt(start, "zone-hour-skipped", "the clock skipped this hour")


def _doubts(rows: Gathered, talk: Talk) -> None:
    start, message = talk.start, talk.message
    usual = message.deleted_state in _INTACT and message.confidence in _CONFIDENT
    if usual and talk.hurt is None and not talk.after_damage and not message.twice:
        return
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


def _beside(rows: Gathered, talk: Talk, labelled: frozenset[str]) -> None:
    """Note what a message has that stands in no table."""
    start, message = talk.start, talk.message
    if message.said("Subject") is not None and message.said("Body") is not None:
        rows.problem(start, start, "subject", "has a subject beside its text", Severity.NOTE)
    told = sorted(labelled - _TOLD_LABELS)
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
