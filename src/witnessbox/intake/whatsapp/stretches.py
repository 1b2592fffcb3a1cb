"""Read a file in stretches of whole messages, so that memory grows with a stretch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.limits import DEFAULT
from witnessbox.intake.whatsapp.heads import Heads, Scanner
from witnessbox.intake.whatsapp.stamps import HEAD_BYTES

CHUNK_BYTES = 2 << 20
_LEAD_BYTES = 3
_PADDING = bytes(HEAD_BYTES)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a file that begins and ends with whole messages: ``size`` bytes of ``data``.

    ``data`` goes on for HEAD_BYTES or more, so that one may look past the end of a line.
    """

    offset: int
    data: bytes
    size: int
    heads: Heads
    misses: tuple[int, ...]  # lines that look like a head and are none
    lead: bytes  # the last bytes before it, zeros before the file
    following: Heads  # the head it was cut before, if any
    last: bool

    def octets(self) -> NDArray[np.uint8]:
        """Give the bytes, with the zeros that follow them."""
        return np.frombuffer(self.data, np.uint8)

    def above(self, start: Ints, back: int) -> NDArray[np.uint8]:
        """Give the byte so many bytes before each head; the first one's may lie in the lead."""
        values = self.octets()[np.maximum(start - back, 0)]
        if len(start) and start[0] < back:
            values[0] = self.lead[_LEAD_BYTES - back + int(start[0])]
        return values


def stretches(
    stream: BinaryIO,
    scanner: Scanner,
    sure: Flags | None,
    chunk_bytes: int = CHUNK_BYTES,
    bodies: frozenset[int] = frozenset(),
    longest_bytes: int = DEFAULT.text_message_bytes,
) -> Iterator[Stretch]:
    """Read a file in stretches of whole messages.

    A stretch is cut before a head whose layout is ``sure`` (any, where that is None), because a
    head that may turn out to be part of a body is no place to cut; nor are those settled to be
    part of one, at the bytes ``bodies``.  A message of more than ``longest_bytes`` is closed
    there, and what follows it is a problem.
    """
    offset, lead, wanted = 0, bytes(_LEAD_BYTES), chunk_bytes
    end = bytes([scanner.line_end])
    while True:
        data, length = _block(stream, offset, wanted)
        over = length < wanted
        whole_lines = not over and length <= longest_bytes
        size = data.rfind(end, 0, length) + 1 if whole_lines else length
        heads, misses = scanner.scan(offset, data, size)
        if over:
            none = heads.only(slice(0, 0))
            yield Stretch(offset, data, size, heads, misses, lead, none, last=True)
            return
        cut = _cut(heads, _places(heads, sure, offset, bodies), size, longest_bytes)
        if cut:
            place = int(np.searchsorted(heads.start, cut))
            kept, following = heads.only(slice(place)), heads.only(slice(place, place + 1))
            early = tuple(miss for miss in misses if miss < cut)
            yield Stretch(offset, data, cut, kept, early, lead, following, last=False)
            lead = (lead + data[max(cut - _LEAD_BYTES, 0) : cut])[-_LEAD_BYTES:]
        offset, wanted = offset + cut, length - cut + chunk_bytes


def _block(stream: BinaryIO, offset: int, size_bytes: int) -> tuple[bytes, int]:
    """Read some bytes of a file, and HEAD_BYTES more or as many zeros; say how many are its own.

    What a stretch left over is read again: that is less work than to join it to what follows.
    """
    stream.seek(offset)
    data = stream.read(size_bytes + HEAD_BYTES)
    if len(data) == size_bytes + HEAD_BYTES:
        return data, size_bytes
    return data + _PADDING, min(len(data), size_bytes)


def _places(heads: Heads, sure: Flags | None, offset: int, bodies: frozenset[int]) -> Ints:
    """List the heads before which a stretch may be cut."""
    starts = heads.start if sure is None else heads.start[sure[heads.layout]]
    return starts[~np.isin(starts + offset, list(bodies))] if bodies else starts


def _cut(heads: Heads, starts: Ints, size: int, longest_bytes: int) -> int:
    """Choose where to cut: before the last sure head, unless too much would be carried over.

    Bytes without any head are let go; heads of which none is sure wait for one that is.
    """
    if size > longest_bytes and (not len(starts) or not starts[-1]):
        return size
    if len(starts):
        return int(starts[-1])
    return 0 if len(heads) else size


def renamed(stretch: Stretch, heads: Heads) -> Stretch:
    """Give a stretch other heads: those that were accepted."""
    return replace(stretch, heads=heads)
