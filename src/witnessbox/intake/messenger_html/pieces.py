"""A page cut where its blocks begin, a window at a time, whatever state it is in.

The cuts are found in the bytes themselves: a block begins with a tag of a known class, and no
message can hold such a tag, since the page writes a ``<`` that somebody typed as ``&lt;``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

WINDOW_BYTES = 1 << 20
LONGEST_BYTES = 1 << 23
"""The longest piece that is read as one; a longer one is given in parts, as too long."""

_OVERLAP_BYTES = 1 << 10  # longer than any tag that begins a block
_WHITE = rb"[ \t\r\n]"
START = re.compile(
    rb"<(?:div|section)" + _WHITE + rb'+class="(?:'
    rb'(?P<thread>thread)"'
    rb'|(?P<header>message)"'
    rb'|(?:[^"<>]{0,200}' + _WHITE + rb")?(?:uiBoxWhite|_a6-g)(?:" + _WHITE + rb'[^"<>]{0,200})?")'
)


class Part(Enum):
    """What a piece of a page begins with."""

    HEAD = "the head of the page"
    THREAD = "the head of a conversation, on pages that hold many"
    BLOCK = "a block, which is a message if it has a time"
    TOO_LONG = "more than can be a message"


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes from where one block begins to where the next does."""

    part: Part
    start: int
    data: bytes

    @property
    def end(self) -> int:
        """Give the byte behind it."""
        return self.start + len(self.data)


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """Give the pieces of a page in order; they tile it, whatever bytes it holds."""
    held, base, part, seen = b"", 0, Part.HEAD, 0
    while more := stream.read(WINDOW_BYTES):
        held += more
        begun = 0
        for found in START.finditer(held, seen):
            if found.start() > begun:
                yield Piece(part, base + begun, held[begun : found.start()])
            begun, part = found.start(), _part(found)
        held, base = held[begun:], base + begun
        if len(held) > LONGEST_BYTES:
            keep = len(held) - _OVERLAP_BYTES
            yield Piece(Part.TOO_LONG, base, held[:keep])
            held, base, part = held[keep:], base + keep, Part.TOO_LONG
        seen = max(0, len(held) - _OVERLAP_BYTES)
    if held:
        yield Piece(part, base, held)


def _part(found: re.Match[bytes]) -> Part:
    return Part.THREAD if found["thread"] else Part.BLOCK
