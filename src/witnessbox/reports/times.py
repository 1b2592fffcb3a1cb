"""Times as a report writes them: in the operation's zone, in words no locale turns round."""

from datetime import datetime
from zoneinfo import ZoneInfo

from witnessbox.cases.model import Day

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
NOT_KNOWN = "not known"


def date(at: datetime | None, zone: ZoneInfo) -> str:
    """Write a day for a table: ``3 Jan 2016``."""
    if at is None:
        return NOT_KNOWN
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write a time to the minute: ``12 March 2017, 21:04``."""
    if at is None:
        return "at a time that could not be read"
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def stamped(iso: str, zone: ZoneInfo) -> datetime:
    """Read a time as ledger entries and receipts carry it."""
    return datetime.fromisoformat(iso).astimezone(zone)


def known(day: Day | None) -> str:
    """Write a day as far as it is known: ``14 March 2018``, ``March 2018``, ``2018``."""
    if not day:
        return NOT_KNOWN
    year, *rest = day.split("-")
    if not rest:
        return year
    words = f"{_MONTHS[int(rest[0]) - 1]} {year}"
    return f"{int(rest[1])} {words}" if len(rest) > 1 else words


def lag(offset_ms: int) -> str:
    """Write how far a clock is off: ``2 min 10 s slow``."""
    if offset_ms == 0:
        return "as the others"
    seconds = round(abs(offset_ms) / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if n]
    return f"{' '.join(parts) or 'under 1 s'} {'slow' if offset_ms > 0 else 'fast'}"
