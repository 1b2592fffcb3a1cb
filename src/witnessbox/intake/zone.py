"""From the time a clock on the wall showed to UTC, with the hours a zone repeats or skips marked.

Pure: the zone's rules are data of the ``tzdata`` release.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from witnessbox.intake.clock import NO_TIME, Flags, Ints

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
_MS = timedelta(milliseconds=1)


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
    clock = _Clock(ZoneInfo(zone))
    rest = np.flatnonzero(wall_ms != NO_TIME)
    utc = np.full(len(wall_ms), NO_TIME, np.int64)
    twice, never = np.zeros(len(utc), np.bool_), np.zeros(len(utc), np.bool_)
    for unit_ms in (DAY_MS, HOUR_MS):
        rest = _evenly(wall_ms, utc, rest, unit_ms, clock)
    for row in rest.tolist():
        first, second = clock.offsets(int(wall_ms[row]))
        utc[row] = wall_ms[row] - first
        twice[row], never[row] = first > second, first < second
    return Moments(utc, twice, never)


@lru_cache(maxsize=1 << 12)
def hour_offset(wall_hour: int, zone: str) -> int | None:
    """Give the offset from UTC all through an hour that a clock showed; None where it changes."""
    return _Clock(ZoneInfo(zone)).even(wall_hour * HOUR_MS, HOUR_MS)


def _evenly(wall_ms: Ints, utc: Ints, rows: Ints, unit_ms: int, clock: "_Clock") -> Ints:
    """Fill in rows whose whole day or hour has one offset from UTC; give the other rows."""
    wall = wall_ms[rows]
    unit = wall // unit_ms
    changes = np.flatnonzero(unit[1:] != unit[:-1]) + 1
    runs = np.concatenate([unit[:1], unit[changes]]).tolist()
    even = {number: clock.even(number * unit_ms, unit_ms) for number in dict.fromkeys(runs)}
    lengths = np.diff(changes, prepend=0, append=len(rows)) if runs else 0
    offset = np.repeat(np.array([even[number] or 0 for number in runs], np.int64), lengths)
    known = np.repeat(np.array([even[number] is not None for number in runs], np.bool_), lengths)
    if known.all():
        utc[rows] = wall - offset
        return rows[:0]
    utc[rows[known]] = (wall - offset)[known]
    return rows[~known]


class _Clock:
    """A zone's clock on the wall."""

    __slots__ = ("_epoch",)

    def __init__(self, place: ZoneInfo) -> None:
        self._epoch = datetime(1970, 1, 1, tzinfo=place)

    def offsets(self, wall_ms: int) -> tuple[int, int]:
        """Give the offsets from UTC where it shows a time first, and where it does so again.

        They differ at times it shows twice or skips.
        """
        wall = self._epoch + wall_ms * _MS
        return _in_ms(wall.utcoffset()), _in_ms(wall.replace(fold=1).utcoffset())

    def even(self, start_ms: int, size_ms: int) -> int | None:
        """Give the offset from UTC that holds all through a stretch of time; None where none does.

        No zone changes its clock twice within half a day.  Within a change the earlier offset is
        given first, so that only at the end a time may stand that was shown before.
        """
        start, half = self._epoch + start_ms * _MS, size_ms // 2 * _MS
        offset, last = start.utcoffset(), start + 2 * half - _MS
        for wall in (start + half, last, last.replace(fold=1)):
            if wall.utcoffset() != offset:
                return None
        return _in_ms(offset)


def _in_ms(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // _MS
