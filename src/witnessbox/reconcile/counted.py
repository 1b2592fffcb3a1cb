"""Numbers and times in the words of grounds."""

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000


def counted(number: int, noun: str) -> str:
    """Say how many: "one phone", "3 phones"; ``noun`` takes an s for several."""
    return f"one {noun}" if number == 1 else f"{number:,} {noun}s"


def lasting(milliseconds: int) -> str:
    """Say how long, in the largest unit of which there are two."""
    for unit, noun in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if milliseconds >= 2 * unit:
            return counted(milliseconds // unit, noun)
    return counted(max(milliseconds // _SECOND, 1), "second")
