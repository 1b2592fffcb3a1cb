"""A phone's owner goes and comes back; notices tell of it."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from tests.reconcile.chats import Phone, chat, rows, source
from witnessbox.evidence.schema import MEMBERSHIPS
from witnessbox.reconcile.kernel import reconcile
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), custodian="Ana Holt")
SAID = chat(300)
SAID[100] = replace(SAID[100], kind="notice", who=-1, text="")
BEN = Phone("ben", ("A", "B", "C", "D", "E"), custodian="", drops=frozenset(range(101, 180)))


def missing(event: str, member: str | None, phone: Phone = BEN, start: int = 100_000) -> set[int]:
    """Lay ANA's whole copy and a phone's together under one notice of membership."""
    phones = sorted((ANA, phone), key=lambda one: source(one).copy)
    tables = [rows(SAID, one) for one in phones]
    (planned,) = plan([source(one) for one in phones], [sketch(t) for t in tables]).conversations
    change = {"exhibit": phone.exhibit, "start": start, "event": event, "member": member}
    made = reconcile(planned, tables, memberships([change]))
    told: list[dict[str, Any]] = made[2].to_pylist()
    return {row["start"] // 1000 for row in told if row["kind"] == "missing"}


def memberships(changes: list[dict[str, Any]]) -> pa.Table:
    plain = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in MEMBERSHIPS.schema
        ]
    )
    return pa.Table.from_pylist(changes, schema=plain).cast(MEMBERSHIPS.schema)


@pytest.mark.parametrize(("event", "member"), [("left", None), ("removed", "you")])
def test_what_was_said_while_the_owner_was_out_is_not_missing(
    event: str, member: str | None
) -> None:
    assert missing(event, member) == set()


def test_an_owner_is_known_by_their_name_too() -> None:
    phone = replace(BEN, names=("A", "Ben", "C", "D", "E"), custodian="Ben Marsh")
    assert missing("left", "Ben", phone) == set()


@pytest.mark.parametrize(
    ("event", "member", "start"),
    [("left", "C", 100_000), ("added", None, 100_000), ("left", None, 99_999)],
)
def test_other_notices_excuse_nothing(event: str, member: str, start: int) -> None:
    gone = {one.number for one in SAID[101:180] if one.kind != "notice"}
    assert missing(event, member, start=start) >= gone


def test_an_owner_who_left_for_good_has_no_later_window() -> None:
    phone = replace(BEN, drops=frozenset(), last=100)
    assert missing("left", None, phone) == set()
