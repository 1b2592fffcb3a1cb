"""A rollback journal: which pages of its database it holds as they were before a transaction.

Method: the SQLite project's "Database File Format", section 3.  The journal of a transaction that
was finished has its head wiped and its pages left behind; one whose head still stands belongs to a
transaction that was not.  A page counts while its checksum holds.  With the head the key of the
checksums is gone; it is then the one under which the first pages agree.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from witnessbox.intake.sqlite.image import Bytes, DatabaseError, Frames, Header, Image, Ints

_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_HEAD_BYTES, _WIPED_BYTES = 28, 28
_SECTORS = (512, 4096, 1024, 2048, 8192, 16384, 32768, 65536)
_EVERY = 200  # bytes from one byte that is summed to the next
_MASK = (1 << 32) - 1
_MOST_PARTS = 1 << 16


@dataclass(frozen=True, slots=True)
class Journal:
    """What a rollback journal holds."""

    data: Bytes
    frames: dict[int, int]  # page number → byte at which its copy begins
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
    frames: dict[int, int] = {}
    left_over = _parts(data, 0, head, frames)
    return Journal(data, frames, head.records > 0, checked=True, left_over=left_over)


def _parts(data: Bytes, at: int, head: _Head, frames: dict[int, int]) -> int:
    """Read a journal's parts from one on, each with a head; count the whole pages after them.

    A transaction takes a page down once: a part that has one again is left over from another.
    """
    for _ in range(_MOST_PARTS):
        whole = _records(data, at + head.sector, head.page_bytes)
        wanted = min(head.records, len(whole)) if head.records else len(whole)
        sound = _run(_keys(whole[:wanted]) == head.key)
        found = _places(whole[:sound], at + head.sector)
        if not frames.keys().isdisjoint(found):
            return len(whole)
        frames.update(found)
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
    pairs = np.array(sorted(journal.frames.items()), np.int64).reshape(-1, 2)
    return Image(header, main.main, journal.data, Frames(pairs[:, 0], pairs[:, 1]), main.limits)


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
    best = Journal(data, {}, hot=False, checked=False, left_over=0)
    for sector in _SECTORS:
        whole = _records(data, sector, page_bytes)
        if not len(whole) or not _words(whole[:1, :4])[0]:
            continue
        keys = _keys(whole)
        agreeing = _run(keys == keys[0])
        frames = _places(whole[:agreeing], sector)
        left_over = len(whole) - agreeing
        at = _next(sector + agreeing * whole.shape[1], sector)
        more = _head(data, at)
        if more is not None and more[2:] == (sector, page_bytes):
            left_over = _parts(data, at, more, frames)
        if len(frames) > len(best.frames):
            best = Journal(data, frames, False, len(frames) > 1, left_over)  # noqa: FBT003
    return best


def _records(data: Bytes, at: int, page_bytes: int) -> Bytes:
    size = page_bytes + 8
    rest = data[at:]
    return rest[: len(rest) // size * size].reshape(-1, size)


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


def _places(records: Bytes, at: int) -> dict[int, int]:
    """Give the pages' numbers and the bytes their copies begin at; the first copy counts."""
    found: dict[int, int] = {}
    for place, number in enumerate(_words(records[:, :4]).tolist()):
        if number:
            found.setdefault(number, at + place * records.shape[1] + 4)
    return found
