"""Neighbouring elements of a JSON list, found and proven many at once.  Pure.

Where elements begin is guessed from what stands between most neighbours.  An element then counts
when it has a *layout* that is known (see ``json_layout``), or else when it decodes on its own; from
the first one that does neither, nothing counts.  Layouts are learnt from the elements that have
none yet, so that few have to be decoded.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.json_layout import Layout, layout_of
from witnessbox.intake.json_octets import (
    Octets,
    before,
    escapes_of,
    octets_of,
    pieces,
    quotes_of,
    same,
    slashes_of,
    words_of,
)
from witnessbox.intake.json_spans import Alike, Seam, Shape, skims

_LEARNT = 24  # layouts kept in mind
_LOOKS = 8  # at most, in one window
_TRIED = 64  # elements a layout is looked for in, each time
_TRIES = 32  # how often that is done over a whole file
_WORTH = 32  # one in so many without a layout is few enough
_TIMES = 2  # a layout is worth keeping from so many elements on
_KEY_BYTES = 8
_LONGEST_SEAM_BYTES = 1 << 9
_ZERO, _NINE = ord("0"), ord("9")


Keys = tuple[tuple[np.uint64, np.uint64], ...]
"""The keys that may be the first of an element: their first bytes as a number, and its mask."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Where elements lie in a window: each begins at a start, and the last start is not taken.

    ``quotes`` is counted from the first start on, ``firsts`` say which is the first of each.
    """

    octets: Octets
    starts: Ints
    ends: Ints
    quotes: Ints
    firsts: Ints


@dataclass(slots=True)
class Found:
    """What was found in one window: ``alike`` elements, and the places of the others.

    ``sound`` is how many elements from the first on were seen to be whole.
    """

    data: bytes
    starts: Ints
    ends: Ints
    alike: tuple[Alike, ...]
    rest: Ints
    sound: int = 0

    def proven(self, at: int) -> tuple[int, int]:
        """Give the place of the element that begins here, and the one up to which all are whole."""
        first = int(np.searchsorted(self.starts, at))
        others = self.rest[np.searchsorted(self.rest, max(first, self.sound)) :]
        for other in others.tolist():
            if not skims(self.data[self.starts[other] : self.ends[other]]):
                return first, int(other)
            self.sound = other + 1
        return first, len(self.ends)

    def begins(self, data: bytes, at: int) -> bool:
        """Say whether an element was found to begin here."""
        place = int(np.searchsorted(self.starts, at))
        return self.data is data and place < len(self.starts) and self.starts[place] == at

    def between(self, first: int, last: int) -> tuple[tuple[Alike, ...], Ints]:
        """Give what lies between two places, counted from the first of them."""
        low, high = np.searchsorted(self.rest, (first, last))
        cut = [one.between(first, last) for one in self.alike]
        return tuple(one for one in cut if len(one.places)), self.rest[low:high] - first


class Search:
    """Looks for elements in one window after another, and remembers the layouts it has met."""

    def __init__(self, shape: Shape) -> None:
        self._varying = shape.varying
        self._keys: Keys = tuple(map(_number, shape.first_keys))
        self._layouts: list[Layout] = []
        self._tries = _TRIES
        self._found: Found | None = None
        self._window = b""
        self._from = 0  # in this window, no look before here

    def look(self, data: bytes, at: int, seam: Seam) -> Found | None:
        """Give what is found around the start of an element; None where that is nothing.

        A window is looked over a few times at most: damage without end must not buy many looks.
        """
        if self._found is not None and self._found.begins(data, at):
            return self._found
        if self._window is not data:
            self._window, self._from = data, 0
        if not self._varying or at < self._from:
            return None
        self._from = at + len(data) // _LOOKS
        self._found = self._look(data, at, seam)
        return self._found

    def _look(self, data: bytes, at: int, seam: Seam) -> Found | None:
        guess = _guess(data, at, seam, self._keys)
        if guess is None:
            return None
        left = np.ones(len(guess.ends), np.bool_)
        counts = np.diff(guess.firsts)
        alike = [_alike(guess, layout, left, counts) for layout in self._layouts]
        learnt = self._learn(data, guess, left)
        alike += [_alike(guess, layout, left, counts) for layout in learnt]
        met = tuple(one for one in alike if len(one.places))
        return Found(data, guess.starts, guess.ends, met, np.flatnonzero(left))

    def _learn(self, data: bytes, guess: Guess, left: Flags) -> list[Layout]:
        """Learn the layouts that several of the elements without one share."""
        room = _LEARNT - len(self._layouts)
        places = np.flatnonzero(left)
        if len(places) * _WORTH < len(left) or not self._tries or not room:
            return []
        self._tries -= 1
        others = (
            data[guess.starts[place] : guess.ends[place]] for place in places[:_TRIED].tolist()
        )
        made = Counter(layout_of(piece, self._varying) for piece in others if skims(piece))
        known = {None, *self._layouts}
        learnt = [
            layout
            for layout, times in made.most_common()
            if layout is not None and layout not in known and times >= _TIMES
        ]
        self._layouts += learnt[:room]
        return learnt[:room]


@cache  # a file of many lists asks for the same few keys for each
def _number(key: str) -> tuple[np.uint64, np.uint64]:
    written = (key.encode() + b'"')[:_KEY_BYTES]
    mask = b"\xff" * len(written)
    return np.uint64(int.from_bytes(written, "little")), np.uint64(int.from_bytes(mask, "little"))


def _guess(data: bytes, at: int, seam: Seam, keys: Keys) -> Guess | None:
    """Guess where elements begin: behind a seam, with one of the keys that may be the first."""
    octets = octets_of(data)
    slashes = slashes_of(octets[at:]) + at
    escapes = escapes_of(octets, slashes)
    unknown = slashes[escapes.characters < 0]
    limit = int(unknown[0]) if len(unknown) else len(data)
    quotes = quotes_of(octets[at:], slashes - at) + at
    if not len(quotes):
        return None
    opening = data[at : quotes[0] + 1]
    between = seam.gap[seam.closing - 1 : -1] + opening
    if len(between) > _LONGEST_SEAM_BYTES:
        return None
    behind = quotes[2::2] + 1
    firsts = np.flatnonzero(before(octets, behind, between))
    behind = behind[firsts]
    firsts = firsts[: np.searchsorted(behind, len(data) - _KEY_BYTES, "right")]
    heads = words_of(octets, behind[: len(firsts)])
    firsts = firsts[np.logical_or.reduce([heads & mask == key for key, mask in keys])]
    starts = np.concatenate(([at], quotes[2 * firsts + 2] + 1 - len(opening)))
    ends = starts[1:] - (seam.opening - seam.closing)
    count = int(np.searchsorted(ends, limit, "right"))
    if not count:
        return None
    firsts = np.concatenate(([0], 2 * firsts[:count] + 2))
    return Guess(octets, starts[: count + 1], ends[:count], quotes, firsts)


def _alike(guess: Guess, layout: Layout, left: Flags, counts: Ints) -> Alike:
    """Find the elements of one layout among those that are left, and take them out of these."""
    places = np.flatnonzero(left & (counts == layout.quotes))
    at = _parts(guess, layout, places)
    sizes = np.array([len(part) for part in layout.fixed])[:, None]
    digits = np.array([slot.digits for slot in layout.slots])[:, None]
    starts, ends = at[:-1] + sizes[:-1], at[1:]
    fits = np.where(digits, ends - starts == digits, ends > starts).all(axis=0)
    fits &= (at[0] == guess.starts[places]) & (at[-1] + sizes[-1] == guess.ends[places])
    kept = np.flatnonzero(fits)
    for part, row in zip(layout.fixed, at, strict=True):
        kept = kept[same(guess.octets, row[kept], part)]
    for slot, row in zip(layout.slots, starts, strict=True):
        if slot.digits:
            kept = kept[_numbers(guess.octets, row[kept], slot.digits)]
    left[places[kept]] = False
    return Alike(layout, places[kept], starts[:, kept], ends[:, kept])


def _parts(guess: Guess, layout: Layout, places: Ints) -> Ints:
    """Say where each fixed part has to lie, one row a part, if the elements have this layout."""
    firsts = guess.firsts[places]
    rows = [
        guess.quotes[firsts + quote] - into if into >= 0 else guess.ends[places] - len(part)
        for part, (quote, into) in zip(layout.fixed, layout.anchors, strict=True)
    ]
    return np.stack(rows)


def _numbers(octets: Octets, starts: Ints, digits: int) -> Flags:
    """Say where whole numbers of so many digits stand."""
    rows = pieces(octets, starts, digits).view(np.uint8).reshape(-1, digits)
    sound: Flags = rows[:, 0] != _ZERO
    if rows.size and not _ZERO <= rows.min() <= rows.max() <= _NINE:
        sound &= ((rows >= _ZERO) & (rows <= _NINE)).all(axis=1)
    return sound
