"""What JSON objects of one writer have in common: the same bytes, but for a few values.  Pure.

A *layout* is one object cut into its fixed bytes and the *slots* between them.  An object whose
fixed bytes are the same and whose slots hold values of the same kind says the same as the object
the layout was learnt from, but for those values: that is the whole proof, and no key is looked up.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

LONGEST_BYTES = 1 << 12
MOST_SLOTS = 32
_TOKEN = re.compile(
    rb'(?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<open>[{\[])|(?P<close>[}\]])|(?P<comma>,)'
    rb"|(?P<value>[^\s:,{}\[\]\"]+)",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[1-9][0-9]{0,17}")  # always fits 64 bits

Path = tuple[str | int, ...]
"""Keys and places that lead to a value: ``("reactions", 0, "actor")``."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value varies: what leads to it, and how many digits it has, 0 for a string."""

    path: Path
    digits: int


@dataclass(frozen=True)
class Layout:
    """Fixed bytes, one more than there are slots; a string's quotes belong to the fixed bytes."""

    fixed: tuple[bytes, ...]
    slots: tuple[Slot, ...]

    @cached_property
    def quotes(self) -> int:
        """Count the quotes."""
        return sum(part.count(b'"') for part in self.fixed)

    @cached_property
    def anchors(self) -> tuple[tuple[int, int], ...]:
        """Say for each fixed part which quote is its first, and how far into the part that is.

        A part without one can only be the last; it is known by where the object ends.
        """
        found, before = [], 0
        for part in self.fixed:
            found.append((before, part.find(b'"')))
            before += part.count(b'"')
        return tuple(found)

    def sample(self) -> bytes:
        """Give an object of this layout."""
        made = [self.fixed[0]]
        for slot, part in zip(self.slots, self.fixed[1:], strict=True):
            made += [b"1" * slot.digits or b"x", part]
        return b"".join(made)


def layout_of(piece: bytes, varying: AbstractSet[str]) -> Layout | None:
    """Give the layout of a sound JSON object; None where it is too long, or too odd to have one.

    Strings and whole numbers under keys that are ``varying`` become slots, unless they are empty.
    """
    if len(piece) > LONGEST_BYTES:
        return None
    slots, fixed, at = [], [], 0
    for slot, start, end in _slots(piece, varying):
        slots.append(slot)
        fixed.append(piece[at:start])
        at = end
    if not 0 < len(slots) <= MOST_SLOTS or not all(b'"' in part for part in fixed):
        return None
    return Layout((*fixed, piece[at:]), tuple(slots))


def _slots(piece: bytes, varying: AbstractSet[str]) -> Iterator[tuple[Slot, int, int]]:
    """Give the slots of an object, and where the value in each begins and ends."""
    path: list[str | int | None] = []  # None where a key comes next
    for token in _TOKEN.finditer(piece):
        kind, written = token.lastgroup, token[0]
        if kind == "open":
            path.append(None if written == b"{" else 0)
        elif kind == "close":
            path.pop()
        elif kind == "comma":
            place = path[-1]
            path[-1] = place + 1 if isinstance(place, int) else None
        elif path[-1] is None:
            path[-1] = written[1:-1].decode("latin-1")
        elif path[-1] in varying:
            inner = int(kind == "text")
            start, end = token.start() + inner, token.end() - inner
            if end > start and (inner or _NUMBER.fullmatch(written)):
                yield Slot(_path(path), 0 if inner else end - start), start, end


def _path(path: list[str | int | None]) -> Path:
    return tuple(step for step in path if step is not None)
