"""A table's columns out of the payloads of its rows.

Each payload begins with its columns' types and lengths; all rows of a batch are read together, one
column after the other, so that no object is made for a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.cells import Cells
from witnessbox.intake.sqlite.image import Bytes, Flags, Ints
from witnessbox.intake.sqlite.varints import varints

_SIZES = np.array([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0], np.int64)
_SHORT_SIZES = np.array([*_SIZES, *((kind - 12) // 2 for kind in range(12, 128))], np.int64)
_SHORT: list[int] = _SHORT_SIZES.tolist()
_TWO_BYTES = 0x80  # from here on a type takes more than one byte
_FIRST_LONG = 12  # types from here on are blobs (even) and texts (odd), their length in them
_REAL, _ZERO, _ONE, _RESERVED, _RESERVED_TOO = 7, 8, 9, 10, 11
_INTEGERS = (1, 2, 3, 4, 5, 6)
_MOST_AT_ONCE = 32  # a multiple of 8
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
        least, most = self._kinds()
        if least == most and least in (0, _ZERO):  # as most columns of a batch are
            return values, known
        values[self.kind == _ONE] = 1
        for kind in _INTEGERS:
            if least <= kind <= most:
                rows = np.flatnonzero(self.kind == kind)
                values[rows] = _signed(self.data, self.at[rows], int(_SIZES[kind]))
        reals = np.flatnonzero(self.kind == _REAL)
        if len(reals):
            found = self.reals()[reals]
            whole = np.isfinite(found) & (np.abs(found) < 2.0**62)
            values[reals[whole]] = found[whole].astype(np.int64)
            known[reals[whole]] = True
        return values, known

    def _kinds(self) -> tuple[int, int]:
        """Give the least and the greatest type there is; that of null for no rows."""
        return (int(self.kind.min()), int(self.kind.max())) if len(self.kind) else (0, 0)

    def only(self, chosen: Flags) -> "Stored":
        """Keep some of the rows."""
        kind, at, size = (one[chosen] for one in (self.kind, self.at, self.size))
        return Stored(self.data, self.encoding, kind, at, size)

    def reals(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        """Give real numbers; NaN where there is none."""
        values = np.full(len(self.kind), np.nan)
        rows = np.flatnonzero(self.kind == _REAL)
        if len(rows):
            values[rows] = _signed(self.data, self.at[rows], 8).view(np.float64)
        return values

    def is_blob(self) -> Flags:
        """Say where there are bytes."""
        found: Flags = (self.kind >= _FIRST_LONG) & (self.kind & 1 == 0)
        return found

    def blobs(self) -> pa.Array:
        """Give bytes, null where there are none."""
        there = self.is_blob()
        return cut(self.data, self.at, np.where(there, self.size, 0), there)

    def texts(self) -> tuple[pa.Array, list[int]]:
        """Give texts, null where there is none, and the rows whose bytes are no sound text.

        A number in a column of text is given as its digits.  Unsound bytes become U+FFFD.
        """
        is_text = (self.kind > _FIRST_LONG) & (self.kind & 1 == 1)
        found = cut(self.data, self.at, np.where(is_text, self.size, 0), is_text)
        numeric = (self.kind > 0) & (self.kind <= _ONE)
        if self.encoding == "utf-8" and not numeric.any():
            try:
                return found.cast(pa.string()), []
            except pa.ArrowInvalid:
                pass
        numbers, known = self.integers()
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
    """Read whole numbers of so many bytes, the first of which bears the sign."""
    if size in (3, 6):
        high = _signed(data, at, size // 3)
        low = windows(data, f">u{size - size // 3}")[at + size // 3].astype(np.int64)
        return high << 8 * (size - size // 3) | low
    found: Ints = windows(data, f">i{size}")[at].astype(np.int64)
    return found


def windows(data: Bytes, kind: str) -> "np.ndarray[tuple[int, ...], np.dtype[Any]]":
    """See bytes as values that begin at every one of them."""
    size = np.dtype(kind).itemsize
    return np.ndarray((max(len(data) - size + 1, 0),), kind, data, 0, (1,))


def cut(data: Bytes, at: Ints, size: Ints, there: Flags) -> pa.Array:
    """Copy pieces out of bytes, padded at their end, into one array of binary strings.

    Arrow does the copying: each piece is a view of 16 bytes, its size, then either the piece itself
    where it is short, or its first bytes, a buffer's number and its place there.
    """
    far = size > _SHORT_BYTES
    pieces = size[far]
    if len(pieces) and (pieces == pieces[0]).all() and (far == there).all():
        return _alike(data, at[far], int(pieces[0]), there)
    if not len(pieces) and not there.any():
        return pa.nulls(len(size), pa.binary())
    views = np.zeros((len(size), _VIEW_BYTES // 4), np.int32)
    views[:, 0] = size
    written = views.view(np.uint8)
    short, long = np.flatnonzero(~far & (size > 0)), np.flatnonzero(far)
    if len(short):
        pieces = windows(data, f"V{_SHORT_BYTES}")[at[short]].view(np.uint8)
        pieces = pieces.reshape(-1, _SHORT_BYTES)
        pieces[np.arange(_SHORT_BYTES) >= size[short, None]] = 0
        written[short, 4:] = pieces
    views[long, 1] = windows(data, "=i4")[at[long]]
    views[long, 3] = at[long]
    mask = None if there.all() else pa.array(there).buffers()[1]
    buffers = [mask, pa.py_buffer(views), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary_view(), len(size), buffers).cast(pa.binary())


def _alike(data: Bytes, at: Ints, size: int, there: Flags) -> pa.Array:
    """Copy pieces of one size, such as identities are."""
    whole = len(at) == len(there)
    counted = np.arange(len(there) + 1) if whole else np.append(0, np.cumsum(there))
    offsets = pa.py_buffer((counted * size).astype(np.int32))
    mask = None if whole else pa.array(there).buffers()[1]
    pieces = pa.py_buffer(windows(data, f"V{size}")[at])
    return pa.Array.from_buffers(pa.binary(), len(there), [mask, offsets, pieces])


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
        laid = _laid(kinds, body)
        sound &= _fit(kinds, laid[-1], cells.payload_end)
        if not sound.all():
            kinds = [np.where(sound, _each(types, count), 0) for types in kinds]
            laid = _laid(kinds, body)
        for nth, (types, (place, size)) in enumerate(zip(kinds, laid, strict=True), column):
            if nth in wanted:
                kind, sizes = (_each(one, count) for one in (types, size))
                found[nth] = Stored(data, encoding, kind, place, sizes)
        place, size = laid[-1]
        at, body, column = at + steps, place + size, column + len(kinds)
    return found, sound


_Types = Bytes | Ints | int  # one number where all rows have the same
_Laid = tuple[Ints, Ints | int]  # where a column's values begin, and their lengths


def _each(values: _Types, count: int) -> Ints:
    return np.full(count, values, np.int64) if isinstance(values, int) else values.astype(np.int64)


def _laid(kinds: Sequence[_Types], body: Ints) -> list[_Laid]:
    """Lay columns behind one another."""
    found: list[_Laid] = []
    for types in kinds:
        size = _sizes(types)
        found.append((body, size))
        if not isinstance(size, int) or size:
            body = body + size
    return found


def _sizes(types: _Types) -> Ints | int:
    if isinstance(types, int):
        return _SHORT[types]
    if types.dtype == np.uint8:
        sizes: Ints = _SHORT_SIZES.take(types)
        return sizes
    long = (types - _FIRST_LONG) // 2
    return np.where(types >= _FIRST_LONG, long, _SIZES[np.clip(types, 0, _RESERVED_TOO)])


def _fit(kinds: Sequence[_Types], last: _Laid, end: Ints) -> Flags:
    """Say which rows' next columns are of types there are and do not run out of the row.

    Where there are several, none is longer than some bytes, so that the last one tells.
    """
    # What is too long for its row may be beyond all bounds, and is not added up.
    good: Flags = last[1] <= end - last[0]
    for types in kinds:
        if not isinstance(types, int):
            good &= (types >= 0) & (types != _RESERVED) & (types != _RESERVED_TOO)
        elif types in (_RESERVED, _RESERVED_TOO):
            good[:] = False
    return good


def _next(
    data: Bytes, at: Ints, head_end: Ints, sound: Flags, most: int
) -> tuple[list[_Types], Ints]:
    """Give the types of the next columns, and how many bytes of header they take.

    Types are one byte but for what is long; as many as are so in every row are read at once.
    """
    run = min(most, _MOST_AT_ONCE)
    if run > 1 and len(at) and not (sound & (at + run > head_end)).any():
        kinds, long = _apart(data, np.where(sound, at, 0), run)
        if not sound.all():
            kinds = [np.where(sound, _each(types, len(at)), 0).astype(np.uint8) for types in kinds]
            long = [int(np.max(types)) >= _TWO_BYTES for types in kinds]
        short = long.index(True) if True in long else run
        if short:
            return kinds[:short], np.full(len(at), short, np.int64)
    there = sound & (at < head_end)
    kind, step = varints(data, np.where(there, at, 0))
    return [np.where(there, kind, 0)], step * there


def _apart(data: Bytes, at: Ints, run: int) -> tuple[list[_Types], list[bool]]:
    """Give the bytes at each place, column by column, and in which columns one is beyond 127.

    A column that is the same throughout is one number.
    """
    heads = windows(data, f"V{_MOST_AT_ONCE}")[at].view(np.uint8).reshape(len(at), -1)
    words = np.ascontiguousarray(heads.view(np.uint64).T)
    unlike = np.array([np.bitwise_or.reduce(each ^ each[0]) for each in words]).view(np.uint8)
    first, varied = heads[0, :run].tolist(), unlike[:run].tolist()
    long = ((unlike | heads[0])[:run] >= _TWO_BYTES).tolist()
    return [heads[:, k].copy() if more else first[k] for k, more in enumerate(varied)], long
