"""Find the heads of messages in a stretch of a file, many lines at once.

Two ways give the same answer.  Templates are laid over all lines that could begin a message; what
no template fits is read by the pattern, line by line, and what the pattern reads becomes a
template.  ``Scanner(careful=True)`` leaves the templates out, so that tests can compare.
"""

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
    Words,
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
_DATE = np.uint64((1 << 8 * _SHORTEST_DATE_BYTES) - 1) & np.uint64(0x0101010101010101)


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

    def changes(self) -> Ints:
        """List the heads whose date or layout is not that of the head before; the first is one."""
        changed = np.ones(len(self), np.bool_)
        changed[1:] = self.layout[1:] != self.layout[:-1]
        for column in (self.a, self.b, self.c):
            changed[1:] |= column[1:] != column[:-1]
        return np.flatnonzero(changed)

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
        lines = _Lines.of(data, starts[rows], ends[rows])
        found: list[Heads] = []
        for template in self.templates:
            lines = self._lay(template, lines, found)
        misses = self._read_rest(data, lines.only(_likely(lines.words[0])), found)
        return _in_order(found), tuple(misses)

    def _lay(self, template: Template, lines: "_Lines", found: list[Heads]) -> "_Lines":
        """Add the heads that fit a template, and give the lines that are left."""
        if not len(lines):
            return lines
        hit = template.matches(lines.words)
        # A head lies within its line: the zeros or lines after it must not complete it.
        hit &= lines.start + template.stamp.size_bytes <= lines.end
        own = lines if hit.all() else lines.only(hit)
        if len(own):
            fields = [template.field(own.words, place) for place in range(6)]
            found.append(self._heads(own, template.stamp, fields))
        return lines.only(~hit)

    def _read_rest(self, data: bytes, lines: "_Lines", found: list[Heads]) -> list[int]:
        """Read lines one by one until new templates fit the rest; give those that are no heads."""
        misses: list[int] = []
        single: list[tuple[int, ...]] = []
        while len(lines):
            start = int(lines.start[0])
            line = data[start : min(int(lines.end[0]), start + LONGEST_HEAD_BYTES)]
            stamp = read(line)
            template = self._template(stamp, line)
            if template is not None:
                self.templates.append(template)
                lines = self._lay(template, lines, found)
                continue
            if stamp is not None:
                single.append(self._single(start, int(lines.end[0]), stamp))
            elif near_miss().match(line.decode("utf-8", "replace")):
                misses.append(start)
            lines = lines.only(slice(1, None))
        if single:
            found.append(Heads(*np.array(single, np.int64).T))
        return misses

    def _template(self, stamp: Stamp | None, line: bytes) -> Template | None:
        if stamp is None or self.careful or len(self.templates) >= _MOST_TEMPLATES:
            return None
        return Template.of(stamp, line)

    def _single(self, start: int, end: int, stamp: Stamp) -> tuple[int, ...]:
        """Give the columns of one head that no template fits."""
        first, last = start + stamp.stamp_start, start + stamp.stamp_end
        layout, half = self.place(stamp.layout), HALVES.index(stamp.half)
        return (start, end, stamp.size_bytes, first, last, layout, half, *stamp.fields)

    def _heads(self, lines: "_Lines", stamp: Stamp, fields: list[Ints]) -> Heads:
        """Make heads of lines that are all written like one stamp."""
        rows, place = len(lines), self.place(stamp.layout)
        size, layout, half = (
            np.full(rows, number) for number in (stamp.size_bytes, place, HALVES.index(stamp.half))
        )
        first, last = lines.start + stamp.stamp_start, lines.start + stamp.stamp_end
        return Heads(lines.start, lines.end, size, first, last, layout, half, *fields)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that could begin with a head: where they lie, and their first bytes."""

    start: Ints
    end: Ints
    words: list[Words]  # HEAD_BYTES of each, as columns of eight bytes

    @classmethod
    def of(cls, data: bytes, start: Ints, end: Ints) -> "_Lines":
        window: NDArray[np.void] = np.ndarray(
            (len(data) - HEAD_BYTES + 1,), dtype=f"V{HEAD_BYTES}", buffer=data, strides=(1,)
        )
        table = window[start].view("<u8").reshape(-1, HEAD_BYTES // 8)
        return cls(start, end, [np.ascontiguousarray(column) for column in table.T])

    def __len__(self) -> int:
        return len(self.start)

    def only(self, rows: Flags | slice) -> "_Lines":
        return _Lines(self.start[rows], self.end[rows], [word[rows] for word in self.words])


def _in_order(found: list[Heads]) -> Heads:
    """Put the heads that several templates found together, in file order."""
    if len(found) == 1:
        return found[0]
    if not found:
        return Heads(*(np.zeros(0, np.int64) for _ in fields(Heads)))
    order = np.argsort(np.concatenate([heads.start for heads in found]), kind="stable")
    columns = ([getattr(heads, field.name) for heads in found] for field in fields(Heads))
    return Heads(*(np.concatenate(column)[order] for column in columns))


def _likely(first: Words) -> Flags:
    """Say which lines, by their first eight bytes, can begin with a date at all."""
    octets = first.view(np.uint8).reshape(-1, 8)
    return np.asarray(_IN_DATES[octets].view(np.uint64)[:, 0] & _DATE == _DATE)
