"""The words of explanation: what is told of why things were joined or flagged.

All of it stands in the stored tables already; nothing is weighed or matched again to tell it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Precision, Span
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import ClockStep, MatchedBy


class WhyError(WitnessboxError):
    """What was asked about is not there, or more than one thing answers to it."""


class Sort(StrEnum):
    """What can be explained."""

    MESSAGE = "message"
    PERSON = "person"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that can be explained: what it is and its whole id."""

    sort: Sort
    id: str
    conversation: str | None = None  # None for a person, who may speak in several


class Stand(StrEnum):
    """How one copy stands to one message."""

    HELD = "held"
    PLACEHOLDER = "placeholder"  # the copy says that a message stood here
    DIFFERS = "differs"  # the copy holds it with other words
    MISSING = "missing"  # not there, though the copy covers that time
    OUTSIDE = "outside"  # not there, and not held to be missing: mostly outside the window


@dataclass(frozen=True, slots=True)
class Copy:
    """One phone's copy of a conversation, numbered as every list of them shows it."""

    id: str
    number: int
    title: str
    custodian: str
    exhibits: tuple[str, ...]
    messages: int
    matched: int
    first_at: datetime | None
    last_at: datetime | None
    offset_ms: int
    offset_doubt: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One canonical message: where it stands and what is quoted of it."""

    id: str
    conversation: str
    title: str
    position: int
    sent_at: datetime | None
    precision: str | None
    timed_by: str | None  # the copy whose corrected time it is
    sender: str | None  # a person's id; None for a notice
    sender_name: str | None
    kind: str
    text: str | None
    edited: bool
    deleted: bool
    sightings: int
    span: Span


@dataclass(frozen=True, slots=True)
class Sight:
    """That one copy holds one message, as stored."""

    message: str
    copy: str
    span: Span
    copy_row: int
    sent_at: datetime | None  # by the copy's own clock
    sender_name: str | None
    kind: str
    matched_by: MatchedBy
    same_text: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What the exhibit itself has at a sighting's place."""

    stamp: str | None  # date and time as written
    zone: str | None  # "UTC" where the source says so, else the zone that was assumed
    precision: str | None
    text: str | None
    edited: bool
    platform_id: str | None


@dataclass(frozen=True, slots=True)
class WindowStretch:
    """A stretch of a conversation that one copy could know of, or could not, and why."""

    copy: str
    since: int  # position of its first message
    until: int  # of the first one behind it
    inside: bool
    media_only: bool  # said of files alone
    reason: str  # reconcile.model.Reach
    words: str

    def covers(self, position: int) -> bool:
        """Say whether a message stands in it."""
        return self.since <= position < self.until


@dataclass(frozen=True, slots=True)
class ToldSighting:
    """One copy's sighting of a message, with all that led from its row to the message."""

    copy: Copy
    sight: Sight
    written: Written | None  # None where the exhibit's rows were read anew since
    piece: ClockStep | None  # of the copy's clock, in force at this row
    corrected_at: datetime | None
    rule: str  # why it was taken for this message, in plain words
    quoted: bool

    @property
    def to_the_minute(self) -> bool:
        """Say whether its copy knows minutes only, so that it may be up to one later."""
        return self.written is not None and self.written.precision == Precision.MINUTE


@dataclass(frozen=True, slots=True)
class Lacking:
    """A copy that does not show a message, and whether it could."""

    copy: Copy
    stand: Stand
    why: str


@dataclass(frozen=True, slots=True)
class MessageWhy:
    """How one message came out of its copies."""

    message: Message
    sightings: tuple[ToldSighting, ...]
    quoting: tuple[str, ...]  # why this sighting is quoted, a sentence each
    timing: tuple[str, ...]  # where its time comes from
    lacking: tuple[Lacking, ...]
    discrepancies: tuple[Grounded, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of messages that one copy lacks: how many, and its ends."""

    messages: int
    first: Message
    last: Message


@dataclass(frozen=True, slots=True)
class DiscrepancyWhy:
    """What stands behind one discrepancy, beside the message and the copy it is about."""

    told: Grounded
    message: Message
    copy: Copy
    copies: tuple[Copy, ...]
    run: Run | None  # that it belongs to


@dataclass(frozen=True, slots=True)
class KnownAs:
    """One name one copy uses for a person."""

    copy: Copy
    conversation: str
    title: str
    name: str
    messages: int
    owner: bool


@dataclass(frozen=True, slots=True)
class NameOn:
    """A name as one copy writes it; the copy is None where it is no longer among the copies."""

    name: str
    copy: Copy | None
    title: str  # of the conversation


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A link of one of a person's names with another name, theirs or somebody else's."""

    id: str
    first: NameOn
    second: NameOn
    other: str | None  # id of whom the second is, where that is somebody else
    other_label: str | None
    rule: str  # reconcile.model.JoinedBy
    led: str  # what led there, in plain words
    texts_agreed: int
    texts_against: int
    traits_agreed: int
    traits_against: int
    weight: float
    odds: str  # what the weight means, in words
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    state: str  # joined, proposed, accepted, refused, parted


@dataclass(frozen=True, slots=True)
class PersonWhy:
    """Under which names a person is known, and what joined these."""

    person: str
    label: str
    names: tuple[KnownAs, ...]
    joined: tuple[ToldLink, ...]  # strongest first
    apart: tuple[ToldLink, ...]  # with names of other people: proposed, refused, parted


@dataclass(frozen=True, slots=True)
class Cell:
    """What one copy has beside one message."""

    copy: Copy
    stand: Stand
    told: tuple[Grounded, ...]  # discrepancies of this copy here
    words: str | None = None  # as this copy has them, where they are not those that are quoted
    sight: Sight | None = None
    corrected_at: datetime | None = None
    set_by_ms: int | None = None  # by how much its clock was set since the row above
    why: str = ""  # why there is nothing, or nothing is asked
    goes_on: bool = False  # the cell above says the same


@dataclass(frozen=True, slots=True)
class Line:
    """One message with what each copy has beside it."""

    message: Message
    cells: tuple[Cell, ...]

    @property
    def flagged(self) -> bool:
        """Say whether any copy differs here."""
        return any(cell.told for cell in self.cells)
