"""Sorting rows by several numbers at once, by packing these and the row into one.

To sort plain numbers costs a fifth of what ``numpy.lexsort`` does, which is most of what laying
copies together costs.  Keys too wide for one number are sorted in several passes, the least weighty
first.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.integer)
_BITS = 63


def order_by(*keys: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Ints:
    """Give the places of rows in order: by the first key, then the next; equals stay as they are.

    Keys run alike, a number for each row.
    """
    count = len(keys[0])
    room = max(count - 1, 0).bit_length()
    order: Ints | None = None
    packed, used = np.arange(count), room
    for key in reversed(keys if count else ()):
        values, bits = _from_zero(key)
        if used + bits > _BITS:
            order, packed, used = _moved(order, packed, room), np.arange(count), room
        if order is not None:
            values = values[order]
        if used + bits > _BITS:  # too wide even alone
            again = np.argsort(values, kind="stable")
            order = again if order is None else order[again]
        else:
            packed += values << used
            used += bits
    return _moved(order, packed, room)


def firsts(
    grouped: tuple[Ints, int],
    keys: Sequence[npt.NDArray[np.integer] | npt.NDArray[np.bool_]],
    order: Ints,
) -> Ints:
    """Give of each group the row that comes first by some keys; of equals the first in ``order``.

    ``grouped`` says of every row in which group it is, and how many groups there are.
    """
    group, count = grouped
    packed = np.arange(len(order))
    used = max(len(order) - 1, 0).bit_length()
    for key in reversed(keys if len(order) else ()):
        values, bits = _from_zero(key[order])
        if used + bits > _BITS:
            whole = order[order_by(group[order], *(one[order] for one in keys))]
            return np.asarray(whole[np.searchsorted(group[whole], np.arange(count))])
        packed += values << used
        used += bits
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, group[order], packed)
    return np.asarray(order[least & ((1 << max(len(order) - 1, 0).bit_length()) - 1)])


def _from_zero(key: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> tuple[Ints, int]:
    """Give a key from 0 up, and how many bits it takes."""
    values = key.astype(np.int64)
    low = int(values.min())
    bits = (int(values.max()) - low).bit_length()
    return (values, bits) if bits > _BITS or not low else (values - low, bits)


def _moved(order: Ints | None, packed: Ints, room: int) -> Ints:
    """Sort packed numbers, and move what was in order before."""
    packed.sort()
    places = packed & ((1 << room) - 1)
    return places if order is None else order[places]


def distinct(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Give each value once, in order."""
    found = np.sort(values)
    return found[_fresh(found)]


def by_hash(hashes: npt.NDArray[np.uint64]) -> Ints:
    """Give the places of hashes in order; equals stay as they are.

    Their upper bits nearly always tell them apart, so that the lower ones have room for the place.
    """
    room = np.uint64((1 << max(len(hashes) - 1, 0).bit_length()) - 1)
    packed = (hashes & ~room) | np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    order = (packed & room).astype(np.int64)
    ordered = hashes[order]
    in_order = bool((ordered[1:] >= ordered[:-1]).all())
    return order if in_order else np.argsort(hashes, kind="stable")


def numbered(values: Ints) -> Ints:
    """Give values numbers by size: 0 for the smallest, the same number for the same value."""
    order = order_by(values)
    found = np.empty(len(values), np.int64)
    found[order] = np.cumsum(_fresh(values[order])) - 1
    return found


def _fresh(ordered: npt.NDArray[Number]) -> npt.NDArray[np.bool_]:
    """Say which sorted values differ from the one before."""
    fresh = np.ones(len(ordered), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return fresh
