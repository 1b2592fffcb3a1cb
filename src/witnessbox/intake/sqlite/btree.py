"""Which leaf pages a table has, in the order of its rows.

A damaged or hostile file may point anywhere: pages are visited once, depth is bounded, and every
pointer that leads nowhere is a fault with its place.
"""

from dataclasses import dataclass, field

from witnessbox.intake.sqlite.image import HEADER_BYTES, Image

_INTERIOR, LEAF = 0x05, 0x0D
_MOST_DEPTH = 40


@dataclass(slots=True)
class Walk:
    """The leaves found, and the pages that should have been there."""

    leaves: list[int] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)  # page number, what is wrong


def walk(image: Image, root: int, seen: set[int]) -> Walk:
    """Find a table's leaves.  ``seen`` holds the pages other tables have, and gains this one's."""
    found = Walk()
    waiting = [(root, 0)]
    while waiting:
        number, depth = waiting.pop()
        wrong = _wrong(image, number, depth, seen)
        if wrong is not None:
            found.faults.append((number, wrong))
            continue
        seen.add(number)
        page = image.page(number)
        at = HEADER_BYTES if number == 1 else 0
        if page[at] == LEAF:
            found.leaves.append(number)
        elif page[at] == _INTERIOR:
            waiting += [(child, depth + 1) for child in reversed(_children(image, page, at))]
        else:
            found.faults.append((number, f"page {number} is no page of a table"))
    return found


def _wrong(image: Image, number: int, depth: int, seen: set[int]) -> str | None:
    if not image.has(number):
        return f"page {number} is not in the file"
    if number in seen:
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
