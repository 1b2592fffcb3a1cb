"""What words did not match: placeholders, notices, pictures, words that were altered.

A row left over in one copy and a message that this copy lacks are one where person, time and the
place between matched messages agree and the sort of row allows it: a placeholder stands for
anything by its sender; a notice for one that tells of the same; a picture for a picture; words for
words that they begin, resemble or edit.  All pairs that could be are weighed, and the best are
joined first, so that it does not matter which copy is looked at first.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.reconcile.alignment import DELETED, MEDIA, NOTICE, TEXT, Between, Rows
from witnessbox.reconcile.loose import Bools, Loose, loose_of
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.sorting import distinct, numbered, order_by
from witnessbox.reconcile.worth import Side, Weight, together, weighed

_WINDOW_MS = 120_000
_DAY_MS = 24 * 3_600_000
_NEAREST = 24
"""Of what one person left over, each is tried with as many behind it; so cost stays in bounds."""


def place(rows: Rows, between: Between, group: Ints, texts: Any) -> Ints:
    """Give every row its message, 0 … n−1, leftovers placed; ``texts`` are the words by code."""
    full = _told_apart(rows, _numbered(group))
    loose = loose_of(rows, between, full, _DAY_MS)  # a clock may be wrong where a copy begins
    pairs = _pairs(rows, loose)
    found = _leaders(pairs, _sides(rows, loose, distinct(pairs.ravel()), texts))
    table = np.arange(int(full.max(initial=-1)) + 1)
    for one, leader in found.items():
        table[loose.group[one]] = loose.group[leader]
    full = table[full]
    return numbered(full)


def _numbered(group: Ints) -> Ints:
    """Give each row that has no message yet one of its own."""
    full = group.copy()
    waiting = np.flatnonzero(full < 0)
    full[waiting] = np.arange(len(waiting)) + int(full.max(initial=-1)) + 1
    return full


def _told_apart(rows: Rows, group: Ints) -> Ints:
    """Take apart again what time alone put together: notices of two events, files of two sorts."""
    known = np.flatnonzero(rows.about >= 0)
    told = distinct(group[known] * (int(rows.about.max(initial=0)) + 1) + rows.about[known])
    told //= int(rows.about.max(initial=0)) + 1
    mixed = distinct(told[1:][told[1:] == told[:-1]])
    if not len(mixed):
        return group
    apart = group.copy()
    again = np.flatnonzero(np.isin(group, mixed))
    alone = rows.about[again] < 0
    whose = np.where(alone, -1 - np.arange(len(again)), rows.about[again])
    _, fresh = np.unique(np.stack([group[again], whose]), axis=1, return_inverse=True)
    apart[again] = fresh.reshape(-1) + int(group.max(initial=-1)) + 1
    return apart


def _pairs(rows: Rows, loose: Loose) -> Ints:
    """Give the pairs of loose messages that could be one: near in time, or of one name."""
    everyone = np.arange(len(loose))
    sort, person = rows.sort[loose.main], rows.person[loose.main]
    bucket = np.where(sort == NOTICE, 0, person + 2)
    near = _behind(rows, loose, (everyone, bucket), _WINDOW_MS)
    near = near[:, _compare(sort[near[0]], sort[near[1]]) & loose.fitting(near)]
    far = _behind(rows, loose, _named(rows, loose), _DAY_MS)
    found = np.sort(np.concatenate([near, far], axis=1), axis=0)
    once = distinct(found[0] * len(loose) + found[1])
    return np.stack([once // max(len(loose), 1), once % max(len(loose), 1)])


def _compare(one: Ints, other: Ints) -> Bools:
    """Say which sorts can stand for one another."""
    notices = (one == NOTICE) | (other == NOTICE)
    placeholder = ((one == DELETED) | (other == DELETED)) & ~notices
    caption = ((one == MEDIA) & (other == TEXT)) | ((one == TEXT) & (other == MEDIA))
    return np.asarray((one == other) | placeholder | caption)


def _named(rows: Rows, loose: Loose) -> tuple[Ints, Ints]:
    """List the loose that have a name: words by a person, or what a notice tells; and its number.

    One whose rows differ has several.
    """
    at = loose.rows
    told = (rows.sort[at] == NOTICE) & (rows.event[at] >= 0) & (rows.about[at] >= 0)
    said = (rows.sort[at] == TEXT) & (rows.word[at] >= 0)
    chosen = np.flatnonzero(told | said)
    at, notice = at[chosen], told[chosen]
    whose = np.where(notice, rows.event[at], rows.person[at] + 1)
    what = np.where(notice, rows.about[at], rows.word[at])
    name = (what * (int(whose.max(initial=0)) + 1) + whose) * 2 + notice
    numbers = numbered(name)
    names = int(numbers.max(initial=0)) + 1
    once = distinct(loose.of_row[chosen] * names + numbers)
    return once // names, once % names


def _behind(rows: Rows, loose: Loose, listed: tuple[Ints, Ints], window_ms: int) -> Ints:
    """Pair each with those behind it in its bucket, within a time, that share no copy with it."""
    which, bucket = listed
    at = rows.middle_ms[loose.main]
    order = order_by(bucket, at[which])
    which, bucket = which[order], bucket[order]
    found = [np.empty((2, 0), np.int64)]
    for step in range(1, min(_NEAREST, len(which) - 1) + 1):
        one, other = which[:-step], which[step:]
        close = (bucket[step:] == bucket[:-step]) & (at[other] - at[one] <= window_ms)
        if not close.any():
            break
        pairs = np.stack([one[close], other[close]])
        found.append(pairs[:, loose.apart(pairs)])
    return np.concatenate(found, axis=1)


def _sides(rows: Rows, loose: Loose, some: Ints, texts: Any) -> dict[int, Side]:
    """Take loose messages out one by one, to be looked at singly."""
    wanted = np.zeros(len(loose), bool)
    wanted[some] = True
    own = loose.rows[wanted[loose.of_row]]
    begin = np.flatnonzero(np.diff(loose.of_row[wanted[loose.of_row]], prepend=-1))
    first_of_copy = np.searchsorted(rows.copy, np.arange(int(rows.copy.max(initial=-1)) + 1))
    main = loose.main[some]
    joint = (rows.event[own], rows.about[own], rows.edited[own].astype(np.int64))
    most = [np.maximum.reduceat(column, begin) if len(own) else own for column in joint]
    place = own - first_of_copy[rows.copy[own]]
    columns = (
        some,
        *(it[main] for it in (rows.person, rows.sort, rows.poll, rows.middle_ms, rows.unit_ms)),
        *most,
        np.minimum.reduceat(place, begin) if len(own) else own,
        *(it[some] for it in (loose.low_ms, loose.high_ms, loose.after, loose.before)),
    )
    words = _words(rows, own, np.append(begin, len(own)), texts)
    held = [sum(part << (64 * i) for i, part in enumerate(it)) for it in loose.held[some].tolist()]
    listed = zip(*(column.tolist() for column in columns), held, words, strict=True)
    return {one: Side(*rest) for one, *rest in listed}


def _words(rows: Rows, own: Ints, bounds: Ints, texts: Any) -> list[frozenset[str]]:
    """Give what the rows between bounds say, whatever it is; a placeholder says nothing."""
    codes = np.where(rows.sort[own] == DELETED, -1, rows.word[own])
    used, places = np.unique(codes, return_inverse=True)
    spoken = texts.take(pa.array(used, mask=used < 0)).to_pylist()
    said = [spoken[place] for place in places.tolist()]
    between = pairwise(bounds.tolist())
    return [frozenset(filter(None, said[begin:end])) for begin, end in between]


def _leaders(pairs: Ints, sides: dict[int, Side]) -> dict[int, int]:
    """Join pairs, the best first; gives those joined to another, and to which in the end."""
    weights = []
    for one, other in pairs.T.tolist():
        weight = weighed(sides[one], sides[other])
        if weight is not None:
            weights.append((weight, sorted((sides[one].key, sides[other].key)), one, other))
    doubtful = _doubtful([(weight, pair) for weight, _, *pair in weights if weight.weak], sides)
    leaders: dict[int, int] = {}

    def leader(one: int) -> int:
        while one in leaders:
            one = leaders[one]
        return one

    for weight, _, one, other in sorted(weights, key=lambda it: it[:2]):
        if weight.weak and doubtful & {(weight.moved, one), (weight.moved, other)}:
            continue
        first, second = leader(one), leader(other)
        # What was joined meanwhile has to go together as well.
        if first != second and weighed(sides[first], sides[second]) is not None:
            sides[second] = together(sides[first], sides[second])
            leaders[first] = second
    return {one: leader(one) for one in leaders}


def _doubtful(
    weak: Sequence[tuple[Weight, Sequence[int]]], sides: dict[int, Side]
) -> set[tuple[bool, int]]:
    """Find those for which one copy offers two messages, with nothing to say which it is."""
    offered: dict[tuple[bool, int], int] = {}
    doubtful = set()
    for weight, pair in weak:
        for one, other in (pair, pair[::-1]):
            place = weight.moved, one
            if offered.get(place, 0) & sides[other].copies:
                doubtful.add(place)
            offered[place] = offered.get(place, 0) | sides[other].copies
    return doubtful
