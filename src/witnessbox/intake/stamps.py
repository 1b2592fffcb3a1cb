"""ISO 8601 times as structured exports write them, with a zone or without one.  Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Precision

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_CLOCK = re.compile(r"\d[T ](?P<minutes>\d\d:?\d\d)(?P<seconds>:?\d\d)?(?P<fraction>[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Moment:
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
