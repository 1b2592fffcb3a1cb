"""The words for one long JSON array in a file, and where a bracket of it opens and closes.  Pure.

A *frame* is the document before the array and after it; *elements* are its members; *broken* is
what is neither.  ``json_walk`` gives them, in order, for a file in any state.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np

from witnessbox.intake.clock import Ints
from witnessbox.intake.json_layout import Layout

_OPENING = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*\[")
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_PIECE_BYTES = 96  # what each piece needs beside its bytes
_skim = msgspec.json.Decoder(msgspec.Raw).decode


@dataclass(frozen=True, slots=True)
class Shape:
    """What to walk: the key of the list, and the keys an element may begin with.

    ``mend`` turns what a writer is known to get wrong into JSON; it is asked only about pieces that
    are not JSON as they stand, which are given on as they stand.  ``varying`` are the keys whose
    values differ between elements that are otherwise alike.
    """

    key: str
    first_keys: tuple[str, ...]
    mend: Callable[[bytes], bytes] | None = None
    varying: frozenset[str] = frozenset()

    @cache  # noqa: B019 - shapes are few and constant; a file may have as many lists as it likes
    def element(self) -> re.Pattern[bytes]:
        """Match the first bytes of what looks like an element."""
        names = b"|".join(re.escape(name.encode()) for name in self.first_keys)
        return re.compile(rb'\{[ \t\r\n]*"(?:' + names + rb')"[ \t\r\n]*:')

    def reads(self, piece: bytes) -> bool:
        """Say whether a piece is one whole JSON object, if need be once it is mended."""
        return reads(piece) or (self.mend is not None and reads(self.mend(piece)))


@dataclass(frozen=True, slots=True)
class Frame:
    """The document around the list: from byte 0 to its ``[``, or from its ``]`` to the end.

    ``data`` is closed or opened so that it decodes on its own as an object with an empty list.
    """

    start: int
    end: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Elements:
    """Neighbouring elements: ``pieces[i]`` begins at ``starts[i]``; each span runs to the next."""

    starts: list[int]
    pieces: list[bytes]
    end: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no element; empty where only a comma or the end of the list is missing."""

    start: int
    end: int
    code: str
    what: str


Stretch = Frame | Elements | Broken


@dataclass(frozen=True, slots=True)
class Seam:
    """What lies between two neighbours: from before the ``}`` of one to the ``{`` of the next."""

    gap: bytes
    closing: int  # bytes of the gap up to and with the "}"
    opening: int  # bytes of the gap before the "{"


@dataclass(frozen=True, slots=True)
class Alike:
    """Elements of one layout: their places, and where the value in each slot lies, one row a slot.

    That a string holds nothing JSON forbids is seen only when it is decoded.
    """

    layout: Layout
    places: Ints
    starts: Ints
    ends: Ints

    def between(self, first: int, last: int) -> "Alike":
        """Give those between two places, counted from the first of them."""
        low, high = np.searchsorted(self.places, (first, last))
        starts, ends = self.starts[:, low:high], self.ends[:, low:high]
        return Alike(self.layout, self.places[low:high] - first, starts, ends)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring elements in one window, many of them alike; ``rest`` are the places of others.

    ``starts`` and ``ends`` are indices into the window, of which ``base`` is the first byte's place
    in the file; each span runs to the next start, the last to ``end``.
    """

    data: bytes
    base: int
    starts: Ints
    ends: Ints
    end: int
    alike: tuple[Alike, ...]
    rest: Ints

    def piece(self, place: int) -> bytes:
        """Give the bytes of one element."""
        return self.data[self.starts[place] : self.ends[place]]

    def split(self, size: int) -> Iterator["Run"]:
        """Give the run in runs of at most so many elements."""
        count = len(self.ends)
        for first in range(0, count, size):
            last = min(first + size, count)
            low, high = np.searchsorted(self.rest, (first, last))
            yield Run(
                self.data,
                self.base,
                self.starts[first:last],
                self.ends[first:last],
                self.end if last == count else self.base + int(self.starts[last]),
                tuple(one.between(first, last) for one in self.alike),
                self.rest[low:high] - first,
            )

    def elements(self) -> Elements:
        """Give the elements one by one."""
        pairs = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return Elements(
            (self.starts + self.base).tolist(), [self.data[a:b] for a, b in pairs], self.end
        )


def held_bytes(stretch: Stretch | Run) -> int:
    """Say about how much memory a stretch needs."""
    if isinstance(stretch, Run):
        indices = sum(one.places.nbytes + 2 * one.starts.nbytes for one in stretch.alike)
        window = len(stretch.data)  # all of it is held, however little of it the run covers
        return window + stretch.starts.nbytes + stretch.ends.nbytes + indices
    if isinstance(stretch, Elements):
        return sum(map(len, stretch.pieces)) + _PIECE_BYTES * len(stretch.pieces)
    return len(stretch.data) if isinstance(stretch, Frame) else 0


def skims(piece: bytes) -> bool:
    """Say whether a piece is sound JSON."""
    try:
        _skim(piece)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def reads(piece: bytes) -> bool:
    """Say whether a piece is one whole JSON object, if need be with damaged characters in it."""
    if not skims(piece):
        try:
            json.loads(piece.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError):
            return False
    return True


def closing(data: bytes, at: int, limit: int) -> int:
    """Give the end of the bracket that opens at ``at``, or -1 where it does not close in time."""
    depth = 0
    for token in _TOKEN.finditer(data, at, limit):
        first = data[token.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
            if depth == 0:
                return token.end()
        elif token.end() - token.start() == 1:  # a string that does not end
            return -1
    return -1


def list_start(data: bytes, key: str) -> int:
    """Give the index behind the ``[`` of the outermost object's list of this name, or -1.

    Behind a string that does not end there is none: all that follows could lie in it, and each
    quote there would be followed to the end of the data again.
    """
    depth, wanted = 0, b'"' + key.encode() + b'"'
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
        elif token.end() - token.start() == 1:
            return -1
        elif depth == 1 and token[0] == wanted:
            opening = _OPENING.match(data, token.end())
            if opening is not None:
                return opening.end()
    return -1
