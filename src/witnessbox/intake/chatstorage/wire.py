"""Fields out of a protobuf blob whose definition nobody has published.  Pure.

Method: the wire format of Protocol Buffers.  A blob that breaks off gives the fields before the
break; nothing is guessed, and no blob can make the reader go deeper than it is asked to.
"""

from collections.abc import Iterator
from typing import NamedTuple

VARINT, BYTES = 0, 2
"""How a field is written: a whole number; bytes with their count before them."""

FIXED = {1: 8, 5: 4}
"""How many bytes a field has that is written otherwise."""

MOST_NUMBER = (1 << 29) - 1
_MOST_VARINT = 10
_MORE = 0x80  # on a byte of a number that goes on
_BITS = 64


class Span(NamedTuple):
    """One field: its number, how it is written, the whole number it is, the bytes it holds."""

    number: int
    sort: int
    amount: int  # where it is written as a whole number; else 0
    start: int
    end: int


class Field(NamedTuple):
    """One field: its number, how it is written, what it holds."""

    number: int
    sort: int
    value: int | bytes

    @property
    def amount(self) -> int | None:
        """Give the whole number it is written as; None where it is written as something else."""
        return self.value if isinstance(self.value, int) else None

    @property
    def held(self) -> bytes | None:
        """Give bytes that are written with their count before them; None for anything else."""
        return self.value if isinstance(self.value, bytes) and self.sort == BYTES else None

    @property
    def inner(self) -> "list[Field] | None":
        """Give the fields within it; None where it holds anything else."""
        return None if self.held is None else whole(self.held)


def spans(blob: bytes) -> Iterator[Span]:
    """Give each field, up to where the blob breaks off."""
    at = 0
    while at < len(blob):
        tag = _varint(blob, at)
        if tag is None or not 0 < tag[0] >> 3 <= MOST_NUMBER:
            return
        found = _span(blob, *tag)
        if found is None:
            return
        at = found.end
        yield found


def fields(blob: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Give each field's number and what it holds: a whole number, or bytes."""
    for one in spans(blob):
        yield one.number, one.amount if one.sort == VARINT else blob[one.start : one.end]


def whole(blob: bytes) -> list[Field] | None:
    """Give all fields and how each is written; None where a blob is not fields to its last byte."""
    found, at = [], 0
    for one in spans(blob):
        held = one.amount if one.sort == VARINT else blob[one.start : one.end]
        found.append(Field(one.number, one.sort, held))
        at = one.end
    return found if at == len(blob) else None


def is_whole(blob: bytes) -> bool:
    """Say whether a blob is fields from its first byte to its last."""
    return whole(blob) is not None


def parts(blob: bytes, number: int) -> Iterator[bytes]:
    """Give the bytes of every field of this number, which is below 16."""
    mark = number << 3 | BYTES
    if mark not in blob and mark | _MORE not in blob:
        return  # most blobs: no byte of it could begin such a field
    for found, value in fields(blob):
        if found == number and isinstance(value, bytes):
            yield value


def text(value: int | bytes | None) -> str | None:
    """Give a field's text; None where it is none."""
    if not isinstance(value, bytes):
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _span(blob: bytes, tag: int, at: int) -> Span | None:
    sort, amount = tag & 7, 0
    if sort in FIXED:
        end = at + FIXED[sort]
    elif sort in {VARINT, BYTES}:
        counted = _varint(blob, at)
        if counted is None:
            return None
        if sort == VARINT:
            amount, end = counted
        else:
            at, end = counted[1], counted[1] + counted[0]
    else:
        return None
    return Span(tag >> 3, sort, amount, at, end) if at <= end <= len(blob) else None


def _varint(blob: bytes, at: int) -> tuple[int, int] | None:
    """Give a whole number of 64 bits and where it ends."""
    if at < len(blob) and blob[at] < _MORE:
        return blob[at], at + 1
    value = 0
    for nth, byte in enumerate(blob[at : at + _MOST_VARINT]):
        value |= (byte & 0x7F) << (7 * nth)
        if byte < _MORE:
            value &= (1 << _BITS) - 1
            return value - (value >> (_BITS - 1) << _BITS), at + nth + 1
    return None
