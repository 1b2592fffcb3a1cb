"""Words that a search index (FTS5) still knows of messages that are gone.  Pure.

Method: SQLite's own description of FTS5's pages.  A deletion puts a mark into a new part of the
index; what the older parts know of the message, its words and the order in which they stood, goes
only when parts are merged.  A page that is not as described is left where it stops making sense.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_HEAD_BYTES = 4
_MOST_VARINT = 9
_MAIN = b"0"  # before each word of the index itself; others stand before beginnings of words
_SEGMENT_BITS, _PAGE_BITS = 37, 31


@dataclass(frozen=True, slots=True)
class Posting:
    """That a word stands in a row; ``places`` are the bytes that say where."""

    word: bytes
    row: int
    places: bytes


@dataclass(slots=True)
class Leaves:
    """A reader of the pages of an index in the order of their ids."""

    last: int = 0
    word: bytes = b""

    def read(self, page: int, block: bytes) -> Iterator[Posting]:
        """Give what one page says; a page that is no leaf says nothing."""
        if page >> _SEGMENT_BITS == 0 or page >> _PAGE_BITS & 0x3F:
            return
        if page != self.last + 1:
            self.word = b""
        self.last = page
        first, end = _number(block, 0), _number(block, 2)
        if not _HEAD_BYTES <= end <= len(block):
            return
        words = _words_at(block, end)
        upto = words[0] if words else end
        if self.word and _HEAD_BYTES <= first < upto:
            yield from _rows(block, first, upto, self.word)
        for k, at in enumerate(words):
            until = words[k + 1] if k + 1 < len(words) else end
            found = _word(block, at, until, self.word if k else None)
            if found is None:
                return
            self.word, begin = found
            yield from _rows(block, begin, until, self.word)


def segment_of(page: int) -> int:
    """Give the part of the index that a page belongs to."""
    return page >> _SEGMENT_BITS


def text_of(word: bytes) -> str | None:
    """Give a word as it is spelt; None for the beginnings of words that some indexes keep."""
    return word[1:].decode("utf-8", "replace") if word.startswith(_MAIN) else None


def positions(places: bytes) -> Iterator[int]:
    """Give the places of a word in the first column."""
    at, position = 0, 0
    while at < len(places):
        found = _varint(places, at)
        if found is None or found[0] < 2:  # 1 begins another column
            return
        position += found[0] - 2
        at = found[1]
        yield position


def _words_at(block: bytes, at: int) -> list[int]:
    found: list[int] = []
    place, end = 0, at
    while at < len(block):
        step = _varint(block, at)
        if step is None:
            break
        place, at = place + step[0], step[1]
        if not step[0] or not _HEAD_BYTES <= place < end:
            break
        found.append(place)
    return found


def _word(block: bytes, at: int, end: int, before: bytes | None) -> tuple[bytes, int] | None:
    """Read a word, of which the first letters are those of the word before; the first is whole."""
    kept = (0, at) if before is None else _varint(block, at)
    size = None if kept is None else _varint(block, kept[1])
    if kept is None or size is None or size[1] + size[0] > end or kept[0] > len(before or b""):
        return None
    return (before or b"")[: kept[0]] + block[size[1] : size[1] + size[0]], size[1] + size[0]


def _rows(block: bytes, at: int, end: int, word: bytes) -> Iterator[Posting]:
    row = 0
    while at < end:
        step = _varint(block, at)
        size = None if step is None else _varint(block, step[1])
        if step is None or size is None:
            return
        row, at = row + step[0], size[1]
        until = at + (size[0] >> 1)  # the last bit marks a deletion
        yield Posting(word, row, block[at : min(until, end)])
        at = until


def _number(block: bytes, at: int) -> int:
    return int.from_bytes(block[at : at + 2], "big")


def _varint(block: bytes, at: int) -> tuple[int, int] | None:
    if at < len(block) and block[at] < 0x80:  # nearly all are one byte
        return block[at], at + 1
    value = 0
    for nth, byte in enumerate(block[at : at + _MOST_VARINT], 1):
        if nth == _MOST_VARINT:
            return value << 8 | byte, at + nth
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + nth
    return None
