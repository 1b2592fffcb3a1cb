from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.web.display import Display, counted, hue, initials, share, short, size

LONDON = Display(ZoneInfo("Europe/London"))
SUMMER = datetime(2017, 6, 1, 23, 30, 5, tzinfo=UTC)


def test_times_are_written_as_a_clock_in_the_zone_shows_them() -> None:
    assert LONDON.day(SUMMER) == "Friday 2 June 2017"
    assert LONDON.clock(SUMMER) == "00:30"
    assert LONDON.clock(SUMMER, "second") == "00:30:05"
    assert LONDON.moment(SUMMER) == "2 Jun 2017, 00:30"
    assert LONDON.day_value(SUMMER) == "2017-06-02"
    assert LONDON.iso(SUMMER) == "2017-06-01T23:30:05Z"


def test_the_ledgers_own_way_of_writing_a_moment_is_read() -> None:
    assert LONDON.moment("2017-01-01T12:00:00.000000Z") == "1 Jan 2017, 12:00"


def test_a_time_without_a_zone_is_utc() -> None:
    assert LONDON.clock(datetime(2017, 6, 1, 12, 0)) == "13:00"  # noqa: DTZ001 - the point


def test_what_is_not_known_is_a_dash() -> None:
    assert (LONDON.date(None), LONDON.moment(None)) == ("–", "–")
    assert LONDON.date(date(2018, 3, 14)) == "14 Mar 2018"


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (526_000, "526.0 kB"),
        (10**13, "10.0 TB"),
    ],
)
def test_sizes_are_decimal(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words


@given(st.integers(1, 10**12), st.data())
def test_a_share_is_all_or_nothing_only_when_it_is(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert (share(part, whole) == "100%") is (part == whole)
    assert (share(part, whole) == "0.0%") is (part == 0)


def test_a_share_of_nothing_is_not_known() -> None:
    assert share(0, 0) == "–"


def test_counts_agree_with_their_noun() -> None:
    assert counted(1, "message") == "1 message"
    assert counted(2000, "entry", "entries") == "2,000 entries"


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Sam Ode", "SO"),
        ("Kit", "K"),
        ("~ kit", "K"),
        ("+44 7700 900123", "79"),
        ("👍", "#"),
        (None, "#"),
    ],
)
def test_a_person_has_a_mark(name: str | None, mark: str) -> None:
    assert initials(name) == mark


@given(st.text() | st.none())
def test_a_person_has_one_of_ten_colours(name: str | None) -> None:
    assert 0 <= hue(name) < 10


def test_a_hash_is_shortened() -> None:
    assert short("a" * 64) == "a" * 12
