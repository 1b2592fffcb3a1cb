"""Where each message of a backup lies, whatever state the file is in.

In sound XML a ``<`` stands nowhere but where a tag begins, so a message runs from its ``<sms`` or
``<mms`` to the next.  Where that is wrong (a comment, say) the piece does not read as one element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

WINDOW_BYTES = 1 << 20
LONGEST_BYTES = 1 << 26
"""The longest message that is read as one, its attachments included; a longer one is broken."""

_MARK = re.compile(rb"<(?:[sm]ms(?=[\s/>])|/smses)")
_MARK_BYTES = 8  # a mark and the character that shows where its name ends


class Sort(Enum):
    """What a piece begins with."""

    HEAD = "head"
    MESSAGE = "message"
    TAIL = "tail"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a backup, from ``start`` to ``end``; all of them together tile it."""

    sort: Sort
    start: int
    end: int
    data: bytes


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """Give the pieces of a file in order, one window and one message in memory at a time."""
    held = bytearray()
    base, searched, sort = 0, 0, Sort.HEAD
    while more := stream.read(WINDOW_BYTES):
        held += more
        at = 0
        while (mark := _MARK.search(held, searched)) is not None:
            if mark.start() > at:
                yield Piece(sort, base + at, base + mark.start(), bytes(held[at : mark.start()]))
            at, searched = mark.start(), mark.start() + 1
            sort = Sort.TAIL if held[at + 1 : at + 2] == b"/" else Sort.MESSAGE
        base += at
        del held[:at]
        marked = sort in (Sort.MESSAGE, Sort.TAIL)  # the first byte is the mark found last
        searched = max(int(marked), len(held) - _MARK_BYTES)
        if len(held) > LONGEST_BYTES:
            keep = len(held) - _MARK_BYTES
            yield Piece(Sort.TOO_LONG, base, base + keep, b"")
            base, searched, sort = base + keep, 0, Sort.TOO_LONG
            del held[:keep]
    if held:
        yield Piece(sort, base, base + len(held), bytes(held))
