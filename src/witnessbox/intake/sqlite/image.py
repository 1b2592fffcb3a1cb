"""A database file as pages: the main file, and over it what its write-ahead log has newer.

Method: the SQLite project's "Database File Format".  The file is never opened as a database, so
nothing in it can run, and nothing beside it is created.
"""

import io
import mmap
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from witnessbox.errors import WitnessboxError
from witnessbox.intake.limits import DEFAULT, Limits

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100
PAD_BYTES = 32
"""What stands behind pages that were gathered, so that reading may run over their end."""

_ENCODINGS = {0: "utf-8", 1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_LEAST_USABLE = 480


class DatabaseError(WitnessboxError):
    """A file that begins like a database cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first 100 bytes say; sizes in bytes."""

    page_bytes: int
    usable_bytes: int  # of a page
    pages: int  # as the header has it; 0 where it does not say
    encoding: str
    freelist_pages: int


@dataclass(frozen=True, slots=True)
class Frames:
    """Where a write-ahead log holds the newest committed copies of pages."""

    numbers: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # of pages, ascending
    places: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # first bytes in the log

    def __len__(self) -> int:
        return len(self.numbers)

    def nth(self, number: int) -> int | None:
        """Give which of the copies is that of a page; None where there is none."""
        at = int(np.searchsorted(self.numbers, number))
        there = at < len(self.numbers) and int(self.numbers[at]) == number
        return at if there else None

    def of(self, numbers: Ints) -> tuple[Ints, Flags]:
        """Give where the copies of pages begin, and which of them have one."""
        if not len(self.numbers):
            return numbers, np.zeros(len(numbers), np.bool_)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return self.places[at], self.numbers[at] == numbers


@dataclass(frozen=True, slots=True)
class Gathered:
    """Copies of some pages, one a row, and where each stands in its file."""

    numbers: Ints
    flat: Bytes  # the pages behind one another, and padding
    data: Bytes  # one page a row, of the same bytes
    offsets: Ints
    from_wal: Flags


@dataclass(frozen=True, slots=True)
class Image:
    """One consistent state of a database.

    ``frames`` says for a page number where in the write-ahead log its newest committed copy begins.
    """

    header: Header
    main: Bytes
    wal: Bytes = field(default_factory=lambda: np.empty(0, np.uint8))
    frames: Frames = field(default_factory=Frames)
    limits: Limits = DEFAULT

    def gather(self, numbers: Ints) -> Gathered:
        """Copy pages; all of them have to be there (``has``)."""
        size = self.header.page_bytes
        copies, from_wal = self.frames.of(numbers)
        offsets = np.where(from_wal, copies, (numbers - 1) * size)
        flat = np.empty(len(numbers) * size + PAD_BYTES, np.uint8)
        flat[-PAD_BYTES:] = 0
        data = flat[:-PAD_BYTES].reshape(-1, size)
        rows = self._rows()
        if from_wal.any():
            data[~from_wal] = rows[numbers[~from_wal] - 1]
            for place in np.flatnonzero(from_wal).tolist():
                data[place] = self.wal[offsets[place] : offsets[place] + size]
        else:
            np.take(rows, numbers - 1, axis=0, out=data, mode="clip")  # all of them are there
        return Gathered(numbers, flat, data, offsets, from_wal)

    def first_bytes(self, numbers: Ints) -> Bytes | None:
        """Give the first byte of each page; None where not all of them are there, from 1 up."""
        rows = self._rows()
        copies, from_wal = self.frames.of(numbers)
        inside = (numbers > 0) & (numbers <= len(rows))
        if not (inside | from_wal).all():
            return None
        found = np.empty(len(numbers), np.uint8)
        found[from_wal] = self.wal[copies[from_wal]]
        found[~from_wal] = rows[numbers[~from_wal] - 1, 0]
        return found

    def _rows(self) -> Bytes:
        size = self.header.page_bytes
        return self.main[: len(self.main) // size * size].reshape(-1, size)

    def page(self, number: int) -> Bytes:
        """Give one page, without a copy."""
        size = self.header.page_bytes
        nth = self.frames.nth(number) if len(self.frames) else None
        if nth is not None:
            copy = int(self.frames.places[nth])
            return self.wal[copy : copy + size]
        return self.main[(number - 1) * size : number * size]

    def forget(self) -> None:
        """Let go of the memory that pages read so far take; they can be read again."""
        forget(self.main)
        forget(self.wal)

    def has(self, number: int) -> bool:
        """Say whether a page is there, whole."""
        return self.nth(number) is not None

    def nth(self, number: int) -> int | None:
        """Give which of all pages a page is, those of the main file first; None if not there.

        A page's own number may be far beyond how many there are.
        """
        pages = len(self.main) // self.header.page_bytes
        if 1 <= number <= pages:
            return number - 1
        nth = self.frames.nth(number) if len(self.frames) else None
        return None if nth is None else pages + nth

    def nths(self, numbers: Ints) -> Ints:
        """Give the same of several pages; all of them have to be there."""
        pages = len(self.main) // self.header.page_bytes
        copies = pages + np.searchsorted(self.frames.numbers, numbers)
        return np.where(numbers <= pages, numbers - 1, copies)


def bytes_of(stream: BinaryIO) -> Bytes:
    """Map a file into memory, or read a stream that is no file."""
    try:
        handle = stream.fileno()
    except (OSError, io.UnsupportedOperation):
        return np.frombuffer(stream.read(), np.uint8)
    if not stream.seek(0, io.SEEK_END):
        return np.empty(0, np.uint8)
    return np.frombuffer(mmap.mmap(handle, 0, access=mmap.ACCESS_READ), np.uint8)


def forget(data: Bytes) -> None:
    """Let go of the memory that a mapped file takes; it can be read again."""
    held = getattr(data.base, "obj", None)
    if isinstance(held, mmap.mmap):
        held.madvise(mmap.MADV_DONTNEED)


def header_of(data: Bytes) -> Header:
    """Read a header.  Raises DatabaseError where it cannot be a database's."""
    head = data[:HEADER_BYTES].tobytes()
    if len(head) < HEADER_BYTES or not head.startswith(MAGIC):
        raise DatabaseError("it does not begin with the header of a database")
    page_bytes = int.from_bytes(head[16:18], "big")
    page_bytes = 1 << 16 if page_bytes == 1 else page_bytes
    usable = page_bytes - head[20]
    if page_bytes < 512 or page_bytes & (page_bytes - 1) or usable < _LEAST_USABLE:
        raise DatabaseError(f"its pages would be {page_bytes} bytes long, {usable} of use")
    encoding = _ENCODINGS.get(int.from_bytes(head[56:60], "big"))
    if encoding is None:
        raise DatabaseError("its text is in no encoding there is")
    return Header(
        page_bytes=page_bytes,
        usable_bytes=usable,
        pages=int.from_bytes(head[28:32], "big"),
        encoding=encoding,
        freelist_pages=int.from_bytes(head[36:40], "big"),
    )


def image_of(data: Bytes, limits: Limits = DEFAULT) -> Image:
    """Take a database file by itself.  Raises DatabaseError where it cannot be one."""
    return Image(header_of(data), data, limits=limits)
