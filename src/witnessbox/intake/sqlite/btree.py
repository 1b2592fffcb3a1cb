"""Which leaf pages a table has, in the order of its rows.

A damaged or hostile file may point anywhere: pages are visited once, depth is bounded, and every
pointer that leads nowhere is a fault with its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from witnessbox.intake.sqlite.image import HEADER_BYTES, Bytes, Image, Ints

_INTERIOR, LEAF = 0x05, 0x0D
_MOST_DEPTH = 40
MOST_FAULTS = 10_000
"""After so many pages of one table that are not there, the rest of its pages is not looked for."""


class Pages:
    """Pages that were met, by which of all pages they are, a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)

    def add(self, number: int) -> None:
        """Note a page."""
        place = number >> 3
        self._reach(place)
        self._bits[place] |= 1 << (number & 7)

    def add_new(self, numbers: Ints) -> bool:
        """Note pages if none of them is met yet, nor twice among them; say whether so."""
        ascending = np.sort(numbers)
        if (ascending[1:] == ascending[:-1]).any():
            return False
        self._reach(int(ascending[-1]) >> 3)
        bits = np.frombuffer(self._bits, np.uint8)
        places, marks = numbers >> 3, np.left_shift(1, numbers & 7).astype(np.uint8)
        if (bits[places] & marks).any():
            return False
        np.bitwise_or.at(bits, places, marks)
        return True

    def _reach(self, place: int) -> None:
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits) + len(self._bits) // 8))


@dataclass(slots=True)
class Walk:
    """A table on its way; ``faults`` are the pages that should have been there, as they show."""

    image: Image
    root: int
    seen: Pages  # the pages other tables have; gains this one's
    faults: list[tuple[int, str]] = field(default_factory=list)  # page number, what is wrong

    def leaves(self) -> Iterator[int]:
        """Find the table's leaves, in the order of its rows."""
        return chain.from_iterable(self.together())

    def together(self) -> Iterator[list[int]]:
        """Find the table's leaves, some at a time."""
        waiting = [(self.root, 0)]
        while waiting:
            number, depth = waiting.pop()
            nth = self.image.nth(number)
            wrong = self._wrong(number, nth, depth)
            if wrong is None and nth is not None:
                self.seen.add(nth)
                page = self.image.page(number)
                at = HEADER_BYTES if number == 1 else 0
                if page[at] == LEAF:
                    yield [number]
                elif page[at] == _INTERIOR:
                    inner = _children(self.image, page, at)
                    if self._all_leaves(inner, depth + 1):
                        yield inner
                    else:
                        waiting += [(child, depth + 1) for child in reversed(inner)]
                else:
                    wrong = f"page {number} is no page of a table"
            if wrong is not None:
                self.faults.append((number, wrong))
                if len(self.faults) >= MOST_FAULTS:
                    what = f"{MOST_FAULTS:,} pages of a table are not there; no more are looked for"
                    self.faults.append((number, what))
                    return

    def _all_leaves(self, numbers: list[int], depth: int) -> bool:
        """Note pages that are all leaves nobody met; say whether they are."""
        if depth > _MOST_DEPTH or min(numbers) <= 1:
            return False
        pages = np.array(numbers, np.int64)
        kinds = self.image.first_bytes(pages)
        leaves = kinds is not None and bool((kinds == LEAF).all())
        return leaves and self.seen.add_new(self.image.nths(pages))

    def _wrong(self, number: int, nth: int | None, depth: int) -> str | None:
        if nth is None:
            return f"page {number} is not in the file"
        if nth in self.seen:
            return f"page {number} is pointed at more than once"
        if depth > _MOST_DEPTH:
            return f"page {number} lies deeper than a table can be"
        return None


def _children(image: Image, page: Bytes, at: int) -> list[int]:
    cells = int(page[at + 3]) << 8 | int(page[at + 4])
    pointers = page[at + 12 : min(at + 12 + 2 * cells, image.header.usable_bytes)]
    pairs = pointers[: len(pointers) // 2 * 2].reshape(-1, 2).astype(np.int64)
    places = pairs[:, 0] << 8 | pairs[:, 1]
    inside = (places + 4 <= len(page)).all()
    if inside:
        words = page[places[:, None] + np.arange(4)].view(">u4")[:, 0].tolist()
    else:
        words = [_word(page, place) for place in places.tolist()]
    return [*words, _word(page, at + 8)]


def _word(page: Bytes, at: int) -> int:
    return int.from_bytes(page[at : at + 4].tobytes(), "big")
