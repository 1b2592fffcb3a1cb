"""What a person decided of a copy's clock takes the place of what was measured."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.reconcile.chats import DAWN, MINUTE, SECOND, Phone, Said, chat, no_memberships, rows
from tests.reconcile.chats import source as source_of
from witnessbox.reconcile.decision import Decided
from witnessbox.reconcile.kernel import reconcile
from witnessbox.reconcile.model import Clock, ClockStep, GivenOffset
from witnessbox.reconcile.offsets import Marks, clocks
from witnessbox.reconcile.plan import plan
from witnessbox.reconcile.sketch import sketch

TEXTS = np.arange(100)
TIMES = DAWN + TEXTS * 60_000


def marks(skew_ms: int = 0, *, universal: bool = False, given: tuple[ClockStep, ...] = ()) -> Marks:
    return Marks(TEXTS, TEXTS, TIMES + skew_ms, 1, universal, None, given)


def offsets(found: list[Clock]) -> list[int]:
    return [clock.main_ms for clock in found]


def given(offset_ms: int, since_row: int = 0) -> tuple[ClockStep, ...]:
    return (ClockStep(since_row, offset_ms, int(TIMES[since_row])),)


def test_without_a_decision_the_middle_clock_counts() -> None:
    assert offsets(clocks([marks(), marks(5_000), marks(60_000)])) == [5_000, 0, -55_000]


def test_a_decided_offset_takes_the_others_along() -> None:
    found = clocks([marks(), marks(5_000), marks(60_000, given=given(-60_000))])
    assert offsets(found) == [0, -5_000, -60_000]
    assert found[2].steps == given(-60_000)
    assert found[2].doubt == "its offset was decided by a person, not measured"
    assert [clock.doubt for clock in found[:2]] == [None, None]


def test_a_copy_that_gives_utc_itself_is_not_taken_along() -> None:
    found = clocks([marks(universal=True), marks(5_000), marks(60_000, given=given(-50_000))])
    assert offsets(found) == [0, -5_000, -50_000]


def test_a_copy_that_gives_utc_and_is_said_to_be_wrong_is_no_measure_any_more() -> None:
    found = clocks([marks(universal=True, given=given(7_000)), marks(5_000)])
    assert offsets(found) == [7_000, 2_000]


def test_before_the_time_from_which_it_is_decided_the_measured_clock_stands() -> None:
    found = clocks([marks(universal=True), marks(5_000, given=given(-9_000, 60))])
    first, second = found[1].steps
    assert (first.offset_ms, first.texts) == (-5_000, 100)
    assert (second.since_row, second.offset_ms, second.within_ms, second.texts) == (
        60,
        -9_000,
        0,
        0,
    )
    assert "its offset from row 60 on was decided by a person" in str(found[1].doubt)


def test_of_several_decided_clocks_the_middle_one_takes_the_others_along() -> None:
    said = [marks(given=given(1_000)), marks(given=given(2_000)), marks(given=given(9_000))]
    assert offsets(clocks([*said, marks()])) == [1_000, 2_000, 9_000, 2_000]


def test_a_decision_from_where_no_text_is_shared_takes_nobody_along() -> None:
    late = replace(marks(5_000), given=(ClockStep(200, 77_000, DAWN),))
    found, measured = clocks([marks(), late]), clocks([marks(), marks(5_000)])
    assert found[0] == measured[0]
    assert found[1].steps == (*measured[1].steps, *late.given)


def test_a_copy_with_no_other_beside_it_can_be_put_right() -> None:
    (clock,) = clocks([marks(given=given(3_600_000))])
    assert (clock.main_ms, clock.steps) == (3_600_000, given(3_600_000))
    none = TEXTS[:0]
    nothing = Marks(none, none, none, 1, universal=False, given=given(5_000))
    assert offsets(clocks([nothing])) == [5_000]


ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)
BEN = Phone("ben", ("A", "B", "C", "D", "E"), MINUTE, skew_ms=420_000)


def laid(said: list[Said], *words: GivenOffset) -> tuple[list[dict[str, Any]], Any, Any]:
    phones = sorted((ANA, BEN), key=lambda phone: source_of(phone).copy)
    tables = [rows(said, phone) for phone in phones]
    sketches = [sketch(table) for table in tables]
    sources = [source_of(phone) for phone in phones]
    (planned,) = plan(sources, sketches, decided=Decided(offsets=words)).conversations
    messages, sightings, _, found, *_ = reconcile(planned, tables, no_memberships())
    return found.to_pylist(), messages, sightings


def by_copy(found: list[dict[str, Any]], phone: Phone) -> list[tuple[int, int]]:
    copy = source_of(phone).copy
    return [(row["since_row"], row["offset_ms"]) for row in found if row["copy"] == copy]


def test_messages_get_the_decided_time_and_still_match() -> None:
    said = chat(200)
    copy = source_of(BEN).copy
    found, messages, sightings = laid(said, GivenOffset(copy, -420_000))
    assert by_copy(found, BEN) == [(0, -420_000)]
    assert abs(by_copy(found, ANA)[0][1]) < 60_000
    found, moved, again = laid(said, GivenOffset(copy, 0))
    assert by_copy(found, BEN) == [(0, 0)]
    assert len(moved) == len(messages)
    assert len(again) == len(sightings)
    shift = moved["sent_at"][0].as_py() - messages["sent_at"][0].as_py()
    assert shift.total_seconds() == 420


def test_an_offset_counts_from_the_first_row_that_has_its_time() -> None:
    said = chat(200)
    copy, since = source_of(BEN).copy, said[150].at_ms + BEN.skew_ms
    since = since // MINUTE * MINUTE
    found, _, _ = laid(said, GivenOffset(copy, -60_000), GivenOffset(copy, -480_000, since))
    assert [offset for _, offset in by_copy(found, BEN)] == [-60_000, -480_000]
    assert by_copy(found, BEN)[1][0] in range(148, 151)
    beyond = GivenOffset(copy, 5, DAWN * 2)
    assert by_copy(laid(said, beyond)[0], BEN) == by_copy(laid(said)[0], BEN)
