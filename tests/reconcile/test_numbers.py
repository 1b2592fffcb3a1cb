"""Numbers by which people are known: beside their names, and without their country."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from tests.reconcile.chats import Phone, chat
from tests.reconcile.test_run import read, receive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import PARTICIPANTS, PEOPLE
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile.numbers import Wholes
from witnessbox.reconcile.run import run

WHOLE = (
    "+44 7700 900123",
    "+39 06 5550 1234",
    "0044 7700 900124",
    "+1 7700 900124",
    "+353 7700900",
)
BLUE, GREEN = chat(60, seed=1), chat(60, seed=2)
ANA = Phone("ana", ("Ana", "Ben", "Skip", "Dee", "Eli"), custodian="Ana Holt")
BEN = Phone("ben", ("A", "B", "07700 900123", "D", "E"), custodian="Ben Marsh", title="Green")


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+44 7700 900123", {"447700900123"}),
        ("07700 900123", {"07700900123", "447700900123"}),
        ("7700 900123", {"7700900123", "447700900123"}),
        ("06 5550 1234", {"0655501234", "390655501234"}),
        ("07700 900124", {"07700900124"}),  # of two countries
        ("07700 900125", {"07700900125"}),  # nobody's with a country
        ("7700900", {"7700900"}),  # too short to be sure
    ],
)
def test_a_number_without_its_country_is_the_one_it_can_be(written: str, digits: set[str]) -> None:
    assert Wholes(WHOLE).of([written]) == digits


def test_no_number_is_none() -> None:
    assert Wholes(WHOLE).of([]) == frozenset()


def participants(folder: Folder, phone: Phone, *listed: tuple[str, str | None]) -> None:
    rows = [
        {"conversation": phone.title, "name": name, "platform_id": address, "messages": 1}
        for name, address in listed
    ]
    plain = {"exhibit": [phone.exhibit] * len(rows), "listed": [True] * len(rows)}
    columns = {key: [row[key] for row in rows] for key in rows[0]} | plain
    table = pa.table(columns).select(PARTICIPANTS.schema.names).cast(PARTICIPANTS.schema)
    Tables(folder.tables).write(PARTICIPANTS, phone.exhibit, table.to_batches())


def persons(folder: Folder, *names: str) -> set[Any]:
    return {row["person"] for row in read(folder, PEOPLE) if row["name"] in names}


@pytest.mark.parametrize("address", ["447700900123@s.whatsapp.net", "+44 7700 900123"])
def test_a_number_beside_a_name_is_that_persons(
    folder: Folder, sqlite_ledger: Ledger, address: str
) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (GREEN, BEN)])
    participants(folder, ANA, ("Skip", address), ("Ana", None), ("Ben", "190000000000005@lid"))
    run(folder, sqlite_ledger)
    assert len(persons(folder, "Skip", "07700 900123")) == 1
    assert len(persons(folder, "Ana", "A")) == 2


def test_a_name_that_two_people_bear_has_no_number(folder: Folder, sqlite_ledger: Ledger) -> None:
    receive(folder, sqlite_ledger, [(BLUE, ANA), (GREEN, replace(BEN, name="other"))])
    numbers = ("447700900123@s.whatsapp.net", "447700900124@s.whatsapp.net")
    participants(folder, ANA, *(("Skip", number) for number in numbers))
    run(folder, sqlite_ledger)
    assert len(persons(folder, "Skip", "07700 900123")) == 2
