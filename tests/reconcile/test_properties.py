"""What holds of reconciliation whatever is handed over, in whatever order, and however often."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import gt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconcile.chats import MILLISECOND, MINUTE, SECOND, Phone, Said, chat, held
from tests.reconcile.test_run import files, read, receive
from witnessbox.evidence.digest import derive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CANONICAL_REACTIONS,
    DISCREPANCIES,
    REACTIONS,
)
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import open_ledger
from witnessbox.reconcile.run import run

short = settings(max_examples=6, deadline=None, derandomize=True)
HOLDERS = ("Ana Holt", "Ben Marsh", "Cy Ward", "Dee Lane")
CALLED = (
    ("Ana", "Ben", "Cy", "Dee", "Eli"),
    ("~ A", "Ben Marsh", "Cyrus", "07700 900123", "El"),
    ("Annie", "Benny", "Cy", "Deirdre", "~ eli"),
    ("Ana H", "+44 7700 900101", "C W", "Dee", "Eli"),
)
Held = tuple[list[Said], Phone]


@st.composite
def phones(draw: st.DrawFn, said: list[Said], number: int) -> Phone:
    """Invent how one phone shows a chat: its names, clock, precision, window and losses."""
    count = len(said)
    first = draw(st.integers(0, count // 4))
    last = draw(st.integers(count * 3 // 4, count))
    return Phone(
        f"phone {number}",
        CALLED[number],
        draw(st.sampled_from((MINUTE, SECOND, MILLISECOND))),
        draw(st.sampled_from((0, 3_600_000, -90_000, 17_000))),
        draw(st.sampled_from(("en", "de", "fr"))),
        drops=frozenset(draw(st.sets(st.integers(0, count), max_size=count // 8))),
        placeholders=frozenset(draw(st.sets(st.integers(0, count), max_size=3))),
        first=first,
        last=last,
        custodian=HOLDERS[number],
        title=draw(st.sampled_from(("Team Blue", "Blue"))),
    )


@st.composite
def handed_over(draw: st.DrawFn, least: int = 2) -> list[Held]:
    """Invent what several phones hold of one chat, and one of them of another."""
    said = chat(draw(st.integers(30, 60)), seed=draw(st.integers(0, 10_000)))
    many = draw(st.integers(least, 4))
    group = [(said, draw(phones(said, number))) for number in range(many)]
    other = replace(group[0][1], name="elsewhere", title="Green", drops=frozenset())
    return [*group, (chat(20, seed=draw(st.integers(10_001, 20_000))), other)]


@contextmanager
def reconciled(*deliveries: Sequence[Held]) -> Iterator[Folder]:
    """Reconcile what was handed over, delivery by delivery, in an operation of its own."""
    with TemporaryDirectory() as place:
        folder = Folder(Path(place))
        ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
        for number, delivered in enumerate(deliveries, 1):
            receive(folder, ledger, delivered, delivery=f"delivery {number} of")
            for said, phone in delivered:
                react(folder, said, phone)
        run(folder, ledger)
        yield folder


def react(folder: Folder, said: list[Said], phone: Phone) -> None:
    """Let a phone show somebody's reaction to every fifth message, somebody nameless's to some."""
    shown = [one for one in held(said, phone) if one.number % 5 == 0]
    batch = pa.RecordBatch.from_pylist(
        [
            {
                "exhibit": phone.exhibit,
                "start": one.number * 1000,
                "actor": phone.names[one.number % 3] if one.number % 2 else None,
                "reaction": "❤" if phone.unit_ms == MINUTE else "❤\ufe0f",
                "reacted_at": one.at_ms + phone.skew_ms,
            }
            for one in shown
        ],
        pa.schema(
            [
                ("exhibit", pa.string()),
                ("start", pa.int64()),
                ("actor", pa.string()),
                ("reaction", pa.string()),
                ("reacted_at", pa.int64()),
            ]
        ),
    )
    rows = pa.Table.from_batches([batch]).cast(REACTIONS.schema)
    Tables(folder.tables).write(REACTIONS, phone.exhibit, rows.to_batches())


def tables(*deliveries: Sequence[Held]) -> dict[str, bytes]:
    with reconciled(*deliveries) as folder:
        return files(folder)


def messages(*deliveries: Sequence[Held]) -> list[dict[str, Any]]:
    """Give messages and reactions but for who shows them, and which sighting is quoted."""
    left = ("sightings", "copies", "exhibit", "start", "end")
    with reconciled(*deliveries) as folder:
        rows = [*read(folder, CANONICAL_MESSAGES), *read(folder, CANONICAL_REACTIONS)]
    return [{name: value for name, value in row.items() if name not in left} for row in rows]


def again(handed: Sequence[Held], phone: Phone) -> Phone:
    """Export a chat once more, as bytes that come last by hash: ids are of what is first."""
    twins = (replace(phone, name=f"{phone.name} again {n}") for n in range(1 << 12))
    columns = zip(*(exhibit_and_copy(one) for _, one in handed), strict=True)
    last = [max(column) for column in columns]
    return next(twin for twin in twins if all(map(gt, exhibit_and_copy(twin), last)))


def exhibit_and_copy(phone: Phone) -> tuple[str, str]:
    return phone.exhibit, derive("copy", "", phone.exhibit)


@short
@given(handed_over(), st.data())
def test_the_order_in_which_exhibits_come_changes_no_byte(
    handed: list[Held], data: st.DataObject
) -> None:
    assert tables(handed) == tables(data.draw(st.permutations(handed)))


@short
@given(handed_over(), st.data())
def test_the_same_bytes_received_again_change_no_byte(
    handed: list[Held], data: st.DataObject
) -> None:
    twice = data.draw(st.lists(st.sampled_from(handed), min_size=1, unique_by=id))
    assert tables(handed) == tables(handed, twice)


@short
@given(handed_over(), st.data())
def test_a_chat_that_a_phone_exported_twice_changes_no_message(
    handed: list[Held], data: st.DataObject
) -> None:
    said, phone = data.draw(st.sampled_from(handed[:-1]))
    coarser = [unit for unit in (SECOND, MINUTE) if unit >= phone.unit_ms]
    twin = replace(
        again(handed, phone),
        unit_ms=data.draw(st.sampled_from([phone.unit_ms, *coarser])),
        skew_ms=phone.skew_ms + data.draw(st.sampled_from((0, 3_600_000, -19_800_000))),
    )
    assert messages(handed) == messages(handed, [(said, twin)])


@short
@given(st.integers(0, 10_000), st.data())
def test_just_what_was_taken_out_of_a_copy_is_missing_in_it(seed: int, data: st.DataObject) -> None:
    said = [
        replace(one, kind="text", text=f"{one.number} lamps by the door", who=one.number % 5)
        for one in chat(60, seed=seed)
    ]
    whole = [Phone(name, CALLED[n], SECOND, custodian=HOLDERS[n]) for n, name in enumerate("ab")]
    lost = data.draw(st.sets(st.integers(6, 53), min_size=1, max_size=12))
    phone = Phone("c", CALLED[2], MINUTE, 3_600_000, "de", frozenset(lost), custodian=HOLDERS[2])
    with reconciled([(said, one) for one in (*whole, phone)]) as folder:
        ids = {row["start"] // 1000: row["message"] for row in read(folder, CANONICAL_MESSAGES)}
        told = {(row["kind"], row["message"]) for row in read(folder, DISCREPANCIES)}
    assert told == {("missing", ids[number]) for number in lost}


@short
@given(handed_over())
def test_reconciling_again_gives_the_same_bytes(handed: list[Held]) -> None:
    with reconciled(handed) as folder:
        before = files(folder)
        ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
        for place in folder.steps.rglob("*.json"):
            place.unlink()
        run(folder, ledger)
        assert files(folder) == before
