"""A table's columns out of the payloads of its rows.

Each payload begins with its columns' types and lengths; all rows of a batch are read together, one
column after the other, so that no object is made for a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.cells import Cells
from witnessbox.intake.sqlite.image import Bytes, Flags, Ints
from witnessbox.intake.sqlite.varints import varints

_SIZES = np.array([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0], np.int64)
_SHORT_SIZES = np.array([*_SIZES, *((kind - 12) // 2 for kind in range(12, 128))], np.int64)
_FIRST_LONG = 12  # types from here on are blobs (even) and texts (odd), their length in them
_REAL, _ONE, _RESERVED = 7, 9, (10, 11)
_INTEGERS = (1, 2, 3, 4, 5, 6)
_MOST_AT_ONCE = 16
PAD_BYTES = 16
"""What ``cut`` may read beyond the end of the last piece."""
_VIEW_BYTES, _SHORT_BYTES = 16, 12


@dataclass(frozen=True, slots=True)
class Stored:
    """One column of a batch: each value's type, place and length."""

    data: Bytes
    encoding: str
    kind: Ints  # serial type; 0 is null
    at: Ints
    size: Ints

    def integers(self) -> tuple[Ints, Flags]:
        """Give whole numbers, and where there is one; a real that is whole counts."""
        values = np.zeros(len(self.kind), np.int64)
        known = (self.kind > 0) & (self.kind <= _ONE) & (self.kind != _REAL)
        if not known.any() and not (self.kind == _REAL).any():
            return values, known
        values[self.kind == _ONE] = 1
        for kind in _INTEGERS:
            rows = np.flatnonzero(self.kind == kind)
            if len(rows):
                values[rows] = _signed(self.data, self.at[rows], int(_SIZES[kind]))
        reals = np.flatnonzero(self.kind == _REAL)
        if len(reals):
            found = self.reals()[reals]
            whole = np.isfinite(found) & (np.abs(found) < 2.0**62)
            values[reals[whole]] = found[whole].astype(np.int64)
            known[reals[whole]] = True
        return values, known

    def reals(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        """Give real numbers; NaN where there is none."""
        values = np.full(len(self.kind), np.nan)
        rows = np.flatnonzero(self.kind == _REAL)
        if len(rows):
            values[rows] = _signed(self.data, self.at[rows], 8).view(np.float64)
        return values

    def blobs(self) -> pa.Array:
        """Give bytes, null where there are none."""
        is_blob = (self.kind >= _FIRST_LONG) & (self.kind % 2 == 0)
        return cut(self.data, self.at, np.where(is_blob, self.size, 0), is_blob)

    def texts(self) -> tuple[pa.Array, list[int]]:
        """Give texts, null where there is none, and the rows whose bytes are no sound text.

        A number in a column of text is given as its digits.  Unsound bytes become U+FFFD.
        """
        is_text = (self.kind > _FIRST_LONG) & (self.kind % 2 == 1)
        found = cut(self.data, self.at, np.where(is_text, self.size, 0), is_text)
        numbers, known = self.integers()
        known &= ~is_text
        if self.encoding == "utf-8" and not known.any():
            try:
                return found.cast(pa.string()), []
            except pa.ArrowInvalid:
                pass
        bad: list[int] = []
        values: list[str | None] = []
        for row, piece in enumerate(found.to_pylist()):
            if piece is None:
                values.append(str(numbers[row]) if known[row] else None)
                continue
            try:
                values.append(piece.decode(self.encoding))
            except UnicodeDecodeError:
                bad.append(row)
                values.append(piece.decode(self.encoding, "replace"))
        return pa.array(values, pa.string()), bad


def _signed(data: Bytes, at: Ints, size: int) -> Ints:
    values = data[at].view(np.int8).astype(np.int64)
    for step in range(1, size):
        values = values << 8 | data[at + step]
    return values


def cut(data: Bytes, at: Ints, size: Ints, there: Flags) -> pa.Array:
    """Copy pieces out of bytes, padded at their end, into one array of binary strings.

    Arrow does the copying: each piece is a view of 16 bytes, its size, then either the piece itself
    where it is short, or its first bytes, a buffer's number and its place there.
    """
    views = np.zeros((len(size), _VIEW_BYTES // 4), np.int32)
    views[:, 0] = size
    written = views.view(np.uint8)
    long = size > _SHORT_BYTES
    short, far = np.flatnonzero(~long & (size > 0)), np.flatnonzero(long)
    nth = np.arange(_SHORT_BYTES)
    pieces = data[at[short, None] + nth]
    pieces[nth >= size[short, None]] = 0
    written[short, 4:] = pieces
    written[far, 4:8] = data[at[far, None] + np.arange(4)]
    views[far, 3] = at[far]
    mask = None if there.all() else pa.array(there).buffers()[1]
    buffers = [mask, pa.py_buffer(views), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary_view(), len(size), buffers).cast(pa.binary())


def stored(cells: Cells, wanted: Sequence[int], encoding: str) -> tuple[dict[int, Stored], Flags]:
    """Find columns, by their place in the rows, and say of each row whether its header is sound.

    A column that a row is too short for (it was added to the table later) is null there.
    """
    data, count = cells.data, len(cells.payload)
    head, length = varints(data, cells.payload) if count else (np.empty(0, np.int64),) * 2
    head_end = cells.payload + head
    sound = (head >= length) & (head_end <= cells.payload_end)
    at, body = cells.payload + length, np.where(sound, head_end, cells.payload)
    found: dict[int, Stored] = {}
    column, last = 0, max(wanted, default=-1)
    while column <= last:
        kinds, steps = _next(data, at, head_end, sound, last - column + 1)
        sizes = _sizes(kinds)
        # What is too long for its row may be beyond all bounds: it is told before it is added up.
        good = ~np.isin(kinds, _RESERVED).any(axis=0) & (sizes <= cells.payload_end - body).all(0)
        good &= (kinds >= 0).all(axis=0)
        ends = np.cumsum(np.where(good, sizes, 0), axis=0) + body
        good &= ends[-1] <= cells.payload_end
        sound &= good
        if not sound.all():
            kinds, sizes = np.where(sound, kinds, 0), np.where(sound, sizes, 0)
            ends = np.cumsum(sizes, axis=0) + body
        for nth in range(len(kinds)):
            if column + nth in wanted:
                kind, size = kinds[nth].astype(np.int64), sizes[nth]
                found[column + nth] = Stored(data, encoding, kind, ends[nth] - size, size)
        at, body, column = at + steps, ends[-1], column + len(kinds)
    return found, sound


def _sizes(kinds: Bytes | Ints) -> Ints:
    if kinds.dtype == np.uint8:
        return _SHORT_SIZES[kinds]
    return np.where(kinds >= _FIRST_LONG, (kinds - _FIRST_LONG) // 2, _SIZES[np.clip(kinds, 0, 11)])


def _next(
    data: Bytes, at: Ints, head_end: Ints, sound: Flags, most: int
) -> tuple[Bytes | Ints, Ints]:
    """Give the types of the next columns, a line each, and how many bytes of header they take.

    Types are one byte but for what is long; as many as are so in every row are read at once.
    """
    run = min(most, _MOST_AT_ONCE)
    if run > 1 and not (sound & (at + run > head_end)).any():
        kinds = data[np.where(sound, at, 0) + np.arange(run)[:, None]]
        if not sound.all():
            kinds[:, ~sound] = 0
        long = (kinds >= 0x80).any(axis=1)
        short = int(np.argmax(long)) if long.any() else run
        if short:
            return kinds[:short], np.full(len(at), short, np.int64)
    there = sound & (at < head_end)
    kind, step = varints(data, np.where(there, at, 0))
    return np.where(there, kind, 0)[None, :], step * there
