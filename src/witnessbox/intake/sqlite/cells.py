"""The rows of leaf pages: where each cell stands, and its payload in one piece.

A cell's span is its bytes on its leaf page.  A row too long for its page goes on in overflow pages;
its payload is put together behind the pages, its span stays that of the cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from witnessbox.intake.sqlite.image import (
    HEADER_BYTES,
    PAD_BYTES,
    Bytes,
    Flags,
    Gathered,
    Image,
    Ints,
)
from witnessbox.intake.sqlite.varints import MOST_BYTES, varints

_HEADER_BYTES = 8  # of a leaf page
_BATCH_BYTES = 1 << 21
_STITCHED_TOGETHER_BYTES = 1 << 25  # of long rows, of several leaves
_LEAST_CELL = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """A row, or a pointer to one, that cannot be read; it may own no bytes (``end == start``)."""

    start: int
    end: int
    from_wal: bool
    row: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Cells:
    """The sound cells of some leaves, and what is wrong with the others."""

    data: Bytes  # the pages, then the payloads that were put together; padded
    payload: Ints  # where each payload begins in ``data``
    payload_end: Ints
    rowid: Ints
    start: Ints  # in the file the page stands in
    end: Ints
    from_wal: Flags
    faults: tuple[Fault, ...]


def cells(image: Image, leaves: Iterator[int]) -> Iterator[Cells]:
    """Read leaves a stretch at a time."""
    step = max(1, _BATCH_BYTES // image.header.page_bytes)
    while several := list(islice(leaves, step)):
        yield from _stretch(image, np.array(several, np.int64))


def _stretch(image: Image, leaves: Ints) -> Iterator[Cells]:
    """Read some leaves together; those whose rows go on over too many pages, in halves."""
    got = image.gather(leaves)
    image.forget()
    pages, places, sunk = _pointers(image, got)
    found = _measure(image, got.flat, got.data.shape[1], pages, places)
    beyond = int(found.total[found.sound & (found.total > found.local)].sum())
    if beyond > _STITCHED_TOGETHER_BYTES and len(leaves) > 1:
        half = len(leaves) // 2
        yield from _stretch(image, leaves[:half])
        yield from _stretch(image, leaves[half:])
        return
    yield _read(image, got, found, sunk)
    image.forget()


@dataclass(slots=True)
class _Found:
    """Cells of the gathered pages, as places in their bytes."""

    page: Ints  # row of the gathered pages
    at: Ints  # in the page
    size: Ints  # of the cell on its page
    head: Ints  # bytes before the payload
    local: Ints  # payload bytes on the page
    total: Ints  # payload bytes in all
    rowid: Ints
    sound: Flags
    beyond: Flags  # rows longer than the limit


def _read(image: Image, got: Gathered, found: _Found, sunk: list[Fault]) -> Cells:
    flat, size = got.flat, got.data.shape[1]
    lap = _overlapping(found)
    faults = [*sunk, *_faults(got, found, lap, image.limits.database_row_bytes)]
    keep = found.sound & ~lap
    page, at = found.page[keep], found.at[keep]
    payload = page * size + at + found.head[keep]
    total, local = found.total[keep], found.local[keep]
    start = got.offsets[page] + at
    end = start + found.size[keep]
    from_wal, rowid = got.from_wal[page], found.rowid[keep]
    good = np.ones(len(page), np.bool_)
    extra: list[bytes] = []
    length = got.data.size
    for k in np.flatnonzero(total > local).tolist():
        size_bytes = int(total[k])
        whole, why = _whole(image, flat, (int(payload[k]), int(local[k]), size_bytes), length)
        if whole is None:
            good[k] = False
            faults.append(Fault(int(start[k]), int(end[k]), bool(from_wal[k]), int(rowid[k]), why))
        else:
            payload[k] = length
            length += len(whole)
            extra.append(whole)
    if extra:
        parts = [flat[: got.data.size], np.frombuffer(b"".join(extra), np.uint8)]
        flat = np.concatenate([*parts, np.zeros(PAD_BYTES, np.uint8)])
    return Cells(
        data=flat,
        payload=payload[good],
        payload_end=(payload + total)[good],
        rowid=rowid[good],
        start=start[good],
        end=end[good],
        from_wal=from_wal[good],
        faults=tuple(faults),
    )


def _pointers(image: Image, got: Gathered) -> tuple[Ints, Ints, list[Fault]]:
    """Give the page and the place of every cell the pages point at."""
    data, usable = got.data, image.header.usable_bytes
    base = np.where(got.numbers == 1, HEADER_BYTES, 0)
    rows = np.arange(len(data))
    count = data[rows, base + 3].astype(np.int64) << 8 | data[rows, base + 4]
    room = (usable - base - _HEADER_BYTES) // 2
    faults = [
        Fault(
            int(got.offsets[k]),
            int(got.offsets[k]),
            bool(got.from_wal[k]),
            None,
            f"page {int(got.numbers[k])} claims {int(count[k])} rows, more than it has room for",
        )
        for k in np.flatnonzero(count > room)
    ]
    count = np.minimum(count, room)
    pages = np.repeat(rows, count)
    nth = np.arange(len(pages)) - np.repeat(np.cumsum(count) - count, count)
    where = base[pages] + _HEADER_BYTES + 2 * nth
    places = data[pages, where].astype(np.int64) << 8 | data[pages, where + 1]
    least = base[pages] + _HEADER_BYTES + 2 * count[pages]
    astray = (places < least) | (places > usable - _LEAST_CELL)
    faults += [
        Fault(
            int(got.offsets[pages[k]] + where[k]),
            int(got.offsets[pages[k]] + where[k]),
            bool(got.from_wal[pages[k]]),
            None,
            "a pointer to a row leads out of its page",
        )
        for k in np.flatnonzero(astray)
    ]
    return pages[~astray], places[~astray], faults


def _measure(image: Image, flat: Bytes, size: int, page: Ints, at: Ints) -> _Found:
    usable = image.header.usable_bytes
    here = page * size + at
    total, first = varints(flat, here)
    rowid, second = varints(flat, here + first)
    head = first + second
    beyond = total > image.limits.database_row_bytes
    sound = (total >= 0) & ~beyond
    total = np.where(sound, total, 0)
    least = (usable - 12) * 32 // 255 - 23
    spread = least + (total - least) % (usable - 4)
    most = usable - 35
    local = np.where(total <= most, total, np.where(spread <= most, spread, least))
    cell = np.maximum(head + local + np.where(total > local, 4, 0), _LEAST_CELL)
    sound &= at + cell <= usable
    cell = np.where(sound, cell, np.minimum(_LEAST_CELL, usable - at))
    return _Found(page, at, cell, head, local, total, rowid, sound, beyond)


def _overlapping(found: _Found) -> Flags:
    """Say which cells begin inside one that begins before them; those own no bytes."""
    lap = np.zeros(len(found.page), np.bool_)
    if not len(lap):
        return lap
    # Pages are kept apart by a stride no cell can cross.
    start = (found.page << 17) + found.at
    order = np.argsort(start, kind="stable")
    start = start[order]
    reach = np.maximum.accumulate(start + found.size[order])
    lap[order[1:]] = start[1:] < reach[:-1]
    return lap


def _faults(got: Gathered, found: _Found, lap: Flags, most: int) -> list[Fault]:
    faults = []
    for k in np.flatnonzero(lap | ~found.sound).tolist():
        page = int(found.page[k])
        start = int(got.offsets[page] + found.at[k])
        owned = 0 if lap[k] else int(found.size[k])
        what = (
            "a pointer to a row leads into another row"
            if lap[k]
            else f"the row says it has more than {most:,} bytes, the limit database_row_bytes"
            if found.beyond[k]
            else "the row's length runs out of its page"
        )
        row = int(found.rowid[k]) if found.sound[k] else None
        faults.append(Fault(start, start + owned, bool(got.from_wal[page]), row, what))
    return faults


def _whole(
    image: Image, flat: Bytes, place: tuple[int, int, int], held_bytes: int
) -> tuple[bytes | None, str]:
    """Put a payload together that goes on in other pages; None, and why, where it cannot be.

    ``place`` is where it begins, how much of it stands there, and how long it is.
    """
    most = image.limits.database_batch_bytes
    if held_bytes + place[2] > most:
        return None, (
            f"with the rows around it this one comes to more than {most:,} bytes, the limit "
            "database_batch_bytes"
        )
    return _stitched(image, flat, *place), "the row goes on in pages that are not there"


def _stitched(image: Image, flat: Bytes, at: int, local: int, total: int) -> bytes | None:
    """Put a payload together; None where its chain of pages breaks off."""
    parts = [flat[at : at + local].tobytes()]
    number = int.from_bytes(flat[at + local : at + local + 4].tobytes(), "big")
    missing, room = total - local, image.header.usable_bytes - 4
    while missing > 0:
        if not image.has(number):
            return None
        page = image.page(number)
        number = int.from_bytes(page[:4].tobytes(), "big")
        parts.append(page[4 : 4 + min(missing, room)].tobytes())
        missing -= room
    return b"".join(parts)


assert PAD_BYTES > 2 * MOST_BYTES  # noqa: S101  two numbers are read at the last byte of a page
