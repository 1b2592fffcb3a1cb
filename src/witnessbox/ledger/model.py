"""The words of the ledger.  It knows envelopes; what a body means is its stage's business."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made an entry: a stable id and the name to show."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has a place in the ledger.

    ``kind`` says which stage's record the body is; ``body`` is JSON text; ``reason`` is why, in the
    person's words, empty where the deed speaks for itself.
    """

    kind: str
    body: str
    actor: Actor
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in its place; ``hash`` covers all else, ``previous`` is the hash before it."""

    position: int
    kind: str
    body: str
    actor: Actor
    at: str  # ISO 8601, UTC, microseconds, "Z"
    reason: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """How long the ledger is and the hash of its last entry; of an empty one, 0 and ``GENESIS``."""

    length: int
    hash: str
