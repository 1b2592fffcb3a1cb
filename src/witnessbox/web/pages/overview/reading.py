"""Reading one exhibit's problems and conversations out of the tables."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Severity, Span
from witnessbox.evidence.tables import Tables

_GRAVEST_FIRST = (Severity.LOSS, Severity.DOUBT, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Noted:
    """One problem of the exhibit."""

    severity: str
    code: str
    what: str
    span: Span


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace of deletion that a database holds by itself."""

    kind: str
    what: str
    table: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation as the exhibit names it, and the conversation it was laid into."""

    name: str
    messages: int
    conversation: str | None
    title: str


def problems(tables: Tables, exhibit: str) -> list[Noted]:
    """Give an exhibit's problems, the gravest first, then in the order of its bytes."""
    if exhibit not in tables.shards(schema.PROBLEMS):
        return []
    found = [
        Noted(row["severity"], row["code"], row["what"], Span(exhibit, row["start"], row["end"]))
        for row in tables.read(schema.PROBLEMS, [exhibit]).to_pylist()
    ]
    order = {severity.value: rank for rank, severity in enumerate(_GRAVEST_FIRST)}
    return sorted(found, key=lambda one: (order.get(one.severity, 0), one.span.start, one.code))


def traces(tables: Tables, exhibit: str) -> list[Trace]:
    """Give an exhibit's traces of deletion, by kind, then in the order of their rows."""
    if not tables.path(schema.TRACES, exhibit).is_file():
        return []
    rows = tables.read(schema.TRACES, [exhibit], ["kind", "what", "table", "row"]).to_pylist()
    found = [Trace(row["kind"], row["what"], row["table"], row["row"]) for row in rows]
    return sorted(found, key=lambda one: (one.kind, one.table, one.row or 0))


def parts(tables: Tables, exhibit: str) -> list[Part]:
    """Name the conversations an exhibit holds, and where each can be read."""
    if exhibit not in tables.shards(schema.MESSAGES):
        return []
    column = tables.read(schema.MESSAGES, [exhibit], ["conversation"])["conversation"]
    counts = pc.value_counts(column.cast(pa.string()).combine_chunks()).to_pylist()
    laid = [
        row for row in tables.read(schema.COPIES).to_pylist() if exhibit in (row["exhibits"] or ())
    ]
    only = laid[0] if len(laid) == 1 else None
    found = []
    for one in counts:
        copy = only or next((row for row in laid if row["title"] == one["values"]), None)
        found.append(
            Part(
                name=one["values"] or "unnamed",
                messages=one["counts"],
                conversation=None if copy is None else copy["conversation"],
                title="" if copy is None else copy["title"] or "",
            )
        )
    return sorted(found, key=lambda part: (-part.messages, part.name))
