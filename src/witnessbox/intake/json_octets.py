"""Bytes of JSON looked at many at once: quotes, escapes, and whether the same bytes stand there."""

from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from witnessbox.intake.clock import Flags, Ints

Octets: TypeAlias = NDArray[np.uint8]

LONGEST_ESCAPE = 6
UNICODE = ord("u")
_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_WORD_BYTES = 8
_PAIR = 0xFFFF


def _pairs() -> NDArray[np.int32]:
    """Say what two hexadecimal digits mean, by the number their bytes make; -1 for no digits."""
    found = np.full(_PAIR + 1, -1, np.int32)
    for first, second in product(b"0123456789abcdefABCDEF", repeat=2):
        pair = bytes((first, second))
        found[int.from_bytes(pair, "little")] = int(pair, 16)
    return found


_PAIRS = _pairs()
_SHORT = np.full(1 << 8, -1, np.int16)  # what the byte behind a backslash stands for
_SHORT[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')


@dataclass(frozen=True, slots=True)
class Escapes:
    """The escapes of a stretch: where each begins, how long it is, and which character it is.

    The character is -1 where it is no escape that JSON knows.
    """

    at: Ints
    long: Flags
    characters: NDArray[np.int32]


def octets_of(data: bytes | memoryview) -> Octets:
    """Give bytes as numbers."""
    return np.frombuffer(data, np.uint8)


def quotes_of(octets: Octets, slashes: Ints) -> Ints:
    """Find the quotes that are not escaped, given where escapes begin."""
    quotes = np.flatnonzero(octets == _QUOTE)
    behind = slashes + 1
    escaped = behind[octets[behind] == _QUOTE]
    return np.delete(quotes, np.searchsorted(quotes, escaped)) if len(escaped) else quotes


def slashes_of(octets: Octets) -> Ints:
    """Find the backslashes that begin an escape: of those in a row, every other one.

    The last byte begins none, as far as can be seen.
    """
    slashes = np.flatnonzero(octets[:-1] == _BACKSLASH)
    in_a_row = np.diff(slashes) == 1
    if not in_a_row.any():
        return slashes
    places = np.arange(len(slashes))
    first = np.concatenate(([True], ~in_a_row))
    rank = places - np.maximum.accumulate(np.where(first, places, 0))
    begun: Ints = slashes[rank % 2 == 0]
    return begun


def escapes_of(octets: Octets, slashes: Ints) -> Escapes:
    """Read escapes, given where they begin; one that the end cuts off is none that JSON knows."""
    behind = octets[slashes + 1]
    long = behind == UNICODE
    if long.all():
        return Escapes(slashes, long, _characters(octets, slashes))
    characters = _SHORT[behind].astype(np.int32)
    characters[long] = _characters(octets, slashes[long])
    return Escapes(slashes, long, characters)


def _characters(octets: Octets, slashes: Ints) -> NDArray[np.int32]:
    """Give the characters that four hexadecimal digits stand for, -1 where they are not four."""
    whole = int(np.searchsorted(slashes, len(octets) - LONGEST_ESCAPE, "right"))
    found = np.full(len(slashes), -1, np.int32)
    if whole:
        digits = _numbers_at(octets, slashes[:whole] + 2, "<u4")
        high, low = _PAIRS[digits & _PAIR], _PAIRS[digits >> 16]
        found[:whole] = np.where(high | low < 0, -1, high << 8 | low)
    return found


def words_of(octets: Octets, starts: Ints) -> NDArray[np.uint64]:
    """Give the numbers that the eight bytes from each start on make; they have to lie inside."""
    return _numbers_at(octets, starts, "<u8")


def _numbers_at(octets: Octets, starts: Ints, kind: str) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    shape = (max(len(octets) - size + 1, 0),)
    found: NDArray[Any] = np.ndarray(shape, kind, octets, 0, (1,))[starts]
    return found


def numbers_of(octets: Octets, starts: Ints, digits: int) -> Ints:
    """Read whole numbers of so many digits, 1 to 18; of the usual lengths eight digits at once."""
    if not _WORD_BYTES <= digits <= 2 * _WORD_BYTES:
        return pieces(octets, starts, digits).astype(np.int64)
    low = _eight(words_of(octets, starts + (digits - _WORD_BYTES)))
    high = _eight(words_of(octets, starts)) // np.uint64(10 ** (2 * _WORD_BYTES - digits))
    return (high * np.uint64(10**_WORD_BYTES) + low).astype(np.int64)


def _eight(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Read eight digits, the first in the lowest byte: neighbours are joined, three times over."""
    found = words & np.uint64(0x0F0F_0F0F_0F0F_0F0F)
    for digits, mask in ((1, 0x00FF_00FF_00FF_00FF), (2, 0x0000_FFFF_0000_FFFF), (4, 0xFFFF_FFFF)):
        next_ = found >> np.uint64(8 * digits)
        found = (found * np.uint64(10**digits) + next_) & np.uint64(mask)
    return found


def pieces(octets: Octets, starts: Ints, size: int) -> NDArray[np.bytes_]:
    """Cut out pieces of one size; each has to lie inside."""
    shape = (max(len(octets) - size + 1, 0),)
    cut: NDArray[np.bytes_] = np.ndarray(shape, f"S{size}", octets, 0, (1,))[starts]
    return cut


def same(octets: Octets, starts: Ints, wanted: bytes) -> Flags:
    """Say where these bytes stand; none of them may be zero."""
    cut = pieces(octets, starts, len(wanted))
    if cut.tobytes() == wanted * len(cut):  # the usual answer, and the fastest
        return np.ones(len(cut), np.bool_)
    found: Flags = cut == wanted
    return found


def before(octets: Octets, ends: Ints, wanted: bytes) -> Flags:
    """Say which of these are ends of pieces that are these bytes; none of them may be zero."""
    size = min(len(wanted), _WORD_BYTES)
    tail = int.from_bytes(wanted[-size:].rjust(_WORD_BYTES, b"\0"), "little")
    mask = int.from_bytes((b"\xff" * size).rjust(_WORD_BYTES, b"\0"), "little")
    room = int(np.searchsorted(ends, max(len(wanted), _WORD_BYTES)))
    words = words_of(octets, ends[room:] - _WORD_BYTES)
    found = np.zeros(len(ends), np.bool_)
    found[room:] = (words if size == _WORD_BYTES else words & np.uint64(mask)) == np.uint64(tail)
    likely = np.flatnonzero(found)
    found[likely] = same(octets, ends[likely] - len(wanted), wanted)
    return found
