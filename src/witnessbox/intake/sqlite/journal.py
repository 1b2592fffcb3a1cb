"""A rollback journal: which pages of its database it holds as they were before a transaction.

Method: the SQLite project's "Database File Format", section 3.  The journal of a transaction that
was finished has its head wiped and its pages left behind; one whose head still stands belongs to a
transaction that was not.  A page counts while its checksum holds.  With the head the key of the
checksums is gone; it is then the one under which the first pages agree.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.intake.sqlite.image import Bytes, DatabaseError, Header, Image, Ints

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


@dataclass(frozen=True, slots=True)
class _Head:
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
    at, left_over, hot = 0, 0, False
    for _ in range(_MOST_PARTS):
        whole = _records(data, at + head.sector, page_bytes)
        wanted = min(head.records, len(whole)) if head.records else len(whole)
        sound = _run(_keys(whole[:wanted]) == head.key)
        _note(frames, whole[:sound], at + head.sector)
        hot = hot or head.records > 0
        left_over = len(whole) - sound
        following = at + head.sector + wanted * whole.shape[1]
        at = -(-following // head.sector) * head.sector
        more = _head(data, at)
        if sound < wanted or not head.records or more is None or more.page_bytes != page_bytes:
            break
        head = more
    return Journal(data, frames, hot, checked=True, left_over=left_over)


def overlay(main: Image, journal: Journal) -> Image:
    """Lay the pages of a journal over its database: the state before the transaction."""
    header: Header = main.header
    return Image(header, main.main, journal.data, journal.frames)


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
    held = 0
    for sector in _SECTORS:
        whole = _records(data, sector, page_bytes)
        if not len(whole) or not _words(whole[:1, :4])[0]:
            continue
        keys = _keys(whole)
        agreeing = _run(keys == keys[0])
        if agreeing > held:
            frames: dict[int, int] = {}
            _note(frames, whole[:agreeing], sector)
            checked = agreeing > 1
            held = agreeing
            best = Journal(data, frames, hot=False, checked=checked, left_over=len(whole) - held)
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


def _note(frames: dict[int, int], records: Bytes, at: int) -> None:
    for place, number in enumerate(_words(records[:, :4]).tolist()):
        if number:
            frames.setdefault(number, at + place * records.shape[1] + 4)
