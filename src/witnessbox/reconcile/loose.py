"""Messages that a copy covering their time does not show: what leftovers can be joined out of.

What decides whether two of them can be one is kept as bounds over all their rows, so that it costs
the same for two rows as for two dozen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.alignment import DELETED, Between, Rows
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.sorting import distinct, order_by

Bools = npt.NDArray[np.bool_]
_BITS = 64


@dataclass(frozen=True, slots=True)
class Loose:
    """Loose messages by number; ``rows`` are theirs, one message's after another's."""

    group: Ints  # each one's message
    rows: Ints
    of_row: Ints  # each row's place among the loose
    main: Ints  # of each, the row that says most
    low_ms: Ints  # no row of it can be earlier than this,
    high_ms: Ints  # nor later than this
    after: Ints  # the highest rank of a matched message before any of its rows
    before: Ints  # the lowest of one after any of them
    held: npt.NDArray[np.uint64]  # by which copies, a bit for each

    def __len__(self) -> int:
        return len(self.group)

    def apart(self, pairs: Ints) -> Bools:
        """Say of which pairs no copy holds both."""
        return np.asarray(~(self.held[pairs[0]] & self.held[pairs[1]]).any(axis=1))

    def fitting(self, pairs: Ints) -> Bools:
        """Say which pairs can be one message by time and place; copies may be out by one rank."""
        one, other = pairs
        times = (self.low_ms[one] <= self.high_ms[other]) & (
            self.low_ms[other] <= self.high_ms[one]
        )
        places = (self.after[one] <= self.before[other]) & (self.after[other] <= self.before[one])
        return np.asarray(times & places)


def loose_of(rows: Rows, between: Between, group: Ints, slack_ms: int) -> Loose:
    """Find the messages that a copy covering their time lacks."""
    count = int(group.max(initial=-1)) + 1
    middle, allowed = rows.middle_ms, rows.allowed_ms
    places = np.flatnonzero(_lacking(rows, group, count, slack_ms)[group])
    says = (rows.unit_ms[places], middle[places], rows.word[places])
    places = places[order_by(group[places], rows.sort[places] == DELETED, *says)]
    fresh = np.ones(len(places), bool)
    fresh[1:] = np.diff(group[places]) != 0
    begin = np.flatnonzero(fresh)
    of_row = np.cumsum(fresh) - 1
    held = np.zeros((len(begin), int(rows.copy.max(initial=0)) // _BITS + 1), np.uint64)
    bit = np.uint64(1) << (rows.copy[places] % _BITS).astype(np.uint64)
    np.bitwise_or.at(held, (of_row, rows.copy[places] // _BITS), bit)
    low, high = middle[places] - allowed[places], middle[places] + allowed[places]
    return Loose(
        group[places[begin]],
        places,
        of_row,
        places[begin],
        np.maximum.reduceat(low, begin) if len(begin) else low,
        np.minimum.reduceat(high, begin) if len(begin) else high,
        np.maximum.reduceat(between.after[places], begin) if len(begin) else low,
        np.minimum.reduceat(between.before[places], begin) if len(begin) else low,
        held,
    )


def _lacking(rows: Rows, group: Ints, count: int, slack_ms: int) -> Bools:
    """Say which messages fewer copies hold than cover their time."""
    copies = int(rows.copy.max(initial=-1)) + 1
    middle = rows.middle_ms
    most, least = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    at = np.full(count, most, np.int64)
    np.minimum.at(at, group, middle)
    first, last = np.full(copies, most, np.int64), np.full(copies, least, np.int64)
    np.minimum.at(first, rows.copy, middle)
    np.maximum.at(last, rows.copy, middle)
    shown = first <= last  # a copy may have no rows at all
    first, last = np.sort(first[shown]), np.sort(last[shown])
    covering = np.searchsorted(first, at + slack_ms, side="right")
    covering -= np.searchsorted(last, at - slack_ms, side="left")
    holding = distinct(group * copies + rows.copy) // max(copies, 1)
    return np.asarray(np.bincount(holding, minlength=count) < covering)
