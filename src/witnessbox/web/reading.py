"""Reading conversations out of the tables, a stretch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Span
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.why.model import Copy
from witnessbox.reconcile.why.reading import copies as copies_of
from witnessbox.reconcile.why.reading import position_of
from witnessbox.reconcile.why.reading import sights as sights_of
from witnessbox.screening.language import UNDETERMINED
from witnessbox.web.bubbles import Bubble, Discrepancy, Row, Sighting, bubbles
from witnessbox.web.shell import MissingPageError


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as lists show it, with the copies that hold it."""

    id: str
    title: str
    platform: str | None
    messages: int
    first_at: datetime | None
    last_at: datetime | None
    copies: tuple[Copy, ...]
    missing: int  # how often some copy lacks a message inside its window
    differing: int  # every other discrepancy


def conversations(tables: Tables) -> list[Conversation]:
    """List the conversations, the longest first."""
    copies = copies_of(tables)
    found = [
        _conversation(tables, row, copies.get(row["conversation"], ()))
        for row in tables.read(schema.CONVERSATIONS).to_pylist()
    ]
    return sorted(found, key=lambda one: (-one.messages, one.id))


def find(tables: Tables, conversation: str) -> Conversation | None:
    """Give one conversation by its id, None where there is none such."""
    every = tables.read(schema.CONVERSATIONS)
    for row in every.filter(pc.equal(every["conversation"], conversation)).to_pylist():
        copies = copies_of(tables, conversation).get(conversation, ())
        return _conversation(tables, row, copies)
    return None


def named(tables: Tables, conversation: str) -> Conversation:
    """Give the conversation an address names.  Raises MissingPageError where there is none such."""
    shown = find(tables, conversation)
    if shown is None:
        raise MissingPageError(
            "There is no such conversation; it may have been laid out anew since the link was "
            "made. Choose one from the list of conversations."
        )
    return shown


def place(tables: Tables, conversation: str, message: str) -> int:
    """Say where the message an address names stands.  Raises MissingPageError."""
    position = position_of(tables, conversation, message)
    if position is None:
        raise MissingPageError(
            "There is no such message in that conversation; search for its words instead."
        )
    return position


def _conversation(tables: Tables, row: Any, copies: tuple[Copy, ...]) -> Conversation:
    kinds = _kinds(tables, row["conversation"])
    return Conversation(
        id=row["conversation"],
        title=row["title"] or "untitled",
        platform=row["platform"],
        messages=row["messages"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        copies=copies,
        missing=kinds.get("missing", 0),
        differing=sum(count for kind, count in kinds.items() if kind != "missing"),
    )


def _kinds(tables: Tables, conversation: str) -> dict[str, int]:
    if not tables.path(schema.DISCREPANCIES, conversation).is_file():
        return {}
    column = tables.read(schema.DISCREPANCIES, [conversation], ["kind"])["kind"]
    counts = pc.value_counts(column.cast(pa.string()))
    return {one["values"]: one["counts"] for one in counts.to_pylist()}


def rows(tables: Tables, conversation: str, first: int, count: int) -> list[Row]:
    """Read a stretch of messages in conversation order; none beyond the ends."""
    if not tables.path(schema.CANONICAL_MESSAGES, conversation).is_file():
        return []
    found = tables.slice(schema.CANONICAL_MESSAGES, conversation, first, count)
    return [_row(row) for row in found.to_pylist()]


def _row(row: Any) -> Row:
    return Row(
        message=row["message"],
        position=row["position"],
        sent_at=row["sent_at"],
        precision=row["precision"] or "minute",
        sender=row["sender"],
        name=row["sender_name"],
        kind=row["kind"],
        text=row["text"],
        edited=bool(row["edited"]),
        deleted=bool(row["deleted"]),
        span=Span(row["exhibit"], row["start"], row["end"]),
    )


def position_at(tables: Tables, conversation: str, day: date, zone: tzinfo) -> int:
    """Find the first message on or after a day of the operation's zone; the last where none is."""
    column = tables.read(schema.CANONICAL_MESSAGES, [conversation], ["sent_at"])["sent_at"]
    moment = pa.scalar(datetime.combine(day, time(), zone), column.type)
    found = pc.index(pc.greater_equal(column, moment), pa.scalar(value=True)).as_py()
    return int(found) if found >= 0 else max(len(column) - 1, 0)


def conversation_of(tables: Tables, message: str) -> str | None:
    """Find the conversation that holds a message."""
    for shard in tables.shards(schema.CANONICAL_MESSAGES):
        if position_of(tables, shard, message) is not None:
            return shard
    return None


def sightings(tables: Tables, conversation: str, first: int, count: int) -> list[Sighting]:
    """Say which copies hold the messages of a stretch, and how."""
    return [
        Sighting(one.message, one.copy, one.matched_by, one.same_text)
        for one in sights_of(tables, conversation, (first, first + count))
    ]


def discrepancies(tables: Tables, conversation: str, messages: Sequence[str]) -> list[Discrepancy]:
    """Say how copies differ at these messages."""
    columns = ["discrepancy", "message", "copy", "kind", "strength", "what", "position"]
    return [
        Discrepancy(*(one[name] for name in columns))
        for one in _of(tables, schema.DISCREPANCIES, conversation, messages, columns)
    ]


def _of(
    tables: Tables,
    table: schema.Table,
    conversation: str,
    messages: Sequence[str],
    columns: list[str] | None,
) -> list[Any]:
    rows: list[Any] = tables.where(table, conversation, "message", messages, columns).to_pylist()
    return rows


@dataclass(frozen=True, slots=True)
class Score:
    """One category's score for a message and the words that made it; it orders reading only."""

    category: str
    score: float
    source: str
    reasons: tuple[str, ...]
    language: str  # of the message


def scores(tables: Tables, conversation: str, message: str) -> list[Score]:
    """Give a message's scores, the highest first."""
    found = [
        Score(
            one["category"],
            one["score"],
            one["source"],
            tuple(one["reasons"] or ()),
            one.get("language") or UNDETERMINED,
        )
        for one in _of(tables, schema.SCORES, conversation, [message], None)
    ]
    return sorted(found, key=lambda one: (-one.score, one.category, one.source))


def stretch(
    tables: Tables, shown: Conversation, first: int, count: int, zone: tzinfo
) -> list[Bubble]:
    """Draw ``count`` messages of a conversation from position ``first`` on."""
    found = rows(tables, shown.id, first, count)
    names = [row.message for row in found]
    return bubbles(
        found,
        shown.copies,
        sightings(tables, shown.id, first, len(found)),
        discrepancies(tables, shown.id, names),
        zone,
    )
