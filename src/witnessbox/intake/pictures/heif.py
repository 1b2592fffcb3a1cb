"""What a HEIF file says of its picture without a pixel decoded: its size, and its EXIF data.

A HEIF file is boxes in boxes.  The box ``meta`` holds an index: which items there are and of what
type (``iinf``), where their bytes lie (``iloc``), what is said of them (``iprp``: ``ispe`` is a
size), and which of them is the picture (``pitm``).  EXIF data are an item of their own.

Limits: an index of more than 8 MB, more than 200,000 stretches of bytes and more than 65,536 boxes
in one are refused.  Not read: EXIF data beyond 4 MB, sequences of pictures, how a picture is
turned, and its pixels, which are video in H.265.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MOST_INDEX_BYTES = 8 << 20
_MOST_EXIF_BYTES = 4 << 20
_MOST_BOXES = 1 << 16
_MOST_STRETCHES = 200_000
_FULL = 4  # bytes of version and flags that some boxes begin with
_IN_FILE, _IN_INDEX = 0, 1


class HeifError(ValueError):
    """A HEIF file whose boxes do not hold together."""


class UnreadHeifError(HeifError):
    """A HEIF file that is beyond a limit or not of the sort that is read; that is no damage."""


@dataclass(frozen=True, slots=True)
class Heif:
    """What the index of a HEIF file says; ``exif`` are EXIF data as they stand, empty for none."""

    width: int
    height: int
    exif: bytes


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Bytes of an item: in the file or in the index's own store."""

    held: int
    start: int
    length: int


def heif(stream: BinaryIO) -> Heif:
    """Read the index of a HEIF file.  Raises HeifError where its bytes do not hold together."""
    size = stream.seek(0, io.SEEK_END)
    index = dict(_boxes(_index(stream, size)[_FULL:]))
    places = _places(index.get(b"iloc", b""))
    _check_ends(places, size)
    width, height = _size_of(index, _primary(index))
    exif = _exif_item(index.get(b"iinf", b""))
    return Heif(width, height, _exif(stream, index, places.get(exif, [])))


class _Reader:
    """Numbers out of a box, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, width: int) -> int:
        """Give the next number of so many bytes; of none it is 0."""
        return int.from_bytes(self.bytes(width))

    def bytes(self, width: int) -> bytes:
        """Give the next bytes."""
        end = self._at + width
        if end > len(self._data):
            raise HeifError("a box ends before what it should hold")
        found, self._at = self._data[self._at : end], end
        return found


def _index(stream: BinaryIO, size: int) -> bytes:
    """Find the box ``meta`` among the outermost ones, without reading the others."""
    at, moves = 0, False
    for _ in range(_MOST_BOXES):
        if at == size and moves:
            raise UnreadHeifError("it is a sequence of pictures")
        stream.seek(at)
        head = _Reader(stream.read(16))
        length, kind = head.number(4), head.bytes(4)
        start = at + 8
        if length == 1:
            length, start = head.number(8), at + 16
        end = size if length == 0 else at + length
        if end < start or end > size:
            raise HeifError("a box reaches beyond the end of the file")
        if kind == b"meta":
            if end - start > _MOST_INDEX_BYTES:
                raise UnreadHeifError(f"its index is longer than {_MOST_INDEX_BYTES:,} bytes")
            stream.seek(start)
            return stream.read(end - start)
        at, moves = end, moves or kind == b"moov"
    raise UnreadHeifError(f"it has no index among its first {_MOST_BOXES:,} boxes")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the boxes in a box: kind and content."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = len(data) if length == 0 else at + length
        if end < at + 8 or end > len(data):
            raise HeifError("a box reaches beyond the one around it")
        yield kind, data[at + 8 : end]
        at = end
    raise UnreadHeifError(f"a box holds more than {_MOST_BOXES:,} others")


def _primary(index: dict[bytes, bytes]) -> int:
    box = _Reader(index.get(b"pitm", b""))
    version = box.number(_FULL) >> 24
    return box.number(2 if version == 0 else 4)


def _exif_item(data: bytes) -> int | None:
    """Give the number of the item that holds EXIF data; None where there is none."""
    if not data:
        return None
    counted = 2 if data[0] == 0 else 4
    for kind, content in _items(data[_FULL + counted :]):
        if kind == b"Exif":
            return content
    return None


def _items(data: bytes) -> Iterator[tuple[bytes, int]]:
    for kind, content in _boxes(data):
        if kind == b"infe" and content[:1] in (b"\2", b"\3"):
            entry = _Reader(content)
            version = entry.number(_FULL) >> 24
            number = entry.number(2 if version == 2 else 4)
            entry.number(2)
            yield entry.bytes(4), number


def _places(data: bytes) -> dict[int | None, list[_Stretch]]:
    """Give where the bytes of each item lie."""
    box = _Reader(data)
    version = box.number(_FULL) >> 24
    widths = box.number(2)
    of_start, of_length, of_base = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    of_index = widths & 15 if version else 0
    wide = 4 if version == 2 else 2
    found: dict[int | None, list[_Stretch]] = {}
    left = _MOST_STRETCHES
    for _ in range(box.number(wide)):
        item = box.number(wide)
        held = box.number(2) & 15 if version else _IN_FILE
        box.number(2)
        base, count = box.number(of_base), box.number(2)
        left -= count + 1
        if left < 0:
            raise UnreadHeifError(f"its items lie in more than {_MOST_STRETCHES:,} stretches")
        stretches = found.setdefault(item, [])
        for _ in range(count):
            box.number(of_index)
            stretches.append(_Stretch(held, base + box.number(of_start), box.number(of_length)))
    return found


def _check_ends(places: dict[int | None, list[_Stretch]], size: int) -> None:
    for stretches in places.values():
        for one in stretches:
            if one.held == _IN_FILE and one.start + one.length > size:
                raise HeifError("it is cut short: bytes of its picture lie beyond its end")


def _size_of(index: dict[bytes, bytes], item: int) -> tuple[int, int]:
    """Give the size that is said of an item."""
    said = list(_boxes(index.get(b"iprp", b"")))
    known = [one for kind, content in said if kind == b"ipco" for one in _boxes(content)]
    for kind, content in said:
        for number in _said_of(content, item) if kind == b"ipma" else ():
            if 0 < number <= len(known) and known[number - 1][0] == b"ispe":
                size = _Reader(known[number - 1][1])
                size.number(_FULL)
                return size.number(4), size.number(4)
    raise HeifError("it does not say the size of its picture")


def _said_of(data: bytes, item: int) -> list[int]:
    """Give the numbers of what is said of an item."""
    box = _Reader(data)
    marks = box.number(_FULL)
    wide = 2 if marks & 1 else 1
    for _ in range(box.number(4)):
        number = box.number(2 if marks >> 24 == 0 else 4)
        # The highest bit says that whoever reads the picture must understand this.
        said = [box.number(wide) & (1 << 8 * wide - 1) - 1 for _ in range(box.number(1))]
        if number == item:
            return said
    return []


def _exif(stream: BinaryIO, index: dict[bytes, bytes], stretches: list[_Stretch]) -> bytes:
    """Put EXIF data together; they begin with how many bytes come before what matters."""
    pieces, left = [], _MOST_EXIF_BYTES
    for one in stretches:
        pieces.append(_bytes_of(stream, index, one, left))
        left -= len(pieces[-1])
    whole = b"".join(pieces)
    return whole[4 + int.from_bytes(whole[:4]) :]


def _bytes_of(stream: BinaryIO, index: dict[bytes, bytes], one: _Stretch, at_most: int) -> bytes:
    length = min(one.length, at_most)
    if one.held == _IN_INDEX:
        return index.get(b"idat", b"")[one.start : one.start + length]
    if one.held != _IN_FILE or not length:
        return b""
    stream.seek(one.start)
    return stream.read(length)
