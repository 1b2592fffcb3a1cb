"""Columns of texts looked at byte by byte, all of them at once."""

import unicodedata
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.reconcile.sorting import Ints, distinct

_FIRST_PRINTED, _DELETE, _FIRST_WIDE = 0x20, 0x7F, 0x80
_JAMO = range(0x1100, 0x1200)
"""Parts of Hangul syllables, which are put together though none of them is a mark."""


def octets(texts: Any) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
    """Give where each string begins, how many bytes it has, and all bytes."""
    wide = texts.cast(pa.large_string())
    _, offsets, data = wide.buffers()
    if offsets is None:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint8)
    ends = np.frombuffer(offsets, "<i8")[wide.offset : wide.offset + len(wide) + 1]
    return ends[:-1], np.diff(ends), np.frombuffer(data or b"", np.uint8)


def needs_care(texts: Any) -> npt.NDArray[np.bool_]:
    """Say which texts hold anything that folding changes, beside the case of Latin letters.

    That is control characters, two spaces together, and every character beyond ASCII that has
    another case, comes apart, combines with others, takes up space or shows nothing.
    """
    begin, size, raw = octets(texts)
    careful = np.zeros(len(begin), bool)
    if not len(raw) or not len(begin):
        return careful
    ends = begin + size
    odd = (raw < _FIRST_PRINTED) | (raw == _DELETE)
    spaces = raw == _FIRST_PRINTED
    odd[1:] |= spaces[1:] & spaces[:-1]
    careful[_owners(ends, np.flatnonzero(odd))] = True
    wide = distinct(_owners(ends, np.flatnonzero(raw >= _FIRST_WIDE)))
    wide = wide[~careful[wide]]
    if len(wide):
        careful[wide[_changing(texts.take(pa.array(wide)))]] = True
    return careful


def _owners(ends: Ints, places: Ints) -> Ints:
    """Say in which text each byte (or character) lies; what lies behind the last is left out."""
    within = places[places < ends[-1]]
    return np.asarray(np.searchsorted(ends, within, side="right"), np.int64)


def _changing(texts: Any) -> Ints:
    """Give the places of the texts with a character that folding changes."""
    begin, size, raw = octets(texts)
    together = raw[begin[0] : begin[-1] + size[-1]].tobytes().decode()
    letters = np.frombuffer(together.encode("utf-32-le"), "<u4")
    ends = np.cumsum(np.asarray(pa.compute.utf8_length(texts), np.int64))
    beyond = np.flatnonzero(letters >= _FIRST_WIDE)
    found = distinct(letters[beyond])
    changed = np.array([_is_changed(chr(one)) for one in found.tolist()])
    return distinct(_owners(ends, beyond[changed[np.searchsorted(found, letters[beyond])]]))


@lru_cache(maxsize=1 << 16)
def _is_changed(letter: str) -> bool:
    """Say whether folding may do anything to a character, alone or beside others."""
    return (
        unicodedata.category(letter)[0] in "MZC"
        or ord(letter) in _JAMO
        or unicodedata.normalize("NFKD", letter) != letter
        or letter.lower() != letter
    )
