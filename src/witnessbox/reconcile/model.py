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
    FULL_NAME = "full-name"  # two phones have the same full name, in different conversations
    DECISION = "decision"  # nothing but a person's word


class LinkState(StrEnum):
    """What came of two names that may be one person's."""

    JOINED = "joined"  # what speaks for it weighs enough
    PROPOSED = "proposed"  # it weighs too little, and a person may decide
    ACCEPTED = "accepted"  # a person decided that they are one
    REFUSED = "refused"  # a person decided that they are two
    PARTED = "parted"  # it would make one of persons that a decision holds apart


class Discrepancy(StrEnum):
    """In which way a copy differs from what the others show."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    TEXT_DIFFERS = "text-differs"
    EDITED = "edited"  # the words differ, and a copy marks the message as edited on the platform
    ONLY_HERE = "only-here"
    TIME_RUNS_BACK = "time-runs-back"
    TIME_DIFFERS = "time-differs"


class Strength(StrEnum):
    """What stands behind a discrepancy, weakest first.

    Grades of support, no measure of chance, and none of guilt: the strongest says only that the
    difference is well shown, never who made it, how or why.
    """

    NOTED = "noted"  # the copies differ; ordinary explanations do as well as any other
    SUPPORTED = "supported"  # the data speak against those that can be checked, with one doubt left
    CORROBORATED = "corroborated"  # two phones or more agree, and no such doubt is left
    DOCUMENTED = "documented"  # this copy's own data, or another export of its phone, show it


class Role(StrEnum):
    """Whether a ground speaks for a discrepancy or would explain it."""

    EVIDENCE = "evidence"
    EXPLANATION = "explanation"


class Standing(StrEnum):
    """How an explanation stands beside what the data show."""

    OPEN = "open"
    UNLIKELY = "unlikely"
    EXCLUDED = "excluded"


class Evidence(StrEnum):
    """What the data show about a discrepancy."""

    HELD_BY = "held-by"  # another copy holds the message
    MARKED_ELSEWHERE = "marked-elsewhere"  # another copy has a mark of deletion instead
    SAME_PHONE = "same-phone"  # another export of this phone holds it
    PHONES = "phones"  # how many phones hold it, and how many others were to
    BEFORE = "before"  # what stands before the place in this copy
    AFTER = "after"
    RUN = "run"  # the stretch of missing messages it belongs to
    DATABASE_GAP = "database-gap"  # numbers are missing in this copy's database at that place
    DATABASE_LOOSE = "database-loose"  # so they are, but so they are where nothing is lacking
    DATABASE_WHOLE = "database-whole"  # none is missing there
    OWN_MESSAGE = "own-message"  # this phone's owner wrote it
    MARKED_HERE = "marked-here"  # this copy has a mark of deletion
    OTHER_WORDS = "other-words"  # this copy has other words
    EDIT_MARK = "edit-mark"  # a copy marks the message as edited
    WRITTEN_HERE = "written-here"  # the row that shows the discrepancy
    OTHER_TIME = "other-time"  # another copy has another time


class Explanation(StrEnum):
    """What would explain a discrepancy; the ordinary ones first."""

    WINDOW = "window"  # outside what the copy could know
    LIMIT = "limit"  # cut off by a limit of exports
    TIMER = "timer"  # disappeared by a timer
    CLEARED = "cleared"  # gone with a chat that was cleared
    AWAY = "away"  # the owner was out, or the phone was another
    MEDIA_SETTING = "media-setting"  # files are left out or were cleaned away
    NOT_DELIVERED = "not-delivered"
    LATE = "late"  # delivered late
    BLOCKED = "blocked"  # its writer was blocked on this phone
    WITHDRAWN = "withdrawn"  # deleted for everyone by its writer
    EDITED = "edited"  # edited on the platform
    RENDERING = "rendering"  # the phones write the same thing in two ways
    CLOCK = "clock"  # a clock was off or set
    MATCHING = "matching"  # our matching went wrong
    LOST_ELSEWHERE = "lost-elsewhere"  # the other phones lost it
    DELETED_HERE = "deleted-here"  # deleted on this phone alone
    FILE_ALTERED = "file-altered"  # the file was changed after it was exported


class Reach(StrEnum):
    """Why a stretch of a conversation is inside or outside of what a copy could know."""

    HELD = "held"  # inside: between the copy's first message and its last
    GIVEN = "given"  # somebody decided it
    START = "start"  # before the copy's first message, and nothing says why it begins there
    JOINED = "joined"  # before the owner came
    LIMIT = "limit"  # before what an export is cut to
    CLEARED = "cleared"  # before the chat was cleared
    END = "end"  # after the copy's last message
    LEFT = "left"  # the owner had left or was removed
    TIMER = "timer"  # messages disappeared by a timer
    BETWEEN_FILES = "between-files"  # of one export
    MEDIA_ONLY = "media-only"  # files alone are lacking, one after another
    EDGE = "edge"  # so near to a bound that clocks cannot tell on which side
    CLOCK_SET = "clock-set"  # around the row at which the copy's clock was set


@dataclass(frozen=True, slots=True)
class GivenOffset:
    """What somebody decided to add to a copy's times, from one of them on.

    ``since_ms`` is by the copy's own clock; None stands for its first message.
    """

    copy: str  # id
    offset_ms: int
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class GivenWindow:
    """What somebody decided that a copy could know: from one time to another, UTC.

    It takes the place of all that was found of the copy's window; several of one copy add up.
    None stands for the beginning or the end of the conversation.
    """

    copy: str  # id
    since_ms: int | None = None
    until_ms: int | None = None  # the first moment no longer in it


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
    one another in: phones' names for them, numbers, custodians, and copies that show both.  Of
    what a person accepted, it is what is known without anybody's word.
    """

    first: CopyName
    second: CopyName
    rule: JoinedBy
    texts_agreed: int
    texts_against: int
    traits_agreed: int
    traits_against: int
    weight: float
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    state: LinkState

    @property
    def joined(self) -> bool:
        """Say whether the two are taken for one person's."""
        return self.state in {LinkState.JOINED, LinkState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class PlannedCopy:
    """A copy with all that is decided before its messages are laid over the others'."""

    source: Source
    names: tuple[Name, ...]
    own: tuple[str, ...] = ()  # plain names and numbers by which the phone may mean its owner
    offsets: tuple[GivenOffset, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedConversation:
    """Copies that show one conversation, in the order of their ids."""

    conversation: str
    title: str
    platform: str
    copies: tuple[PlannedCopy, ...]
    windows: tuple[GivenWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every conversation of an operation, in the order of their ids."""

    conversations: tuple[PlannedConversation, ...]
    links: tuple[Link, ...] = ()
