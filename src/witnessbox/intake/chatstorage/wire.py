"""Fields out of a protobuf blob whose definition nobody has published.  Pure.

Method: the wire format of Protocol Buffers.  A blob that breaks off gives the fields before the
break; nothing is guessed, and no blob can make the reader go deeper than it is asked to.
"""

from collections.abc import Iterator
from typing import NamedTuple

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_MOST_VARINT = 10
_MORE = 0x80  # on a byte of a number that goes on
_FIXED = {_EIGHT: 8, _FOUR: 4}


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
        return self.value if isinstance(self.value, bytes) and self.sort == _BYTES else None

    @property
    def inner(self) -> "list[Field] | None":
        """Give the fields within it; None where it holds anything else."""
        return None if self.held is None else whole(self.held)


def fields(blob: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Give each field's number and what it holds: a whole number, or bytes."""
    at = 0
    while at < len(blob):
        tag = _varint(blob, at)
        if tag is None:
            return
        number, sort = tag[0] >> 3, tag[0] & 7
        found = _value(blob, tag[1], sort)
        if found is None or not number:
            return
        value, at = found
        yield number, value


def whole(blob: bytes) -> list[Field] | None:
    """Give all fields and how each is written; None where a blob is not fields to its last byte."""
    at, found = 0, []
    while at < len(blob):
        tag = _varint(blob, at)
        if tag is None or not tag[0] >> 3:
            return None
        held = _value(blob, tag[1], tag[0] & 7)
        if held is None:
            return None
        found.append(Field(tag[0] >> 3, tag[0] & 7, held[0]))
        at = held[1]
    return found


def is_whole(blob: bytes) -> bool:
    """Say whether a blob is fields from its first byte to its last."""
    return whole(blob) is not None


def parts(blob: bytes, number: int) -> Iterator[bytes]:
    """Give the bytes of every field of this number, which is below 16."""
    mark = number << 3 | _BYTES
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


def _value(blob: bytes, at: int, sort: int) -> tuple[int | bytes, int] | None:
    if sort == _VARINT:
        return _varint(blob, at)
    if sort == _BYTES:
        size = _varint(blob, at)
        if size is None:
            return None
        at, end = size[1], size[1] + size[0]
    elif sort in _FIXED:
        end = at + _FIXED[sort]
    else:
        return None
    return (blob[at:end], end) if end <= len(blob) else None


def _varint(blob: bytes, at: int) -> tuple[int, int] | None:
    if at < len(blob) and blob[at] < _MORE:
        return blob[at], at + 1
    value = 0
    for nth, byte in enumerate(blob[at : at + _MOST_VARINT]):
        value |= (byte & 0x7F) << (7 * nth)
        if byte < _MORE:
            return value, at + nth + 1
    return None
