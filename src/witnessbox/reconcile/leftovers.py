"""What words did not match: placeholders, notices in two languages, words that were altered.

A row left over in one copy and a message that this copy lacks are one where person, time and the
place between matched messages agree and the sort of row allows it: a placeholder stands for
anything by its sender; notices for notices; words for words that they begin, resemble or edit.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, islice
from typing import Any

import numpy as np

from witnessbox.reconcile.alignment import DELETED, NOTICE, TEXT, Between, Rows, open_rows
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.repeats import OpenRow, fits, strained

_WINDOW_MS = 120_000
_HOUR_MS = 3_600_000
_HOUR_SLACK_MS = 90_000
_ZONES_MS = 14 * _HOUR_MS + _HOUR_SLACK_MS
_DAY_MS = 24 * _HOUR_MS
_TELLING_CHARACTERS = 20
"""Words this long are not said twice in one place by chance."""
_ALIKE = 0.8
_PREFIX_CHARACTERS = 8
_COMPARED_CHARACTERS = 400


@dataclass(slots=True)
class _Loose:
    """A message some copy that covers its time does not show; changes as others join it."""

    group: int
    rows: list[OpenRow]
    copies: set[int]
    person: int
    sort: int
    word: int
    event: int
    edited: bool
    middle_ms: int


def place(rows: Rows, between: Between, group: Ints, texts: Any) -> Ints:
    """Give every row its message, 0 … n−1, leftovers placed; ``texts`` are the words by code."""
    full = group.copy()
    waiting = np.flatnonzero(full < 0)
    full[waiting] = np.arange(len(waiting)) + int(full.max(initial=-1)) + 1
    loose = _loose(rows, between, full)
    joined: dict[int, int] = {}
    passes = [_same_words(loose, texts)]
    passes += [_matches(loose, sort, texts) for sort in (DELETED, NOTICE, TEXT)]
    for first, second in chain.from_iterable(passes):
        joined[first.group] = second.group
        second.rows.extend(first.rows)
        second.copies |= first.copies
        first.copies = set()
    if joined:
        table = np.arange(int(full.max(initial=-1)) + 1)
        for begin in sorted(joined):
            end = begin
            while end in joined:
                end = joined[end]
            table[begin] = end
        full = table[full]
    return np.unique(full, return_inverse=True)[1].astype(np.int64)


def _loose(rows: Rows, between: Between, group: Ints) -> list[_Loose]:
    """List the messages that a copy covering their time lacks, by time."""
    copies = int(rows.copy.max(initial=-1)) + 1
    count = int(group.max(initial=-1)) + 1
    middle = rows.middle_ms
    at = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(at, group, middle)
    lacking = np.zeros(count, bool)
    for copy in range(copies):
        own = rows.copy == copy
        held = np.zeros(count, bool)
        held[group[own]] = True
        covered = (at >= middle[own].min() - _WINDOW_MS) & (at <= middle[own].max() + _WINDOW_MS)
        lacking |= covered & ~held
    places = np.flatnonzero(lacking[group])
    places = places[np.lexsort((places, group[places], at[group[places]]))]
    found: list[_Loose] = []
    for row in open_rows(rows, between, places):
        number = int(group[row.row])
        if found and found[-1].group == number:
            found[-1].rows.append(row)
            found[-1].copies.add(row.copy)
            found[-1].edited |= bool(rows.edited[row.row])
            continue
        found.append(_new(rows, row, number))
    return found


def _new(rows: Rows, row: OpenRow, number: int) -> _Loose:
    at = row.row
    return _Loose(
        number,
        [row],
        {row.copy},
        person=int(rows.person[at]),
        sort=int(rows.sort[at]),
        word=int(rows.word[at]),
        event=int(rows.event[at]),
        edited=bool(rows.edited[at]),
        middle_ms=row.middle_ms,
    )


def _same_words(loose: list[_Loose], texts: Any) -> Iterator[tuple[_Loose, _Loose]]:
    """Give pairs of equal words by one person, in one place, whose times a clock kept apart.

    So it is in the hour that a change of summer time doubles, and while a clock stood wrong.
    """
    by_words: dict[tuple[int, int], list[_Loose]] = {}
    for one in loose:
        if one.sort == TEXT and one.word >= 0 and one.copies:
            by_words.setdefault((one.person, one.word), []).append(one)
    for same in by_words.values():
        for one, other in _within_a_day(same):
            if one.copies and not one.copies & other.copies and _moved(one, other, texts):
                yield one, other


def _within_a_day(ordered: list[_Loose]) -> Iterator[tuple[_Loose, _Loose]]:
    """Pair what lies a day apart at most; ``ordered`` is so by time."""
    for i, one in enumerate(ordered):
        for other in islice(ordered, i + 1, None):
            if other.middle_ms - one.middle_ms > _DAY_MS:
                break
            yield one, other


def _moved(one: _Loose, other: _Loose, texts: Any) -> bool:
    apart = abs(one.middle_ms - other.middle_ms)
    off_hour = min(apart % _HOUR_MS, -apart % _HOUR_MS)
    by_hours = off_hour <= _HOUR_SLACK_MS and apart <= _ZONES_MS
    telling = len(texts[one.word].as_py()) >= _TELLING_CHARACTERS
    return (by_hours or telling) and not _strain(one, other)


def _matches(loose: list[_Loose], sort: int, texts: Any) -> Iterator[tuple[_Loose, _Loose]]:
    """Give pairs of one sort's leftover and the message it belongs to, best one for each."""
    at = [one.middle_ms for one in loose]
    for i, one in enumerate(loose):
        if one.sort != sort or not one.copies:
            continue
        low = bisect_left(at, one.middle_ms - _WINDOW_MS)
        high = bisect_right(at, one.middle_ms + _WINDOW_MS)
        near = [
            (worth, _strain(one, other), abs(other.middle_ms - one.middle_ms), j)
            for j in range(low, high)
            if j != i
            and (other := loose[j]).copies
            and not other.copies & one.copies
            and (worth := _worth(one, other, texts)) is not None
            and all(fits(a, b) for a in one.rows for b in other.rows)
        ]
        if near:
            yield one, loose[min(near)[3]]


def _strain(one: _Loose, other: _Loose) -> bool:
    return any(strained(a, b) for a in one.rows for b in other.rows)


def _worth(one: _Loose, other: _Loose, texts: Any) -> float | None:
    """Say how well one can stand for the other, 0 best; None where it cannot."""
    if one.sort == DELETED:
        return _placeholder_worth(one, other)
    if one.sort != other.sort:
        return None
    if one.sort == NOTICE:
        return None if one.event != other.event and min(one.event, other.event) >= 0 else 0.0
    if one.person != other.person or one.word < 0 or other.word < 0:
        return None
    return _words_worth(one, other, texts)


def _placeholder_worth(one: _Loose, other: _Loose) -> float | None:
    if other.sort == NOTICE or one.person != other.person:
        return None
    return 1.0 if other.sort == DELETED else 0.0


def _words_worth(one: _Loose, other: _Loose, texts: Any) -> float | None:
    first, second = sorted((texts[one.word].as_py(), texts[other.word].as_py()), key=len)
    if len(first) >= _PREFIX_CHARACTERS and second.startswith(first):
        return 0.0
    matcher = SequenceMatcher(
        None, first[:_COMPARED_CHARACTERS], second[:_COMPARED_CHARACTERS], autojunk=False
    )
    edited = one.edited or other.edited
    alike = matcher.ratio() if edited or matcher.real_quick_ratio() >= _ALIKE else 0.0
    return 1.0 - alike if alike >= _ALIKE or edited else None
