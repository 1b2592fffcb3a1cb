"""A phone's owner goes and comes back; notices tell of it."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from tests.reconcile.chats import Phone, chat, rows, source
from witnessbox.evidence.schema import MEMBERSHIPS
from witnessbox.intake.database.people import OWNER
from witnessbox.reconcile.kernel import reconcile
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), custodian="Ana Holt")
SAID = chat(300)
SAID[100] = replace(SAID[100], kind="notice", who=-1, text="")
BEN = Phone("ben", ("A", "B", "C", "D", "E"), custodian="", drops=frozenset(range(101, 180)))
GONE = {one.number for one in SAID[101:180] if one.kind != "notice"}
DATABASE = "whatsapp-android/2"


def missing(
    event: str,
    member: str | None,
    phone: Phone = BEN,
    start: int = 100_000,
    *,
    actor: str | None = None,
    parser: str = "whatsapp-text/1",
) -> set[int]:
    """Lay ANA's whole copy and a phone's together under one notice of membership."""
    change = {"start": start, "event": event, "actor": actor, "member": member}
    return missing_under([change], phone, parser)


def missing_under(changes: list[dict[str, Any]], phone: Phone, parser: str) -> set[int]:
    phones = sorted((ANA, phone), key=lambda one: source(one).copy)
    tables = [rows(SAID, one) for one in phones]
    sources = [replace(source(one), parser=parser) for one in phones]
    (planned,) = plan(sources, [sketch(t) for t in tables]).conversations
    told_here = [{"exhibit": phone.exhibit, **change} for change in changes]
    made = reconcile(planned, tables, memberships(told_here))
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
    assert missing(event, member, start=start) >= GONE


def test_an_owner_who_left_for_good_has_no_later_window() -> None:
    phone = replace(BEN, drops=frozenset(), last=100)
    assert missing("left", None, phone) == set()


def test_a_text_that_says_who_removed_but_not_whom_speaks_to_its_owner() -> None:
    assert missing("removed", None, actor="C") == set()


def test_a_database_that_does_not_say_who_was_removed_excuses_nothing() -> None:
    assert missing("removed", None, actor="C", parser=DATABASE) >= GONE


def test_an_owner_is_known_by_the_number_another_phone_has_for_them() -> None:
    phone = replace(BEN, names=("A", OWNER, "C", "D", "E"))
    numbered = replace(ANA, names=("Ana", "+44 7700 900123", "Cy", "Dee", "Eli"))
    told = replace(phone, name="ben-2")
    phones = sorted((numbered, told), key=lambda one: source(one).copy)
    tables = [rows(SAID, one) for one in phones]
    sources = [replace(source(one), parser=DATABASE) for one in phones]
    (planned,) = plan(sources, [sketch(t) for t in tables]).conversations
    change = {"exhibit": told.exhibit, "start": 100_000, "event": "removed"}
    made = reconcile(planned, tables, memberships([{**change, "member": "+447700900123"}]))
    assert not [row for row in made[2].to_pylist() if row["kind"] == "missing"]


def test_a_notice_that_names_the_owner_twice_teaches_their_number() -> None:
    phone = replace(BEN, names=("A", OWNER, "C", "D", "E"))
    removed = {"start": 100_000, "event": "removed", "actor": "C", "member": "+447700900123"}
    left = {"start": 1, "event": "left", "actor": OWNER, "member": "+447700900123"}
    assert missing_under([removed], phone, DATABASE) >= GONE
    assert missing_under([removed, left], phone, DATABASE) == set()


def test_a_name_another_speaker_bears_is_not_the_owners() -> None:
    phone = replace(BEN, names=("A", "Ben Marsh", "Du", "D", "E"), custodian="Ben Marsh")
    assert missing("removed", "Du", phone) >= GONE
    assert missing("removed", "du") == set()
