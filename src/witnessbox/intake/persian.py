"""The Persian (solar Hijri) calendar, for the years a phone can show.  Pure.

Leap years follow the cycles of 33 years given by Birashk ("A Comparative Calendar of the Iranian,
Muslim Lunar, and Christian Eras", 1993), which agree with the equinox for the years here.
"""

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 1388, 1429
"""2009 to 2051.  Years from 1430 on are also the Islamic calendar's since 2009, so not read."""

_FIRST_DAY = 14_324  # 1 Farvardin 1388: 21 March 2009
_CYCLE_FROM = 1210

Ints = NDArray[np.int64]


def _is_leap(year: int) -> bool:
    return ((year - _CYCLE_FROM + 1) % 33 - 1) % 4 == 0


_LEAP = np.array([_is_leap(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])
_NEW_YEAR = _FIRST_DAY + np.concatenate([[0], np.cumsum(365 + _LEAP)])


def days(year: Ints, month: Ints, day: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Count days since 1970, and say for which rows the date is one of this calendar's."""
    known = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    place = np.where(known, year - FIRST_YEAR, 0)
    before = np.where(known, month, 1) - 1
    length = np.where(before < 6, 31, np.where(before < 11, 30, 29 + _LEAP[place]))
    known &= day <= length
    start = np.where(before < 7, before * 31, 186 + (before - 6) * 30)
    return _NEW_YEAR[place] + start + day - 1, known
