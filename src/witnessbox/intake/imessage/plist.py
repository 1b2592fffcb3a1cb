"""Binary property lists, read with limits on depth and on how much they hold.  Pure.

Method: the layout Apple's Core Foundation writes: objects one after the other, a table of where
each begins, and 32 bytes at the end that say where the table is.  Objects may be named many times
over, so what is read is counted each time: no list can cost more than the limits say.
"""

import struct
from dataclasses import dataclass

Value = int | float | str | bytes | list["Value"] | dict[str, "Value"] | None

MOST_OBJECTS = 20_000
MOST_BYTES = 1 << 24
MOST_DEPTH = 12
_MAGIC, _TRAILER = b"bplist00", 32
_BOOLEANS = {8: 0, 9: 1}
_NULL, _INTEGER, _REAL, _DATE, _DATA, _ASCII, _WIDE, _UID, _ARRAY, _DICT = (
    *range(7),
    8,
    10,
    13,
)
_LONGER = 15
_REALS = {4: ">f", 8: ">d"}
_MOST_INTEGER_BYTES = 16


class PlistError(ValueError):
    """These bytes are no property list, or one beyond the limits."""


@dataclass(slots=True)
class _Reader:
    blob: bytes
    offset_bytes: int
    reference_bytes: int
    count: int
    table: int
    left: int = MOST_OBJECTS
    room: int = MOST_BYTES

    def value(self, number: int, depth: int = 0) -> Value:
        """Read one object with all it holds."""
        self.left -= 1
        if self.left < 0 or depth > MOST_DEPTH:
            raise PlistError("it holds too much")
        if number >= self.count:
            raise PlistError("it names an object it does not have")
        at = self._number(self.table + number * self.offset_bytes, self.offset_bytes)
        sort, size = divmod(self._number(at, 1), 16)
        at += 1
        if sort in (_INTEGER, _REAL, _DATE):
            return self._plain(sort, at, 1 << size)
        if sort == _NULL:
            return _BOOLEANS.get(size)
        if size == _LONGER and sort != _UID:
            width = 1 << (self._number(at, 1) & 15)
            size = self._number(at + 1, width)
            at += 1 + width
        return self._long(sort, at, size, depth)

    def _plain(self, sort: int, at: int, size: int) -> Value:
        held = self._bytes(at, size)
        if sort == _INTEGER and size <= _MOST_INTEGER_BYTES:
            return int.from_bytes(held, "big", signed=size >= 8)
        if size in _REALS:
            found: float = struct.unpack(_REALS[size], held)[0]
            return found
        raise PlistError("it holds a number of no known size")

    def _long(self, sort: int, at: int, size: int, depth: int) -> Value:
        if sort in (_ARRAY, _DICT):
            return self._container(sort, at, size, depth)
        if sort == _UID:
            return self._number(at, size + 1)
        if sort == _DATA:
            return self._bytes(at, size)
        if sort == _ASCII:
            return self._bytes(at, size).decode("ascii", "replace")
        if sort == _WIDE:
            return self._bytes(at, 2 * size).decode("utf-16-be", "replace")
        raise PlistError("it holds an object of no known sort")

    def _container(self, sort: int, at: int, size: int, depth: int) -> Value:
        width = self.reference_bytes
        if size > self.left:
            raise PlistError("it holds too much")
        members = [self._number(at + k * width, width) for k in range(size)]
        if sort == _ARRAY:
            return [self.value(one, depth + 1) for one in members]
        values = [self._number(at + (size + k) * width, width) for k in range(size)]
        return {
            str(self.value(key, depth + 1)): self.value(one, depth + 1)
            for key, one in zip(members, values, strict=True)
        }

    def _number(self, at: int, size: int) -> int:
        if size == 1 and at < len(self.blob) - _TRAILER and self.room > 0:  # as most are
            self.room -= 1
            return self.blob[at]
        return int.from_bytes(self._bytes(at, size), "big")

    def _bytes(self, at: int, size: int) -> bytes:
        self.room -= size
        if self.room < 0:
            raise PlistError("it holds too much")
        if at + size > len(self.blob) - _TRAILER:
            raise PlistError("it breaks off")
        return self.blob[at : at + size]


def read(blob: bytes) -> Value:
    """Read a property list.  Raises PlistError."""
    if not blob.startswith(_MAGIC) or len(blob) < len(_MAGIC) + _TRAILER:
        raise PlistError("it does not begin as a binary property list")
    offset, reference = blob[-26], blob[-25]
    count, top, table = struct.unpack(">QQQ", blob[-24:])
    return _Reader(blob, offset, reference, count, table).value(top)
