"""Into how many files a conversation falls: one a day, or parts of a day where one is too long.

Review platforms ask for stretches of 24 hours, and of 12 or 8 where a day holds more than 10,000
events.  Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

MOST_EVENTS = 10_000
HOURS = (24, 12, 8)


@dataclass(frozen=True, slots=True)
class Slice:
    """Messages of one stretch of time; ``rows`` are their places in the conversation."""

    day: date | None  # None where no message of the conversation has a time
    hour: int  # the slice's first, by a clock in the zone
    hours: int
    rows: tuple[int, ...]


def sliced(times: Sequence[datetime | None], zone: str) -> list[Slice]:
    """Put each message into a slice by its time in a zone, in order of time.

    A message without a time goes with the one before it, those at the start with the first.
    """
    place = ZoneInfo(zone)
    first = next((at for at in times if at is not None), None)
    if first is None:
        return [Slice(None, 0, 24, tuple(range(len(times))))] if times else []
    days: dict[date, list[tuple[int, int]]] = {}
    known = first
    for row, at in enumerate(times):
        known = known if at is None else at
        local = known.astimezone(place)
        days.setdefault(local.date(), []).append((local.hour, row))
    return [part for day in sorted(days) for part in _parts(day, days[day])]


def _parts(day: date, rows: Sequence[tuple[int, int]]) -> list[Slice]:
    hours = next((one for one in HOURS if _fits(rows, one)), HOURS[-1])
    parts: dict[int, list[int]] = {}
    for hour, row in rows:
        parts.setdefault(hour // hours * hours, []).append(row)
    return [Slice(day, hour, hours, tuple(parts[hour])) for hour in sorted(parts)]


def _fits(rows: Sequence[tuple[int, int]], hours: int) -> bool:
    return max(Counter(hour // hours for hour, _ in rows).values()) <= MOST_EVENTS
