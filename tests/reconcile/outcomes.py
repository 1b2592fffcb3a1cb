"""Copies laid together, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from tests.reconcile.chats import Phone, Said, rows, source
from witnessbox.evidence.schema import MEMBERSHIPS, TRACES, Table
from witnessbox.reconcile.grounds import Grounded, grounded
from witnessbox.reconcile.kernel import reconcile
from witnessbox.reconcile.model import GivenWindow, PlannedConversation
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch


@dataclass(frozen=True)
class Outcome:
    planned: PlannedConversation
    messages: list[dict[str, Any]]
    sightings: list[dict[str, Any]]
    discrepancies: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    grounds: list[dict[str, Any]]
    windows: list[dict[str, Any]]

    def told(self, kind: str, phone: Phone) -> list[Grounded]:
        """Give a copy's discrepancies of one kind, with their grounds."""
        return [
            grounded(row, self.grounds)
            for row in self.discrepancies
            if row["kind"] == kind and row["copy"] == source(phone).copy
        ]

    def window(self, phone: Phone) -> list[dict[str, Any]]:
        """Give a copy's stretches."""
        return [row for row in self.windows if row["copy"] == source(phone).copy]

    def missing(self, phone: Phone) -> set[int]:
        """Give the true numbers of the messages that a copy is said to lack."""
        return {one.span.start // 1000 for one in self.told("missing", phone)}


@dataclass(frozen=True)
class Beside:
    """What is known besides the messages."""

    memberships: Sequence[dict[str, Any]] = ()
    traces: Sequence[dict[str, Any]] = ()
    windows: tuple[GivenWindow, ...] = ()


def together(said: list[Said], *phones: Phone, beside: Beside | None = None) -> Outcome:
    """Plan and reconcile copies that must turn out to be one conversation."""
    return laid([(phone, said) for phone in phones], beside or Beside())


def laid(each: Sequence[tuple[Phone, list[Said]]], beside: Beside) -> Outcome:
    """Lay copies together that need not show the same."""
    ordered = sorted(each, key=lambda one: source(one[0]).copy)
    tables = [rows(said, phone) for phone, said in ordered]
    planned = plan([source(phone) for phone, _ in ordered], [sketch(table) for table in tables])
    assert len(planned.conversations) == 1
    one = replace(planned.conversations[0], windows=beside.windows)
    more = table_of(MEMBERSHIPS, beside.memberships), table_of(TRACES, beside.traces)
    made = reconcile(one, tables, *more)
    return Outcome(one, *(table.to_pylist() for table in made[:6]))


def table_of(table: Table, some: Sequence[dict[str, Any]]) -> pa.Table:
    """Give rows as a table has them."""
    plain = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in table.schema
        ]
    )
    return pa.Table.from_pylist(list(some), schema=plain).cast(table.schema)
