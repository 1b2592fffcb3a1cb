"""Releases and the ledger: what was published, and under which pseudonyms."""

from dataclasses import dataclass
from datetime import datetime

from witnessbox.ledger.model import Actor, Entry, Head
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger

KIND = "release"


@dataclass(frozen=True, slots=True)
class Given:
    """The pseudonym a person goes by in reports from now on."""

    person: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Release:
    """That a report was published: where, and the hashes that tell it from any other.

    ``told`` is the state of the ledger that the report tells, before this entry.
    """

    name: str  # of its folder under the operation's reports
    title: str
    manifest_sha256: str
    bundle_sha256: str
    told: Head
    merkle_root: str
    quotations: int
    pseudonyms: tuple[Given, ...]


def release(ledger: Ledger, made: Release, actor: Actor, at: datetime, reason: str) -> Entry:
    """Enter a release."""
    return ledger.append([draft(KIND, made, actor, at, reason)])[0]


def releases(ledger: Ledger) -> list[Release]:
    """Give every release, oldest first."""
    return [read(entry, Release) for entry in ledger.entries(KIND)]


def given(ledger: Ledger) -> dict[str, str]:
    """Give the pseudonyms that releases have given so far, by person."""
    return {one.person: one.pseudonym for made in releases(ledger) for one in made.pseudonyms}
