"""Find the heads of messages in a stretch of a file, many lines at once.

Two ways give the same answer.  Templates are laid over all lines that could begin a message; what
no template fits is read by the pattern, line by line, and what the pattern reads becomes a
template.  ``Scanner(careful=True)`` leaves the templates out, so that tests can compare.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.whatsapp.memory import MOST_HEADS, Kept
from witnessbox.intake.whatsapp.stamps import (
    HEAD_BYTES,
    LONGEST_HEAD_BYTES,
    Layout,
    Stamp,
    Template,
    near_miss,
    read,
)

HALVES = ("", "am", "pm", "noon")
_MOST_TEMPLATES = 256

LF, CR = 10, 13

_SHORTEST_DATE_BYTES = 6

# A head begins with a digit or a bracket, or with a mark or a digit of another script.
_OPENERS = np.zeros(256, np.bool_)
_OPENERS[list(b"0123456789[")] = True
_OPENERS[[0xD8, 0xD9, 0xDB, 0xDD, 0xDF, 0xE0, 0xE1, 0xE2, 0xEA, 0xEF]] = True

# What the first bytes of a head can be: no date is shorter than 1/2/24.
_IN_DATES = np.zeros(256, np.bool_)
_IN_DATES[list(b"0123456789[./-: \t")] = True
_IN_DATES[0x80:] = True


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads found in a stretch, a column each; positions count from its first byte."""

    start: Ints
    line_end: Ints  # where the head's line ends, before its line end
    size: Ints  # bytes from start to the end of the head
    stamp_start: Ints
    stamp_end: Ints
    layout: Ints
    half: Ints  # place in HALVES
    a: Ints
    b: Ints
    c: Ints
    h: Ints
    m: Ints
    s: Ints

    def __len__(self) -> int:
        return len(self.start)

    @property
    def body(self) -> Ints:
        """Give the first byte after each head."""
        return self.start + self.size

    def only(self, rows: Ints | Flags | slice) -> "Heads":
        """Keep some of the heads."""
        return Heads(*(getattr(self, field.name)[rows] for field in fields(self)))


class Scanner:
    """Finds heads and remembers the layouts and templates it has met."""

    __slots__ = ("careful", "kept", "layouts", "line_end", "places", "templates")

    def __init__(
        self, *, line_end: int = LF, careful: bool = False, most_kept: int = MOST_HEADS
    ) -> None:
        """Start without any layout; lines end with the byte ``line_end``."""
        self.kept: Kept[tuple[Heads, tuple[int, ...]]] = Kept(most_kept)
        self.line_end = line_end
        self.careful = careful
        self.layouts: list[Layout] = []
        self.places: dict[Layout, int] = {}
        self.templates: list[Template] = []

    def place(self, layout: Layout) -> int:
        """Give a layout's number: they are numbered in the order they are met."""
        if layout not in self.places:
            self.places[layout] = len(self.layouts)
            self.layouts.append(layout)
        return self.places[layout]

    def scan(self, offset: int, data: bytes, size: int) -> tuple[Heads, tuple[int, ...]]:
        """Find the heads in the first ``size`` bytes, and the lines that only look like one.

        ``offset`` is where in the file the bytes stand: they are searched once, if there is room.
        """

        def find() -> tuple[tuple[Heads, tuple[int, ...]], int]:
            found = self._scan(data, size)
            return found, len(found[0])

        return self.kept.recall(offset, size, find=find)

    def _scan(self, data: bytes, size: int) -> tuple[Heads, tuple[int, ...]]:
        octets = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(octets[:size] == self.line_end)
        starts = np.concatenate([[0], ends + 1])
        if starts[-1] >= size:
            starts = starts[:-1]
        else:
            ends = np.append(ends, size)
        rows = np.flatnonzero(_OPENERS[octets[starts]])
        found = _Found(starts[rows], ends[rows])
        self._lay_templates(data, found)
        misses = self._read_rest(data, found)
        return found.heads(), tuple(misses)

    def _lay_templates(self, data: bytes, found: "_Found") -> None:
        if self.careful or not len(found.start):
            return
        words = _words(data, found.start)
        rest = np.arange(len(found.start))
        for template in self.templates:
            rest, words = self._lay(template, found, rest, words)
        likely = _likely(words[0])
        found.fresh[rest[~likely]] = False
        rest, words = rest[likely], [word[likely] for word in words]
        while len(rest) and len(self.templates) < _MOST_TEMPLATES:
            row = int(rest[0])
            line = data[found.start[row] : found.line_end[row]][:LONGEST_HEAD_BYTES]
            stamp = read(line) if found.fresh[row] else None
            template_or_none = Template.of(stamp, line) if stamp else None
            if template_or_none is None:
                self._settle(found, row, stamp)
                rest, words = rest[1:], [word[1:] for word in words]
            else:
                self.templates.append(template_or_none)
                rest, words = self._lay(template_or_none, found, rest, words)

    def _settle(self, found: "_Found", row: int, stamp: Stamp | None) -> None:
        found.fresh[row] = False
        if stamp is not None:
            found.write(np.array([row]), stamp, self.place(stamp.layout))
            found.write_fields(np.array([row]), [np.array([n]) for n in stamp.fields])

    def _lay(
        self, template: Template, found: "_Found", rest: Ints, words: list[NDArray[np.uint64]]
    ) -> tuple[Ints, list[NDArray[np.uint64]]]:
        if not len(rest):
            return rest, words
        hit = template.matches(words)
        # A head lies within its line: the zeros or lines after it must not complete it.
        hit &= found.start[rest] + template.stamp.size_bytes <= found.line_end[rest]
        if hit.all():
            rows, own = rest, words
        else:
            rows, own = rest[hit], [word[hit] for word in words]
        if len(rows):
            found.write(rows, template.stamp, self.place(template.stamp.layout))
            found.write_fields(rows, [template.field(own, n) for n in range(6)])
            found.fresh[rows] = False
        return rest[~hit], [word[~hit] for word in words]

    def _read_rest(self, data: bytes, found: "_Found") -> Iterator[int]:
        misses = []
        rows = np.flatnonzero(found.layout < 0)
        if len(rows):
            rows = rows[_likely(_words(data, found.start[rows], _FIRST)[0])]
        for row in rows.tolist():
            start = int(found.start[row])
            line = data[start : min(int(found.line_end[row]), start + LONGEST_HEAD_BYTES)]
            stamp = read(line) if found.fresh[row] else None
            if stamp is not None:
                self._settle(found, row, stamp)
            elif near_miss().match(line.decode("utf-8", "replace")):
                misses.append(start)
        return iter(misses)


class _Found:
    """The columns of heads while they are being filled; a row of layout -1 is no head."""

    __slots__ = (
        "fields", "fresh", "half", "layout", "line_end", "size", "stamp_end", "stamp_start",
        "start",
    )  # fmt: skip

    def __init__(self, start: Ints, line_end: Ints) -> None:
        rows = len(start)
        self.start, self.line_end = start, line_end
        self.fresh = np.ones(rows, np.bool_)  # no careful look taken yet
        self.layout = np.full(rows, -1, np.int64)
        self.size = np.zeros(rows, np.int64)
        self.stamp_start = np.zeros(rows, np.int64)
        self.stamp_end = np.zeros(rows, np.int64)
        self.half = np.zeros(rows, np.int64)
        self.fields = [np.zeros(rows, np.int64) for _ in range(6)]

    def write(self, rows: Ints, stamp: Stamp, layout: int) -> None:
        self.layout[rows] = layout
        self.size[rows] = stamp.size_bytes
        self.stamp_start[rows] = self.start[rows] + stamp.stamp_start
        self.stamp_end[rows] = self.start[rows] + stamp.stamp_end
        self.half[rows] = HALVES.index(stamp.half)

    def write_fields(self, rows: Ints, values: list[Ints]) -> None:
        for column, value in zip(self.fields, values, strict=True):
            column[rows] = value

    def heads(self) -> Heads:
        heads = Heads(
            self.start, self.line_end, self.size, self.stamp_start, self.stamp_end,
            self.layout, self.half, *self.fields,
        )  # fmt: skip
        kept = self.layout >= 0
        return heads if kept.all() else heads.only(np.flatnonzero(kept))


_FIRST = 8


def _words(data: bytes, starts: Ints, size: int = HEAD_BYTES) -> list[NDArray[np.uint64]]:
    """Take the first bytes at each start, as columns of eight bytes."""
    window: NDArray[np.void] = np.ndarray(
        (len(data) - HEAD_BYTES + 1,), dtype=f"V{size}", buffer=data, strides=(1,)
    )
    table = window[starts].view("<u8").reshape(-1, size // 8)
    return [np.ascontiguousarray(table[:, place]) for place in range(size // 8)]


def _likely(first: NDArray[np.uint64]) -> Flags:
    """Say which lines, by their first eight bytes, can begin with a date at all."""
    octets = first.view(np.uint8).reshape(-1, 8)[:, :_SHORTEST_DATE_BYTES]
    return np.asarray(_IN_DATES[octets].all(axis=1))
