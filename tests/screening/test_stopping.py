from functools import cache
from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.screening.stopping import (
    Drawn,
    allowance,
    at_least,
    at_most,
    at_most_in_strata,
    error_of_draw,
    missing_allowed,
    quantile_needed,
    recall,
    sequential_chance,
    share_between,
)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    population = draw(st.integers(1, 60))
    size = draw(st.integers(0, population))
    return Drawn(population, size, draw(st.integers(0, size)))


def _chance(population: int, relevant: int, size: int, shown: int) -> float:
    return (
        comb(relevant, shown) * comb(population - relevant, size - shown) / comb(population, size)
    )


@pytest.mark.parametrize(("population", "size"), [(12, 4), (20, 7), (30, 3), (9, 9)])
@pytest.mark.parametrize("error", [0.05, 0.2])
def test_the_bound_is_wrong_no_more_often_than_said_whatever_there_is(
    population: int, size: int, error: float
) -> None:
    for relevant in range(population + 1):
        shown = range(max(0, size - (population - relevant)), min(size, relevant) + 1)
        low = sum(
            _chance(population, relevant, size, one)
            for one in shown
            if at_most(Drawn(population, size, one), error) < relevant
        )
        high = sum(
            _chance(population, relevant, size, one)
            for one in shown
            if at_least(Drawn(population, size, one), error) > relevant
        )
        assert low <= error + 1e-12
        assert high <= error + 1e-12


@given(drawn())
def test_the_bounds_hold_what_was_seen_and_lie_in_the_population(sample: Drawn) -> None:
    most, least = at_most(sample), at_least(sample)
    assert sample.relevant <= least <= most
    assert most <= sample.population - sample.drawn + sample.relevant


@given(drawn(), st.floats(0.001, 0.4))
def test_more_relevant_in_a_sample_never_lowers_the_bound(sample: Drawn, error: float) -> None:
    if sample.relevant < sample.drawn:
        more = Drawn(sample.population, sample.drawn, sample.relevant + 1)
        assert at_most(more, error) >= at_most(sample, error)
    assert at_most(sample, error / 2) >= at_most(sample, error)


def test_a_sample_of_everything_leaves_no_doubt() -> None:
    assert at_most(Drawn(50, 50, 3)) == at_least(Drawn(50, 50, 3)) == 3


def test_strata_share_the_error_and_are_right_together() -> None:
    sizes, wrong = ((8, 3), (10, 4)), []
    for truth in product(range(9), range(11)):
        miss = 0.0
        for shown in product(range(4), range(5)):
            samples = [Drawn(n, k, x) for (n, k), x in zip(sizes, shown, strict=True)]
            if at_most_in_strata(samples, 0.1) < sum(truth):
                miss += float(
                    np.prod(
                        [
                            _chance(n, r, k, x) if x <= r and k - x <= n - r else 0.0
                            for (n, k), r, x in zip(sizes, truth, shown, strict=True)
                        ]
                    )
                )
        wrong.append(miss)
    assert max(wrong) <= 0.1


def test_the_exact_interval_of_a_share_is_the_published_one() -> None:
    low, high = share_between(4, 20)  # Clopper and Pearson's own kind of case
    assert (round(low, 4), round(high, 4)) == (0.0573, 0.4366)
    assert share_between(0, 10)[0] == 0.0
    assert share_between(10, 10)[1] == 1.0
    assert share_between(0, 0) == (0.0, 1.0)


def test_all_samples_together_spend_no_more_than_the_error() -> None:
    shares = [error_of_draw(number) for number in range(1, 30)]
    assert sum(shares) == pytest.approx(0.05)
    assert shares == sorted(shares, reverse=True)


def test_what_may_be_missing_is_what_the_target_leaves() -> None:
    assert missing_allowed(95, 0.95) == 5
    assert missing_allowed(94, 0.95) == 4
    assert recall(95, missing_allowed(95, 0.95)) == 0.95
    assert recall(0, 0) == 1.0


@pytest.mark.parametrize(
    ("target", "missing", "fewest"), [(0.8, 25, 14), (0.9, 11, 29), (0.95, 5, 59), (0.99, 1, 299)]
)
def test_every_target_leaves_what_it_says_and_needs_a_control_sample_of_its_own(
    target: float, missing: int, fewest: int
) -> None:
    assert missing_allowed(100, target) == missing
    assert recall(100, missing) >= target > recall(100, missing + 1)
    assert quantile_needed(fewest - 1, target) is None
    assert quantile_needed(fewest, target) == fewest


def test_a_higher_target_is_reached_later() -> None:
    allowed = [allowance(100_000, 30_000, 400, target=one) for one in (0.8, 0.9, 0.95, 0.99)]
    assert allowed == sorted(allowed, reverse=True)
    assert allowed[0] > allowed[2] > allowed[3]
    read = [True] * 40 + [False] * 300
    chances = [sequential_chance(read, 1000, one) for one in (0.8, 0.9, 0.95, 0.99)]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1]


@pytest.mark.parametrize(("population", "drawn_", "relevant"), [(8, 4, 6), (9, 5, 5), (9, 3, 7)])
@pytest.mark.parametrize("target", [0.5, 0.7])
def test_a_sealed_sample_watched_all_the_way_misleads_no_more_often_than_said(
    population: int, drawn_: int, relevant: int, target: float
) -> None:
    """Every sample of so many, every order of the relevant ones: stop at the first chance."""
    error = 0.2
    for ranks in combinations(range(population), relevant):
        wrong = 0
        for chosen in combinations(range(population), drawn_):
            wrong += _misled(ranks, set(chosen), population, target, error)
        assert wrong <= error * comb(population, drawn_) + 1e-9


_allowed = cache(allowance)  # the same few sums thousands of times


def _misled(
    ranks: tuple[int, ...], chosen: set[int], population: int, target: float, error: float
) -> bool:
    for read in range(population + 1):
        found = sum(rank < read or rank in chosen for rank in ranks)
        unreached = sum(rank >= read and rank in chosen for rank in ranks)
        if unreached <= _allowed(population, len(chosen), found, error, target):
            return found < target * len(ranks) - 1e-9
    return False


def test_the_allowance_is_the_bound_of_the_elusion_test() -> None:
    for found in range(100, 3000, 300):
        shown = allowance(150_000, 15_000, found)
        if shown >= 0:
            sample = Drawn(150_000, 15_000, shown)
            assert at_most(sample) - shown <= missing_allowed(found)
        more = Drawn(150_000, 15_000, shown + 1)
        assert at_most(more) - (shown + 1) > missing_allowed(found)


def test_a_sample_too_small_for_the_target_never_lets_reading_stop() -> None:
    assert allowance(100_000, 10, 200) == -1
    assert allowance(10, 10, 5) >= 0


def test_a_control_sample_with_few_relevant_promises_nothing() -> None:
    assert quantile_needed(58) is None
    assert quantile_needed(59) == 59
    assert quantile_needed(100) == 99  # as published


def test_the_sequential_test_stops_when_reading_on_finds_nothing() -> None:
    start = [True] * 40 + [False] * 10
    assert sequential_chance(start, 1000) > 0.05
    assert sequential_chance(start + [False] * 800, 1000) < 0.05
    assert sequential_chance([False] * 10, 1000) == 1.0
    assert sequential_chance(start + [False] * 950, 1000) == 0.0


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_sequential_chance_is_a_chance(relevant: list[bool]) -> None:
    assert 0 <= sequential_chance(relevant, 80) <= 1


def test_a_sample_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no sample"):
        Drawn(5, 6, 0)
