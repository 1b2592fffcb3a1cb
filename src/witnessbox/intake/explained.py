"""How every exhibit is accounted for: what is in messages, what in problems, what in neither.

A file is accounted for byte by byte, a database row by row: its other bytes are indexes, settings
and free space, and are not claimed to be explained.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Severity
from witnessbox.evidence.schema import HOLDINGS, MESSAGES, PROBLEMS
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import Receipt, first_receipts, receipts
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
    rows_held: int | None = None  # in a database's message-bearing tables; None for other files
    rows_recorded: int = 0  # of those, in messages and problems

    @property
    def by_rows(self) -> bool:
        """Say whether it is a database, accounted for row by row."""
        return self.rows_held is not None

    @property
    def unit(self) -> str:
        """Name what is counted."""
        return "rows" if self.by_rows else "bytes"

    @property
    def whole(self) -> int:
        """Say how many rows or bytes there are to account for."""
        return self.size_bytes if self.rows_held is None else self.rows_held

    @property
    def accounted(self) -> int:
        """Say how many rows or bytes are in messages and problems."""
        return self.rows_recorded if self.by_rows else self.message_bytes + self.problem_bytes

    @property
    def unexplained(self) -> int:
        """Say how many rows or bytes are in no message and no problem; 0 once it is extracted."""
        return self.whole - self.accounted

    @property
    def unexplained_bytes(self) -> int:
        """Say how many bytes lie in no record; a database's are counted by rows instead."""
        return 0 if self.by_rows else self.unexplained

    @property
    def unexplained_rows(self) -> int:
        """Say how many rows of a database lie in no record."""
        return self.unexplained if self.by_rows else 0

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
        for one in first_receipts(receipts(ledger)).values()
    ]


def _explain(tables: Tables, one: Receipt, *present: bool) -> Explained:
    has_messages, has_problems = present
    parser, messages, message_bytes = None, 0, 0
    if has_messages:
        rows = tables.read(MESSAGES, [one.exhibit], ["start", "end", "parser"])
        messages, message_bytes = rows.num_rows, _bytes(rows)
        parser = rows.column("parser")[0].as_py() if messages else None
    severities: Counter[str] = Counter()
    problem_bytes, owning, held = 0, 0, None
    if has_problems:
        rows = tables.read(PROBLEMS, [one.exhibit], ["start", "end", "severity", "parser"])
        problem_bytes, owning = _bytes(rows), _owning(rows)
        held = _held(tables, one.exhibit)
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
        rows_held=held,
        rows_recorded=0 if held is None else messages + owning,
    )


def _held(tables: Tables, exhibit: str) -> int | None:
    """Count the rows of a database's message-bearing tables; None for any other file."""
    if not tables.path(HOLDINGS, exhibit).is_file():
        return None
    rows = tables.read(HOLDINGS, [exhibit], ["rows"])
    return int(pc.sum(rows["rows"]).as_py()) if rows.num_rows else None


def _owning(rows: Any) -> int:
    return pc.sum(pc.greater(rows.column("end"), rows.column("start"))).as_py() or 0


def _bytes(rows: Any) -> int:
    return pc.sum(pc.subtract(rows.column("end"), rows.column("start"))).as_py() or 0
