"""A write-ahead log: which pages of its database it holds newer copies of.

A frame counts while the salts are the log's, the running checksum holds, and a commit follows.
Frames after the last commit were never part of the database; frames with older salts are what an
earlier use of the file left over.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.intake.sqlite.copies import Copies
from witnessbox.intake.sqlite.image import Bytes, DatabaseError, Frames, Header, Image, Ints, forget

HEADER_BYTES = 32
_FRAME_BYTES = 24
_MAGICS = {b"\x37\x7f\x06\x82": "<u4", b"\x37\x7f\x06\x83": ">u4"}
_MASK = (1 << 32) - 1
_SALTS = slice(16, 24)
_TOGETHER_BYTES = 1 << 20  # of frames whose checksums are carried on together


@dataclass(frozen=True, slots=True)
class Log:
    """What a write-ahead log holds."""

    data: Bytes
    page_bytes: int
    frames: Frames  # the newest committed copies
    committed: int  # frames up to the last commit
    uncommitted: int  # sound frames after it
    left_over: int  # whole frames after those, of an earlier use


def is_log(head: bytes) -> bool:
    """Say whether a file that begins like this is a write-ahead log."""
    return head[:4] in _MAGICS


def read_log(data: Bytes) -> Log:
    """Read a log's frames.  Raises DatabaseError where its header is none."""
    head = data[:HEADER_BYTES].tobytes()
    page_bytes = int.from_bytes(head[8:12], "big")
    page_bytes = 1 << 16 if page_bytes == 1 else page_bytes
    if len(head) < HEADER_BYTES or not is_log(head):
        raise DatabaseError("it does not begin with the header of a write-ahead log")
    if not 512 <= page_bytes <= 1 << 16 or page_bytes & (page_bytes - 1):
        raise DatabaseError(f"its pages would be {page_bytes} bytes long")
    every = data[HEADER_BYTES:]
    size = _FRAME_BYTES + page_bytes
    frames = every[: len(every) // size * size].reshape(-1, size)
    copies, sound = _sound(head, frames, data)
    newest, places = copies.last()
    places *= size
    places += HEADER_BYTES + _FRAME_BYTES
    committed = copies.count
    left_over = len(frames) - sound
    return Log(data, page_bytes, Frames(newest, places), committed, sound - committed, left_over)


def overlay(main: Image, log: Log) -> Image:
    """Lay a log over its database.  Raises DatabaseError where they cannot belong together."""
    if log.page_bytes != main.header.page_bytes:
        raise DatabaseError(
            f"its pages are {log.page_bytes} bytes long, the database's {main.header.page_bytes}"
        )
    if not len(log.frames):
        return main
    header: Header = main.header
    return Image(header, main.main, log.data, log.frames, main.limits)


def frame_of(log: Log, places: Ints) -> Ints:
    """Give the number of the frame each place of a log is in."""
    return (places - HEADER_BYTES) // (_FRAME_BYTES + log.page_bytes)


def _words(columns: Bytes) -> Ints:
    return np.ascontiguousarray(columns).view(">u4").astype(np.int64).reshape(-1)


def _sound(head: bytes, frames: Bytes, data: Bytes) -> tuple[Copies, int]:
    """Read the frames, from the first, whose salts and running checksums hold, some at a time.

    Gives the copies up to the last commit, and how many frames are sound.
    """
    order = _MAGICS[head[:4]]
    state = _advance((0, 0), np.frombuffer(head[:24], order)[None])[0]
    copies, sound = Copies(), 0
    if state == tuple(np.frombuffer(head[24:32], ">u4").tolist()):
        waiting: list[Ints] = []  # for their commit
        step = max(1, _TOGETHER_BYTES // frames.shape[1])
        for first in range(0, len(frames), step):
            some = frames[first : first + step]
            good, state = _good(head, some, state)
            numbers, commits = _words(some[:good, 0:4]), np.flatnonzero(_words(some[:good, 4:8]))
            committed = int(commits[-1]) + 1 if len(commits) else 0
            if committed:
                for several in (*waiting, numbers[:committed]):
                    copies.add(several)
                waiting = []
            waiting.append(numbers[committed:])
            sound += good
            forget(data)
            if good < len(some):
                break
    return copies, sound


def _good(head: bytes, frames: Bytes, state: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    """Count the sound frames, from the first of these; give the checksum after them."""
    salts = np.frombuffer(head[_SALTS], np.uint8)
    salted = int(np.argmin(np.append((frames[:, 8:16] == salts).all(axis=1), False)))
    covered = np.concatenate([frames[:salted, :8], frames[:salted, _FRAME_BYTES:]], axis=1)
    found = _advance(state, np.ascontiguousarray(covered).view(_MAGICS[head[:4]]))
    told = np.ascontiguousarray(frames[:salted, 16:24]).view(">u4").reshape(-1, 2)
    for place, (one, two) in enumerate(zip(found, told.tolist(), strict=True)):
        if list(one) != two:
            return place, state
    return salted, found[-1] if found else state


def _advance(
    state: tuple[int, int], words: "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]"
) -> list[tuple[int, int]]:
    """Carry the checksum over rows of words; give it after each row.

    A step takes two words x, y: s += x + t, then t += y + s.  That is the matrix M = ((1, 1),
    (1, 2)) on (s, t) plus (x, x + y), modulo 2**32; so a row's share is one sum over powers of M.
    """
    if not len(words):
        return []
    wide = words.astype(np.uint64)
    x, y = wide[:, 0::2], wide[:, 0::2] + wide[:, 1::2]
    steps = x.shape[1]
    powers = _powers(steps)
    ahead = powers[steps - 1 :: -1] if steps else powers[:0]
    mask = np.uint64(_MASK)
    shares = []
    for row in range(2):
        first = (x & mask) * ahead[:, row, 0] & mask
        second = (y & mask) * ahead[:, row, 1] & mask
        shares.append((first.sum(axis=1) + second.sum(axis=1)) & mask)
    (a, b), (c, d) = powers[steps].tolist()
    found = []
    s, t = state
    for one, two in zip(shares[0].tolist(), shares[1].tolist(), strict=True):
        s, t = (a * s + b * t + one) & _MASK, (c * s + d * t + two) & _MASK
        found.append((s, t))
    return found


def _powers(steps: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]":
    """Give M to the power of 0, 1 … ``steps``, modulo 2**32."""
    found = []
    a, b, c, d = 1, 0, 0, 1
    for _ in range(steps + 1):
        found.append(((a, b), (c, d)))
        a, b, c, d = (a + c) & _MASK, (b + d) & _MASK, (a + 2 * c) & _MASK, (b + 2 * d) & _MASK
    return np.array(found, np.uint64)
