"""A page cut where its blocks begin, a window at a time, whatever state it is in.

The cuts are found in the bytes themselves: a block begins with a tag of a known class, and no
message can hold such a tag, since pages write a ``<`` that somebody typed as ``&lt;``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from witnessbox.intake.limits import DEFAULT

WINDOW_BYTES = 1 << 20
_OVERLAP_BYTES = 1 << 10  # longer than any tag that begins a block


@dataclass(frozen=True, slots=True)
class Cut:
    """The bytes from where one block begins to where the next does.

    ``opened`` is the tag it begins with: None before the first block, and in what is too long.
    """

    opened: re.Match[bytes] | None
    start: int
    data: bytes
    too_long: bool = False

    @property
    def end(self) -> int:
        """Give the byte behind it."""
        return self.start + len(self.data)


def cuts(
    stream: BinaryIO, begins: re.Pattern[bytes], longest_bytes: int = DEFAULT.html_block_bytes
) -> Iterator[Cut]:
    """Give a page's cuts in order; they tile it, whatever bytes it holds.

    One of more than ``longest_bytes`` is too long, and may be given in parts.
    """
    held, base, seen = b"", 0, 0
    opened: re.Match[bytes] | None = None
    too_long = False
    while more := stream.read(WINDOW_BYTES):
        held += more
        begun = 0
        for found in begins.finditer(held, seen):
            if found.start() > begun:
                data = held[begun : found.start()]
                over = too_long or len(data) > longest_bytes
                yield Cut(None if over else opened, base + begun, data, over)
            begun, opened, too_long = found.start(), found, False
        held, base = held[begun:], base + begun
        if len(held) > max(longest_bytes, _OVERLAP_BYTES):
            keep = len(held) - _OVERLAP_BYTES
            yield Cut(None, base, held[:keep], too_long=True)
            held, base, opened, too_long = held[keep:], base + keep, None, True
        seen = max(0 if opened is None else 1, len(held) - _OVERLAP_BYTES)
    if held:
        over = too_long or len(held) > longest_bytes
        yield Cut(None if over else opened, base, held, over)
