"""Dates as Messenger's pages write them: in the account's language, the month by its name.  Pure.

::

    Oct 19, 2019, 2:37 PM                       31. heinäkuuta 2016 kello 21:05 UTC+03
    Friday, 19 June 2015 at 19:17 UTC+02        dimanche 4 décembre 2016, 13:54 UTC-07

The clock is what has a colon, the year what has four digits, the month the last word that is a
month's name in any language, the day the one number left.  So the order of the fields needs no
knowledge of the language.  A month written as a number is read where only one order fits; between
dots or hyphens the day comes first in every language that writes it so.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from witnessbox.evidence.model import Precision

_SPACES = dict.fromkeys(map(ord, "\u202f\u00a0\u2009\u2007"), " ")
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c"), None)
_OFFSET = re.compile(r"\b(?:utc|gmt) ?([+\-−]) ?(\d{1,2})(?::?(\d{2}))?$")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])([a-z]{3,4})$")
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
_CLOCK_BY_DOTS = re.compile(r"(?<![\d.])(\d{1,2})[.h](\d{2})(?:\.(\d{2}))?(?![\d.])")
_HALF = re.compile(r" ?([^\W\d_]\.? ?[^\W\d_]+)\b\.?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2}) ?[-./年] ?(\d{1,2}) ?[-./月] ?(\d{1,2})(?!\d)")
_BY_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([-./]) ?(\d{1,2})[-./] ?((?:19|20)\d{2})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_CHARACTERS = 120
_FARTHEST_MS = 14 * 3_600_000  # no zone is farther from UTC
_MS = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Written:
    """A time as written: what the clock on the wall showed and, where it is said, its zone.

    ``several`` names an abbreviation that other zones have too.
    """

    wall_ms: int
    offset_ms: int | None
    precision: Precision
    several: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The words of dates, of every language."""

    months: dict[str, int]
    mornings: frozenset[str]
    afternoons: frozenset[str]
    joined: tuple[str, ...]  # what stands before the last of a list: " and "
    zones: dict[str, int]  # minutes ahead of UTC
    several: frozenset[str]


@cache
def names() -> Names:
    """Load the table."""
    table = tomllib.loads(
        files("witnessbox.intake.messenger_html").joinpath("dates.toml").read_text("utf-8")
    )
    zones, several = table.pop("zones"), table.pop("several")["names"]
    return Names(
        months={
            name: number
            for language in table.values()
            for number, those in enumerate(language["months"], 1)
            for name in those
        },
        mornings=frozenset(half for language in table.values() for half in language["am"]),
        afternoons=frozenset(half for language in table.values() for half in language["pm"]),
        joined=tuple(dict.fromkeys(f" {language['and']} " for language in table.values())),
        zones=zones,
        several=frozenset(several),
    )


@lru_cache(maxsize=4096)
def read(stamp: str) -> Written | None:
    """Read a stamp; None where it names no date and time, or could name two."""
    if len(stamp) > _LONGEST_CHARACTERS:
        return None
    text = stamp.translate(_SPACES).translate(_MARKS).casefold().strip()
    text, offset_ms, several = _zone(text)
    if abs(offset_ms or 0) > _FARTHEST_MS:
        return None
    clock = [*_CLOCK.finditer(text)][-1:] or [*_CLOCK_BY_DOTS.finditer(text)][-1:]
    if not clock:
        return None
    (found,) = clock
    hour, rest = _hour(int(found[1]), text[found.end() :])
    date = _date(f"{text[: found.start()]} {rest}")
    if date is None:
        return None
    try:
        at = datetime(*date, hour, int(found[2]), int(found[3] or 0), tzinfo=UTC)
    except ValueError:
        return None
    precision = Precision.SECOND if found[3] else Precision.MINUTE
    return Written((at - _EPOCH) // _MS, offset_ms, precision, several)


def _zone(text: str) -> tuple[str, int | None, str | None]:
    """Take the zone off the end: the text before it, its offset, and whether others share it."""
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        signed = minutes if offset[1] == "+" else -minutes
        return text[: offset.start()].rstrip(), signed * 60_000, None
    word = _ABBREVIATION.search(text)
    minutes_ahead = names().zones.get(word[1]) if word else None
    if word is None or minutes_ahead is None:
        return text, None, None
    several = word[1].upper() if word[1] in names().several else None
    return text[: word.start()].rstrip(), minutes_ahead * 60_000, several


def _hour(hour: int, rest: str) -> tuple[int, str]:
    """Give the hour of 24, and what stands behind the clock without the half of the day."""
    half = _HALF.match(rest)
    word = re.sub(r"[. ]", "", half[1]) if half else ""
    if half is None or word not in names().mornings | names().afternoons:
        return hour, rest
    rest = rest[half.end() :]
    if not 1 <= hour <= 12:
        return hour, rest
    return hour % 12 + 12 * (word in names().afternoons), rest


def _date(text: str) -> tuple[int, int, int] | None:
    """Give year, month and day."""
    months = [names().months[word] for word in _WORD.findall(text) if word in names().months]
    if not months:
        return _date_by_numbers(text)
    years = _YEAR.findall(text)
    days = _NUMBER.findall(_YEAR.sub(" ", text))
    if len(years) != 1 or len(days) != 1:
        return None
    return int(years[0]), months[-1], int(days[0])


def _date_by_numbers(text: str) -> tuple[int, int, int] | None:
    found = _YEAR_FIRST.search(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _BY_NUMBERS.search(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first > 12 or found[2] != "/":
        return year, second, first
    if second > 12 or first == second:
        return year, first, second
    return None
