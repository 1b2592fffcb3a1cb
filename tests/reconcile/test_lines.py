"""Straight pieces through the differences of two clocks."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from witnessbox.reconcile.lines import Seen, at_rows, pieces
from witnessbox.reconcile.model import ClockStep

HOUR, DAY, START = 3_600_000, 86_400_000, 1_700_000_000_000
MINUTE, SECOND = 60_000, 1_000


def seen(offsets: np.ndarray, unit_ms: int = SECOND, pace_ms: int = HOUR) -> Seen:
    """Offsets at every second row of a copy, one row an hour."""
    rows = np.arange(len(offsets), dtype=np.int64) * 2
    return Seen(rows, START + rows * pace_ms, offsets.astype(np.int64), unit_ms)


def found(one: Seen) -> list[ClockStep]:
    made = pieces(one)
    assert made is not None
    return made


@given(st.integers(-(10**9), 10**9), st.integers(40, 90), st.integers(40, 90))
def test_a_step_is_found_where_it_is(base: int, first: int, second: int) -> None:
    offsets = np.array([base] * first + [base + HOUR] * second, np.int64)
    offsets[5] += 10**9  # a false pair moves nothing
    made = found(seen(offsets))
    assert [piece.offset_ms for piece in made] == [base, base + HOUR]
    assert abs(made[1].since_row - 2 * first) <= 1


@given(st.integers(-60_000, 60_000), st.integers(0, 2**32 - 1))
def test_a_drift_is_told_to_a_tenth_of_a_second_a_day(ppb: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = np.arange(2_000, dtype=np.int64)
    true = rows * HOUR * ppb // 10**9 + 123_456
    noisy = true + draw.integers(-MINUTE // 2, MINUTE // 2, len(rows))
    false = draw.integers(0, len(rows), 60)
    noisy[false] += draw.integers(-(10**9), 10**9, 60)
    made = found(Seen(rows, START + rows * HOUR, noisy, MINUTE))
    told = at_rows(made, rows, START + rows * HOUR)
    assert np.abs(told - true).max() < 9_000
    assert len(made) == 1
    assert abs(made[0].ppb - ppb) * 86_400 / 1e9 < 0.5


def test_a_clock_that_is_set_right_every_week_is_followed() -> None:
    rows = np.arange(24 * 7 * 6, dtype=np.int64)
    true = (rows % (24 * 7)) * HOUR * 400 // 10**6  # 400 ppm: four minutes a week
    made = found(Seen(rows, START + rows * HOUR, true, SECOND))
    told = at_rows(made, rows, START + rows * HOUR)
    assert np.abs(told - true).max() <= 15_000
    assert [piece.since_row for piece in made] == list(range(0, len(rows), 24 * 7))


def test_a_clock_that_changes_its_pace_is_cut_where_it_bends() -> None:
    rows = np.arange(4_000, dtype=np.int64)
    true = np.maximum(rows - 2_000, 0) * HOUR * 60 // 10**6
    made = found(Seen(rows, START + rows * HOUR, true, SECOND))
    assert np.abs(at_rows(made, rows, START + rows * HOUR) - true).max() <= 15_000
    assert len(made) <= 6


def test_a_step_between_two_texts_is_placed_where_the_copys_own_times_jump() -> None:
    own = START + np.arange(200, dtype=np.int64) * 30_000
    own[113:] -= HOUR  # set back at row 113
    rows = np.arange(0, 200, 10, dtype=np.int64)
    offsets = np.where(rows >= 113, HOUR, 0)
    made = pieces(Seen(rows, own[rows], offsets, SECOND), own)
    assert made is not None
    assert [piece.since_row for piece in made] == [0, 113]


def test_what_agrees_nowhere_gives_the_best_guess() -> None:
    scattered = np.arange(20, dtype=np.int64) * 10_000_000
    scattered[3:6] = 500
    assert [piece.offset_ms for piece in found(seen(scattered))] == [pytest.approx(400, abs=100)]


@pytest.mark.parametrize("offsets", [[], [5], [0, 10**9]])
def test_too_few_offsets_say_nothing_of_a_clock(offsets: list[int]) -> None:
    assert pieces(seen(np.array(offsets, np.int64))) is None


@example([0, 0, 0, 0, 0, 0, 0, 0, 1, -90_000, 90_001, 1, 0, 0], Random(0))  # noqa: S311 - no secret
@given(st.lists(st.integers(-(10**7), 10**7), min_size=2, max_size=80), st.randoms())
def test_the_order_in_which_texts_are_listed_plays_no_part(
    offsets: list[int], shuffling: Random
) -> None:
    one = seen(np.array(offsets, np.int64))
    order = list(range(len(offsets)))
    shuffling.shuffle(order)
    other = Seen(one.rows[order], one.sent_ms[order], one.offsets_ms[order], one.unit_ms)
    made = pieces(one)
    assert pieces(other) == made
    assert all(a.since_row <= b.since_row for a, b in pairwise(made or []))
