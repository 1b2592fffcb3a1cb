"""The words of search: what may be asked, and what comes back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Span


class SearchError(WitnessboxError):
    """There is no index to ask, or it does not fit the tables."""


class QueryError(WitnessboxError):
    """A query cannot be understood; ``column`` says where, 1 for its first character."""

    def __init__(self, what: str, column: int) -> None:
        super().__init__(f"the query cannot be read at character {column}: {what}")
        self.column = column


class Order(StrEnum):
    """In which order hits come."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a text in the query language, and filters beside it; all must hold.

    ``sender`` is a person's id or any name a phone uses for them, ``conversation`` an id or part of
    a title.  ``since`` and ``until`` are days (both included) in ``zone``, or exact moments.
    An empty text asks for every message that passes the filters.
    """

    text: str
    sender: str | None = None
    conversation: str | None = None
    since: date | datetime | None = None
    until: date | datetime | None = None
    limit: int = 20
    offset: int = 0
    order: Order = Order.NEWEST
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Line:
    """One canonical message, as it is shown in its conversation."""

    message: str
    conversation: str
    position: int
    sent_at: datetime | None
    sender: str | None
    sender_name: str | None
    kind: str
    text: str
    deleted: bool
    edited: bool
    span: Span


@dataclass(frozen=True, slots=True)
class MachineHit:
    """What a machine read out of a file that a message carries, where it answers the query."""

    exhibit: str
    kind: str
    engine: str
    text: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A message found.  ``highlights`` are ranges of characters of ``text``, in order, apart.

    ``machine`` is what a machine read and the message does not say: it has mistakes of its own.
    """

    message: str
    conversation: str
    title: str
    position: int
    sent_at: datetime | None
    sender: str | None
    sender_name: str | None
    kind: str
    text: str
    highlights: tuple[tuple[int, int], ...]
    span: Span
    score: float
    machine: tuple[MachineHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found, and how much there is in all."""

    total: int
    hits: tuple[Hit, ...]
