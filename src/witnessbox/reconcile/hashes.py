"""Hashes of whole columns of texts, without a Python object for each.

They say which texts may be the same from copy to copy.  No result stands on them alone: what is
joined in the end is compared letter by letter.
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.octets import octets
from witnessbox.reconcile.sorting import Ints

Hashes = npt.NDArray[np.uint64]
_LONG_BYTES = 1 << 12
_AT_ONCE = 1 << 16


def quick_hashes(texts: Any) -> Hashes:
    """Hash strings by length and three times eight of their bytes: begin, middle, end."""
    begin, size, raw = octets(texts)
    mixed, every = size.astype(np.uint64), _at_every_byte(raw)
    for at in (begin, begin + np.maximum(size // 2 - 4, 0), np.maximum(begin, begin + size - 8)):
        mixed = _mixed(mixed ^ _eights(every, at, size))
    return mixed


def _at_every_byte(raw: npt.NDArray[np.uint8]) -> Hashes:
    """Give the eight bytes that begin at each byte as a number; a view, whose numbers overlap."""
    padded = np.concatenate([raw, np.zeros(8, np.uint8)])
    return np.ndarray((len(raw) + 1,), "<u8", padded, strides=(1,))


def _eights(every: Hashes, at: Ints, left: Ints) -> Hashes:
    """Read eight bytes at some places, or as many as are left there."""
    bits = np.uint64(8) * np.minimum(left, 8).astype(np.uint64)
    read = every[at] << (np.uint64(64) - bits)
    return np.where(left > 0, read, np.uint64(0))


def whole_hashes(texts: Any) -> Hashes:
    """Hash strings by all of their bytes.

    Eight bytes at a time are mixed with their place and added up; very long texts by BLAKE2b.
    """
    stretches = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
    return np.concatenate([np.empty(0, np.uint64), *map(_whole, stretches)])


def _whole(texts: Any) -> Hashes:
    begin, size, raw = octets(texts)
    if len(size) and 0 < size.max() == size.min() <= _LONG_BYTES:
        return _of_one_size(raw[begin[0] : begin[-1] + size[-1]].reshape(len(size), -1))
    short = size <= _LONG_BYTES
    eights = np.where(short, (size + 7) // 8, 0)
    ends = np.cumsum(eights)
    place = 8 * (np.arange(int(ends[-1])) - np.repeat(ends - eights, eights))
    left = np.repeat(size, eights) - place
    read = _eights(_at_every_byte(raw), np.repeat(begin, eights) + place, left)
    weights = _mixed(np.arange(_LONG_BYTES, dtype=np.uint64))[place]
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed(read ^ weights))])
    found = _mixed((sums[ends] - sums[ends - eights]) ^ size.astype(np.uint64))
    for at in np.flatnonzero(~short).tolist():
        part = raw[begin[at] : begin[at] + size[at]].tobytes()
        found[at] = int.from_bytes(hashlib.blake2b(part, digest_size=8).digest(), "little")
    return found


def _of_one_size(raw: npt.NDArray[np.uint8]) -> Hashes:
    """Hash strings of one size, one a row, as ids mostly are."""
    size = raw.shape[1]
    whole = size // 8 * 8
    padded = np.zeros((len(raw), -(-size // 8) * 8), np.uint8)
    padded[:, :whole] = raw[:, :whole]
    padded[:, padded.shape[1] - (size - whole) :] = raw[:, whole:]  # what is left stands last
    weights = _mixed(np.arange(0, size, 8, dtype=np.uint64))
    sums = _mixed(padded.view("<u8") ^ weights).sum(axis=1, dtype=np.uint64)
    return _mixed(sums ^ np.uint64(size))


def _mixed(value: Hashes) -> Hashes:
    """Spread every bit over all (the finaliser of S. Vigna's SplitMix64)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
