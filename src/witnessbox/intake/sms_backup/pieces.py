"""Where each message of a backup lies, whatever state the file is in.

In sound XML a ``<`` stands nowhere but where a tag begins, so a message runs from its ``<sms`` or
``<mms`` to the next.  Where that is wrong (a comment, say) the piece does not read as one element.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import BinaryIO

import msgspec

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


class Piece(msgspec.Struct, frozen=True, gc=False):
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
        marks = [mark.start() for mark in _MARK.finditer(held, searched)]
        at, data = 0, bytes(held) if marks else b""
        for mark in marks:
            if mark > at:
                yield _piece(sort, base + at, data[at:mark], longest_bytes)
            at, sort = mark, Sort.TAIL if data[mark + 1 : mark + 2] == b"/" else Sort.MESSAGE
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
        yield _piece(sort, base, bytes(held), longest_bytes)


def _piece(sort: Sort, start: int, data: bytes, longest_bytes: int) -> Piece:
    end = start + len(data)
    if sort is Sort.TOO_LONG or len(data) > longest_bytes:
        return Piece(Sort.TOO_LONG, start, end, b"")
    return Piece(sort, start, end, data)
