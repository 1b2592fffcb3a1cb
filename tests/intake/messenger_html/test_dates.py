"""A date is read in whatever language its page has, or not at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.intake.messenger_html.dates import names, read


def shown(stamp: str) -> tuple[str, float | None] | None:
    found = read(stamp)
    if found is None:
        return None
    at = datetime.fromtimestamp(found.wall_ms / 1000, UTC)
    hours = None if found.offset_ms is None else found.offset_ms / 3_600_000
    return at.strftime("%Y-%m-%d %H:%M:%S"), hours


@pytest.mark.parametrize(
    ("stamp", "at", "offset"),
    [
        ("Oct 19, 2019, 2:37 PM", "2019-10-19 14:37:00", None),
        ("Oct 19, 2019 at 2:37:08\u202fpm", "2019-10-19 14:37:08", None),
        ("Jan 2, 2019 at 12:04 AM", "2019-01-02 00:04:00", None),
        ("Friday, 19 June 2015 at 19:17 UTC+02", "2015-06-19 19:17:00", 2),
        ("Sunday, December 4, 2016 at 1:54pm PDT", "2016-12-04 13:54:00", -7),
        ("31. heinäkuuta 2016 kello 21:05 UTC+03", "2016-07-31 21:05:00", 3),
        ("Sonntag, 4. Dezember 2016 um 13:54 UTC-07", "2016-12-04 13:54:00", -7),
        ("dimanche 4 décembre 2016, 13:54 UTC+05:30", "2016-12-04 13:54:00", 5.5),
        ("1er août 2016 à 13h54", "2016-08-01 13:54:00", None),
        ("mar, 4 de mar. de 2014 a las 9:05 p. m.", "2014-03-04 21:05:00", None),
        ("martedì 4 giugno 2014 alle ore 21:05 UTC+01", "2014-06-04 21:05:00", 1),
        ("zondag 4 mrt. 2016 om 13:54", "2016-03-04 13:54:00", None),
        ("4 de dezembro de 2016 às 13:54 UTC−02", "2016-12-04 13:54:00", -2),
        ("den 4 maj 2016 kl. 13:54", "2016-05-04 13:54:00", None),
        ("4. juni 2016 kl. 13.54 UTC+01", "2016-06-04 13:54:00", 1),
        ("4. desember 2016 kl. 13:54 GMT", "2016-12-04 13:54:00", 0),
        ("4 grudnia 2016 o 13:54", "2016-12-04 13:54:00", None),
        ("2019-10-19 14:37", "2019-10-19 14:37:00", None),
        ("2019年10月19日 14:37", "2019-10-19 14:37:00", None),
        ("9.10.2019 klo 14.37", "2019-10-09 14:37:00", None),
        ("19/10/2019, 14:37", "2019-10-19 14:37:00", None),
        ("10/19/2019, 14:37", "2019-10-19 14:37:00", None),
        ("10/10/2019, 14:37", "2019-10-10 14:37:00", None),
        ("Oct 19, 2019, 14:37 PM", "2019-10-19 14:37:00", None),
    ],
)
def test_a_stamp_is_read(stamp: str, at: str, offset: float | None) -> None:
    assert shown(stamp) == (at, offset)


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "yesterday",
        "9 October 2019",
        "10/11/2019, 14:37",
        "at 14:37",
        "30 February 2019, 14:37",
        "9 October 2019, 25:37",
        "October 2019, 14:37",
        "9 and 10 October 2019, 14:37",
        "9 October 2019 or 2020, 14:37",
        "9 October 2019, 14:37 UTC+40",
        "9 October 2019, 14:37" + " " * 120,
    ],
)
def test_what_names_no_time_or_two_is_not_read(stamp: str) -> None:
    assert read(stamp) is None


def test_an_abbreviation_of_several_zones_is_named() -> None:
    found = [read(f"9 October 2019, 14:37 {zone}") for zone in ("CDT", "PDT", "xyz")]
    assert [one and one.several for one in found] == ["CDT", None, None]


def test_every_language_has_twelve_months_that_no_other_contradicts() -> None:
    languages = 12
    assert sorted(set(names().months.values())) == list(range(1, 13))
    assert len(names().joined) == languages - 2  # two pairs share their word for "and"


@settings(deadline=None)  # how long it takes is not what is tested
@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_not(stamp: str) -> None:
    found = read(stamp + " 2019 14:37")
    assert found is None or found.precision
