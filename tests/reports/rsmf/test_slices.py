"""A conversation falls into days, and a day too long into parts; no message is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reports.rsmf import slices
from witnessbox.reports.rsmf.slices import Slice, sliced

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
DAY = date(2024, 7, 1)


def test_a_day_begins_at_midnight_in_the_zone() -> None:
    late = datetime(2024, 7, 1, 23, 30, tzinfo=UTC)
    assert [part.day for part in sliced([NOON, late], "Europe/London")] == [DAY, date(2024, 7, 2)]
    assert [part.rows for part in sliced([NOON, late], "UTC")] == [(0, 1)]


def test_a_message_without_a_time_stays_beside_the_one_before_it() -> None:
    later = NOON + timedelta(days=2)
    parts = sliced([None, NOON, later, None, NOON], "UTC")
    assert [part.rows for part in parts] == [(0, 1, 4), (2, 3)]


def test_messages_without_any_time_are_one_slice() -> None:
    assert sliced([None, None], "UTC") == [Slice(None, 0, 24, (0, 1))]
    assert sliced([], "UTC") == []


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({9: 2, 15: 2}, [(0, 24)]),
        ({9: 3, 15: 3}, [(0, 12), (12, 12)]),
        ({9: 3, 13: 3, 23: 3}, [(8, 8), (16, 8)]),
    ],
)
def test_a_day_of_too_many_is_cut_in_two_or_three(
    counts: dict[int, int], expected: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "MOST_EVENTS", 4)
    start = datetime(2024, 7, 1, tzinfo=UTC)
    times = [start + timedelta(hours=hour) for hour, many in counts.items() for _ in range(many)]
    assert [(part.hour, part.hours) for part in sliced(times, "UTC")] == expected


TIMES = st.one_of(st.none(), st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001


@given(st.lists(TIMES), st.sampled_from(["UTC", "Europe/London", "Pacific/Apia"]))
def test_every_message_is_in_one_slice(times: list[datetime | None], zone: str) -> None:
    moments = [None if at is None else at.replace(tzinfo=UTC) for at in times]
    rows = [row for part in sliced(moments, zone) for row in part.rows]
    assert sorted(rows) == list(range(len(times)))
