"""Strings of JSON taken out of a window as one column, and read as one: no string is made of them.

A column here holds what stands between the quotes of each string, escapes and all.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.json_octets import (
    LONGEST_ESCAPE,
    Escapes,
    Octets,
    escapes_of,
    octets_of,
    slashes_of,
)

_FIRST_PRINTABLE = 0x20
_ASCII_END, _BYTE_END = 0x80, 0x100
_texts = msgspec.json.Decoder(list[str]).decode


@dataclass(frozen=True, slots=True)
class Read:
    """Strings as a column, and how many of them had letters to be put together from bytes."""

    column: pa.StringArray
    joined: int


def written(data: bytes, starts: Ints, ends: Ints) -> pa.BinaryArray:
    """Take out what lies between these indices; one piece begins where the last ended, or later."""
    offsets = np.zeros(2 * len(starts) + 1, np.int32)
    offsets[1::2], offsets[2::2] = starts, ends
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    whole = pa.BinaryArray.from_buffers(pa.binary(), len(offsets) - 1, buffers)
    return whole.take(pa.array(np.arange(1, len(offsets), 2)))


def texts_of(column: pa.BinaryArray) -> list[str]:
    """Read strings one by one; raises DecodeError or UnicodeDecodeError where one is bad."""
    return _texts(b'["' + b'","'.join(column.to_pylist()) + b'"]') if len(column) else []


def read(column: pa.BinaryArray, *, join: bool) -> Read | None:
    """Read strings all at once; None where one of them has to be looked at by itself.

    Where ``join``, each character is a byte of UTF-8 and the letters are put together from them.
    """
    octets, offsets = _parts(column)
    if not len(octets):
        return Read(column.cast(pa.string()), 0)
    if octets.min() < _FIRST_PRINTABLE or (join and octets.max() >= _ASCII_END):
        return None
    escapes = escapes_of(octets, slashes_of(octets))
    limit = _BYTE_END if join else _ASCII_END
    if len(escapes.at) and not 0 <= escapes.characters.min() <= escapes.characters.max() < limit:
        return None
    return _unescaped(octets, offsets, escapes)


def _parts(column: pa.BinaryArray) -> tuple[Octets, Ints]:
    _, ends, letters = column.buffers()
    offsets = np.frombuffer(ends, np.int32, len(column) + 1).astype(np.int64)
    octets = octets_of(letters)[: offsets[-1]] if offsets[-1] else np.zeros(0, np.uint8)
    return octets, offsets


def _unescaped(octets: Octets, offsets: Ints, escapes: Escapes) -> Read | None:
    """Put one byte where each escape stands; None where a string is no UTF-8 then."""
    at, long = escapes.at, escapes.at[escapes.long]
    made, kept = octets.copy(), np.ones(len(octets), np.bool_)
    made[at] = escapes.characters
    kept[at + 1] = False
    for into in range(2, LONGEST_ESCAPE):
        kept[long + into] = False
    shorter = _summed(np.where(escapes.long, LONGEST_ESCAPE - 1, 1))
    before = np.searchsorted(at, offsets)
    ends = (offsets - shorter[before]).astype(np.int32)
    buffers = pa.py_buffer(ends), pa.py_buffer(made[kept])
    column = pa.StringArray.from_buffers(len(offsets) - 1, *buffers)
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return None
    bytes_before = _summed(escapes.characters >= _ASCII_END)[before]
    return Read(column, int(np.count_nonzero(np.diff(bytes_before))))


def _summed(counts: Ints | Flags) -> Ints:
    """Sum up, with nothing before the first."""
    return np.concatenate(([0], np.cumsum(counts)))
