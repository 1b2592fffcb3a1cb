"""Reading what is explained out of the tables: only the rows of a stretch, whatever its size."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Span
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.grounds import Grounded, grounded
from witnessbox.reconcile.model import ClockStep, MatchedBy
from witnessbox.reconcile.why.model import Copy, Message, Sight, WindowStretch, Written
from witnessbox.reconcile.why.person import StoredLink, StoredName
from witnessbox.reconcile.why.words import milliseconds

Bounds = tuple[int, int]
"""The position of the first message of a stretch, and of the first one behind it."""
_WHOLE = "operation"


def copies(tables: Tables, conversation: str | None = None) -> dict[str, tuple[Copy, ...]]:
    """Give each conversation's copies, or one's, numbered from the one that holds most."""
    found: dict[str, list[Any]] = {}
    every = tables.read(schema.COPIES)
    if conversation is not None:
        every = every.filter(pc.equal(every["conversation"], conversation))
    for row in every.to_pylist():
        found.setdefault(row["conversation"], []).append(row)
    return {
        conversation: tuple(
            _copy(number, row)
            for number, row in enumerate(
                sorted(rows, key=lambda row: (-row["messages"], row["copy"])), start=1
            )
        )
        for conversation, rows in found.items()
    }


def _copy(number: int, row: Any) -> Copy:
    return Copy(
        id=row["copy"],
        number=number,
        title=row["title"] or "untitled",
        custodian=row["custodian"] or "no custodian stated",
        exhibits=tuple(row["exhibits"]),
        messages=row["messages"],
        matched=row["matched"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        offset_ms=row["offset_ms"] or 0,
        offset_doubt=row["offset_doubt"],
    )


def titles(tables: Tables) -> dict[str, str]:
    """Give the conversations' titles by id."""
    rows = tables.read(schema.CONVERSATIONS, columns=["conversation", "title"]).to_pylist()
    return {row["conversation"]: row["title"] or "untitled" for row in rows}


def messages(tables: Tables, conversation: str, bounds: Bounds, title: str) -> tuple[Message, ...]:
    """Read a stretch of a conversation."""
    first, beyond = bounds
    if not _kept(tables, conversation):
        return ()
    found = tables.slice(schema.CANONICAL_MESSAGES, conversation, first, beyond - first)
    return tuple(_message(row, title) for row in found.to_pylist())


def _message(row: Any, title: str) -> Message:
    return Message(
        id=row["message"],
        conversation=row["conversation"],
        title=title,
        position=row["position"],
        sent_at=row["sent_at"],
        precision=row["precision"],
        timed_by=row["timed_by"],
        sender=row["sender"],
        sender_name=row["sender_name"],
        kind=row["kind"],
        text=row["text"],
        edited=bool(row["edited"]),
        deleted=bool(row["deleted"]),
        sightings=row["sightings"],
        span=Span(row["exhibit"], row["start"], row["end"]),
    )


def position_of(tables: Tables, conversation: str, message: str) -> int | None:
    """Find where a message stands in its conversation."""
    if not _kept(tables, conversation):
        return None
    column = tables.read(schema.CANONICAL_MESSAGES, [conversation], ["message"])["message"]
    found = pc.index(column, pa.scalar(message)).as_py()
    return None if found < 0 else int(found)


def sights(tables: Tables, conversation: str, bounds: Bounds) -> tuple[Sight, ...]:
    """Read the sightings of a stretch.

    They stand in the order of the messages; how many come before is the sum of what each of these
    counts, so that no others are read.
    """
    first, beyond = bounds
    if not _kept(tables, conversation):
        return ()
    counts = tables.slice(schema.CANONICAL_MESSAGES, conversation, 0, beyond, ["sightings"])
    before = pc.sum(counts["sightings"].slice(0, first)).as_py() or 0
    here = pc.sum(counts["sightings"].slice(first)).as_py() or 0
    found = tables.slice(schema.SIGHTINGS, conversation, before, here)
    return tuple(_sight(row) for row in found.to_pylist())


def _kept(tables: Tables, conversation: str) -> bool:
    return tables.path(schema.CANONICAL_MESSAGES, conversation).is_file()


def _sight(row: Any) -> Sight:
    return Sight(
        message=row["message"],
        copy=row["copy"],
        span=Span(row["exhibit"], row["start"], row["end"]),
        copy_row=row["copy_row"],
        sent_at=row["sent_at"],
        sender_name=row["sender_name"],
        kind=row["kind"],
        matched_by=MatchedBy(row["matched_by"]),
        same_text=bool(row["same_text"]),
    )


def written(tables: Tables, spans: Iterable[Span]) -> dict[Span, Written]:
    """Read what the exhibits have at some places; what is no longer there is left out."""
    wanted: dict[str, set[int]] = {}
    for span in spans:
        wanted.setdefault(span.exhibit, set()).add(span.start)
    columns = ["start", "end", "stamp", "zone", "precision", "text", "edited", "platform_id"]
    return {
        Span(exhibit, row["start"], row["end"]): Written(
            row["stamp"],
            row["zone"],
            row["precision"],
            row["text"],
            bool(row["edited"]),
            row["platform_id"],
        )
        for exhibit, starts in sorted(wanted.items())
        for row in tables.where(
            schema.MESSAGES, exhibit, "start", sorted(starts), columns
        ).to_pylist()
    }


def clocks(tables: Tables, conversation: str) -> dict[str, tuple[ClockStep, ...]]:
    """Give each copy's clock, piece by piece."""
    found: dict[str, list[ClockStep]] = {}
    for row in _rows(tables, schema.CLOCKS, conversation):
        found.setdefault(row["copy"], []).append(
            ClockStep(
                since_row=row["since_row"],
                offset_ms=row["offset_ms"],
                at_ms=milliseconds(row["at"]),
                ppb=row["drift_ppb"],
                within_ms=row["within_ms"],
                texts=row["texts"],
            )
        )
    return {copy: tuple(steps) for copy, steps in found.items()}


def windows(tables: Tables, conversation: str) -> dict[str, tuple[WindowStretch, ...]]:
    """Give each copy's window, stretch by stretch."""
    found: dict[str, list[WindowStretch]] = {}
    for row in _rows(tables, schema.WINDOWS, conversation):
        found.setdefault(row["copy"], []).append(
            WindowStretch(
                copy=row["copy"],
                since=row["since_position"],
                until=row["until_position"],
                inside=row["inside"],
                media_only=row["only"] is not None,
                reason=row["reason"],
                words=row["words"],
            )
        )
    return {copy: tuple(stretches) for copy, stretches in found.items()}


def _rows(tables: Tables, table: schema.Table, conversation: str) -> Iterator[Any]:
    if tables.path(table, conversation).is_file():
        yield from tables.read(table, [conversation]).to_pylist()


def told(tables: Tables, conversation: str, bounds: Bounds) -> tuple[Grounded, ...]:
    """Give the discrepancies of a stretch, each with what stands behind it."""
    rows = tables.between(schema.DISCREPANCIES, conversation, "position", bounds).to_pylist()
    return _grounded(tables, conversation, rows)


def flags(tables: Tables, conversation: str, bounds: Bounds) -> tuple[Grounded, ...]:
    """Give the discrepancies of a stretch without what stands behind them."""
    rows = tables.between(schema.DISCREPANCIES, conversation, "position", bounds).to_pylist()
    return tuple(grounded(row, ()) for row in rows)


def told_by(
    tables: Tables, conversation: str, column: str, values: Sequence[str]
) -> tuple[Grounded, ...]:
    """Give the discrepancies whose column has one of these values."""
    rows = tables.where(schema.DISCREPANCIES, conversation, column, values).to_pylist()
    return _grounded(tables, conversation, rows)


def _grounded(tables: Tables, conversation: str, rows: Sequence[Any]) -> tuple[Grounded, ...]:
    ids = [row["discrepancy"] for row in rows]
    by_id: dict[str, list[Any]] = {}
    for row in tables.where(schema.GROUNDS, conversation, "discrepancy", ids).to_pylist():
        by_id.setdefault(row["discrepancy"], []).append(row)
    return tuple(grounded(row, by_id.get(row["discrepancy"], ())) for row in rows)


def positions_of_run(tables: Tables, conversation: str, run: str) -> list[int]:
    """Say where the messages of a run of missing ones stand."""
    rows = tables.where(schema.DISCREPANCIES, conversation, "run", [run], ["position", "run"])
    return sorted(set(rows["position"].to_pylist()))


def differing(tables: Tables, conversation: str) -> list[int]:
    """Say at which positions any copy differs, in order."""
    if not tables.path(schema.DISCREPANCIES, conversation).is_file():
        return []
    column = tables.read(schema.DISCREPANCIES, [conversation], ["position"])["position"]
    return sorted(pc.unique(column).to_pylist())


def names_of(tables: Tables, people: Sequence[str]) -> tuple[StoredName, ...]:
    """Give the names that copies use for some people."""
    rows = tables.where(schema.PEOPLE, _WHOLE, "person", people).to_pylist()
    return tuple(
        StoredName(
            row["person"], row["label"], row["copy"], row["name"], row["messages"], row["owner"]
        )
        for row in rows
    )


def links_of(tables: Tables, whose: str) -> tuple[StoredLink, ...]:
    """Give the links that begin or end at one of a person's names."""
    found = {
        row["link"]: row
        for column in ("first_person", "second_person")
        for row in tables.where(schema.LINKS, _WHOLE, column, [whose]).to_pylist()
    }
    return tuple(_link(row) for row in found.values())


def _link(row: Any) -> StoredLink:
    return StoredLink(
        link=row["link"],
        first=(row["first_copy"], row["first_name"]),
        second=(row["second_copy"], row["second_name"]),
        first_person=row["first_person"],
        second_person=row["second_person"],
        rule=row["rule"],
        texts_agreed=row["texts_agreed"],
        texts_against=row["texts_against"],
        traits_agreed=row["traits_agreed"],
        traits_against=row["traits_against"],
        weight=row["weight"],
        speaks_for=tuple(row["speaks_for"] or ()),
        speaks_against=tuple(row["speaks_against"] or ()),
        state=row["state"],
    )
