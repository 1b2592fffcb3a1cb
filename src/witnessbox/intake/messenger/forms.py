"""Messages that are alike: which slot of their layout says what.

Whatever else a message of the layout says is the same in all of them, so that it is read once, from
a sample.  A layout that says something out of the ordinary has no form, and its messages are read
one by one.
"""

from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np

from witnessbox.evidence.model import Kind
from witnessbox.intake.careful import repeats
from witnessbox.intake.clock import NO_TIME, Ints
from witnessbox.intake.json_layout import Layout, Path
from witnessbox.intake.json_octets import numbers_of, octets_of
from witnessbox.intake.json_spans import Alike, Run
from witnessbox.intake.messenger.rows import FILES, is_deleted, kind_of
from witnessbox.intake.messenger.words import Spoken, clocks

VARYING = frozenset(
    (
        "sender_name",
        "senderName",
        "timestamp_ms",
        "timestamp",
        "content",
        "text",
        "reaction",
        "actor",
        "uri",
        "creation_timestamp",
    )
)
"""The keys whose values differ between messages that are otherwise alike."""

Reaction = tuple[int | None, int | None, int | None]
"""The slots of who reacted, with what, and when; None where that is not told."""

_FORMS = 1 << 8
_TIME_DIGITS = 14  # the most that are always a time
_one = msgspec.json.Decoder(Spoken).decode


@dataclass(frozen=True, slots=True)
class Form:
    """The places of slots in a layout, and what all messages of the layout have in common."""

    sender: int
    time: int
    text: int | None
    unsaid: str | None  # what stands for the text where it has no slot
    kind: Kind
    deleted: bool
    reactions: tuple[Reaction, ...]
    files: tuple[tuple[int, str | None], ...]  # name, medium

    def strings(self) -> set[int]:
        """Give the slots that are read as strings."""
        words = [self.sender, self.text, *(name for name, _ in self.files)]
        words += [word for actor, mark, _ in self.reactions for word in (actor, mark)]
        return {word for word in words if word is not None}


@lru_cache(_FORMS)
def form_of(layout: Layout) -> Form | None:
    """Give the form of a layout; None where its messages have to be read one by one."""
    sample = layout.sample()
    try:
        spoken = _one(sample)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    kind = kind_of(spoken)
    if not _is_usual(spoken) or kind is Kind.NOTICE or repeats(sample):
        return None
    slots = {slot.path: place for place, slot in enumerate(layout.slots)}
    try:
        form = _form(spoken, kind, slots)
    except KeyError:
        return None
    strings = {place for place, slot in enumerate(layout.slots) if not slot.digits}
    sound = 0 < layout.slots[form.time].digits <= _TIME_DIGITS and form.strings() == strings
    return form if sound else None


def _is_usual(spoken: Spoken) -> bool:
    """Say whether a message has none of what is told from several of its fields together."""
    return (
        spoken.share is None
        and spoken.sticker is None
        and (spoken.content is None or spoken.text is None)
        and (spoken.timestamp_ms is None or spoken.timestamp is None)
        and bool(spoken.sender_name) is not bool(spoken.sender_name_e2ee)
    )


def _form(spoken: Spoken, kind: Kind, slots: dict[Path, int]) -> Form:
    """Give the form; raises KeyError where a value that matters has no slot."""
    said = spoken.text if spoken.content is None else spoken.content
    reactions = tuple(
        (
            None if one.actor is None else slots["reactions", place, "actor"],
            None if one.reaction is None else slots["reactions", place, "reaction"],
            None if one.timestamp is None else slots["reactions", place, "timestamp"],
        )
        for place, one in enumerate(spoken.reactions or ())
    )
    files = tuple(
        (slots[key, place, "uri"], media)
        for key, media in FILES
        for place, _ in enumerate(getattr(spoken, key) or ())
    )
    return Form(
        sender=slots["sender_name",] if spoken.sender_name else slots["senderName",],
        time=slots["timestamp" if spoken.timestamp_ms is None else "timestamp_ms",],
        text=slots["text" if spoken.content is None else "content",] if said else None,
        unsaid=None if said else said,
        kind=kind,
        deleted=is_deleted(spoken),
        reactions=reactions,
        files=files,
    )


def forms(run: Run) -> tuple[list[tuple[Alike, Form]], Ints]:
    """Give the messages of a run that have a form, and the places of the others."""
    found, others = [], [run.rest]
    for alike in run.alike:
        form = form_of(alike.layout)
        if form is None:
            others.append(alike.places)
        else:
            found.append((alike, form))
    return found, np.sort(np.concatenate(others))


def numbers(run: Run, alike: Alike, slot: int) -> Ints:
    """Read the whole numbers in a slot."""
    digits = alike.layout.slots[slot].digits
    return numbers_of(octets_of(run.data), alike.starts[slot], digits)


def times(run: Run) -> Ints:
    """Give the times of a run's messages, those that can be read, in file order."""
    alike, others = forms(run)
    told = [(place, time) for place in others.tolist() for time in clocks([run.piece(place)])]
    far = any(abs(time) >= -NO_TIME for _, time in told)
    found = np.full(len(run.ends), NO_TIME, object if far else np.int64)
    for those, form in alike:
        found[those.places] = numbers(run, those, form.time)
    for place, time in told:
        found[place] = time
    known: Ints = found[found != NO_TIME]
    return known
