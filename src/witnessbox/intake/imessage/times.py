"""Times of Apple's messages: seconds since 2001, and since 2017 billionths of them.  Pure."""

import numpy as np

from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows

EPOCH_MS = 978_307_200_000  # 2001-01-01, from which Apple counts
_LEAST_FINE = 10**12  # as seconds this would be in 33,000 years
_NS_PER_MS, _MS_PER_S = 1_000_000, 1000
LAST_MS = 1 << 47


def since_2001(values: Ints) -> tuple[Ints, Flags]:
    """Give times in Unix milliseconds, 0 for none, and which are finer than a second."""
    fine = np.abs(values) >= _LEAST_FINE
    # A coarse time so far off would run over; it is beyond the calendar either way.
    at = np.where(fine, values // _NS_PER_MS, values * np.where(fine, 0, _MS_PER_S))
    return np.where(values == 0, 0, at + EPOCH_MS), fine


def moment_ms(value: float) -> float:
    """Give one time in Unix milliseconds."""
    fine = abs(value) >= _LEAST_FINE
    return EPOCH_MS + (value / _NS_PER_MS if fine else value * _MS_PER_S)


def at_ms(rows: Rows, name: str) -> Ints:
    """Read one column of times; 0 where there is none."""
    return since_2001(rows.numbers(name))[0]


def known(times_ms: Ints) -> Flags:
    """Say which times are there and within the calendar."""
    return (times_ms > 0) & (times_ms < LAST_MS)
