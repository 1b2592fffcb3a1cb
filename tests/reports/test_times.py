from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from witnessbox.reports.times import date, known, lag, moment, stamped

LONDON = ZoneInfo("Europe/London")
SUMMER = datetime(2017, 6, 30, 23, 30, tzinfo=UTC)


def test_times_are_written_in_the_operations_zone() -> None:
    assert moment(SUMMER, LONDON) == "1 July 2017, 00:30"
    assert date(SUMMER, LONDON) == "1 Jul 2017"


def test_a_time_that_was_not_read_is_said_to_be_none() -> None:
    assert moment(None, LONDON) == "at a time that could not be read"
    assert date(None, LONDON) == "not known"


def test_a_ledgers_stamp_is_read() -> None:
    assert stamped("2017-06-30T23:30:00.000000Z", LONDON) == SUMMER


@pytest.mark.parametrize(
    ("day", "words"),
    [("2018", "2018"), ("2018-03", "March 2018"), ("2018-03-04", "4 March 2018"),
     (None, "not known"), ("", "not known")],
)  # fmt: skip
def test_a_day_is_written_as_far_as_it_is_known(day: str | None, words: str) -> None:
    assert known(day) == words


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [(0, "as the others"), (130_000, "2 min 10 s slow"), (-3_600_000, "1 h fast"),
     (400, "under 1 s slow"), (3_661_000, "1 h 1 min 1 s slow")],
)  # fmt: skip
def test_a_clock_is_slow_when_time_must_be_added(offset_ms: int, words: str) -> None:
    assert lag(offset_ms) == words
