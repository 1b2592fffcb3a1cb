"""An operation in numbers: what came in, what was read out of it, what people made of it."""

from collections import Counter
from dataclasses import dataclass

import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind
from witnessbox.evidence.tables import Tables
from witnessbox.intake.explained import Explained, explained
from witnessbox.intake.record import receipts
from witnessbox.media import transcribe
from witnessbox.operation.model import Operation
from witnessbox.reconcile.model import Strength
from witnessbox.review.record import standing


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts; sizes in bytes."""

    handed_over: int  # acts of handing over
    exhibits: int
    exhibits_read: int
    total_bytes: int
    message_bytes: int
    problem_bytes: int
    unexplained_bytes: int
    database_rows: int  # of message-bearing tables
    unexplained_rows: int
    messages: int  # sightings, notices not among them
    notices: int
    problems: dict[str, int]  # by severity
    conversations: int
    copies: int
    canonical_messages: int
    discrepancies: dict[str, int]  # by kind
    strengths: dict[str, dict[str, int]]  # of discrepancies, by kind and grade, weakest first
    pictures: int
    motifs: int
    shared_motifs: int  # that stand in more than one conversation
    machine_readable: int  # pictures and recordings
    machine_read: int  # of those, read by machine
    codings: int


def tally(operation: Operation) -> Tally:
    """Count an operation as it stands."""
    tables, ledger = operation.tables, operation.ledger
    parts = explained(operation.folder, ledger)
    rows = sum(part.messages for part in parts)
    notices = _notices(tables)
    motifs = tables.read(schema.MOTIFS, columns=["motif", "conversations"]).to_pylist()
    exhibits = sorted(part.exhibit for part in parts)
    readable = transcribe.readable(operation.folder, exhibits).values()
    return Tally(
        handed_over=len({receipt.delivery for receipt in receipts(ledger)}),
        exhibits=len(parts),
        exhibits_read=sum(part.parser is not None and part.messages > 0 for part in parts),
        total_bytes=_sum(parts, "size_bytes"),
        message_bytes=_sum(parts, "message_bytes"),
        problem_bytes=_sum(parts, "problem_bytes"),
        unexplained_bytes=_sum(parts, "unexplained_bytes"),
        database_rows=sum(part.whole for part in parts if part.by_rows),
        unexplained_rows=_sum(parts, "unexplained_rows"),
        messages=rows - notices,
        notices=notices,
        problems=_counts(tables, schema.PROBLEMS, "severity"),
        conversations=tables.rows(schema.CONVERSATIONS),
        copies=tables.rows(schema.COPIES),
        canonical_messages=tables.rows(schema.CANONICAL_MESSAGES),
        discrepancies=_counts(tables, schema.DISCREPANCIES, "kind"),
        strengths=_strengths(tables),
        pictures=len(motifs),
        motifs=len({one["motif"] for one in motifs}),
        shared_motifs=len({one["motif"] for one in motifs if one["conversations"] > 1}),
        machine_readable=sum(map(len, readable)),
        machine_read=len(tables.shards(schema.MACHINE_TEXTS)),
        codings=len(standing(operation.folder, ledger).codings),
    )


def _sum(parts: list[Explained], field: str) -> int:
    return sum(getattr(part, field) for part in parts)


def _notices(tables: Tables) -> int:
    kinds = tables.read(schema.MESSAGES, columns=["kind"]).column("kind").cast("string")
    return int(pc.sum(pc.equal(kinds, Kind.NOTICE.value)).as_py() or 0)


def _strengths(tables: Tables) -> dict[str, dict[str, int]]:
    found = tables.read(schema.DISCREPANCIES, columns=["kind", "strength"])
    pairs = Counter(zip(*(found[name].to_pylist() for name in found.column_names), strict=True))
    return {
        kind: {grade: pairs[kind, grade] for grade in Strength if pairs[kind, grade]}
        for kind in sorted({kind for kind, _ in pairs})
    }


def _counts(tables: Tables, table: schema.Table, column: str) -> dict[str, int]:
    return dict(Counter(tables.read(table, columns=[column]).column(column).to_pylist()))
