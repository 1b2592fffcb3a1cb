"""The words of reconciliation.

A *copy* is one phone's account of one conversation.  A *clock* says what to add to a copy's times
so that they agree with the others.  A *person* is known on each phone by another *name*.
"""

from dataclasses import dataclass
from enum import StrEnum

from witnessbox.errors import WitnessboxError


class ReconcileError(WitnessboxError):
    """A conversation could not be laid together."""


class MatchedBy(StrEnum):
    """Why a sighting was taken for the message it is listed under."""

    PLATFORM_ID = "platform-id"
    TEXT = "text"  # same words, same person, same time
    KIND = "kind"  # a picture or a notice: same kind, same person, same time and place in order
    LIKENESS = "likeness"  # words that differ but resemble, same person, time and place in order
    PLACEHOLDER = "placeholder"  # this copy says only that a message stood here
    ALONE = "alone"  # no other copy holds it


class JoinedBy(StrEnum):
    """What speaks first for two names being one person's."""

    TEXTS = "texts"  # one conversation's texts stand under both
    NUMBER = "number"
    PHONE = "phone"  # one phone has the same name for them
    CUSTODIAN = "custodian"  # both are the owner of a phone of one custodian
    NAME = "name"  # two phones have the same name for one who speaks in a conversation


class Discrepancy(StrEnum):
    """In which way a copy differs from what the others show."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    TEXT_DIFFERS = "text-differs"
    ONLY_HERE = "only-here"
    TIME_RUNS_BACK = "time-runs-back"
    TIME_DIFFERS = "time-differs"


@dataclass(frozen=True, slots=True)
class Source:
    """One copy as it was handed over: the exhibits that hold it, oldest messages first."""

    copy: str  # id
    exhibits: tuple[str, ...]
    thread: str | None
    title: str
    platform: str
    parser: str
    custodian: str


@dataclass(frozen=True, slots=True)
class ClockStep:
    """From this row of the copy on (0 for the first, in its own order), add this many ms.

    A row, not a time: where a clock is set back, one time of the copy stands for two moments.
    """

    since_row: int
    offset_ms: int  # at ``at_ms``
    at_ms: int = 0  # a time of the copy
    ppb: int = 0  # drift: by how many nanoseconds a second the offset grows
    within_ms: int = 0  # of the offset, at 95%, as far as the texts tell
    texts: int = 0  # that it stands on


@dataclass(frozen=True, slots=True)
class Clock:
    """What to add to a copy's times; ``doubt`` says why that is not sure, None where it is."""

    steps: tuple[ClockStep, ...]
    main_ms: int  # the offset that most of the copy's messages get
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Name:
    """One name one copy uses, and the person behind it; ``label`` is the name to show."""

    name: str
    person: str
    label: str
    messages: int
    owner: bool


@dataclass(frozen=True, slots=True)
class CopyName:
    """A name as one copy writes it."""

    copy: str  # id
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why two names were taken for one person's, or why that is only proposed.

    ``weight`` is a match weight: the base-2 logarithm of how much likelier what was seen is if they
    are one person than if they are two.  Traits are what else two persons agree in or contradict
    one another in: phones' names for them, numbers, custodians, and copies that show both.
    """

    first: CopyName
    second: CopyName
    rule: JoinedBy
    texts_agreed: int
    texts_against: int
    traits_agreed: int
    traits_against: int
    weight: float
    joined: bool


@dataclass(frozen=True, slots=True)
class GivenOffset:
    """What a person decided to add to a copy's times, from one of them on.

    ``since_at`` is ISO 8601, UTC, by the copy's own clock; None from its first message on.
    """

    copy: str  # id
    offset_ms: int
    since_at: str | None = None


@dataclass(frozen=True, slots=True)
class GivenWindow:
    """From when until when a copy could have known what was sent, as a person decided.

    The times are ISO 8601, UTC; None where that end is open.  A copy may have several windows.
    ``why`` is the reason given; who gave it stands in the ledger.
    """

    copy: str  # id
    since_at: str | None
    until_at: str | None
    why: str


@dataclass(frozen=True, slots=True)
class PlannedCopy:
    """A copy with all that is decided before its messages are laid over the others'."""

    source: Source
    names: tuple[Name, ...]
    own: tuple[str, ...] = ()  # plain names and numbers by which the phone may mean its owner
    offsets: tuple[GivenOffset, ...] = ()
    windows: tuple[GivenWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedConversation:
    """Copies that show one conversation, in the order of their ids."""

    conversation: str
    title: str
    platform: str
    copies: tuple[PlannedCopy, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every conversation of an operation, in the order of their ids."""

    conversations: tuple[PlannedConversation, ...]
    links: tuple[Link, ...] = ()
