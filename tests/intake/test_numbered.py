"""Which numbers are taken, and where none is, whatever order they are learnt in."""

import numpy as np
import pytest

from witnessbox.intake import ordered
from witnessbox.intake.numbered import Gap, Numbered, gaps

Batch = list[tuple[int, int]]  # numbers and the rows that bear them


def learnt(*batches: Batch) -> Numbered:
    found = Numbered()
    for batch in batches:
        numbers, rows = np.array(batch, np.int64).reshape(-1, 2).T
        found.note(numbers, rows, rows * 100)
    return found


def found(*batches: Batch) -> list[Gap]:
    return list(gaps(learnt(*batches).runs()))


def rows(*numbers: int) -> Batch:
    return [(number, number) for number in numbers]


def test_a_gap_lies_between_the_rows_around_it() -> None:
    assert found(rows(1, 2, 3, 7, 8)) == [Gap(4, 6, 3, 7, 700)]


def test_numbers_learnt_in_any_order_give_the_same_gaps() -> None:
    expected = [Gap(4, 6, 3, 7, 700), Gap(9, 9, 8, 10, 1000)]
    assert found(rows(10), rows(7, 8), rows(3, 1, 2)) == expected
    assert found(rows(1, 3, 8), rows(2, 7, 10)) == expected


def test_of_several_rows_with_one_number_the_lowest_stands_behind_a_gap_the_highest_before() -> (
    None
):
    both = [(5, 50), (5, 51)], [(9, 91)], [(9, 90), (5, 49)]
    assert found(*both) == [Gap(6, 8, 51, 90, 9000)]


def test_nothing_has_no_gaps() -> None:
    assert found() == []
    assert found([]) == []


@pytest.mark.parametrize("held_bytes", [ordered.HELD_BYTES, 200])
def test_what_is_taken_can_be_asked_for_forward_and_again(
    held_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered, "_BLOCK_ROWS", 2)
    monkeypatch.setattr(ordered, "HELD_BYTES", held_bytes)
    known = learnt()
    there = np.arange(0, 3_000)[np.arange(3_000) % 7 != 3]
    for part in np.array_split(there, 50):
        known.note(part, part, part)
    taken = known.taken()
    for asked in (np.arange(0, 100), np.arange(90, 2_000), np.array([5, 3, 2_999, 9_999, -1])):
        assert taken.among(asked).tolist() == np.isin(asked, there).tolist()
    assert taken.among(np.empty(0, np.int64)).tolist() == []
    assert learnt().taken().among(np.array([1])).tolist() == [False]
