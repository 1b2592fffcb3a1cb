"""Where each message of a backup lies, whatever state the file is in.

In sound XML a ``<`` stands nowhere but where a tag begins, so a message runs from its ``<sms`` or
``<mms`` to the next.  Where that is wrong (a comment, say) the piece does not read as one element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

from witnessbox.intake.limits import DEFAULT

WINDOW_BYTES = 1 << 20
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
    """Some bytes of a backup, from ``start`` to ``end``; all of them together tile it.

    What is too long has no ``data``.
    """

    sort: Sort
    start: int
    end: int
    data: bytes


def pieces(stream: BinaryIO, longest_bytes: int = DEFAULT.sms_record_bytes) -> Iterator[Piece]:
    """Give the pieces of a file in order, one window and one message in memory at a time.

    A message of more than ``longest_bytes``, its attachments included, is too long.
    """
    held = bytearray()
    base, searched, sort = 0, 0, Sort.HEAD
    while more := stream.read(WINDOW_BYTES):
        held += more
        at = 0
        while (mark := _MARK.search(held, searched)) is not None:
            if mark.start() > at:
                yield _piece(sort, base + at, held[at : mark.start()], longest_bytes)
            at, searched = mark.start(), mark.start() + 1
            sort = Sort.TAIL if held[at + 1 : at + 2] == b"/" else Sort.MESSAGE
        base += at
        del held[:at]
        marked = sort in (Sort.MESSAGE, Sort.TAIL)  # the first byte is the mark found last
        searched = max(int(marked), len(held) - _MARK_BYTES)
        if len(held) > max(longest_bytes, _MARK_BYTES):
            keep = len(held) - _MARK_BYTES
            yield Piece(Sort.TOO_LONG, base, base + keep, b"")
            base, searched, sort = base + keep, 0, Sort.TOO_LONG
            del held[:keep]
    if held:
        yield _piece(sort, base, held, longest_bytes)


def _piece(sort: Sort, start: int, data: bytearray, longest_bytes: int) -> Piece:
    end = start + len(data)
    if sort is Sort.TOO_LONG or len(data) > longest_bytes:
        return Piece(Sort.TOO_LONG, start, end, b"")
    return Piece(sort, start, end, bytes(data))
