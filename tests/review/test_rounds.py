"""Rounds: batches that follow from what was coded, on record and made again from the record."""

from dataclasses import replace
from typing import Any

import pytest

from tests.people import ANA, NOON
from tests.review.talk import is_remark, judged, message, screen, talk
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import ROUNDS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import ReviewError
from witnessbox.review.queue import batches, remaining
from witnessbox.review.rounds import (
    ROUND,
    Round,
    batch_rows,
    coded_of,
    known_at,
    last_cold,
    next_round,
    rounds,
    standing_at,
)
from witnessbox.review.samples import Asked, draw, material
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_store import inputs_of, ready
from witnessbox.screening.material import Purpose

TEN = Mixture(messages=10)


@pytest.fixture
def desk(folder: Folder, sqlite_ledger: Ledger) -> tuple[Folder, Ledger]:
    talk(folder)
    screen(folder, sqlite_ledger)
    return folder, sqlite_ledger


Desk = tuple[Folder, Ledger]


def _given(folder: Folder, made: Round) -> list[str]:
    shard = f"{made.inputs[:12]}-{made.number:06}"
    found: list[str] = Tables(folder.tables).read(ROUNDS, [shard])["message"].to_pylist()
    return found


def _rows(folder: Folder, made: Round) -> list[dict[str, Any]]:
    shard = f"{made.inputs[:12]}-{made.number:06}"
    found: list[dict[str, Any]] = Tables(folder.tables).read(ROUNDS, [shard]).to_pylist()
    return found


def _place(name: str) -> int:
    return int(name.rpartition("-")[2])


def test_a_batch_holds_what_is_like_the_coded_ones(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 17, 27, *range(6))
    made = next_round(folder, ledger, ANA, NOON, replace(TEN, explored=0, control=0))
    remarks = [name for name in _given(folder, made) if is_remark(_place(name))]
    assert len(remarks) >= 8
    assert not {message(7), message(17), message(27)} & set(remarks)


def test_before_anything_is_coded_the_cold_scores_decide(desk: Desk) -> None:
    folder, ledger = desk
    made = next_round(folder, ledger, ANA, NOON, replace(TEN, explored=0, control=0))
    assert made.messages == 10
    assert (made.number, made.learned) == (1, 0)


def test_the_same_codings_give_the_same_batch(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 17, 3, 4)
    first = next_round(folder, ledger, ANA, NOON, TEN)
    given = _given(folder, first)
    Tables(folder.tables).remove(ROUNDS, [])
    second = next_round(folder, ledger, ANA, NOON, TEN)
    assert _given(folder, first) == given
    assert not set(given) & set(_given(folder, second))


def test_a_lost_table_is_made_again_from_the_ledger_alone(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 17, 3, 4)
    made = [next_round(folder, ledger, ANA, NOON, TEN)]
    judged(ledger, 27, 5)
    made.append(next_round(folder, ledger, ANA, NOON, TEN))
    given = [_given(folder, one) for one in made]
    judged(ledger, 37, 8)  # later codings change nothing of it
    Tables(folder.tables).remove(ROUNDS, [])
    next_round(folder, ledger, ANA, NOON, TEN)
    assert [_given(folder, one) for one in made] == given


def test_a_table_that_comes_out_otherwise_is_refused(desk: Desk) -> None:
    folder, ledger = desk
    made = next_round(folder, ledger, ANA, NOON, TEN)
    forged = replace(made, number=2, batch=made.batch + 1, sha256="0" * 64)
    ledger.append([draft(ROUND, forged, ANA, NOON)])
    with pytest.raises(ReviewError, match="round 2 cannot be made again"):
        next_round(folder, ledger, ANA, NOON, TEN)


def test_the_queue_counts_learned_batches_behind_those_of_screening(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 3)
    made = next_round(folder, ledger, ANA, NOON, TEN)
    assert made.batch == last_cold(folder) + 1
    listed = batches(folder, ledger, "ana")
    assert [one.batch for one in listed][-1] == made.batch
    assert listed[-1].messages == 10
    waiting = remaining(folder, ledger, "ana", made.batch)
    assert {one.message for one in waiting} == set(_given(folder, made))
    assert batch_rows(folder, ledger, made.batch).num_rows == 10
    assert batch_rows(folder, ledger, 1).num_rows > 0
    assert batch_rows(folder, ledger, 99).num_rows == 0


def test_the_control_sample_is_served_but_never_ranked_nor_learned_from(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    ledger = sqlite_ledger
    talk(folder, 60)
    screen(folder, ledger)
    drawn = draw(folder, ledger, Asked(Purpose.CONTROL, 2, 7), ANA, NOON)
    control = set()
    for _ in range(3):
        made = next_round(folder, ledger, ANA, NOON, replace(TEN, control=0.2))
        rows = _rows(folder, made)
        control |= {row["message"] for row in rows if row["source"] == "control"}
        assert all(row["priority"] is not None for row in rows)
        assert all((row["score"] is None) == (row["source"] != "learned") for row in rows)
    assert control == set(drawn.messages)
    assert made.control == 2


def test_a_sealed_coding_is_not_learned_from_before_its_round_comes(desk: Desk) -> None:
    folder, ledger = desk
    named = ready(folder)
    drawn = draw(folder, ledger, Asked(Purpose.SEALED, 12, 7), ANA, NOON)
    places = {message: named.find(message) for message in drawn.messages}
    judged(ledger, *(_place(name) for name in drawn.messages))
    length = ledger.head().length
    coded = coded_of(standing_at(folder, ledger, length), named.find)
    assert set(places.values()) <= {one.message for one in coded}
    sealed = known_at(folder, ledger, named, length)
    assert not set(places.values()) & {one.message for one in sealed.coded}
    given: set[str] = set()
    while not given & set(drawn.messages):
        given = {
            row["message"] for row in _rows(folder, next_round(folder, ledger, ANA, NOON, TEN))
        }
    later = known_at(folder, ledger, named, ledger.head().length)
    opened = {one.message for one in later.coded} & set(places.values())
    assert opened == {places[message] for message in given & set(drawn.messages)}


def test_reading_order_puts_the_learners_batches_before_screenings(desk: Desk) -> None:
    folder, ledger = desk
    made = next_round(folder, ledger, ANA, NOON, TEN)
    order = material(folder, ledger).order.to_pylist()
    assert order[:10] == [row["message"] for row in _rows(folder, made)]
    assert len(order) == len(set(order)) == 120


def test_rounds_of_other_tables_are_kept_and_not_counted(desk: Desk) -> None:
    folder, ledger = desk
    before = next_round(folder, ledger, ANA, NOON, TEN)
    talk(folder, 30, "c2")
    screen(folder, ledger)
    assert rounds(ledger, inputs_of(folder)) == ()
    after = next_round(folder, ledger, ANA, NOON, TEN)
    assert (after.number, len(_given(folder, before))) == (1, 10)


def test_when_everything_is_given_out_there_is_nothing_to_add(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder, 12)
    screen(folder, sqlite_ledger)
    next_round(folder, sqlite_ledger, ANA, NOON, Mixture(messages=50))
    with pytest.raises(ReviewError, match="nothing to add"):
        next_round(folder, sqlite_ledger, ANA, NOON)
