"""What time a stamp means: date order and calendar, decided over a whole export.

One stamp such as ``03/04/24`` cannot say whether it means March or April.  A whole export often
can: a field over 12 is no month, messages run forward in time, and attachments carry their date
in their names.  What these settle is settled; what they leave open stays open and is named.  Pure.

Longer than most files: the grounds for a reading are weighed against one another.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from witnessbox.intake.persian import days as persian_days

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

NO_TIME = int(np.iinfo(np.int64).min)
"""Stands where a stamp names no date or time."""

FIRST_YEAR, LAST_YEAR = 2009, 2099
"""The service that writes these exports began in 2009."""

_FIRST_DAY = 14_245  # 1 January of FIRST_YEAR
_BUDDHIST_AHEAD_YEARS = 543
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_IMPLAUSIBLE_PATH_DAYS = 180


class Order(StrEnum):
    """In which order a date's three fields are written."""

    DMY = "day/month/year"
    MDY = "month/day/year"
    YMD = "year/month/day"


class Ground(StrEnum):
    """What a date order rests on."""

    ONLY = "only reading"
    VALUES = "values over 12"
    ATTACHMENTS = "dates in attachment names"
    CHRONOLOGY = "chronology"
    GUESS = "guess"
    SETTLED = "a settlement"


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an export in file order, each written once as long as it stays the same.

    ``at`` is the byte of the message where the date begins to stand.
    """

    at: Ints
    a: Ints
    b: Ints
    c: Ints


@dataclass(frozen=True, slots=True)
class Named:
    """Dates of messages as written, beside the day (since 1970) their attachment's name gives."""

    a: Ints
    b: Ints
    c: Ints
    day: Ints


@dataclass(frozen=True, slots=True)
class Hint:
    """The order to take where nothing decides; a ``firm`` one outweighs how dense a chat would be.

    Phones write dates with dots or hyphens day first, so those are firm; slashes come both ways.
    A hint at the year first also keeps that reading open where it would scatter a chat.
    """

    order: Order
    firm: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one reading of an export's dates would mean: the evidence for it and against it."""

    order: Order
    first_day: int  # since 1970; NO_TIME where no date would exist
    last_day: int
    impossible: int  # dates that do not exist or lie before the service began
    back: int  # steps back in time
    path_days: int
    named: int  # attachments whose name has a day
    agreeing: int  # of those, on the day of their message


@dataclass(frozen=True, slots=True)
class Verdict:
    """The date order from each byte on, what it rests on and which readings stay possible.

    ``slight`` says that a single step decided; ``weighed`` is the evidence for each reading.
    """

    segments: tuple[tuple[int, Order], ...]
    ground: Ground
    others: tuple[Order, ...] = ()
    slight: bool = False
    weighed: tuple[Weighed, ...] = ()


def days(order: Order, a: Ints, b: Ints, c: Ints) -> Ints:
    """Count days since 1970 for dates written in an order; NO_TIME where no such date exists.

    Two-digit years lie in this century; years from 2500 on are the Buddhist era's, those from 1388
    to 1429 the Persian calendar's.
    The arithmetic is Howard Hinnant's ``days_from_civil``.
    """
    year, month, day = _fields(order, a, b, c)
    year = np.where(year < 100, year + 2000, year)
    year = np.where(year >= 2500, year - _BUDDHIST_AHEAD_YEARS, year)
    good = (month >= 1) & (month <= 12) & (year >= 1900) & (year <= LAST_YEAR) & (day >= 1)
    good &= day <= _MONTH_DAYS[np.where(good, month, 0)]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= leap | ~((month == 2) & (day == 29))
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    count = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    persian_count, persian = persian_days(year, month, day)
    return np.where(persian, persian_count, np.where(good, count, NO_TIME))


def _fields(order: Order, a: Ints, b: Ints, c: Ints) -> tuple[Ints, Ints, Ints]:
    if order is Order.DMY:
        return c, b, a
    if order is Order.MDY:
        return c, a, b
    return a, b, c


def readings(year_first: bool, year_last: bool) -> tuple[Order, ...]:  # noqa: FBT001
    """List the orders a date can have whose first or last field is a four-digit year."""
    if year_first:
        return (Order.YMD,)
    if year_last:
        return (Order.DMY, Order.MDY)
    return (Order.DMY, Order.MDY, Order.YMD)


def decide(
    orders: tuple[Order, ...], dates: Dates, hint: Hint, named: Named | None = None
) -> Verdict:
    """Choose among orders by values, attachment names and chronology, in that order of strength.

    ``hint`` is taken where nothing decides; the other readings are then kept as doubt.
    """
    first = int(dates.at[0]) if len(dates.at) else 0
    if len(orders) == 1:
        return Verdict(((first, orders[0]),), Ground.ONLY)
    counts = {order: days(order, dates.a, dates.b, dates.c) for order in orders}
    verdict = _decide(orders, dates, counts, hint, named)
    weighed = tuple(_weighed(order, counts[order], named) for order in orders)
    return replace(verdict, weighed=weighed)


def _decide(
    orders: tuple[Order, ...],
    dates: Dates,
    counts: dict[Order, Ints],
    hint: Hint,
    named: Named | None,
) -> Verdict:
    first = int(dates.at[0]) if len(dates.at) else 0
    if len(orders) > 2 and hint.order is not Order.YMD:
        orders = _near(orders, counts)
    bad = {order: int((~_plausible(counts[order])).sum()) for order in orders}
    if Order.DMY in bad and min(bad[Order.DMY], bad[Order.MDY]) > 0:
        switched = _switches(counts, dates)
        if len(switched) > 1:
            return Verdict(switched, Ground.VALUES)
    fewest = min(bad.values())
    viable = tuple(order for order in orders if bad[order] == fewest)
    if len(viable) == 1:
        lonely = viable[0] is Order.YMD and len(dates.at) == 1
        others = (Order.DMY,) if lonely else ()
        return Verdict(((first, viable[0]),), Ground.GUESS if others else Ground.VALUES, others)
    return _weigh(viable, counts, hint, named, first)


def _weighed(order: Order, count: Ints, named: Named | None) -> Weighed:
    known = count[count != NO_TIME]
    return Weighed(
        order,
        first_day=int(known[0]) if len(known) else NO_TIME,
        last_day=int(known[-1]) if len(known) else NO_TIME,
        impossible=int((~_plausible(count)).sum()),
        back=_backward(count),
        path_days=_path(count),
        named=0 if named is None else len(named.day),
        agreeing=0 if named is None else _agreeing(order, named),
    )


def _plausible(count: Ints) -> Flags:
    """Say which days lie in the years the service has existed."""
    return count >= _FIRST_DAY


def _path(count: Ints) -> int:
    """Add up the days an export would walk if its dates were these."""
    known = count[count != NO_TIME]
    return int(np.abs(np.diff(known)).sum())


def _near(orders: tuple[Order, ...], counts: dict[Order, Ints]) -> tuple[Order, ...]:
    """Drop the year-first reading of short fields where it would scatter a chat over decades."""
    rest = tuple(order for order in orders if order is not Order.YMD)
    least = min(_path(counts[order]) for order in rest)
    scattered = _path(counts[Order.YMD]) > max(_IMPLAUSIBLE_PATH_DAYS, 5 * least)
    return rest if scattered else orders


def _weigh(
    viable: tuple[Order, ...],
    counts: dict[Order, Ints],
    hint: Hint,
    named: Named | None,
    first: int,
) -> Verdict:
    if named is not None:
        agree = {o: _agreeing(o, named) for o in viable}
        best = max(viable, key=lambda order: agree[order])
        second = max(agree[order] for order in viable if order is not best)
        if agree[best] > 2 * second:
            return Verdict(((first, best),), Ground.ATTACHMENTS)
    backward = {order: _backward(counts[order]) for order in viable}
    least = min(backward.values())
    leaders = tuple(order for order in viable if backward[order] == least)
    if len(leaders) == 1:
        next_best = min(n for order, n in backward.items() if order is not leaders[0])
        slight = next_best - least == 1 or least > 0
        return Verdict(((first, leaders[0]),), Ground.CHRONOLOGY, slight=slight)
    walks = {order: _path(counts[order]) for order in leaders}
    chosen = min(leaders, key=lambda order: (walks[order], order is not hint.order))
    if chosen is Order.MDY and hint.firm and hint.order in leaders:
        chosen = hint.order
    others = tuple(o for o in leaders if not np.array_equal(counts[o], counts[chosen]))
    return Verdict(((first, chosen),), Ground.GUESS if others else Ground.VALUES, others)


def _agreeing(order: Order, named: Named) -> int:
    """Count attachments whose name's day is the message's day, give or take one for the zone."""
    count = days(order, named.a, named.b, named.c)
    return int((np.abs(count - named.day) <= 1).sum())


def _backward(count: Ints) -> int:
    """Count the steps back in time that an order would mean."""
    known = count[count != NO_TIME]
    return int((np.diff(known) < 0).sum())


def _switches(counts: dict[Order, Ints], dates: Dates) -> tuple[tuple[int, Order], ...]:
    """Find where an export changes between day-first and month-first, by values over 12."""
    day_first, month_first = (_plausible(counts[o]) for o in (Order.DMY, Order.MDY))
    sign = day_first.astype(np.int64) - month_first.astype(np.int64)
    telling = np.flatnonzero(sign)
    runs: list[tuple[int, int, int]] = []  # sign, first and last index
    for index in telling.tolist():
        mark = int(sign[index])
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1], index)
        else:
            runs.append((mark, index, index))
    runs = _without_strays(runs, counts)
    segments = [(int(dates.at[0]), _order_of(runs[0][0]))] if runs else []
    for before, after in pairwise(runs):
        split = _split(before, after, counts)
        segments.append((int(dates.at[split]), _order_of(after[0])))
    return tuple(segments)


def _order_of(mark: int) -> Order:
    return Order.DMY if mark > 0 else Order.MDY


def _without_strays(
    runs: list[tuple[int, int, int]], counts: dict[Order, Ints]
) -> list[tuple[int, int, int]]:
    """Leave out single dates that break the order of their neighbours: they are bad stamps."""
    kept: list[tuple[int, int, int]] = []
    for place, (mark, first, last) in enumerate(runs):
        single = first == last and len(runs) > 1
        inner = 0 < place < len(runs) - 1
        if single and (inner or not _continues(runs, place, counts)):
            continue
        if kept and kept[-1][0] == mark:
            kept[-1] = (mark, kept[-1][1], last)
        else:
            kept.append((mark, first, last))
    return kept


def _continues(runs: list[tuple[int, int, int]], place: int, counts: dict[Order, Ints]) -> bool:
    """Say whether a single date at either end fits, in its own order, beside its neighbours."""
    before, after = (runs[place], runs[place + 1]) if place == 0 else (runs[-2], runs[-1])
    gap = counts[_order_of(after[0])][after[1]] - counts[_order_of(before[0])][before[2]]
    return bool(0 <= gap <= 366)


def _split(
    before: tuple[int, int, int], after: tuple[int, int, int], counts: dict[Order, Ints]
) -> int:
    """Pick the date at which the order changes: the one that leaves the fewest steps back."""
    low, high = before[2], after[1]
    old, new = counts[_order_of(before[0])], counts[_order_of(after[0])]
    best, best_cost = high, (1 << 62, 1 << 62)
    for place in range(low + 1, min(high, low + 400) + 1):
        mixed = np.concatenate([old[low:place], new[place : high + 1]])
        cost = (_backward(mixed), _path(mixed))
        if cost < best_cost:
            best, best_cost = place, cost
    return best
