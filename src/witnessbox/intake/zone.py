"""From the time a clock on the wall showed to UTC, with the hours a zone repeats or skips marked.

Pure: the zone's rules are data of the ``tzdata`` release.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from witnessbox.intake.clock import NO_TIME, Flags, Ints

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Moments:
    """Times in UTC milliseconds, and where the zone left a doubt."""

    utc: Ints
    twice: Flags  # the clock showed this hour twice
    never: Flags  # the clock skipped this hour


def to_utc(wall_ms: Ints, zone: str) -> Moments:
    """Read wall times (milliseconds since 1970 as the clock showed them) in a zone, as UTC.

    An hour the clock showed twice is read as the first; one it skipped is read as if the clock had
    not yet been put forward.  Both are marked.  NO_TIME stays NO_TIME.
    """
    place = ZoneInfo(zone)
    known = wall_ms != NO_TIME
    day = np.where(known, wall_ms // DAY_MS, NO_TIME)
    heads = np.flatnonzero(np.concatenate([[True], day[1:] != day[:-1]])) if len(day) else day
    offsets = np.zeros(len(heads), np.int64)
    uneven = np.zeros(len(heads), np.bool_)
    seen: dict[int, int | None] = {NO_TIME: 0}
    for row, number in enumerate(day[heads].tolist()):
        if number not in seen:
            seen[number] = _even_offset_ms(place, number)
        offset = seen[number]
        uneven[row] = offset is None
        offsets[row] = offset or 0
    lengths = np.diff(np.append(heads, len(day)))
    utc = np.where(known, wall_ms - np.repeat(offsets, lengths), NO_TIME)
    twice, never = np.zeros(len(day), np.bool_), np.zeros(len(day), np.bool_)
    for row in np.flatnonzero(np.repeat(uneven, lengths)).tolist():
        utc[row], twice[row], never[row] = _one_to_utc(place, int(wall_ms[row]))
    return Moments(utc, twice, never)


def _even_offset_ms(place: ZoneInfo, day: int) -> int | None:
    """Give a day's offset from UTC in milliseconds; None where it changes near that day."""
    start = datetime(1970, 1, 1) + timedelta(days=day)  # noqa: DTZ001  # a wall clock's own time
    moments = (start + timedelta(hours=hours) for hours in (-2, 2, 6, 12, 26))
    offsets = {moment.replace(tzinfo=place).utcoffset() for moment in moments}
    if len(offsets) > 1:
        return None
    return _in_ms(offsets.pop())


def _in_ms(offset: timedelta | None) -> int:
    return 0 if offset is None else round(offset.total_seconds() * 1000)


def _one_to_utc(place: ZoneInfo, wall_ms: int) -> tuple[int, bool, bool]:
    wall = datetime(1970, 1, 1) + timedelta(milliseconds=wall_ms)  # noqa: DTZ001
    first = _in_ms(wall.replace(tzinfo=place, fold=0).utcoffset())
    second = _in_ms(wall.replace(tzinfo=place, fold=1).utcoffset())
    return wall_ms - first, first > second, first < second
