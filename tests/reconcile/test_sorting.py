"""Sorting by several keys gives what numpy's own, slower way gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from witnessbox.reconcile.sorting import by_hash, distinct, firsts, numbered, order_by

WIDE = st.integers(-(2**63), 2**63 - 1)
NARROW = st.integers(-3, 3)


def keys(count: int) -> st.SearchStrategy[list[np.ndarray]]:
    one = st.sampled_from((WIDE, NARROW, st.integers(0, 2**40))).flatmap(
        lambda values: arrays(np.int64, count, elements=values)
    )
    return st.lists(one | arrays(bool, count), min_size=1, max_size=5)


@given(st.integers(0, 40).flatmap(keys))
def test_rows_are_sorted_by_the_first_key_then_the_next_and_equals_stay(
    given_keys: list[np.ndarray],
) -> None:
    assert order_by(*given_keys).tolist() == np.lexsort(given_keys[::-1]).tolist()


@given(arrays(np.int64, st.integers(0, 40), elements=WIDE | NARROW))
def test_values_are_numbered_by_size(values: np.ndarray) -> None:
    found, places = np.unique(values, return_inverse=True)
    assert distinct(values).tolist() == found.tolist()
    assert numbered(values).tolist() == places.tolist()


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=30))
def test_hashes_are_sorted_whatever_bits_tell_them_apart(values: list[int]) -> None:
    hashes = np.array(values, np.uint64)
    assert by_hash(hashes).tolist() == np.argsort(hashes, kind="stable").tolist()


@given(
    st.integers(1, 30).flatmap(
        lambda count: st.tuples(
            arrays(np.int64, count, elements=st.integers(0, 4)),
            keys(count),
            st.permutations(range(count)),
        )
    )
)
def test_the_first_row_of_each_group_is_found_as_by_sorting(
    drawn: tuple[np.ndarray, list[np.ndarray], list[int]],
) -> None:
    values, some, permutation = drawn
    group, order = numbered(values), np.array(permutation)
    count = int(group.max()) + 1
    whole = order[np.lexsort([one[order] for one in (*some[::-1], group)])]
    first = [whole[group[whole] == one][0] for one in range(count)]
    assert firsts((group, count), some, order).tolist() == first
