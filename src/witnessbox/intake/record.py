"""Receipts and refusals: what was handed over, by whom, to whom, when, on what basis."""

from collections.abc import Iterable
from dataclasses import dataclass

from witnessbox.ledger.record import read
from witnessbox.ledger.store import Ledger

KIND = "receipt"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That one exhibit was received once.

    ``name`` is its path as received, containers first.  ``delivery`` names the act of handing over
    (one zip, one folder, one file): what came together belongs together.  ``zone`` is the device's
    time zone (IANA name) where it was stated.  ``key`` is the SHA-256 of the key with which it was
    decrypted out of its container; the key itself is kept nowhere.
    """

    exhibit: str
    reference: str
    name: str
    size_bytes: int
    custodian: str
    received_by: str
    received_at: str  # ISO 8601, UTC
    lawful_basis: str
    container: str | None  # the exhibit of the archive it lay in
    delivery: str
    zone: str | None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """That something was handed over and not taken, or taken and not opened; and why."""

    name: str
    reason: str
    custodian: str
    reference: str
    refused_by: str
    refused_at: str  # ISO 8601, UTC


def refused(ledger: Ledger) -> list[Refused]:
    """Give everything that was refused, in the order of the ledger."""
    return [read(entry, Refused) for entry in ledger.entries(REFUSED)]


def receipts(ledger: Ledger) -> list[Receipt]:
    """Give every receipt, in the order of the ledger."""
    return [read(entry, Receipt) for entry in ledger.entries(KIND)]


def first_receipts(received: Iterable[Receipt]) -> dict[str, Receipt]:
    """Give each exhibit's first receipt, by exhibit, in the order of receipt."""
    first: dict[str, Receipt] = {}
    for one in received:
        first.setdefault(one.exhibit, one)
    return first


def next_reference(ledger: Ledger, prefix: str) -> str:
    """Give the first exhibit reference of the form ``prefix/001`` that is not taken."""
    taken = {receipt.reference for receipt in receipts(ledger)}
    number = 1
    while f"{prefix}/{number:03}" in taken or _is_stem(f"{prefix}/{number:03}/", taken):
        number += 1
    return f"{prefix}/{number:03}"


def _is_stem(stem: str, taken: set[str]) -> bool:
    return any(reference.startswith(stem) for reference in taken)
