"""What the cuts of a Messenger page are: by the class of the tag each begins with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

from witnessbox.intake.html_cuts import Cut, cuts
from witnessbox.intake.limits import DEFAULT

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


def pieces(stream: BinaryIO, longest_bytes: int = DEFAULT.html_block_bytes) -> Iterator[Piece]:
    """Give the pieces of a page in order; they tile it, whatever bytes it holds."""
    for cut in cuts(stream, START, longest_bytes):
        yield Piece(_part(cut), cut.start, cut.data)


def _part(cut: Cut) -> Part:
    if cut.too_long:
        return Part.TOO_LONG
    if cut.opened is None:
        return Part.HEAD
    return Part.THREAD if cut.opened["thread"] else Part.BLOCK
