"""How times, sizes and counts are written on a page.  Pure; the operation's zone is passed in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_HUES = 10


@dataclass(frozen=True, slots=True)
class Display:
    """Writes moments the way a clock in the operation's zone would show them."""

    zone: ZoneInfo

    def local(self, moment: datetime | str) -> datetime:
        """Give a moment in the operation's zone; a ledger's or receipt's text is read first."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(self.zone)

    def day(self, moment: datetime | str) -> str:
        """Write the day in full, for the line between two days."""
        local = self.local(moment)
        return f"{local:%A} {local.day} {local:%B %Y}"

    def date(self, moment: datetime | date | str | None) -> str:
        """Write a day shortly; a dash where it is not known."""
        if moment is None:
            return "–"
        if not isinstance(moment, date) or isinstance(moment, datetime):
            moment = self.local(moment).date()
        return f"{moment.day} {moment:%b %Y}"

    def day_value(self, moment: datetime | str) -> str:
        """Write the day the way a date field holds it."""
        return self.local(moment).date().isoformat()

    def clock(self, moment: datetime | str, precision: str = "minute") -> str:
        """Write the time of day as finely as the export knows it; never finer."""
        form = "%H:%M" if precision == "minute" else "%H:%M:%S"
        return format(self.local(moment), form)

    def moment(self, moment: datetime | str | None, precision: str = "minute") -> str:
        """Write day and time shortly; a dash where it is not known."""
        return "–" if moment is None else f"{self.date(moment)}, {self.clock(moment, precision)}"

    def iso(self, moment: datetime | str) -> str:
        """Write a moment for machines and for the tooltip: UTC."""
        return format(self.local(moment).astimezone(UTC), "%Y-%m-%dT%H:%M:%SZ")


def number(value: float) -> str:
    """Write a count with its thousands apart."""
    return f"{value:,}"


def size(size_bytes: int) -> str:
    """Write a size in decimal units, whole bytes below a thousand."""
    amount, unit = float(size_bytes), _UNITS[0]
    for name in _UNITS[1:]:
        if amount < 1000:
            break
        amount, unit = amount / 1000, name
    return f"{size_bytes:,} bytes" if unit == _UNITS[0] else f"{amount:.1f} {unit}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 message``, ``2 messages``."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """Write a part of a whole as per cent; never 100 % or 0 % unless it is all or nothing."""
    if whole == 0:
        return "–"
    percent = 100 * part / whole
    if part not in {0, whole}:
        percent = min(max(percent, 0.1), 99.9)
    return "100%" if part == whole else f"{percent:.1f}%"


def short(digest: str) -> str:
    """Write the beginning of a hash, enough to tell it from its neighbours."""
    return digest[:12]


def hue(name: str | None) -> int:
    """Pick one of ten colours for a person, the same on every page."""
    return sum((index + 1) * ord(char) for index, char in enumerate(name or "")) % _HUES


def initials(name: str | None) -> str:
    """Write the one or two letters that stand in a person's round mark."""
    words = [word for word in (name or "").split() if word[0].isalnum()]
    if not words:
        return "#"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()
