"""What hashed features weigh in every head, a feature's weights side by side in one number.  Pure.

Looking a feature up is then one read, and adding weights up is adding whole numbers: exact, in any
order, on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from witnessbox.screening.features import Hashes
from witnessbox.screening.normalise import Places

HEADS = ("abuse", "misogyny", "bullying-threat")
STEP = 2.0**-12
"""Weights are multiples of it."""

Steps = npt.NDArray[np.int64]
"""Weights in steps: of one head, or those of all heads packed in one number."""

_BITS = 64 // len(HEADS)
_MOST = 1 << (_BITS - 1)


@dataclass(frozen=True, slots=True)
class Table:
    """The weights, packed; a hash's first bits choose the place, and the size is a power of two."""

    packed: Steps

    def rows(self, hashes: Hashes) -> Steps:
        """Look features up: their weights, packed."""
        found: Steps = self.packed[bucket(hashes, len(self.packed))]
        return found


def table(columns: Sequence[npt.NDArray[np.floating[Any]]]) -> Table:
    """Lay the heads' weights side by side; a shorter column has one weight for several places.

    Raises ValueError where a weight is no multiple of ``STEP``, or too large for its bits.
    """
    size = max(len(column) for column in columns)
    packed = np.zeros(size, np.int64)
    for head, column in enumerate(columns):
        steps = column.astype(np.float64) / STEP
        if (np.round(steps) != steps).any() or (np.abs(steps) >= _MOST).any():
            raise ValueError(f"a weight of {HEADS[head]} is no multiple of {STEP} or too large")
        own = (steps.astype(np.int64) & (2 * _MOST - 1)) << (_BITS * head)
        packed |= np.repeat(own, size // len(column))
    return Table(packed)


def of_head(packed: Steps, head: int) -> Steps:
    """Take one head's weights out of packed ones, in steps."""
    result: Steps = packed << (64 - _BITS * (head + 1))
    result >>= 64 - _BITS
    return result


def bucket(hashes: Hashes, size: int) -> Places:
    """Choose a place in a table of ``size`` (a power of two) by a hash's first bits."""
    return (hashes >> np.uint64(64 - (size.bit_length() - 1))).astype(np.int64)


def sums(values: npt.NDArray[np.integer[Any] | np.bool_], bounds: Places) -> Steps:
    """Add up the whole numbers, or rows of them, between each two bounds."""
    along = np.zeros((len(values) + 1, *values.shape[1:]), np.int64)
    np.cumsum(values, axis=0, out=along[1:])
    return np.diff(along[bounds], axis=0)
