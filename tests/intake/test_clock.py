"""Date order decided over a whole export."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.intake.clock import (
    NO_TIME,
    Dates,
    Ground,
    Hint,
    Ints,
    Named,
    Order,
    Verdict,
    days,
    decide,
    readings,
)

EPOCH = date(1970, 1, 1)
DAY_FIRST = Hint(Order.DMY, firm=False)
LAST_YEAR = readings(year_first=False, year_last=True)
SHORT = readings(year_first=False, year_last=False)


def columns(*dates: str) -> Dates:
    rows = [[int(part) for part in one.split("/")] for one in dates]
    a, b, c = np.array(rows, np.int64).reshape(-1, 3).T
    return Dates(np.arange(len(rows)) * 100, a, b, c)


def decided(*dates: str, hint: Hint = DAY_FIRST, named: Named | None = None) -> Verdict:
    orders = LAST_YEAR if len(dates[0].split("/")[2]) == 4 else SHORT
    return decide(orders, columns(*dates), hint, named)


def one(number: int) -> Ints:
    return np.array([number], np.int64)


@settings(deadline=None)
@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_days_are_counted_as_the_calendar_does(day: date) -> None:
    a, b, c = one(day.day), one(day.month), one(day.year)
    assert days(Order.DMY, a, b, c)[0] == (day - EPOCH).days
    assert days(Order.MDY, b, a, c)[0] == (day - EPOCH).days
    assert days(Order.YMD, c % 100, b, a)[0] == (day - EPOCH).days


@pytest.mark.parametrize("written", ["31/2/2024", "29/2/2023", "0/1/2024", "1/0/2024", "1/13/2024"])
def test_a_date_that_does_not_exist_is_none(written: str) -> None:
    dates = columns(written)
    assert days(Order.DMY, dates.a, dates.b, dates.c)[0] == NO_TIME


def test_a_buddhist_year_is_read_in_its_own_era() -> None:
    assert days(Order.DMY, one(4), one(3), one(2567))[0] == (date(2024, 3, 4) - EPOCH).days


def test_a_four_digit_year_in_front_leaves_one_reading() -> None:
    verdict = decide(readings(True, False), columns("2024/3/4"), DAY_FIRST)  # noqa: FBT003
    assert verdict.ground is Ground.ONLY


def test_a_field_over_twelve_decides() -> None:
    assert decided("05/04/2024", "13/04/2024").segments == ((0, Order.DMY),)
    assert decided("04/05/2024", "04/13/2024").segments == ((0, Order.MDY),)


def test_nothing_that_decides_leaves_the_other_reading_standing() -> None:
    verdict = decided("03/04/2024")
    assert (verdict.ground, verdict.others) == (Ground.GUESS, (Order.MDY,))


def test_readings_that_mean_the_same_days_leave_no_doubt() -> None:
    assert decided("5/5/2024", "6/6/2024").others == ()


def test_the_denser_chat_is_likelier_but_stays_in_doubt() -> None:
    verdict = decided("1/2/2024", "1/3/2024", "1/4/2024")
    assert (verdict.segments[0][1], verdict.others) == (Order.MDY, (Order.DMY,))


def test_dots_and_hyphens_are_day_first_where_nothing_decides() -> None:
    verdict = decided("1/2/2024", "1/3/2024", hint=Hint(Order.DMY, firm=True))
    assert (verdict.segments[0][1], verdict.others) == (Order.DMY, (Order.MDY,))


def test_a_hint_at_the_year_first_keeps_that_reading_of_a_scattered_chat() -> None:
    scattered = ("24/8/21", "22/11/15", "24/8/21")
    verdict = decided(*scattered, hint=Hint(Order.YMD, firm=True))
    assert (verdict.segments[0][1], verdict.others) == (Order.YMD, (Order.DMY,))
    assert decided(*scattered).segments == ((0, Order.DMY),)


def test_messages_run_forward_in_time() -> None:
    verdict = decided("1/1/2024", "1/3/2024", "2/2/2024", "2/4/2024", "3/5/2024")
    assert (verdict.segments[0][1], verdict.ground) == (Order.MDY, Ground.CHRONOLOGY)


def test_a_single_step_back_is_slight_ground() -> None:
    assert decided("5/6/2024", "6/5/2024").slight
    assert not decided("1/1/2024", "1/3/2024", "2/2/2024", "2/5/2024", "3/3/2024").slight


def test_a_date_in_an_attachments_name_decides() -> None:
    day = (date(2024, 3, 4) - EPOCH).days
    named = Named(one(3), one(4), one(2024), one(day))
    assert decided("3/4/2024", named=named).segments == ((0, Order.MDY),)
    assert decided("3/4/2024", named=named).ground is Ground.ATTACHMENTS


def test_an_attachment_of_another_day_decides_nothing() -> None:
    named = Named(one(3), one(4), one(2024), one((date(2024, 5, 5) - EPOCH).days))
    assert decided("3/4/2024", named=named).ground is Ground.GUESS


def test_an_order_that_changes_is_followed() -> None:
    verdict = decided("25/12/2023", "26/12/2023", "12/27/2023", "12/28/2023")
    assert verdict.segments == ((0, Order.DMY), (200, Order.MDY))


def test_the_change_is_put_where_time_runs_on() -> None:
    verdict = decided("30/1/2024", "1/2/2024", "2/3/2024", "2/14/2024", "2/15/2024")
    assert verdict.segments == ((0, Order.DMY), (200, Order.MDY))


def test_one_odd_date_among_many_is_a_bad_stamp_not_a_change() -> None:
    verdict = decided("20/1/2024", "21/1/2024", "1/31/2024", "22/1/2024", "23/1/2024")
    assert verdict.segments == ((0, Order.DMY),)


def test_one_odd_date_at_the_end_is_a_change_only_if_time_runs_on() -> None:
    assert len(decided("20/1/2024", "21/1/2024", "1/25/2024").segments) == 2
    assert len(decided("20/1/2024", "21/1/2024", "1/25/2019").segments) == 1
    assert len(decided("1/25/2019", "20/1/2024", "21/1/2024").segments) == 1


def test_short_years_may_stand_first() -> None:
    verdict = decided("24/03/30", "24/03/31", "24/04/01")
    assert (verdict.segments[0][1], verdict.others) == (Order.YMD, ())


def test_a_stray_stamp_does_not_make_short_years_stand_first() -> None:
    verdict = decided("25/12/23", "31/02/24", "26/03/24", "27/03/24")
    assert verdict.segments == ((0, Order.DMY),)


def test_one_short_date_that_only_reads_year_first_stays_in_doubt() -> None:
    assert decided("31/04/26").others == (Order.DMY,)


@settings(deadline=None)
@given(
    st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 1, 1)),
    st.lists(st.integers(0, 20), min_size=25, max_size=60),
    st.sampled_from([Order.DMY, Order.MDY]),
)
def test_a_chat_that_passes_a_month_is_read_in_its_own_order(
    first: date, gaps: list[int], order: Order
) -> None:
    walk = [first + timedelta(days=sum(gaps[:place])) for place in range(len(gaps))]
    written = [
        f"{day.day}/{day.month}/{day.year}" if order is Order.DMY else f"{day:%m/%d/%Y}"
        for day in [*walk, walk[-1] + timedelta(days=1), *(
            walk[-1] + timedelta(days=more) for more in range(2, 33)
        )]
    ]  # fmt: skip
    assert [found for _, found in decided(*written).segments] == [order]


def test_what_each_reading_would_mean_is_kept_as_evidence() -> None:
    day_first, month_first = decided("03/04/2024", "05/04/2024", "04/05/2024").weighed
    assert (day_first.order, day_first.back, day_first.path_days) == (Order.DMY, 0, 31)
    assert (month_first.order, month_first.back, month_first.path_days) == (Order.MDY, 1, 90)
    assert (date(2024, 4, 3) - EPOCH).days == day_first.first_day
    assert (date(2024, 4, 5) - EPOCH).days == month_first.last_day


def test_dates_that_cannot_be_count_against_a_reading() -> None:
    _, month_first = decided("13/04/2024", "14/04/2024").weighed
    assert (month_first.impossible, month_first.first_day) == (2, NO_TIME)
