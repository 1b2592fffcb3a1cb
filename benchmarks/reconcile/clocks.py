"""When the talk was, and what the phones' clocks showed of it."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.reconcile.dials import Dials
from benchmarks.reconcile.model import TrueClock

from witnessbox.example.draws import happens

START = datetime(2024, 1, 8, 6, tzinfo=UTC)
END = datetime(2024, 12, 16, 22, tzinfo=UTC)  # both changes of summer time lie between
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(moment: datetime) -> int:
    """Give a moment in milliseconds since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


START_MS, END_MS = ms(START), ms(END)


def clock_of(dials: Dials, stream: Random, *, exact: bool) -> TrueClock:
    """Set a phone's clock; most run right but for seconds, and databases are stamped by servers."""
    offset = stream.randrange(-20_000, 20_000)
    if happens(stream, dials.databases_off if exact else dials.clock_off):
        widest = stream.choice((5 * MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS))
        offset = stream.choice((-1, 1)) * stream.randrange(MINUTE_MS, widest)
    if exact:
        return TrueClock(offset)
    drift = stream.randrange(-dials.drift_ppm, dials.drift_ppm + 1)
    drift = drift if happens(stream, dials.drift) else 0
    jumps: list[tuple[int, int]] = []
    if happens(stream, dials.jumps):
        for _ in range(stream.randrange(1, 3)):
            widest = stream.choice((10 * MINUTE_MS, 3 * HOUR_MS))
            by = stream.choice((-1, 1)) * stream.randrange(3 * MINUTE_MS, widest)
            jumps.append((stream.randrange(START_MS, END_MS), by))
    return TrueClock(offset, drift, tuple(sorted(jumps)))


def shown_ms(clock: TrueClock, at_ms: int) -> int:
    """Say what a clock showed at a moment."""
    drifted = (at_ms - START_MS) * clock.drift_ppm // 1_000_000
    return (
        at_ms + clock.offset_ms + drifted + sum(by for since, by in clock.jumps if since <= at_ms)
    )


def wall(at_ms: int, zone: str) -> datetime:
    """Give a moment as a clock on the wall of a zone shows it, to the second."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(ZoneInfo(zone))
