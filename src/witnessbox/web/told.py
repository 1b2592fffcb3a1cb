"""What pages show beside a message's words: whom it answers, who reacted or read, earlier texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from witnessbox.evidence import schema
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.why.model import Copy
from witnessbox.reconcile.why.reading import Bounds

_NOBODY = "somebody not named"
_NOT_SAID = "not said what"


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that another one answers."""

    message: str
    name: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Reaction:
    """One mark, in words where it was taken back or is not known, and who gave it."""

    mark: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around a message's words in the reader."""

    answered: Answered | None
    reactions: tuple[Reaction, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """That somebody did something to a message, as some copies, by number, tell."""

    name: str
    what: str
    at: datetime | None
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One text a message has had, and the copies, by number, that show or keep it."""

    text: str
    quoted: bool
    edited: bool
    earlier: bool
    replaced_at: datetime | None
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All that copies tell of one message beside its words."""

    texts: tuple[Text, ...]
    reactions: tuple[Fact, ...]
    votes: tuple[Fact, ...]
    acknowledgements: tuple[Fact, ...]


def beside(tables: Tables, conversation: str, bounds: Bounds) -> Mapping[str, Beside]:
    """Say of a stretch's messages whom they answer and who reacted.

    Messages with neither are left out.
    """
    answered = _answered(tables, conversation, bounds)
    reacted: dict[str, dict[str, list[str]]] = {}
    for row in _rows(tables, schema.CANONICAL_REACTIONS, conversation, bounds):
        marks = reacted.setdefault(row["message"], {})
        marks.setdefault(_said(row["reaction"]), []).append(row["name"] or _NOBODY)
    return {
        message: Beside(
            answered.get(message),
            tuple(Reaction(mark, tuple(names)) for mark, names in reacted.get(message, {}).items()),
        )
        for message in sorted(answered.keys() | reacted.keys())
    }


def _answered(tables: Tables, conversation: str, bounds: Bounds) -> dict[str, Answered]:
    table = schema.CANONICAL_MESSAGES
    told = ["message", "reply_to"]
    replies = {
        row["message"]: row["reply_to"]
        for row in _rows(tables, table, conversation, bounds, told)
        if row["reply_to"] is not None
    }
    wanted = sorted(set(replies.values()))
    columns = ["message", "sender_name", "text"]
    found = {
        row["message"]: Answered(row["message"], row["sender_name"], row["text"])
        for row in tables.where(table, conversation, "message", wanted, columns).to_pylist()
    }
    return {message: found[one] for message, one in replies.items() if one in found}


def history(tables: Tables, conversation: str, position: int, copies: Sequence[Copy]) -> History:
    """Give all that is told of the message at a position."""
    here = position, position + 1
    numbers = {copy.id: copy.number for copy in copies}

    def facts(table: schema.Table) -> tuple[Fact, ...]:
        what, when = table.schema.names[-3:-1]
        return tuple(
            Fact(row["name"] or _NOBODY, _said(row[what]), row[when], _numbers(row, numbers))
            for row in _rows(tables, table, conversation, here)
        )

    return History(
        tuple(
            Text(
                row["text"] or "",
                row["quoted"],
                row["edited"],
                row["earlier"],
                row["replaced_at"],
                _numbers(row, numbers),
            )
            for row in _rows(tables, schema.VARIANTS, conversation, here)
        ),
        facts(schema.CANONICAL_REACTIONS),
        facts(schema.CANONICAL_VOTES),
        facts(schema.CANONICAL_ACKNOWLEDGEMENTS),
    )


def _said(what: str | None) -> str:
    return _NOT_SAID if what is None else what or "taken back"


def _numbers(row: Any, numbers: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted(numbers[copy] for copy in row["copies"] if copy in numbers))


def _rows(
    tables: Tables,
    table: schema.Table,
    conversation: str,
    bounds: Bounds,
    columns: Sequence[str] | None = None,
) -> list[Any]:
    found: list[Any] = tables.between(table, conversation, "position", bounds, columns).to_pylist()
    return found
