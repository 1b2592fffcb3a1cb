"""Make an operation of any size up, table by table, as if it had been read in and scored.

Talk of nothing much in conversations of 2,000 messages, one sighting and one score a message; the
reading order, codings of the first batches, and a sealed sample.  Made for timing pages alone.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.digest import derive, derive_each
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import Table
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.operation.model import Operation, new
from witnessbox.reconcile.model import MatchedBy
from witnessbox.review.coding import Coding
from witnessbox.review.drawn import SAMPLE, Sample
from witnessbox.review.record import CODING
from witnessbox.screening.material import Purpose
from witnessbox.screening.normalise import Places

ANA = Actor("ana", "Ana")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEGUN_MS = int(datetime(2024, 2, 1, tzinfo=UTC).timestamp() * 1000)
IN_CONVERSATION = 2_000
BATCH = 100
DRAWN = 1_000
WORDS = ("rota", "kettle", "parking", "radio", "lockers", "boots", "torches", "biscuits")
RECORD_BYTES = 40


def conversation(number: int) -> str:
    """Name a conversation."""
    return derive("conversation", number)


def names(number: int) -> list[str]:
    """Name a conversation's messages."""
    places = list(range(IN_CONVERSATION))
    return list(derive_each("message", [str(number)] * IN_CONVERSATION, places))


def made_up(root: Path, messages: int, coded: int, seed: int = 0) -> Operation:
    """Make the operation; messages come in whole conversations."""
    operation = new(
        root, name="Speed", zone="Europe/London", profile="ew-police", actor=ANA, at=NOON
    )
    conversations = messages // IN_CONVERSATION
    chance = np.random.default_rng(seed)
    for number in range(conversations):
        _talk(operation, number, chance)
    rows = [_listed(number) for number in range(conversations)]
    _write(operation, schema.CONVERSATIONS, "operation", _columns(rows))
    _write(operation, schema.COPIES, "operation", _columns([_copy(one) for one in rows]))
    order = chance.permutation(conversations * IN_CONVERSATION)
    order = np.sort(order.reshape(-1, BATCH), axis=1).reshape(-1)
    ids = [one for number in range(conversations) for one in names(number)]
    _rank(operation, order, ids)
    _read(operation, order[:coded], ids)
    lots = tuple(ids[at] for at in chance.choice(len(ids), DRAWN, replace=False))
    drawn = Sample(0, Purpose.SEALED, seed, len(ids), "0" * 64, lots)
    operation.ledger.append([draft(SAMPLE, drawn, ANA, NOON)])
    return operation


def _talk(operation: Operation, number: int, chance: np.random.Generator) -> None:
    """Write one conversation's messages, sightings and scores."""
    count, places = IN_CONVERSATION, np.arange(IN_CONVERSATION)
    words = np.array(WORDS)[chance.integers(0, len(WORDS), (count, 4))]
    text = [f"about the {' and the '.join(row)}, call {at % 97}" for at, row in enumerate(words)]
    shared = {
        "message": names(number),
        "conversation": [conversation(number)] * count,
        "position": places,
        "copy_row": places,
        "sent_at": pa.array(BEGUN_MS + places * 180_000).cast(pa.timestamp("ms", "UTC")),
        "sender": [f"p{at % 5}-{number % 4000}" for at in places],
        "sender_name": [f"PC {at % 5}" for at in places],
        "kind": ["text"] * count,
        "text": text,
        "sightings": np.ones(count, np.int32),
        "copy": [derive("copy", number)] * count,
        "exhibit": [_exhibit(number)] * count,
        "start": places * RECORD_BYTES,
        "end": (places + 1) * RECORD_BYTES,
        "matched_by": [str(MatchedBy.ALONE)] * count,
        "same_text": [True] * count,
        "category": ["abuse"] * count,
        "score": chance.random(count, np.float32),
        "source": ["classifier"] * count,
        "language": ["en"] * count,
    }
    for table in (schema.CANONICAL_MESSAGES, schema.SIGHTINGS, schema.SCORES):
        _write(operation, table, conversation(number), shared)


def _exhibit(number: int) -> str:
    return f"{number:064x}"


def _listed(number: int) -> dict[str, object]:
    return {
        "conversation": conversation(number),
        "title": f"Group {number}",
        "copies": 1,
        "messages": IN_CONVERSATION,
        "copy": derive("copy", number),
        "exhibits": [_exhibit(number)],
        "matched": IN_CONVERSATION,
    }


def _copy(row: dict[str, object]) -> dict[str, object]:
    return row | {"custodian": "PC Example", "parser": "whatsapp"}


def _columns(rows: list[dict[str, object]]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _write(operation: Operation, table: Table, shard: str, columns: Mapping[str, Any]) -> None:
    """Write one shard; a column that nothing is said of is empty."""
    count = len(next(iter(columns.values())))
    arrays = [
        pa.array(columns[name]).cast(kind) if name in columns else pa.nulls(count, kind)
        for name, kind in zip(table.stored.names, table.stored.types, strict=True)
    ]
    batch = pa.RecordBatch.from_arrays(arrays, schema=table.stored)
    operation.tables.write(table, shard, [batch])


def _rank(operation: Operation, order: Places, ids: list[str]) -> None:
    """Write the reading order a stretch at a time."""

    def stretches() -> Iterator[pa.RecordBatch]:
        for first in range(0, len(order), 1 << 16):
            part = order[first : first + (1 << 16)]
            rank = np.arange(first, first + len(part))
            columns = {
                "batch": pa.array(rank // BATCH + 1, pa.int32()),
                "rank": pa.array(rank + 1),
                "message": pa.array([ids[at] for at in part]),
                "conversation": pa.array([conversation(at // IN_CONVERSATION) for at in part]),
                "position": pa.array(part % IN_CONVERSATION),
                "score": pa.array(1 - rank / len(order), pa.float32()),
                "category": pa.array(["abuse"] * len(part)).dictionary_encode(),
            }
            yield pa.RecordBatch.from_arrays(
                [columns[name] for name in schema.BATCHES.schema.names],
                schema=schema.BATCHES.schema,
            )

    operation.tables.write(schema.BATCHES, "all", stretches())


def _read(operation: Operation, places: Places, ids: list[str]) -> None:
    """Code these messages, one in ten as relevant."""
    drafts = []
    for at in places.tolist():
        start = at % IN_CONVERSATION * RECORD_BYTES
        span = Span(_exhibit(at // IN_CONVERSATION), start, start + RECORD_BYTES)
        categories = ("misogyny",) if at % 10 == 7 else ()
        drafts.append(
            draft(
                CODING, Coding(ids[at], span, "ana", categories, int(bool(categories))), ANA, NOON
            )
        )
    operation.ledger.append(drafts)
