"""ISO 8601 times as structured exports write them, with a zone or without one.  Pure."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from witnessbox.evidence.model import Precision
from witnessbox.intake.zone import HOUR_MS, hour_offset

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
_MS = timedelta(milliseconds=1)
_CLOCK = re.compile(r"\d[T ](?P<minutes>\d\d:?\d\d)(?P<seconds>:?\d\d)?(?P<fraction>[.,]\d+)?")
_PLAIN = re.compile(
    r"([12][0-9]{3}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::([0-5][0-9])(?:[.,]([0-9]{3})(?:[0-9]{3})?)?)?(Z|[+-]00:00)?"
)
"""A time as nearly every export writes it, with no zone or in UTC."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A time in UTC; ``wall_ms`` where no zone was written, with what the assumed one leaves open.

    ``twice``: the clock showed this hour twice, and the first is taken; ``never``: it skipped it.
    """

    utc_ms: int
    wall_ms: int | None
    precision: Precision
    twice: bool = False
    never: bool = False


def moment(written: str, zone: str) -> Moment | None:
    """Read a time; one that names no zone is read in ``zone``.  None where it is no time."""
    plain = _PLAIN.fullmatch(written)
    if plain is not None:
        day, hour, minute, second, fraction, utc = plain.groups()
        found = plainly((day, hour, minute), second, fraction, None if utc else zone)
        if found is not None:
            return found
    return _with_care(written, zone)


def plainly(
    minutes: tuple[str, str, str], second: str | None, fraction: str | None, zone: str | None
) -> Moment | None:
    """Read a time whose whole hour has one offset from UTC; None where more care is needed.

    ``minutes`` are its day as ISO 8601 has it, hour and minute; ``zone`` is None of one in UTC.
    """
    day, hour, minute = minutes
    hours = _hours_before(day)
    if hours is None:
        return None
    hours += int(hour)
    at = hours * HOUR_MS + int(minute) * 60_000
    precision = Precision.MINUTE
    if second is not None:
        at += int(second) * 1000
        precision = Precision.SECOND
    if fraction is not None:
        at += int(fraction)
        precision = Precision.MILLISECOND
    if zone is None:
        return Moment(at, None, precision)
    offset = hour_offset(hours, zone)
    return None if offset is None else Moment(at - offset, at, precision)


@lru_cache(maxsize=1 << 12)
def _hours_before(day: str) -> int | None:
    """Count the hours between 1970 and a day; None where there is no such day."""
    try:
        return (date.fromisoformat(day) - _FIRST_DAY).days * 24
    except ValueError:
        return None


def _with_care(written: str, zone: str) -> Moment | None:
    clock = _CLOCK.search(written)
    try:
        at = datetime.fromisoformat(written)
        if clock is None:
            return None
        if at.tzinfo is not None:
            return Moment((at.astimezone(UTC) - _EPOCH) // _MS, None, _precision(clock))
        place = ZoneInfo(zone)
        first, second = (at.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1))
        utc = at.replace(tzinfo=place).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    before, after = first or timedelta(), second or timedelta()
    return Moment(
        utc_ms=(utc - _EPOCH) // _MS,
        wall_ms=(at.replace(tzinfo=UTC) - _EPOCH) // _MS,
        precision=_precision(clock),
        twice=before > after,
        never=before < after,
    )


def _precision(clock: re.Match[str]) -> Precision:
    if clock["fraction"]:
        return Precision.MILLISECOND
    return Precision.SECOND if clock["seconds"] else Precision.MINUTE
