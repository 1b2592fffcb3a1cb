"""Times are read alike whether they are written as nearly all exports do or otherwise."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.evidence.model import Precision
from witnessbox.intake.stamps import Moment, moment

ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
walls = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
)


@settings(deadline=None)
@given(walls, st.sampled_from(ZONES), st.sampled_from(("", "Z", "+00:00")))
def test_a_plain_time_is_read_as_one_that_is_not(at: datetime, zone: str, utc: str) -> None:
    plain = at.isoformat(" ", "milliseconds")
    assert moment(plain + utc, zone) == moment(f"{plain}0{utc}", zone)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2023-10-29 01:30:00", (True, False)),
        ("2024-03-31 01:30:00", (False, True)),
        ("2024-03-31 03:30:00", (False, False)),
    ],
)
def test_hours_that_came_twice_or_never_are_told(written: str, told: tuple[bool, bool]) -> None:
    found = moment(written, "Europe/London")
    assert found is not None
    assert (found.twice, found.never) == told


def test_a_time_is_as_fine_as_it_is_written() -> None:
    assert moment("1970-01-01 00:01", "UTC") == Moment(60_000, 60_000, Precision.MINUTE)
    assert moment("1970-01-01T00:00:01Z", "UTC") == Moment(1000, None, Precision.SECOND)
    assert moment("1970-01-01T00:00:01.5Z", "UTC") == Moment(1500, None, Precision.MILLISECOND)


@pytest.mark.parametrize("written", ["2024-02-30 12:00", "2024-03-01", "2024-03-01 24:61", "soon"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert moment(written, "Europe/London") is None
