"""Which characters the report's fonts can draw, and which way a paragraph runs.

A character that no font can draw must neither stop the report nor vanish from a quotation: it is
written as ``[U+XXXX]``.  So are the marks that turn text round unseen (U+202A to U+202E): a
quotation has to read on paper in the order in which it is stored.

Coverage is read from each font's ``cmap`` table (OpenType specification, subtables 4 and 12).
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from witnessbox.errors import WitnessboxError

FONTS = Path(__file__).parent / "fonts"
"""Noto fonts under the SIL Open Font License, so that a report never depends on the machine."""

_JOINERS = frozenset("\u200c\u200d\u200e\u200f\ufe0e\ufe0f")
"""Marks without a glyph of their own that shape the letters beside them."""

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_COLLECTION = b"ttcf"


class FontError(WitnessboxError):
    """A font file cannot be read."""


def coverage(fonts: Iterable[Path]) -> frozenset[int]:
    """Give every character some font can draw.  Raises FontError where a file is no font."""
    points: set[int] = set()
    for place in fonts:
        try:
            points.update(_points(place.read_bytes()))
        except (OSError, struct.error, IndexError) as error:
            raise FontError(
                f"font {place} cannot be read ({error}); replace it or take it out of the folder"
            ) from error
    return frozenset(points)


def font_files(folder: Path) -> list[Path]:
    """List the fonts of a folder, sorted."""
    return sorted(place for place in folder.iterdir() if place.suffix in {".ttf", ".otf", ".ttc"})


def _points(data: bytes) -> Iterator[int]:
    starts = [0]
    if data[:4] == _COLLECTION:
        (count,) = struct.unpack_from(">I", data, 8)
        starts = list(struct.unpack_from(f">{count}I", data, 12))
    for start in starts:
        yield from _points_of_font(data, start)


def _points_of_font(data: bytes, start: int) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", data, start + 4)
    for number in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            yield from _points_of_cmap(data, offset)


def _points_of_cmap(data: bytes, cmap: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">I", data, cmap + 4 + 8 * number + 4)
        (layout,) = struct.unpack_from(">H", data, cmap + offset)
        if layout == 4:
            yield from _segments(data, cmap + offset)
        elif layout == 12:
            yield from _groups(data, cmap + offset)


def _segments(data: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            yield from range(first, last + 1)


def _groups(data: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
        yield from range(first, last + 1)


def showable(text: str, covered: frozenset[int] | None = None) -> str:
    """Write a text so that all of it can be seen; ``covered`` None means a screen draws the rest.

    Lines and joining marks stay; line ends become one kind.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(
        character if _can_show(character, covered) else _named(character) for character in lines
    )


def _can_show(character: str, covered: frozenset[int] | None) -> bool:
    if character == "\n" or character in _JOINERS:
        return True
    if character in _TURNS or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
        return False
    return covered is None or ord(character) in covered


def _named(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def unshowable(text: str, covered: frozenset[int]) -> frozenset[str]:
    """Name the characters of a text that have to be written as ``[U+XXXX]``."""
    return frozenset(
        _named(one) for one in text if one not in {"\r", "\t"} and not _can_show(one, covered)
    )


def right_to_left(text: str) -> bool:
    """Say which way a paragraph runs: as its first letter does (Unicode UAX #9, rules P2, P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False
