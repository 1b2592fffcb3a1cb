"""Dates of the Persian calendar."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.persian import FIRST_YEAR, LAST_YEAR, days


def _day(year: int, month: int, day: int) -> date | None:
    count, known = days(*(np.array([part]) for part in (year, month, day)))
    epoch = date(1970, 1, 1)
    return epoch + timedelta(days=int(count[0])) if known[0] else None


@pytest.mark.parametrize(
    ("persian", "ours"),
    [
        ((1388, 1, 1), (2009, 3, 21)),
        ((1395, 12, 30), (2017, 3, 20)),
        ((1399, 1, 1), (2020, 3, 20)),
        ((1402, 12, 24), (2024, 3, 14)),
        ((1403, 12, 30), (2025, 3, 20)),
        ((1404, 1, 1), (2025, 3, 21)),
        ((1408, 12, 30), (2030, 3, 20)),
    ],
)
def test_known_days_agree(persian: tuple[int, int, int], ours: tuple[int, int, int]) -> None:
    assert _day(*persian) == date(*ours)


@pytest.mark.parametrize(
    "parts",
    [(1402, 12, 30), (1402, 7, 31), (1402, 13, 1), (1402, 0, 1), (1445, 9, 4), (1387, 1, 1)],
)
def test_what_is_no_date_of_it_is_refused(parts: tuple[int, int, int]) -> None:
    assert _day(*parts) is None


@given(st.integers(FIRST_YEAR, LAST_YEAR - 1), st.integers(1, 12))
def test_months_follow_one_another_without_a_gap(year: int, month: int) -> None:
    last = max(day for day in range(29, 32) if _day(year, month, day) is not None)
    following = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    ends, begins = _day(year, month, last), _day(*following)
    assert ends is not None
    assert begins == ends + timedelta(days=1)
