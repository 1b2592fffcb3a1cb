"""Small operations to review: messages, who sighted them, and the order in which to read them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import BATCHES, CANONICAL_MESSAGES, SIGHTINGS, Table
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import KIND, Receipt
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger

AB1, AB2 = "a" * 64, "b" * 64
RECEIVED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """One canonical message and the spans of its sightings, the quoted one first."""

    message: str
    spans: tuple[Span, ...]


def seen(message: str, *spans: tuple[str, int]) -> Seen:
    """Say which places show a message; each record is ten bytes long."""
    return Seen(message, tuple(Span(exhibit, start, start + 10) for exhibit, start in spans))


def reconcile(folder: Folder, *messages: Seen, conversation: str = "c1") -> None:
    """Write the tables a reconciliation would have written."""
    quoted = [(one.message, one.spans[0]) for one in messages]
    sighted = [(one.message, span) for one in messages for span in one.spans]
    _write(folder, CANONICAL_MESSAGES, conversation, [_row(*one) for one in quoted])
    _write(folder, SIGHTINGS, conversation, [_row(*one) for one in sighted])


def rank(folder: Folder, *batches: tuple[str, ...]) -> None:
    """Write the reading order: one tuple of message ids a batch."""
    rows = [
        {
            "batch": number,
            "rank": place,
            "message": message,
            "conversation": "c1",
            "position": place,
            "score": 0.5,
            "category": "racism",
        }
        for number, batch in enumerate(batches, 1)
        for place, message in enumerate(batch)
    ]
    _write(folder, BATCHES, "all", rows)


def receipt(exhibit: str, reference: str, name: str) -> Receipt:
    """Say that an exhibit was received under a reference and a file name."""
    return Receipt(
        exhibit=exhibit,
        reference=reference,
        name=name,
        size_bytes=100,
        custodian="Officer A",
        received_by="ana",
        received_at=RECEIVED.isoformat(),
        lawful_basis="consent",
        container=None,
        delivery=exhibit,
        zone=None,
    )


def receive(ledger: Ledger, *received: Receipt) -> None:
    """Enter receipts."""
    ledger.append([draft(KIND, one, Actor("ana", "Ana"), RECEIVED) for one in received])


def _row(message: str, span: Span) -> dict[str, object]:
    return {
        "message": message,
        "exhibit": span.exhibit,
        "start": span.start,
        "end": span.end,
    }


def _write(folder: Folder, table: Table, shard: str, rows: list[dict[str, object]]) -> None:
    whole = [{name: row.get(name) for name in table.schema.names} for row in rows]
    batch = pa.RecordBatch.from_pylist(whole, schema=table.schema)
    Tables(folder.tables).write(table, shard, [batch])
