"""How every exhibit is accounted for: bytes in messages, bytes in problems, bytes in neither."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Severity
from witnessbox.evidence.schema import MESSAGES, PROBLEMS
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import Receipt, receipts
from witnessbox.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Explained:
    """One exhibit, what was read out of it and how many of its bytes that explains."""

    exhibit: str
    reference: str
    name: str
    custodian: str
    container: str | None
    size_bytes: int
    parser: str | None  # None where no parser read it
    extracted: bool
    messages: int
    losses: int
    doubts: int
    notes: int
    message_bytes: int
    problem_bytes: int

    @property
    def unexplained_bytes(self) -> int:
        """Say how many bytes lie in no message and no problem; 0 once it is extracted."""
        return self.size_bytes - self.message_bytes - self.problem_bytes

    @property
    def problems(self) -> int:
        """Say how many problems there are, of whatever weight."""
        return self.losses + self.doubts + self.notes


def explained(folder: Folder, ledger: Ledger) -> list[Explained]:
    """Account for every exhibit, in the order of the first receipts."""
    tables = Tables(folder.tables)
    with_messages = frozenset(tables.shards(MESSAGES))
    with_problems = frozenset(tables.shards(PROBLEMS))
    return [
        _explain(tables, one, one.exhibit in with_messages, one.exhibit in with_problems)
        for one in first_receipts(receipts(ledger))
    ]


def first_receipts(received: Iterable[Receipt]) -> list[Receipt]:
    """Give each exhibit's first receipt, in order."""
    first: dict[str, Receipt] = {}
    for one in received:
        first.setdefault(one.exhibit, one)
    return list(first.values())


def _explain(tables: Tables, one: Receipt, *present: bool) -> Explained:
    has_messages, has_problems = present
    parser, messages, message_bytes = None, 0, 0
    if has_messages:
        rows = tables.read(MESSAGES, [one.exhibit], ["start", "end", "parser"])
        messages, message_bytes = rows.num_rows, _bytes(rows)
        parser = rows.column("parser")[0].as_py() if messages else None
    severities: Counter[str] = Counter()
    problem_bytes = 0
    if has_problems:
        rows = tables.read(PROBLEMS, [one.exhibit], ["start", "end", "severity", "parser"])
        problem_bytes = _bytes(rows)
        severities = Counter(rows.column("severity").to_pylist())
        if has_messages and parser is None and rows.num_rows:
            parser = rows.column("parser")[0].as_py()
    return Explained(
        exhibit=one.exhibit,
        reference=one.reference,
        name=one.name,
        custodian=one.custodian,
        container=one.container,
        size_bytes=one.size_bytes,
        parser=parser,
        extracted=has_problems,
        messages=messages,
        losses=severities[Severity.LOSS],
        doubts=severities[Severity.DOUBT],
        notes=severities[Severity.NOTE],
        message_bytes=message_bytes,
        problem_bytes=problem_bytes,
    )


def _bytes(rows: Any) -> int:
    return pc.sum(pc.subtract(rows.column("end"), rows.column("start"))).as_py() or 0
