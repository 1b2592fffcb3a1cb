"""The order of messages, and where rows of another table stand among them."""

import numpy as np

from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.database.keyed import addresses
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Tables

_SPREAD = 4  # places between two sort keys, so that a call fits between two messages


class Clock:
    """Finds a call's place in the order of messages by its time.

    Only the times of calls are held; each learns of the last message sent by then.
    """

    def __init__(self, calls: Ints) -> None:
        self._calls = np.unique(calls)
        self._times = np.zeros(len(self._calls), np.int64)
        self._orders = np.zeros(len(self._calls), np.int64)
        self._known = np.zeros(len(self._calls), np.bool_)
        self._any = False

    def note(self, spoken: Spoken) -> None:
        """Add a batch of messages; of those of one time the last one counts."""
        self._any = self._any or len(spoken.row) > 0
        if not len(self._calls):
            return
        by_time = np.argsort(spoken.at_ms, kind="stable")
        times, orders = spoken.at_ms[by_time], spoken.sequence[by_time] // _SPREAD
        # The first call at or after each message's time.
        call = np.searchsorted(self._calls, times, "left")
        last = np.flatnonzero(np.append(call[1:] != call[:-1], True)) if len(call) else call
        last = last[call[last] < len(self._calls)]
        call, times, orders = call[last], times[last], orders[last]
        newer = ~self._known[call] | (times >= self._times[call])
        self._times[call[newer]] = times[newer]
        self._orders[call[newer]] = orders[newer]
        self._known[call[newer]] = True

    def order_at(self, at_ms: Ints) -> Ints:
        """Give the place in the order of the last message sent by each of these times."""
        if not self._any:
            return at_ms
        known = np.append(-1, np.where(self._known, np.arange(len(self._calls)), -1))
        # A call no message comes straight before stands where the one before it does.
        at = np.maximum.accumulate(known)[np.searchsorted(self._calls, at_ms, "right")]
        return np.where(at < 0, 0, np.append(self._orders, 0)[at])


def clock_of(tables: Tables, calls: str, column: str) -> Clock:
    """Learn when calls were, to find their places as messages go by."""
    times = [rows.numbers(column) for rows in addresses(tables, calls, (column,))]
    return Clock(np.concatenate([np.empty(0, np.int64), *times]))


def sequence(order: Ints, place: int) -> Ints:
    """Give places in a conversation; ``place`` sorts what has one order: below the spread."""
    return np.clip(order, -(1 << 60), 1 << 60) * _SPREAD + place
