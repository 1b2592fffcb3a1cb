"""Rows that stand in space a database has freed: gaps and blocks of a table's pages, free pages.

A freed row keeps its bytes until others take their place, but for the first four in a freed block.
Only what holds up is given: a head with a type for each column, all of it inside the freed space,
each value of the sort its column has.  A row that went on in other pages is not put together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from witnessbox.intake.sqlite.image import HEADER_BYTES, Bytes, Image, Ints
from witnessbox.intake.sqlite.tables import Layout

Value = int | float | bytes | None
_HEAD_BYTES = 8  # of a leaf page
_LOST_BYTES = 4  # of a row at the start of a freed block
_LONG_TYPES = 8  # columns whose type may take a second byte
_MOST_HEAD = 127  # bytes of a row's head whose length is one byte
_BATCH_BYTES, _FREE_BYTES = 1 << 22, 1 << 19  # of pages looked through together
_MOST_TRIED = 100_000
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_REAL, _ZERO, _ONE, _FIRST_LONG = 7, 8, 9, 12
_FIRST_TRUNK, _TRUNK_HEAD = 32, 8


@dataclass(frozen=True, slots=True)
class Scrap:
    """One row in freed space: its bytes in the file, its row id where that stands, its values."""

    start: int
    end: int
    row: int | None
    kinds: tuple[int, ...]  # serial types
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Spaces:
    """Stretches of freed bytes, by their places in the file."""

    low: Ints
    high: Ints


def scraps(image: Image, layout: Layout, leaves: Sequence[int], least: int) -> Iterator[Scrap]:
    """Find rows of a table in the freed space of its leaves and on free pages.

    ``least`` is how many columns a row has at the least.  Only a table whose row id is its first
    column has rows that can be told.
    """
    columns = len(layout.columns)
    if layout.place(layout.key or "") != 0 or not least <= columns < _MOST_HEAD - _LONG_TYPES:
        return
    tried = 0
    size = image.header.page_bytes
    for spaces in _spaces(image, leaves, least):
        for place, top, lost in _heads(image.main, spaces, (least, columns)):
            tried += 1
            if tried > _MOST_TRIED:
                return
            offset = place // size * size
            raw = image.main[offset : offset + size].tobytes()
            at, high = place - offset, top - offset
            rows = (
                _beheaded(raw, at, high, columns) if lost else _row(raw, at, high, (least, columns))
            )
            for start, end, row, kinds, values in rows:
                yield Scrap(offset + start, offset + end, row, kinds, values)


def _spaces(image: Image, leaves: Sequence[int], least: int) -> Iterator[_Spaces]:
    """Give freed space that has room for a row, a stretch of pages at a time."""
    size, usable = image.header.page_bytes, image.header.usable_bytes
    step = max(1, _BATCH_BYTES // size)
    for first in range(0, len(leaves), step):
        numbers = np.array(leaves[first : first + step], np.int64)
        in_log = image.frames.of(numbers)[1]
        found = _leaf_spaces(image, numbers[~in_log])
        wide = found.high - found.low > least + _LOST_BYTES
        yield from _portions(found.low[wide], found.high[wide])
        image.forget()
    free = _free_pages(image)
    while part := list(islice(free, max(1, _FREE_BYTES // size))):
        begin = np.array([(number - 1) * size for number, _ in part], np.int64)
        taken = np.array([low for _, low in part], np.int64)
        yield _Spaces(begin + taken, begin + usable)
        image.forget()


def _portions(low: Ints, high: Ints) -> Iterator[_Spaces]:
    """Give spaces a few at a time, since each of their bytes is looked at at once."""
    portion = np.cumsum(high - low) // _FREE_BYTES
    for first in np.flatnonzero(np.diff(portion, prepend=-1)).tolist():
        last = int(np.searchsorted(portion, portion[first], "right"))
        yield _Spaces(low[first:last], high[first:last])


def _leaf_spaces(image: Image, numbers: Ints) -> _Spaces:
    """Find the gap between a leaf's pointers and its rows, and the blocks freed among the rows."""
    size, usable = image.header.page_bytes, image.header.usable_bytes
    begin = (numbers - 1) * size
    head = begin + np.where(numbers == 1, HEADER_BYTES, 0)
    data = image.main

    def pair(at: Ints) -> Ints:
        found: Ints = data[at].astype(np.int64) << 8 | data[at + 1]
        return found

    content = pair(head + 5)
    lows = [head + _HEAD_BYTES + 2 * pair(head + 3)]
    highs = [begin + np.minimum(np.where(content == 0, usable, content), usable)]
    blocks = pair(head + 1)
    for k in np.flatnonzero(blocks).tolist():
        page, at, after = int(begin[k]), int(blocks[k]), 0
        while after < at <= usable - _LOST_BYTES:
            following, length = (
                int.from_bytes(data[page + at + place : page + at + place + 2].tobytes(), "big")
                for place in (0, 2)
            )
            lows.append(np.array([page + at]))
            highs.append(np.array([page + min(at + length, usable)]))
            at, after = following, at + max(length, _LOST_BYTES) - 1
    return _Spaces(np.concatenate(lows), np.concatenate(highs))


def _free_pages(image: Image) -> Iterator[tuple[int, int]]:
    """Give each free page and where its freed bytes begin: behind the list of a trunk page."""
    trunk = _word(image.page(1), _FIRST_TRUNK)
    seen = bytearray(len(image.main) // image.header.page_bytes + 1)
    while 0 < trunk < len(seen) and not seen[trunk]:
        seen[trunk] = 1
        page = image.page(trunk)
        most = image.header.usable_bytes // 4 - 2
        count = min(_word(page, 4), most)
        yield trunk, _TRUNK_HEAD + 4 * count
        for k in range(count):
            leaf = _word(page, _TRUNK_HEAD + 4 * k)
            if 0 < leaf < len(seen) and not seen[leaf]:
                seen[leaf] = 1
                yield leaf, 0
        trunk = _word(page, 0)


def _word(data: Bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4].tobytes(), "big")


def _heads(
    data: Bytes, spaces: _Spaces, columns: tuple[int, int]
) -> Iterator[tuple[int, int, bool]]:
    """Give where a row's head may begin, where its space ends, and whether its start is lost.

    A head begins with its own length and the type of the row id, which is always that of null.
    """
    count = np.maximum(spaces.high - spaces.low, 0)
    begin = np.cumsum(count) - count
    at = np.repeat(spaces.low - begin, count) + np.arange(int(count.sum()))
    here = np.concatenate([data[at], np.zeros(3, np.uint8)])
    some = np.flatnonzero(here)  # most of what is free is zero, and says nothing

    def high(places: Ints) -> Ints:
        return spaces.high[np.searchsorted(begin, places, "right") - 1]

    fits = (here[some] > columns[0]) & (here[some] <= columns[1] + 1 + _LONG_TYPES)
    heads = some[fits]
    heads = heads[here[heads + 1] == 0]
    top = high(heads)
    for k, end in zip(at[heads].tolist(), top.tolist(), strict=True):
        if k + 1 < end:
            yield k, end, False
    # What was a block before the gap took it in still says how far the gap is.
    blocks = np.union1d(some - 2, some - 3)
    blocks = blocks[(blocks >= 0) & (blocks < len(at))]
    size, top = here[blocks + 2].astype(np.int64) << 8 | here[blocks + 3], high(blocks)
    for k in np.flatnonzero((at[blocks] + size == top) & (size >= _LOST_BYTES)).tolist():
        yield int(at[blocks[k]]) + _LOST_BYTES, int(top[k]), True


_Row = tuple[int, int, int | None, tuple[int, ...], tuple[Value, ...]]


def _row(page: bytes, at: int, high: int, columns: tuple[int, int]) -> Iterator[_Row]:
    """Read a row whose head stands."""
    head_end = at + page[at]
    kinds = _types(page, at + 1, head_end, columns[1]) if head_end <= high else None
    if kinds is None or kinds[1] != head_end or len(kinds[0]) < columns[0]:
        return
    found = _values(page, head_end, high, kinds[0])
    if found is not None:
        start, row = _prefix(page, at, found[1] - at)
        yield start, found[1], row, kinds[0], found[0]


def _beheaded(page: bytes, at: int, high: int, count: int) -> Iterator[_Row]:
    """Read rows of a block whose first bytes are lost: length, row id, head's length, first type.

    Freed rows that lay side by side are one block, and each of them lost its first bytes.
    """
    while at < high:
        found = _headless(page, at, high, count)
        if found is None:
            return
        yield found
        at = found[1] + _LOST_BYTES


def _headless(page: bytes, at: int, high: int, count: int) -> _Row | None:
    for known in ((), (0,)):
        kinds = _types(page, at, high, count - len(known))
        every = (*known, *kinds[0]) if kinds is not None else ()
        if kinds is None or len(every) != count or every[0] != 0 or not any(every):
            continue
        found = _values(page, kinds[1], high, every)
        if found is not None:
            return at, found[1], None, every, found[0]
    return None


def _types(page: bytes, at: int, high: int, most: int) -> tuple[tuple[int, ...], int] | None:
    """Read up to so many serial types, up to a place; give them and where they end."""
    kinds: list[int] = []
    while at < high and len(kinds) < most:
        found = _varint(page, at, high)
        if found is None or found[0] in (10, 11):
            return None
        kinds.append(found[0])
        at = found[1]
    return tuple(kinds), at


def _values(
    page: bytes, at: int, high: int, kinds: Sequence[int]
) -> tuple[tuple[Value, ...], int] | None:
    values: list[Value] = []
    for kind in kinds:
        size = (kind - _FIRST_LONG) // 2 if kind >= _FIRST_LONG else _SIZES[kind]
        piece = page[at : at + size]
        at += size
        if at > high:
            return None
        values.append(_value(kind, piece))
    return tuple(values), at


def _value(kind: int, piece: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (_ZERO, _ONE):
        return kind - _ZERO
    if kind == _REAL:
        return float(np.frombuffer(piece, ">f8")[0])
    return piece if kind >= _FIRST_LONG else int.from_bytes(piece, "big", signed=True)


def _prefix(page: bytes, at: int, payload: int) -> tuple[int, int | None]:
    """Read the row id and the length before a head backwards; the row id counts if they agree."""
    row_at = _back(page, at)
    size_at = _back(page, row_at)
    size, row = _varint(page, size_at, row_at), _varint(page, row_at, at)
    if size is None or row is None or (size[0], size[1], row[1]) != (payload, row_at, at):
        return at, None
    return size_at, row[0]


def _back(page: bytes, at: int) -> int:
    """Give where a number that ends at a place begins."""
    at -= 1
    least = at - 8
    while at - 1 >= max(least, 0) and page[at - 1] & 0x80:
        at -= 1
    return max(at, 0)


def _varint(page: bytes, at: int, high: int) -> tuple[int, int] | None:
    value = 0
    for step in range(9):
        if at + step >= high:
            return None
        byte = page[at + step]
        if step == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | (byte & 0x7F)
        if byte < 0x80:
            return value, at + step + 1
    return None
