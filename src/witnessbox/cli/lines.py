"""How ``witnessbox parse`` prints what a parser read: one JSON object a record, in file order.

Times are ISO 8601 as finely as the export knows them: wall-clock time without a zone where the
export names none, UTC with ``Z`` where it does.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from witnessbox.evidence.model import Precision
from witnessbox.intake.parser import Batch

Line = dict[str, Any]

_ALWAYS = ("start", "end", "kind", "sent_at", "sender", "text")
_WHERE_SET = ("stamp", "platform_id", "reply_to", "thread", "conversation", "table", "row")
_BELONGING = {
    "attachments": ("name", "media", "omitted"),
    "reactions": ("actor", "reaction"),
    "votes": ("voter", "choice"),
    "acknowledgements": ("person", "event"),
    "earlier_texts": ("text",),
}
"""What is printed of the rows that belong to a message."""
_TIMESPEC = {
    Precision.MINUTE.value: "minutes",
    Precision.SECOND.value: "seconds",
    Precision.MILLISECOND.value: "milliseconds",
}


def lines(batch: Batch, *, problems: bool) -> Iterator[Line]:
    """Give a batch's messages, and its problems where they are wanted, in file order."""
    belonging = {
        name: _by_start(getattr(batch, name), columns) for name, columns in _BELONGING.items()
    }
    found = [
        _message(
            row, {name: of[row["start"]] for name, of in belonging.items() if row["start"] in of}
        )
        for row in _rows(batch.messages)
    ]
    found.extend(_belonging_elsewhere(belonging, {line["start"] for line in found}))
    if problems:
        found.extend(_problem(row) for row in _rows(batch.problems))
        found.extend(_trace(row) for row in _rows(batch.traces))
    # An empty span comes before the record that begins at the same byte; rows of a database stand
    # in the order of their ids, since where they lie in the file means nothing.
    found.sort(key=lambda line: (line.get("row") or 0, line["start"], line["end"]))
    yield from found


def _rows(batch: Any) -> list[Line]:
    rows: list[Line] = [] if batch is None else batch.to_pylist()
    return rows


def _by_start(batch: Any, columns: tuple[str, ...]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for row in _rows(batch):
        found[row["start"]].append({column: row[column] for column in columns})
    return found


def _belonging_elsewhere(
    belonging: dict[str, dict[int, list[Line]]], here: set[int]
) -> Iterator[Line]:
    """Give what belongs to messages that were told in another batch, by where those begin."""
    for start in sorted({start for of in belonging.values() for start in of} - here):
        held = {name: of[start] for name, of in belonging.items() if start in of}
        yield {"start": start, "end": start, **held}


def _message(row: Line, belonging: dict[str, list[Line]]) -> Line:
    row["sent_at"] = sent_at(row)
    line = {column: row[column] for column in _ALWAYS}
    line |= {column: row[column] for column in _WHERE_SET if row[column] is not None}
    line |= {flag: True for flag in ("edited", "deleted") if row[flag]}
    return line | belonging


def _problem(row: Line) -> Line:
    line = {
        "start": row["start"],
        "end": row["end"],
        "problem": row["what"],
        "code": row["code"],
        "severity": row["severity"],
    }
    return line | _placed(row)


def _trace(row: Line) -> Line:
    line = {"start": row["start"], "end": row["end"], "trace": row["what"], "kind": row["kind"]}
    return line | _placed(row)


def _placed(row: Line) -> Line:
    return {column: row[column] for column in ("table", "row") if row.get(column) is not None}


def sent_at(row: Line) -> str | None:
    """Write a message's time as finely as its export knows it; None where it has none."""
    at: datetime | None = row["wall_at"]
    if at is None:
        at = row["sent_at"]
    if at is None:
        return None
    written = at.isoformat(timespec=_TIMESPEC.get(row["precision"], "seconds"))
    return written.replace("+00:00", "Z")
