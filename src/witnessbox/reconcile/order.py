"""One order for the messages of a conversation, out of corrected times and the copies' own orders.

Time decides at first; where copies show two messages the other way round, their own order does,
by majority.  Only the stretches where the two differ are looked at one message at a time.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


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


def times(seen: Sightings, groups: int) -> npt.NDArray[np.float64]:
    """Give each message its time: the mean over its most finely timed sightings."""
    exact = spread(seen.copy, seen.sent_ms, seen.unit_ms)
    finest = np.full(groups, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(finest, seen.group, seen.unit_ms)
    counts = seen.unit_ms == finest[seen.group]
    base = int(seen.sent_ms.min()) if len(seen.sent_ms) else 0
    sums = np.bincount(seen.group[counts], exact[counts] - base, minlength=groups)
    return np.asarray(sums / np.bincount(seen.group[counts], minlength=groups) + base)


def arrange(seen: Sightings, groups: int) -> Ints:
    """Give each message its rank: 0 for the first."""
    first_row = np.full(groups, len(seen.group), np.int64)
    np.minimum.at(first_row, seen.group, np.arange(len(seen.group)))
    order = np.lexsort((first_row, times(seen, groups)))
    rank = np.empty(groups, np.int64)
    rank[order] = np.arange(groups)
    within = seen.copy[1:] == seen.copy[:-1]
    before, after = seen.group[:-1][within], seen.group[1:][within]
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
    """Sort one stretch: earliest first among those that no copy shows after another one left."""
    later, waits = _constraints(members.tolist(), edges)
    everyone = [(int(rank[member]), member) for member in members.tolist()]  # earliest first
    ready = [one for one in everyone if not waits[one[1]]]
    given: dict[int, None] = {}
    for earliest in chain([None], everyone):
        if earliest is not None and earliest[1] not in given:
            ready.append(earliest)  # the copies contradict one another: time decides
        while ready:
            member = heapq.heappop(ready)[1]
            if member in given:
                continue
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
