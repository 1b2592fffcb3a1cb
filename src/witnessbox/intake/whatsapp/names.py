"""Tell a sender from a sentence the platform wrote.

Everything before the first colon and space may be a name.  Structure decides: who speaks more than
once, which candidate opens a quotation it does not close, where the platform puts its mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.whatsapp.cuts import distinct
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.memory import Kept
from witnessbox.intake.whatsapp.stamps import Words
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.wordings import recognise

LONGEST_NAME = 100
_COLON, _SPACE, _COMMA = 0x3A, 0x20, 0x2C
_MOST_WORDS = 6
_COLONS, _LOW_BITS, _HIGH_BITS = (
    np.uint64(byte * 0x0101010101010101) for byte in (_COLON, 0x01, 0x80)
)
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"))


class Standing(Enum):
    """What stands between a head and the first colon."""

    SPEAKER = "a sender"
    SENTENCE = "part of a notice"
    UNSURE = "read as a sender, could be part of a notice"


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each head, where a colon ends what may be a name (-1: no colon on its line)."""

    colon: Ints
    end: Ints  # of the name: before the colon, and before a space where heads end in a comma
    index: Ints  # place in ``names``; 0 where there is none
    names: tuple[bytes, ...]
    counts: Ints

    @property
    def named(self) -> Flags:
        """Say which heads a candidate follows."""
        return self.colon >= 0


def candidates(stretch: Stretch, heads: Heads, kept: Kept[Candidates]) -> Candidates:
    """Find what stands before the first colon and space on each head's line."""

    def find() -> tuple[Candidates, int]:
        return _candidates(stretch, heads), len(heads)

    # Of the heads between two bytes some may be refused, never others added.
    return kept.recall(stretch.offset, stretch.size, len(heads), find=find)


def _candidates(stretch: Stretch, heads: Heads) -> Candidates:
    octets, body = stretch.octets(), heads.body
    colon = first_colons(stretch.data, body, heads.line_end)
    empties = np.flatnonzero(colon < 0)
    if len(empties):
        _bare_colons(octets, heads, colon, empties)
    end = _ends(octets, body, colon, colon >= 0)
    index, names = distinct(stretch.data, body, end)
    return Candidates(colon, end, index, names, np.bincount(index, minlength=len(names)))


def first_colons(data: bytes, body: Ints, line_end: Ints) -> Ints:
    """Find the first colon before a space on each head's line; -1 where none stands behind a name.

    All lines are searched eight bytes at a time, and what is left of a few long ones on its own.
    """
    octets = np.frombuffer(data, np.uint8)
    window: Words = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    colon = np.full(len(body), -1, np.int64)
    rows, begin, at, end = np.arange(len(body)), body, body, line_end
    for _ in range(_MOST_WORDS):
        place = _first_colon(window[at])
        spot = at + place
        found = (place < 8) & (octets[spot + 1] == _SPACE)
        named = found & (spot > begin) & (spot < end)
        colon[rows[named]] = spot[named]
        at = spot + (place < 8)
        left = ~found & (at < end)
        rows, begin, at, end = rows[left], begin[left], at[left], end[left]
        if not len(rows):
            return colon
    for row, start, stop in zip(rows.tolist(), at.tolist(), end.tolist(), strict=True):
        colon[row] = data.find(b": ", start, stop)
    return colon


def _first_colon(words: Words) -> Ints:
    """Give the place of each word's first colon; 8 where it has none."""
    other = words ^ _COLONS
    colons = (other - _LOW_BITS) & ~other & _HIGH_BITS  # exact up to the first
    below = (colons & (~colons + np.uint64(1))) - np.uint64(1)
    return np.asarray(np.bitwise_count(below) >> 3, np.int64)


def _ends(octets: NDArray[np.uint8], body: Ints, colon: Ints, named: Flags) -> Ints:
    """Take the space before a colon off the name: heads that end in a comma have one."""
    spaced = (octets[body - 2] == _COMMA) & (octets[colon - 1] == _SPACE) & (colon > body + 1)
    return np.where(named, colon - spaced, body)


def _bare_colons(octets: NDArray[np.uint8], heads: Heads, colon: Ints, rows: Ints) -> None:
    """Take a line that ends in a colon for the sender of an empty message."""
    last = heads.line_end[rows] - 1
    last = last - (octets[last] == 0x0D)
    bare = (last > heads.body[rows]) & (octets[last] == _COLON)
    colon[rows[bare]] = last[bare]


def standing(name: str, line: str, counts: Mapping[bytes, int]) -> Standing:
    """Judge a candidate for a name; ``line`` is the whole text it begins, ``counts`` who speaks."""
    if _opens_a_quotation(name) or len(name) > LONGEST_NAME:
        return Standing.SENTENCE
    if recognise(line) is not None:
        return Standing.SENTENCE
    if counts.get(name.encode(), 0) > 1:
        return Standing.SPEAKER
    parts = name.split(" ")
    heads = (" ".join(parts[:cut]) for cut in range(1, len(parts)))
    if len(parts) > 2 and any(counts.get(head.encode(), 0) > 1 for head in heads):
        return Standing.UNSURE
    return Standing.SPEAKER


def _opens_a_quotation(name: str) -> bool:
    if name.count('"') % 2:
        return True
    return any(name.count(opening) > name.count(closing) for opening, closing in _PAIRS[1:]) or (
        name.count("“") > name.count("”") and "„" not in name
    )
