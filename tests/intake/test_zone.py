"""From wall time to UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.intake.clock import NO_TIME
from witnessbox.intake.zone import to_utc

ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


def ms(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


walls = st.datetimes(
    min_value=datetime(2009, 1, 1),  # noqa: DTZ001
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
).map(lambda wall: wall.replace(microsecond=0, fold=0))  # what a clock showed has no fold


@settings(deadline=None)
@given(st.lists(walls, max_size=8), st.sampled_from(ZONES))
def test_wall_times_become_utc_as_the_zone_says(moments: list[datetime], zone: str) -> None:
    found = to_utc(np.array([ms(wall) for wall in moments], np.int64), zone)
    expected = [round(wall.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000) for wall in moments]
    assert found.utc.tolist() == expected


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 72 * 60), max_size=8),
    st.sampled_from(
        [
            ("Europe/London", datetime(2023, 10, 28)),  # noqa: DTZ001
            ("America/St_Johns", datetime(2009, 10, 31)),  # noqa: DTZ001  # a minute past midnight
            ("Australia/Lord_Howe", datetime(2024, 4, 6)),  # noqa: DTZ001  # by half an hour
            ("Pacific/Apia", datetime(2011, 12, 29)),  # noqa: DTZ001  # a whole day skipped
            ("Africa/Casablanca", datetime(2024, 3, 9)),  # noqa: DTZ001
        ]
    ),
)
def test_times_read_together_are_as_each_alone(
    minutes: list[int], place: tuple[str, datetime]
) -> None:
    zone, start = place
    walls = np.array([ms(start) + minute * 60_000 for minute in minutes], np.int64)
    found = to_utc(walls, zone)
    for row, wall in enumerate(minutes):
        at = (start + timedelta(minutes=wall)).replace(tzinfo=ZoneInfo(zone))
        first, second = (at.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
        assert found.utc[row] == round(at.timestamp() * 1000)
        assert (found.twice[row], found.never[row]) == (first > second, first < second)


def test_an_hour_shown_twice_is_read_as_the_first_and_marked() -> None:
    found = to_utc(np.array([ms(datetime(2023, 10, 29, 1, 30))]), "Europe/London")  # noqa: DTZ001
    assert found.utc[0] == ms(datetime(2023, 10, 29, 0, 30))  # noqa: DTZ001
    assert (found.twice[0], found.never[0]) == (True, False)


def test_an_hour_skipped_is_marked() -> None:
    found = to_utc(np.array([ms(datetime(2024, 3, 31, 1, 30))]), "Europe/London")  # noqa: DTZ001
    assert (found.twice[0], found.never[0]) == (False, True)


def test_a_time_not_known_stays_not_known() -> None:
    found = to_utc(np.array([NO_TIME, 0, NO_TIME]), "Europe/London")
    assert found.utc.tolist() == [NO_TIME, -3_600_000, NO_TIME]  # all of 1970 was summer time
