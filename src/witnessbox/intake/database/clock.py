"""The order of messages, and where rows of another table stand among them."""

import numpy as np

from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.sqlite.image import Ints

_SPREAD = 4  # places between two sort keys, so that a call fits between two messages


class Clock:
    """The order of messages by their times, to find a call's place among them."""

    def __init__(self) -> None:
        self._times: list[Ints] = []
        self._orders: list[Ints] = []
        self._sorted: tuple[Ints, Ints] | None = None

    def note(self, spoken: Spoken) -> None:
        """Add a batch of messages."""
        self._times.append(spoken.at_ms)
        self._orders.append(spoken.sequence // _SPREAD)

    def order_at(self, at_ms: Ints) -> Ints:
        """Give the place in the order of the last message sent by each of these times."""
        if self._sorted is None:
            nothing = np.empty(0, np.int64)
            times = np.concatenate([nothing, *self._times])
            orders = np.concatenate([nothing, *self._orders])
            by_time = np.argsort(times, kind="stable")
            self._sorted = times[by_time], orders[by_time]
        times, orders = self._sorted
        if not len(times):
            return at_ms
        at = np.searchsorted(times, at_ms, "right") - 1
        return np.where(at < 0, 0, orders[np.maximum(at, 0)])


def sequence(order: Ints, place: int) -> Ints:
    """Give places in a conversation; ``place`` sorts what has one order: below the spread."""
    return np.clip(order, -(1 << 60), 1 << 60) * _SPREAD + place
