"""What holds of reconciliation whatever is handed over, in whatever order, and however often."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import gt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconcile.chats import MILLISECOND, MINUTE, SECOND, Phone, Said, chat
from tests.reconcile.test_run import files, read, receive
from witnessbox.evidence.digest import derive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, DISCREPANCIES
from witnessbox.ledger.store import open_ledger
from witnessbox.reconcile.run import run

short = settings(max_examples=8, deadline=None, derandomize=True)
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
    held = [(said, draw(phones(said, number))) for number in range(many)]
    other = replace(held[0][1], name="elsewhere", title="Green", drops=frozenset())
    return [*held, (chat(20, seed=draw(st.integers(10_001, 20_000))), other)]


@contextmanager
def reconciled(*deliveries: Sequence[Held]) -> Iterator[Folder]:
    """Reconcile what was handed over, delivery by delivery, in an operation of its own."""
    with TemporaryDirectory() as place:
        folder = Folder(Path(place))
        ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
        for number, held in enumerate(deliveries, 1):
            receive(folder, ledger, held, delivery=f"delivery {number} of")
        run(folder, ledger)
        yield folder


def tables(*deliveries: Sequence[Held]) -> dict[str, bytes]:
    with reconciled(*deliveries) as folder:
        return files(folder)


def messages(*deliveries: Sequence[Held]) -> list[dict[str, Any]]:
    """Give the canonical messages but for how many sightings each has and which one is quoted."""
    left = ("sightings", "exhibit", "start", "end")
    with reconciled(*deliveries) as folder:
        rows = read(folder, CANONICAL_MESSAGES)
    return [{name: value for name, value in row.items() if name not in left} for row in rows]


def again(held: Sequence[Held], phone: Phone) -> Phone:
    """Export a chat once more, as bytes that come last by hash: ids are of what is first."""
    twins = (replace(phone, name=f"{phone.name} again {n}") for n in range(1 << 12))
    columns = zip(*(exhibit_and_copy(one) for _, one in held), strict=True)
    last = [max(column) for column in columns]
    return next(twin for twin in twins if all(map(gt, exhibit_and_copy(twin), last)))


def exhibit_and_copy(phone: Phone) -> tuple[str, str]:
    return phone.exhibit, derive("copy", "", phone.exhibit)


@short
@given(handed_over(), st.data())
def test_the_order_in_which_exhibits_come_changes_no_byte(
    held: list[Held], data: st.DataObject
) -> None:
    assert tables(held) == tables(data.draw(st.permutations(held)))


@short
@given(handed_over(), st.data())
def test_the_same_bytes_received_again_change_no_byte(
    held: list[Held], data: st.DataObject
) -> None:
    twice = data.draw(st.lists(st.sampled_from(held), min_size=1, unique_by=id))
    assert tables(held) == tables(held, twice)


@short
@given(handed_over(), st.data())
def test_a_chat_that_a_phone_exported_twice_changes_no_message(
    held: list[Held], data: st.DataObject
) -> None:
    said, phone = data.draw(st.sampled_from(held[:-1]))
    assert messages(held) == messages(held, [(said, again(held, phone))])


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
def test_reconciling_again_gives_the_same_bytes(held: list[Held]) -> None:
    with reconciled(held) as folder:
        before = files(folder)
        ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
        for place in folder.steps.rglob("*.json"):
            place.unlink()
        run(folder, ledger)
        assert files(folder) == before
