"""A conversation to learn from: mild remarks about drivers among talk of rotas, all invented."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from tests.people import ANA, NOON
from tests.review.builders import AB1, AB2
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import CANONICAL_MESSAGES, SIGHTINGS, Table
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Coding
from witnessbox.review.record import code
from witnessbox.screening import run as screening

TOPICS = ("rota", "kettle", "parking", "radio", "lockers", "boots", "torches", "biscuits")
REMARK = "lady drivers again, typical lady driver number"
STEP = timedelta(minutes=3)
BEGUN = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


def is_remark(at: int) -> bool:
    """Say whether the message at this place is one of the remarks: every tenth is."""
    return at % 10 == 7


def said(at: int) -> str:
    """Give the text of the message at a place; no two are alike."""
    if is_remark(at):
        return f"{REMARK} {at}"
    return f"about the {TOPICS[at % len(TOPICS)]} on day {at}, call {at * 7 % 101}"


def message(at: int, conversation: str = "c1") -> str:
    """Name the message at a place."""
    return f"{conversation}-{at:04}"


def talk(folder: Folder, messages: int = 120, conversation: str = "c1") -> None:
    """Write a conversation as reconciliation would, and screen it."""
    rows = [
        {
            "message": message(at, conversation),
            "conversation": conversation,
            "position": at,
            "sent_at": BEGUN + at * STEP,
            "sender": f"p{at % 3}",
            "kind": "text",
            "text": said(at),
            "exhibit": AB1 if conversation == "c1" else AB2,
            "start": at * 10,
            "end": at * 10 + 10,
        }
        for at in range(messages)
    ]
    _write(folder, CANONICAL_MESSAGES, conversation, rows)
    _write(folder, SIGHTINGS, conversation, rows)


def screen(folder: Folder, ledger: Ledger) -> None:
    """Score what was written."""
    screening.run(folder, ledger)


def judged(ledger: Ledger, *places: int, reviewer: str = "ana") -> None:
    """Have a reviewer code these messages as they are."""
    for at in places:
        categories = ("misogyny",) if is_remark(at) else ()
        span = Span(AB1, at * 10, at * 10 + 10)
        code(ledger, Coding(message(at), span, reviewer, categories), ANA, NOON)


def _write(folder: Folder, table: Table, shard: str, rows: list[dict[str, object]]) -> None:
    whole = [{name: row.get(name) for name in table.stored.names} for row in rows]
    batch = pa.RecordBatch.from_pylist(whole, schema=table.stored)
    Tables(folder.tables).write(table, shard, [batch])
