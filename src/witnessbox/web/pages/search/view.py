"""What the search page shows of a hit.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message's text, found or not."""

    text: str
    found: bool


def pieces(text: str, highlights: Sequence[tuple[int, int]]) -> list[Piece]:
    """Cut a text at its highlights; together the pieces are the text."""
    cut, end = [], 0
    for start, stop in highlights:
        if start > end:
            cut.append(Piece(text[end:start], found=False))
        cut.append(Piece(text[start:stop], found=True))
        end = stop
    if end < len(text):
        cut.append(Piece(text[end:], found=False))
    return cut
