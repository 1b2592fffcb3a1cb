"""Between a stage's frozen records and the JSON bodies of ledger entries.

Every stage that takes decisions has a ``record.py`` of its own that says which record goes under
which kind; what is here is all they share.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from witnessbox.ledger.model import Actor, Draft, Entry
from witnessbox.ledger.store import LedgerError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entered(Generic[T]):
    """One decision as it was entered: by whom, when and why."""

    decision: T
    position: int
    actor: Actor
    at: str
    reason: str


def entered(entry: Entry, decision: T) -> Entered[T]:
    """Put a decision beside who entered it, when and why."""
    return Entered(decision, entry.position, entry.actor, entry.at, entry.reason)


def draft(kind: str, record: Any, actor: Actor, at: datetime, reason: str = "") -> Draft:
    """Put a frozen record into a draft; the same record always gives the same body."""
    body = msgspec.json.encode(record, order="deterministic").decode()
    return Draft(kind, body, actor, at, reason)


def read(entry: Entry, kind_of: type[T]) -> T:
    """Take a record of this type out of an entry.  Raises LedgerError where it does not fit."""
    try:
        return msgspec.json.decode(entry.body, type=kind_of)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise LedgerError(
            f"ledger entry {entry.position} ({entry.kind}) cannot be read: {error}; "
            "it may come from a newer version of Witnessbox"
        ) from error
