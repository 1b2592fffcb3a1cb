"""Every head's weights lie in one number, and come out of it as they went in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.weights import HEADS, STEP, of_head, sums, table

IN_STEPS = st.integers(-(1 << 20) + 1, (1 << 20) - 1)


@given(st.lists(st.tuples(*[IN_STEPS] * len(HEADS)), min_size=4, max_size=4))
def test_each_head_gets_its_own_weights_back(rows: list[tuple[int, ...]]) -> None:
    columns = [np.array(column) * STEP for column in zip(*rows, strict=True)]
    places = np.arange(4, dtype=np.uint64) << np.uint64(62)
    found = table(columns).rows(places)
    for head, column in enumerate(columns):
        assert (of_head(found, head) * STEP).tolist() == column.tolist()


def test_a_shorter_column_has_one_weight_for_several_places() -> None:
    packed = table([np.arange(4.0), np.array([5.0, -6.0]), np.zeros(4)]).packed
    assert (of_head(packed, 0) * STEP).tolist() == [0, 1, 2, 3]
    assert (of_head(packed, 1) * STEP).tolist() == [5, 5, -6, -6]


@pytest.mark.parametrize("weight", [STEP / 2, 256.0, -256.0, np.nan, np.inf])
def test_a_weight_that_would_not_come_out_as_it_went_in_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight of misogyny is no multiple"):
        table([np.zeros(2), np.array([0, weight]), np.zeros(2)])


def test_numbers_and_rows_of_them_are_added_up_between_bounds_that_may_hold_none() -> None:
    bounds = np.array([0, 0, 2, 3, 3])
    assert sums(np.array([1, 2, 4]), bounds).tolist() == [0, 3, 4, 0]
    assert sums(np.array([[1, 9], [2, 9], [4, 9]]), bounds)[:, 0].tolist() == [0, 3, 4, 0]
