"""How both passes' probabilities are put together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.encoder import EVENLY, logit, together

PROBABILITIES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(PROBABILITIES)
def test_a_pass_of_weight_one_alone_says_what_it_said(said: list[float]) -> None:
    before, other = np.array(said), np.full(len(said), 0.9, np.float32)
    assert together(before, other, (1, 0, 0)) == pytest.approx(before, abs=1e-5)


@given(PROBABILITIES)
def test_passes_that_agree_say_together_what_each_says(said: list[float]) -> None:
    once = np.array(said)
    assert together(once, once.astype(np.float32), EVENLY) == pytest.approx(once, abs=1e-5)


def test_what_was_not_answered_stays_open_and_certainty_has_a_measure() -> None:
    made = together(np.array([0.5, 0.5]), np.array([np.nan, 1.0], np.float32), EVENLY)
    assert np.isnan(made[0])
    assert 0.99 < made[1] < 1
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()
