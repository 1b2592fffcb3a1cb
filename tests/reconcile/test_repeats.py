from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reconcile.repeats import OpenRow, settle


def row(number: int, copy: int, second: int, after: int = -1, before: int = 100) -> OpenRow:
    return OpenRow(number, copy, second * 1000, 15_000, after, before)


def test_repeats_pair_in_order_and_by_time() -> None:
    rows = [row(0, 0, 0), row(1, 0, 20), row(2, 0, 40), row(3, 1, 19), row(4, 1, 41)]
    assert settle(rows) == [[0], [1, 3], [2, 4]]


def test_a_repeat_keeps_to_its_side_of_a_matched_message() -> None:
    rows = [row(0, 0, 0, before=5), row(1, 0, 10, after=5), row(2, 1, 2, after=5)]
    assert settle(rows) == [[0], [1, 2]]


def test_a_copy_that_holds_one_more_adds_it_in_its_place() -> None:
    rows = [row(0, 0, 0), row(1, 0, 60), row(2, 1, 0), row(3, 1, 30), row(4, 2, 31), row(5, 2, 61)]
    groups = settle([replace(one, allowed_ms=7_000) for one in rows])
    assert groups == [[0, 2], [3, 4], [1, 5]]


def test_many_repeats_are_taken_in_turn() -> None:
    first = [row(i, 0, i) for i in range(120)]
    second = [row(1000 + i, 1, i + 1) for i in range(119)]
    groups = settle([*first, *second])
    assert all(abs(group[0] - group[-1] % 1000) <= 30 for group in groups)
    assert len(groups) <= 121


@given(
    st.lists(st.lists(st.integers(0, 200), max_size=130), min_size=1, max_size=3).filter(any),
)
def test_every_row_is_in_one_group_and_no_copy_twice_in_any(copies: list[list[int]]) -> None:
    rows = [
        row(1000 * c + i, c, second)
        for c, seconds in enumerate(copies)
        for i, second in enumerate(sorted(seconds))
    ]
    groups = settle(rows)
    assert sorted(number for group in groups for number in group) == sorted(r.row for r in rows)
    assert all(len({number // 1000 for number in group}) == len(group) for group in groups)
