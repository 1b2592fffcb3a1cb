"""Texts: whether bytes are one, and one put together out of several places.  Pure."""

import math
from collections.abc import Sequence


def is_utf_8(data: bytes) -> bool:
    """Say whether bytes are UTF-8 throughout."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def place(
    name: str | None, address: str | None, point: tuple[float, float], url: str | None = None
) -> str:
    """Write a place as one line: its name, its address, where it is, its link."""
    where = None if any(map(math.isnan, point)) else f"{point[0]}, {point[1]}"
    return ", ".join(filter(None, (name, address, where, url)))


def beside(text: str | None, lines: Sequence[str]) -> str | None:
    """Put lines under a text; a text that the first of them begins with is said there."""
    if text and lines and lines[0].startswith(text):
        text = None
    return "\n".join(filter(None, (text, *lines))) or None
