import numpy as np
import numpy.typing as npt
import pytest

from witnessbox.screening.forecast import fit, plan


def _power(slope: float, first: int, last: int, finds: int) -> npt.NDArray[np.int64]:
    """Places of finds whose density falls as a power of the number read."""
    share = (np.arange(finds) + 0.5) / finds
    low, high = first**-slope, last**-slope
    places: npt.NDArray[np.int64] = ((low - share * (low - high)) ** (-1 / slope)).astype(int)
    return places


@pytest.mark.parametrize("slope", [0.3, 0.7, 1.5])
def test_a_tail_that_falls_as_a_power_is_forecast_right(slope: float) -> None:
    places = _power(slope, 1000, 200_000, 5000)
    read = 20_000
    tail = fit(places[places <= read], read)
    assert tail is not None
    assert tail.slope == pytest.approx(slope, abs=0.15)
    left = float((places > read).sum())
    assert float(tail.left(read, 200_000)) == pytest.approx(left, rel=0.15)


def test_finds_that_come_evenly_are_forecast_to_go_on_evenly() -> None:
    places = np.arange(10, 10_001, 10)
    tail = fit(places, 10_000)
    assert tail is not None
    assert float(tail.left(10_000, 20_000)) == pytest.approx(1000, rel=0.05)


def test_with_few_finds_nothing_is_forecast() -> None:
    assert fit([1, 2, 3], 100) is None


def test_finds_that_stopped_long_ago_or_only_begin_are_within_the_fit() -> None:
    early = fit(np.arange(2501, 2531), 10_000)
    late = fit(np.arange(9900, 10_000), 10_000)
    assert early is not None
    assert late is not None
    assert early.slope == 10.0
    assert late.slope == -0.999


def test_a_plan_draws_later_and_fewer_than_everything() -> None:
    places = _power(0.7, 1000, 200_000, 2000)
    found = places[places <= 30_000]
    tail = fit(found, 30_000)
    assert tail is not None
    made = plan(tail, len(found), 200_000, 0.04, 0.95)
    assert made is not None
    assert 30_000 <= made.read < 200_000
    assert 0 < made.drawn < 200_000 - made.read
    assert made.cost == made.read + made.drawn


def test_a_higher_target_is_planned_to_take_more() -> None:
    places = _power(0.7, 1000, 200_000, 2000)
    found = places[places <= 30_000]
    tail = fit(found, 30_000)
    assert tail is not None
    made = [plan(tail, len(found), 200_000, 0.04, target) for target in (0.8, 0.9, 0.95, 0.99)]
    costs = [one.cost for one in made if one is not None]
    assert len(costs) == 4
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_where_no_sample_could_show_enough_none_is_planned() -> None:
    tail = fit(np.arange(1, 21), 40)
    assert tail is not None
    assert plan(tail, 20, 45, 1e-9, 0.95) is None
