"""A doubt says what speaks for each reading, so that a person can choose."""

from tests.intake.whatsapp.reader import Read


def what(export: str, code: str) -> str:
    (found,) = (row["what"] for row in Read(export).problems if row["code"] == code)
    return str(found)


def test_an_open_order_says_where_each_reading_leads() -> None:
    said = what("03/04/24, 10:00 - Ana: a\n04/04/24, 10:00 - Bo: b\n", "date-order")
    assert "; as day/month/year they run from 2024-04-03 to 2024-04-04 with 0 steps back" in said
    assert "; as month/day/year they run from 2024-03-04 to 2024-04-04 with 0 steps back" in said


def test_attachments_that_decide_nothing_are_counted_all_the_same() -> None:
    photo = "IMG-20240601-WA0001.jpg (file attached)"
    said = what(f"03/04/24, 10:00 - Ana: {photo}\n04/04/24, 10:00 - Bo: b\n", "date-order")
    assert said.count("and 0 of 1 attachments bear the day of their message") == 2


def test_slight_grounds_are_shown_for_every_reading() -> None:
    said = what("05/06/24, 10:00 - Ana: a\n06/05/24, 10:00 - Bo: b\n", "date-order")
    assert "on slight grounds: chronology" in said
    assert "with 0 steps back in time" in said
    assert "with 1 step back in time" in said
    assert "as year/month/day" in said


def test_dates_that_cannot_be_are_counted_against_a_reading() -> None:
    export = "05/06/04, 10:00 - Ana: a\n06/05/24, 10:00 - Bo: b\n05/07/24, 10:00 - Bo: b\n"
    assert "and 1 dates that cannot be" in what(export, "date-order")


def test_a_clock_in_doubt_says_how_often_it_runs_back() -> None:
    export = "".join(f"14/02/2024, {hour}:00 - Ana: tea\n" for hour in (9, 11, 12, 1, 4))
    said = what(export, "half-day")
    assert "within days it runs back by hours 1 times, as a 12-hour clock does at noon" in said


def test_a_line_that_may_be_forged_has_signs_both_ways() -> None:
    said = what("14/02/2024, 10:00 - Ana: look\n\n14/02/2024, 10:01 - Bo: it\n", "header-in-body")
    assert "(body): an empty line stands above it" in said
    assert "what speaks for a message of its own" in said
