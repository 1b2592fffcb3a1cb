"""The two years the example covers, and the clocks that showed them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = "Europe/London"
START = datetime(2022, 5, 2, 5, 0, tzinfo=UTC)
END = datetime(2024, 4, 28, 22, 0, tzinfo=UTC)
POLLS_SINCE = datetime(2022, 12, 1, tzinfo=UTC)  # polls and edits exist from these days on
EDITS_SINCE = datetime(2023, 6, 1, tzinfo=UTC)


def ms(moment: datetime) -> int:
    """Give a moment in milliseconds since 1970."""
    return int(moment.timestamp()) * 1000


def share(part: float) -> int:
    """Give the moment, in milliseconds, at which this share of the two years has gone by."""
    first = ms(START)
    return first + int((ms(END) - first) * part) // 1000 * 1000


def wall(at_ms: int, zone: str, offset_s: int = 0) -> datetime:
    """Say what a clock in a zone showed, if it ran so many seconds ahead."""
    return datetime.fromtimestamp(at_ms // 1000 + offset_s, tz=ZoneInfo(zone))
