from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reconcile.order import Sightings, arrange


def seen(*copies: list[tuple[int, int]], unit_ms: int = 60_000) -> Sightings:
    """Copies as lists of (message, minute)."""
    flat = [(c, message, minute) for c, copy in enumerate(copies) for message, minute in copy]
    columns = np.array(flat, np.int64).reshape(-1, 3).T
    return Sightings(
        columns[0], columns[1], columns[2] * 60_000, np.full(len(flat), unit_ms, np.int64)
    )


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=25),
    st.lists(st.sets(st.integers(0, 24)), min_size=1, max_size=4),
)
def test_copies_that_agree_keep_their_order(gaps: list[int], dropped: list[set[int]]) -> None:
    minutes = np.cumsum(gaps).tolist()
    copies = [[(i, m) for i, m in enumerate(minutes) if i not in drop] for drop in dropped]
    held = sorted({message for copy in copies for message, _ in copy})
    dense = {message: i for i, message in enumerate(held)}
    if held:
        shown = [[(dense[m], minute) for m, minute in copy] for copy in copies]
        rank = arrange(seen(*shown), len(held))
        assert sorted(rank.tolist()) == list(range(len(held)))
        for copy in shown:
            assert all(rank[a] < rank[b] for (a, _), (b, _) in pairwise(copy))


def test_the_order_most_copies_show_wins() -> None:
    rank = arrange(seen([(0, 1), (1, 1)], [(1, 1), (0, 1)], [(1, 1), (0, 1)]), 2)
    assert rank.tolist() == [1, 0]


def test_copies_in_a_circle_are_settled_by_time() -> None:
    rank = arrange(seen([(0, 1), (1, 2)], [(1, 2), (2, 3)], [(2, 3), (0, 1)]), 3)
    assert rank.tolist() == [0, 1, 2]


def test_a_line_with_a_false_date_stays_where_its_copy_shows_it() -> None:
    rank = arrange(seen([(0, 10), (1, 11), (2, 1), (3, 12)], [(0, 10), (1, 11), (3, 12)]), 4)
    assert rank.tolist() == [0, 1, 2, 3]


def test_nothing_is_arranged_to_nothing() -> None:
    assert arrange(seen(), 0).tolist() == []
