"""From the fields of heads to times on a wall clock, under the verdicts of a survey.  Pure."""

from collections.abc import Sequence

import numpy as np

from witnessbox.intake import clock
from witnessbox.intake.clock import NO_TIME, Flags, Ints, Verdict
from witnessbox.intake.whatsapp.heads import HALVES, Heads
from witnessbox.intake.whatsapp.stamps import Layout
from witnessbox.intake.zone import DAY_MS

_AM, _PM, _NOON = (HALVES.index(half) for half in ("am", "pm", "noon"))


def wall_times(
    heads: Heads, layouts: Sequence[Layout], verdicts: dict[str, Verdict], offset: int
) -> Ints:
    """Give each head's wall time in milliseconds since 1970; NO_TIME where its stamp names none."""
    if not len(heads):
        return np.zeros(0, np.int64)
    day = _days(heads, layouts, verdicts, offset)
    hour = _hours(heads)
    good = (day != NO_TIME) & (hour <= 23) & (heads.m <= 59) & (heads.s <= 59)
    ms = ((hour * 60 + heads.m) * 60 + heads.s) * 1000
    return np.where(good, np.where(good, day, 0) * DAY_MS + ms, NO_TIME)


def contradictory(heads: Heads) -> Flags:
    """Say which stamps have a half-day marker beside an hour over 12."""
    return (heads.half > 0) & (heads.h > 12)


def _hours(heads: Heads) -> Ints:
    """Give hours of the day; an hour over 12 stands as it is, whatever its marker."""
    if not heads.half.any():
        return heads.h
    twelve = heads.h % 12
    hour = np.where(heads.half == _AM, twelve, heads.h)
    hour = np.where(heads.half == _PM, twelve + 12, hour)
    hour = np.where((heads.half == _NOON) & (heads.h < 11), heads.h + 12, hour)
    return np.where(heads.h > 12, heads.h, hour)


def _days(
    heads: Heads, layouts: Sequence[Layout], verdicts: dict[str, Verdict], offset: int
) -> Ints:
    """Count days once for each run of equal dates, then spread them over the run."""
    firsts = heads.changes()
    runs = heads.only(firsts)
    days = np.full(len(firsts), NO_TIME, np.int64)
    for number in np.unique(runs.layout).tolist():
        verdict = verdicts[layouts[number].date]
        own = runs.layout == number
        bounds = [at for at, _ in verdict.segments[1:]]
        segment = np.searchsorted(bounds, runs.start + offset, side="right")
        for place, (_, order) in enumerate(verdict.segments):
            rows = own & (segment == place)
            if rows.any():
                days[rows] = clock.days(order, runs.a[rows], runs.b[rows], runs.c[rows])
    return np.repeat(days, np.diff(np.append(firsts, len(heads))))
