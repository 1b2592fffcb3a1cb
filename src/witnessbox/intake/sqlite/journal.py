"""A rollback journal: which pages of its database it holds as they were before a transaction.

Method: the SQLite project's "Database File Format", section 3.  The journal of a transaction that
was finished has its head wiped and its pages left behind; one whose head still stands belongs to a
transaction that was not.  A page counts while its checksum holds.  With the head the key of the
checksums is gone; it is then the one under which the first pages agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from witnessbox.intake.sqlite.copies import Copies
from witnessbox.intake.sqlite.image import Bytes, DatabaseError, Frames, Header, Image, Ints, forget

_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_HEAD_BYTES, _WIPED_BYTES = 28, 28
_SECTORS = (512, 4096, 1024, 2048, 8192, 16384, 32768, 65536)
_EVERY = 200  # bytes from one byte that is summed to the next
_MASK = (1 << 32) - 1
_MOST_PARTS = 1 << 16
_TOGETHER_BYTES = 1 << 20  # of pages whose checksums are looked at together
_PLACED = 1 << 16  # copies whose places are worked out together


@dataclass(frozen=True, slots=True)
class Journal:
    """What a rollback journal holds."""

    data: Bytes
    frames: Frames
    hot: bool  # the transaction was not finished
    checked: bool  # there were checksums to hold the pages against
    left_over: int  # whole pages after those, of earlier use or damaged


class _Head(NamedTuple):
    records: int
    key: int
    sector: int
    page_bytes: int


def read_journal(data: Bytes, page_bytes: int) -> Journal:
    """Read a journal's pages.  Raises DatabaseError where it cannot be this database's."""
    head = _head(data, 0)
    if head is None:
        return _wiped(data, page_bytes)
    if head.page_bytes != page_bytes:
        raise DatabaseError(
            f"its pages are {head.page_bytes} bytes long, the database's {page_bytes}"
        )
    held = _Held(page_bytes)
    left_over = _parts(data, 0, head, held)
    return Journal(data, held.frames(), head.records > 0, checked=True, left_over=left_over)


@dataclass(slots=True)
class _Held:
    """The copies of one transaction, part by part."""

    page_bytes: int
    copies: Copies = field(default_factory=Copies)
    firsts: list[int] = field(default_factory=list)  # copies before each part
    places: list[int] = field(default_factory=list)  # where the first copy of each part begins

    def take(self, several: list[Ints], at: int) -> None:
        """Take the copies of a part, which begin at a place."""
        self.firsts.append(self.copies.count)
        self.places.append(at + 4)
        for pages in several:
            self.copies.add(pages)

    def frames(self) -> Frames:
        """Give where the first copy of each page begins."""
        pages, places = self.copies.first()
        firsts, begins = np.array(self.firsts), np.array(self.places)
        for first in range(0, len(places), _PLACED):
            nth = places[first : first + _PLACED]
            part = np.searchsorted(firsts, nth, "right") - 1
            places[first : first + _PLACED] = begins[part] + (nth - firsts[part]) * (
                self.page_bytes + 8
            )
        return Frames(pages, places)


def _parts(data: Bytes, at: int, head: _Head, held: _Held) -> int:
    """Read a journal's parts from one on, each with a head; count the whole pages after them.

    A transaction takes a page down once: a part that has one again is left over from another.
    """
    for _ in range(_MOST_PARTS):
        whole = _records(data, at + head.sector, head.page_bytes)
        wanted = min(head.records, len(whole)) if head.records else len(whole)
        several = list(_sound(data, whole[:wanted], head.key))
        sound = sum(map(len, several))
        if any(map(held.copies.any_of, several)):
            return len(whole)
        held.take(several, at + head.sector)
        at = _next(at + head.sector + wanted * whole.shape[1], head.sector)
        more = _head(data, at)
        if sound < wanted or not head.records or more is None or more[2:] != head[2:]:
            break
        head = more
    return len(whole) - sound


def _next(at: int, sector: int) -> int:
    """Give where the next sector begins."""
    return -(-at // sector) * sector


def overlay(main: Image, journal: Journal) -> Image:
    """Lay the pages of a journal over its database: the state before the transaction."""
    header: Header = main.header
    return Image(header, main.main, journal.data, journal.frames, main.limits)


def _head(data: Bytes, at: int) -> _Head | None:
    head = data[at : at + _HEAD_BYTES].tobytes()
    if len(head) < _HEAD_BYTES or not head.startswith(_MAGIC):
        return None
    records, key, _, sector, page_bytes = (
        int.from_bytes(head[place : place + 4], "big") for place in range(8, 28, 4)
    )
    if sector < _SECTORS[0] or sector > _SECTORS[-1] or sector & (sector - 1):
        raise DatabaseError(f"its sectors would be {sector} bytes long")
    return _Head(records, key, sector, page_bytes)


def _wiped(data: Bytes, page_bytes: int) -> Journal:
    """Read what a finished transaction left behind, by the sector under which most pages agree."""
    if data[:_WIPED_BYTES].any():
        raise DatabaseError("it begins with no head of a rollback journal, nor one that was wiped")
    best = Journal(data, Frames(), hot=False, checked=False, left_over=0)
    for sector in _SECTORS:
        whole = _records(data, sector, page_bytes)
        if not len(whole) or not _words(whole[:1, :4])[0]:
            continue
        several = list(_sound(data, whole, int(_keys(whole[:1])[0])))
        agreeing = sum(map(len, several))
        held = _Held(page_bytes)
        held.take(several, sector)
        left_over = len(whole) - agreeing
        at = _next(sector + agreeing * whole.shape[1], sector)
        more = _head(data, at)
        if more is not None and more[2:] == (sector, page_bytes):
            left_over = _parts(data, at, more, held)
        frames = held.frames()
        if len(frames) > len(best.frames):
            best = Journal(data, frames, False, len(frames) > 1, left_over)  # noqa: FBT003
    return best


def _records(data: Bytes, at: int, page_bytes: int) -> Bytes:
    size = page_bytes + 8
    rest = data[at:]
    return rest[: len(rest) // size * size].reshape(-1, size)


def _sound(data: Bytes, records: Bytes, key: int) -> Iterator[Ints]:
    """Give the numbers of the pages, from the first, whose checksums hold, some at a time."""
    step = max(1, _TOGETHER_BYTES // records.shape[1])
    for first in range(0, len(records), step):
        some = records[first : first + step]
        good = _run(_keys(some) == key)
        yield _words(some[:good, :4])
        forget(data)
        if good < len(some):
            return


def _keys(records: Bytes) -> Ints:
    """Give the key each page's checksum was made with."""
    page_bytes = records.shape[1] - 8
    places = 4 + np.arange(page_bytes - _EVERY, 0, -_EVERY)
    sums = records[:, places].sum(axis=1, dtype=np.int64)
    found: Ints = (_words(records[:, -4:]) - sums) & _MASK
    return found


def _words(columns: Bytes) -> Ints:
    return np.ascontiguousarray(columns).view(">u4").astype(np.int64).reshape(-1)


def _run(agreeing: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> int:
    """Count how many agree, from the first."""
    return int(np.argmin(np.append(agreeing, False)))
