"""The words of validation: what is known to have been said, and what must be read of it.

- An *element* is one thing an export can hold: an emoji, an edited message, a thousand people.
- *Known data* are invented messages, each made to show one element.
- A *writer* renders known data in one format and says, for each record, what must be read; what the
  format cannot hold it declares as unsupported, with the reason.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from witnessbox.evidence.model import Kind


@dataclass(frozen=True, slots=True)
class Element:
    """One thing an export can hold."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that was said: by whom (None: the platform), when, and which element it shows."""

    element: str
    at: datetime  # UTC
    sender: str | None
    text: str
    member: str | None = None  # whom a notice is about
    reactions: tuple[tuple[str, str], ...] = ()  # who, with what


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation of known data."""

    title: str
    people: tuple[str, ...]
    said: tuple[Known, ...]
    elements: tuple[str, ...]  # those this conversation is about


@dataclass(frozen=True, slots=True)
class Attached:
    """A file a message names or says was left out."""

    name: str | None
    media: str
    omitted: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be read of one record, and no other doubt or note of it."""

    kind: Kind
    sender: str | None
    text: str | None
    wall_at: datetime | None  # None where the format gives UTC
    sent_at: datetime
    edited: bool = False
    deleted: bool = False
    attached: tuple[Attached, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = None  # the byte at which the message it replies to begins
    noted: tuple[str, ...] = ()  # codes of the problems that point at it


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its bytes, the element it shows and what must be read of it."""

    element: str
    start: int
    end: int
    expected: Expected


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of known data.

    ``unsupported`` names elements the format cannot hold, and why; ``beside`` are files that lie in
    the same folder, by their names.
    """

    way: str  # how it is written, where a format is written in several ways: "Android", "iOS"
    title: str  # of the conversation
    name: str  # as received, containers first
    data: bytes
    records: tuple[Record, ...]
    unsupported: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, bytes], ...] = ()


class Outcome(StrEnum):
    """What came of one element in one format."""

    UNALTERED = "once, unaltered"
    UNSUPPORTED = "unsupported"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one element; ``detail`` says why it is unsupported or how it failed."""

    element: str
    outcome: Outcome
    detail: str = ""
