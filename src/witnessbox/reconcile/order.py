"""One order for the messages of a conversation, out of corrected times and the copies' own orders.

Time decides at first.  A row whose time does not fit the rows around it in its own copy (it came
late, or a date is false) is given theirs, and counts only where no other copy shows the message in
its turn.  Where copies show two messages the other way round, their own order decides, by majority;
only the stretches where that differs from time are looked at one message at a time.
"""

import heapq
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_OUT_OF_TURN = 1 << 40
_FARTHEST = 64
"""Places by which the copies' order may carry a message against time."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What each row shows, copy after copy, in each copy's own order; the arrays run alike."""

    copy: Ints
    group: Ints  # the message, 0 … n−1
    sent_ms: Ints  # corrected
    unit_ms: Ints  # how finely the time is known


def spread(copy: Ints, sent_ms: Ints, unit_ms: Ints) -> npt.NDArray[np.float64]:
    """Spread rows of one minute (or second) over it, in the copy's own order; ms, with parts."""
    count = len(copy)
    if not count:
        return np.zeros(0)
    starts = np.ones(count, bool)
    starts[1:] = (np.diff(copy) != 0) | (np.diff(sent_ms) != 0)
    run = np.cumsum(starts) - 1
    begin = np.flatnonzero(starts)
    length = np.diff(np.append(begin, count))
    place = np.arange(count) - begin[run]
    return np.asarray(sent_ms + unit_ms * ((place + 0.5) / length[run]))


def steadied(copy: Ints, sent_ms: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Give each copy's times without running back, and say which rows were in their turn.

    As many rows as possible keep their times; the others lie between those around them.
    """
    if not len(copy):
        return sent_ms, np.zeros(0, bool)
    low = int(sent_ms.min())
    reach = int(sent_ms.max()) - low + 1
    along = sent_ms - low + copy * reach
    highest, lowest = np.maximum.accumulate(along), np.minimum.accumulate(along[::-1])[::-1]
    begins = np.flatnonzero(np.append(True, highest[:-1] <= lowest[1:]))
    ends = np.append(begins[1:], len(along))
    in_turn = np.ones(len(along), bool)
    for begin, end in zip(begins[ends - begins > 1], ends[ends - begins > 1], strict=True):
        in_turn[begin:end] = False
        in_turn[begin + np.array(_rising(along[begin:end].tolist()))] = True
    astray, kept = np.flatnonzero(~in_turn), np.flatnonzero(in_turn)
    filled = np.interp(astray, kept, along[kept]).astype(np.int64)
    # Between two copies there is nothing to lie between: the nearer end of the own copy counts.
    own = copy[astray] * reach
    steady = sent_ms.copy()
    steady[astray] = np.clip(filled, own, own + reach - 1) - own + low
    return steady, in_turn


def _rising(values: list[int]) -> list[int]:
    """Give the places of a longest run of values, not all adjacent, that never falls."""
    tails: list[int] = []
    places: list[int] = []
    before = [-1] * len(values)
    for place, value in enumerate(values):
        at = bisect_right(tails, value)
        before[place] = places[at - 1] if at else -1
        tails[at : at + 1] = [value]
        places[at : at + 1] = [place]
    found = [places[-1]]
    while before[found[-1]] >= 0:
        found.append(before[found[-1]])
    return found[::-1]


def times(seen: Sightings, groups: int, in_turn: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Give each message its time: the mean over its most finely timed sightings in their turn."""
    exact = spread(seen.copy, seen.sent_ms, seen.unit_ms)
    unit = np.where(in_turn, seen.unit_ms, seen.unit_ms + _OUT_OF_TURN)
    finest = np.full(groups, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(finest, seen.group, unit)
    counts = unit == finest[seen.group]
    base = int(seen.sent_ms.min()) if len(seen.sent_ms) else 0
    sums = np.bincount(seen.group[counts], exact[counts] - base, minlength=groups)
    return np.asarray(sums / np.bincount(seen.group[counts], minlength=groups) + base)


def arrange(seen: Sightings, groups: int) -> Ints:
    """Give each message its rank: 0 for the first."""
    steady_ms, in_turn = steadied(seen.copy, seen.sent_ms)
    seen = Sightings(seen.copy, seen.group, steady_ms, seen.unit_ms)
    first_row = np.full(groups, len(seen.group), np.int64)
    np.minimum.at(first_row, seen.group, np.arange(len(seen.group)))
    order = np.lexsort((first_row, times(seen, groups, in_turn)))
    rank = np.empty(groups, np.int64)
    rank[order] = np.arange(groups)
    somewhere = np.zeros(groups, bool)
    somewhere[seen.group[in_turn]] = True
    counts = in_turn | ~somewhere[seen.group]
    copy, group = seen.copy[counts], seen.group[counts]
    within = copy[1:] == copy[:-1]
    before, after = group[:-1][within], group[1:][within]
    for low, high, edges in _stretches(rank, before, after):
        order[low : high + 1] = _sorted(order[low : high + 1], rank, edges)
    rank[order] = np.arange(groups)
    return rank


def _stretches(rank: Ints, before: Ints, after: Ints) -> Iterator[tuple[int, int, list[list[int]]]]:
    """Find the stretches of ranks where a copy goes backwards, with every copy's steps in them."""
    back = rank[before] > rank[after]
    lows, highs = rank[after[back]], rank[before[back]]
    if not len(lows):
        return
    by_low = np.argsort(lows, kind="stable")
    lows, reach = lows[by_low], np.maximum.accumulate(highs[by_low])
    begins = np.concatenate([[True], lows[1:] > reach[:-1]])
    starts = lows[begins]
    ends = reach[np.append(np.flatnonzero(begins)[1:] - 1, len(lows) - 1)]
    place = np.searchsorted(starts, rank[before], side="right") - 1
    inside = (place >= 0) & (rank[before] <= ends[place])
    inside &= (rank[after] >= starts[place]) & (rank[after] <= ends[place])
    edges = np.stack([place[inside], before[inside], after[inside]], axis=1)
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    cuts = np.searchsorted(edges[:, 0], np.arange(len(starts) + 1))
    for i, (low, high) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        yield low, high, edges[cuts[i] : cuts[i + 1], 1:].tolist()


def _sorted(members: Ints, rank: Ints, edges: list[list[int]]) -> list[int]:
    """Sort one stretch: earliest first among those that no copy shows after another one left.

    Where the copies contradict one another, or would carry a message far, time decides.
    """
    everyone = members.tolist()  # earliest first
    later, waits = _constraints(everyone, edges)
    ready = [(int(rank[member]), member) for member in everyone if not waits[member]]
    given: dict[int, None] = {}
    for earliest in everyone:
        while earliest not in given:
            member = earliest
            while ready and ready[0][1] in given:
                heapq.heappop(ready)
            if ready and ready[0][0] <= rank[earliest] + _FARTHEST:
                member = heapq.heappop(ready)[1]
            given[member] = None
            for following in later.get(member, ()):
                waits[following] -= 1
                if not waits[following]:
                    heapq.heappush(ready, (int(rank[following]), following))
    return list(given)


def _constraints(
    members: list[int], edges: list[list[int]]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Say what comes after each message by most copies, and how many each waits for."""
    weight: dict[tuple[int, int], int] = {}
    for before, after in edges:
        weight[before, after] = weight.get((before, after), 0) + 1
        weight[after, before] = weight.get((after, before), 0) - 1
    later: dict[int, list[int]] = {}
    waits = dict.fromkeys(members, 0)
    for (before, after), count in weight.items():
        if count > 0:
            later.setdefault(before, []).append(after)
            waits[after] += 1
    return later, waits
