"""Which leaf pages a table has, in the order of its rows.

A damaged or hostile file may point anywhere: pages are visited once, depth is bounded, and every
pointer that leads nowhere is a fault with its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from witnessbox.intake.sqlite.image import HEADER_BYTES, Image

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
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits) + len(self._bits) // 8))
        self._bits[place] |= 1 << (number & 7)


@dataclass(slots=True)
class Walk:
    """A table on its way; ``faults`` are the pages that should have been there, as they show."""

    image: Image
    root: int
    seen: Pages  # the pages other tables have; gains this one's
    faults: list[tuple[int, str]] = field(default_factory=list)  # page number, what is wrong

    def leaves(self) -> Iterator[int]:
        """Find the table's leaves, in the order of its rows."""
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
                    yield number
                elif page[at] == _INTERIOR:
                    inner = reversed(_children(self.image, page, at))
                    waiting += [(child, depth + 1) for child in inner]
                else:
                    wrong = f"page {number} is no page of a table"
            if wrong is not None:
                self.faults.append((number, wrong))
                if len(self.faults) >= MOST_FAULTS:
                    what = f"{MOST_FAULTS:,} pages of a table are not there; no more are looked for"
                    self.faults.append((number, what))
                    return

    def _wrong(self, number: int, nth: int | None, depth: int) -> str | None:
        if nth is None:
            return f"page {number} is not in the file"
        if nth in self.seen:
            return f"page {number} is pointed at more than once"
        if depth > _MOST_DEPTH:
            return f"page {number} lies deeper than a table can be"
        return None


def _children(image: Image, page: object, at: int) -> list[int]:
    data = bytes(page)  # type: ignore[call-overload]
    cells = int.from_bytes(data[at + 3 : at + 5], "big")
    usable = image.header.usable_bytes
    pointers = data[at + 12 : min(at + 12 + 2 * cells, usable)]
    places = [
        int.from_bytes(pointers[k : k + 2], "big") for k in range(0, len(pointers) // 2 * 2, 2)
    ]
    inner = [int.from_bytes(data[place : place + 4], "big") for place in places]
    return [*inner, int.from_bytes(data[at + 8 : at + 12], "big")]
