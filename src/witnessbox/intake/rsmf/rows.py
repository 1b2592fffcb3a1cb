"""Events of an RSMF manifest as rows: what kind each is, who, when, and what changed it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.media import media_of
from witnessbox.intake.rsmf.own import NOTHING, Own, own
from witnessbox.intake.rsmf.survey import Cast
from witnessbox.intake.rsmf.words import Event
from witnessbox.intake.stamps import Moment, moment

_NOTICES = frozenset(("disclaimer", "join", "leave", "history"))
_CAME_OR_WENT = {"join": "joined", "leave": "left"}
_TYPES = _NOTICES | {"message", "unknown"}
_EARLIER = re.compile(r"Edit ?\d+", re.IGNORECASE)  # RSMF 1.0 has no place for an earlier body
_SHOWN_CHARACTERS = 2000


UNKNOWN_KEYS = "keys that RSMF does not know"
_DIRECTIONS, _IMPORTANCE, _CUSTOM = "directions", "marks of importance", "further properties"
_BESIDE = {UNKNOWN_KEYS: 0, _DIRECTIONS: 0, _IMPORTANCE: 0, _CUSTOM: 0}  # in the order told


@dataclass(slots=True)
class Heard:
    """What is carried from one batch of a manifest to the next."""

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)  # conversation, person
    beside: Counter[str] = field(default_factory=lambda: Counter(_BESIDE))  # what no table holds
    last_ms: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for every event of one manifest."""

    cast: Cast
    home: str  # tells conversations of one id in different manifests apart
    title: str  # of a conversation nobody names
    zone: str

    def conversation(self, key: str | None) -> tuple[str, str]:
        """Give a conversation's name and the id of its thread."""
        known = self.cast.conversations.get(key or "")
        name = (known.display if known is not None else None) or key or self.title
        return name, "/".join(part for part in (self.cast.collection or self.home, key) if part)

    def platform(self, key: str | None) -> str | None:
        """Give the app a conversation is in, as the manifest names it."""
        known = self.cast.conversations.get(key or "")
        return None if known is None else known.platform

    def person(self, key: str | None) -> str | None:
        """Give the name of whoever has this id; an id nobody has stands for itself."""
        return None if key is None else self.cast.people.get(key, key)


class Placed(msgspec.Struct, frozen=True):
    """An event and the bytes it lies in; ``index`` counts events over the whole manifest."""

    start: int
    end: int
    index: int
    event: Event


def add(rows: Gathered, scene: Scene, heard: Heard, placed: Placed) -> None:
    """Put one event into rows."""
    event, start = placed.event, placed.start
    at = None if event.timestamp is None else moment(event.timestamp, scene.zone)
    if at is not None:
        heard.last_ms = at.utc_ms
    for doubt in _doubts(scene, event, at):
        rows.doubt(start, doubt.code, doubt.what)
    added = own(event.custom) if event.custom else NOTHING
    kind, sender = _kind(event, added), scene.person(event.participant)
    conversation, thread = scene.conversation(event.conversation)
    if event.type in _CAME_OR_WENT:
        change = _CAME_OR_WENT[event.type]
        when = at.utc_ms if at is not None else None
        rows.memberships.append((start, placed.end, conversation, change, sender, sender, when))
    if kind is not Kind.NOTICE and event.participant is not None:
        heard.messages[event.conversation or "", event.participant] += 1
    rows.messages.append(
        Told(
            start=start,
            end=placed.end,
            conversation=conversation,
            thread=thread,
            sequence=sequence(heard.last_ms, placed.index, newest_first=scene.cast.newest_first),
            kind=kind,
            sender=None if kind is Kind.NOTICE else sender,
            text=added.placeholder if kind is Kind.DELETED else event.body,
            stamp=event.timestamp,
            wall_at=at.wall_ms if at is not None else None,
            sent_at=at.utc_ms if at is not None else None,
            precision=added.precision or (Precision.SECOND if at is None else at.precision),
            zone=scene.zone if at is not None and at.wall_ms is not None else "UTC",
            platform_id=_unique(thread, event.id),
            reply_to=_unique(thread, event.parent),
            edited=bool(event.edits),
            deleted=bool(event.deleted),
        )
    )
    if event.attachments or event.reactions or event.read_receipts or event.edits:
        _attach(rows, start, event)
        _react(rows, scene, start, event)
        _acknowledge(rows, scene, start, event)
        _tell_edits(rows, scene, start, event)
    _count_beside(heard, event)


def _unique(thread: str, key: str | None) -> str | None:
    """Make an id that holds within one conversation hold beyond it, as ids of platforms do."""
    return None if key is None else f"{thread}/{key}"


def _kind(event: Event, added: Own) -> Kind:
    kind = Kind.NOTICE if event.participant is None else Kind.EMPTY
    if event.type in _NOTICES:
        kind = Kind.NOTICE
    elif event.deleted and not event.body:
        kind = Kind.DELETED
    elif added.kind is not None:
        kind = added.kind
    elif event.attachments:
        kind = Kind.MEDIA
    elif event.body:
        kind = Kind.TEXT
    return kind


def _doubts(scene: Scene, event: Event, at: Moment | None) -> Iterator[Doubt]:
    if event.type not in _TYPES:
        what = "no type" if event.type is None else f"type {event.type[:60]} is none of RSMF's"
        yield Doubt("unknown-type", f"{what}; read as a message")
    if at is None:
        given = event.timestamp
        yield Doubt("no-time", "no time" if given is None else f"{given[:60]} is no time")
    elif at.twice:
        what = f"{event.timestamp} came twice in {scene.zone}; read as the first"
        yield Doubt("zone-hour-twice", what)
    elif at.never:
        yield Doubt("zone-hour-skipped", f"{event.timestamp} never came in {scene.zone}")
    yield from _dangling(scene, event)


def _dangling(scene: Scene, event: Event) -> Iterator[Doubt]:
    if event.conversation is None:
        yield Doubt("no-conversation", "it does not say in which conversation it stands")
    elif event.conversation not in scene.cast.conversations:
        what = f"conversation {event.conversation[:60]} is not listed"
        yield Doubt("unknown-conversation", what)
    if event.participant in scene.cast.people and not (
        event.reactions or event.edits or event.read_receipts
    ):
        return
    named = [event.participant]
    for reaction in event.reactions or ():
        named += reaction.participants or ()
    named += [edit.participant for edit in event.edits or ()]
    named += [one.participant for one in event.read_receipts or ()]
    for one in dict.fromkeys(named):
        if one is not None and one not in scene.cast.people:
            yield Doubt("unknown-participant", f"participant {one[:60]} is not listed")


def _attach(rows: Gathered, start: int, event: Event) -> None:
    for one in event.attachments or ():
        media = media_of(one.display or one.id or "")
        rows.attachments.append((start, one.id or one.display, media, not one.id))


def _react(rows: Gathered, scene: Scene, start: int, event: Event) -> None:
    for reaction in event.reactions or ():
        actors = list(reaction.participants or ())
        for actor in actors:
            rows.reactions.append((start, scene.person(actor), reaction.value, None))
        unnamed = (reaction.count or 0) - len(actors)
        if unnamed > 0 or not actors:
            rows.reactions.append((start, None, reaction.value, None))
            what = f"{max(unnamed, 1)} times {reaction.value or 'a reaction'} by persons not named"
            rows.doubt(start, "unnamed-reaction", what)


def _acknowledge(rows: Gathered, scene: Scene, start: int, event: Event) -> None:
    for one in event.read_receipts or ():
        at = None if one.timestamp is None else moment(one.timestamp, scene.zone)
        when = None if at is None else at.utc_ms
        # RSMF knows two actions; whoever names none means that it was read.
        action = one.action or "read"
        rows.acknowledgements.append((start, scene.person(one.participant), action, when))


def _tell_edits(rows: Gathered, scene: Scene, start: int, event: Event) -> None:
    """Keep what a body said before, and note who changed it: a change is evidence."""
    for edit in event.edits or ():
        if edit.previous is not None:
            at = None if edit.timestamp is None else moment(edit.timestamp, scene.zone)
            rows.earlier_texts.append((start, edit.previous, None if at is None else at.utc_ms))
        who = scene.person(edit.participant) or "nobody named"
        when = f" at {edit.timestamp}" if edit.timestamp else ""
        before = "is not given" if edit.previous is None else f"was: {_short(edit.previous)}"
        what = f"edited by {who}{when}; the text before {before}"
        rows.problem(start, start, "edited", what, Severity.NOTE)
    for one in event.custom or ():
        if event.edits and one.name and _EARLIER.fullmatch(one.name):
            rows.earlier_texts.append((start, str(one.value), None))
            what = f"{one.name}, an earlier text: {_short(str(one.value))}"
            rows.problem(start, start, "edited", what, Severity.NOTE)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _count_beside(heard: Heard, event: Event) -> None:
    if event.direction is not None:
        heard.beside[_DIRECTIONS] += 1
    if event.importance == "high":
        heard.beside[_IMPORTANCE] += 1
    if event.custom:
        heard.beside[_CUSTOM] += len(event.custom)
