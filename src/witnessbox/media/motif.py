"""Which pictures show one motif: perceptual hashes that differ by few bits.  Pure.

A motif is carried on: where A is like B and B like C, all three are one motif, in whatever order
they came; how far each is from the one that stands for all is kept, since A and C may be further
apart than any two neighbours.  A motif is a lead for people, and decides nothing.

Not every pair is compared.  The 64 bits are cut into one more band than may differ, so that two
hashes that are alike agree in at least one band; only hashes that share a band are compared.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from witnessbox.intake.pictures.phash import BITS

ALIKE_BITS = 6
"""By how many bits two neighbours in a motif may differ, where the setting is silent.

Two pictures that have nothing to do with one another differ by about 32.
"""
MOST_BITS = 10
"""Beyond this many bits, pictures that have nothing in common would be called one."""

_MOST_PAIRS = 1 << 20  # compared at once

_Hashes = npt.NDArray[np.uint64]
_Places = npt.NDArray[np.int64]


def motifs(hashes: Sequence[int], alike_bits: int = ALIKE_BITS) -> list[int]:
    """Give for each hash the place of the first hash of its motif."""
    distinct, first, inverse = np.unique(
        np.array(hashes, np.uint64), return_index=True, return_inverse=True
    )
    groups = _Groups(len(distinct))
    for bucket in buckets(distinct, alike_bits):
        if not groups.is_one(bucket):
            for some, others in _alike(distinct, bucket, alike_bits):
                groups.join(some, others)
    earliest = np.full(len(distinct), len(hashes))
    np.minimum.at(earliest, groups.of, first)
    return [int(place) for place in earliest[groups.of[inverse]]]


def differing(one: int, other: int) -> int:
    """Count the bits by which two hashes differ."""
    return (one ^ other).bit_count()


def bands(alike_bits: int) -> list[tuple[int, int]]:
    """Cut the bits into one more band than may differ: where each begins, and how many it has."""
    ends = [BITS * number // (alike_bits + 1) for number in range(alike_bits + 2)]
    return [(start, end - start) for start, end in pairwise(ends)]


def buckets(distinct: _Hashes, alike_bits: int) -> Iterator[_Places]:
    """Give the places of the hashes that share a band, band after band: those to compare."""
    for start, size in bands(alike_bits):
        values = (distinct >> np.uint64(start)) & np.uint64((1 << size) - 1)
        order = np.argsort(values, kind="stable")
        yield from np.split(order, np.flatnonzero(np.diff(values[order])) + 1)


def _alike(
    distinct: _Hashes, bucket: _Places, alike_bits: int
) -> Iterator[tuple[_Places, _Places]]:
    rows = max(1, _MOST_PAIRS // max(len(bucket), 1))
    for begin in range(0, len(bucket) - 1, rows):
        some, others = bucket[begin : begin + rows], bucket[begin + 1 :]
        apart = np.bitwise_count(distinct[some, None] ^ distinct[None, others])
        row, column = np.nonzero(apart <= alike_bits)
        yield some[row], others[column]


class _Groups:
    """Places put together; ``of`` names each one's group."""

    def __init__(self, count: int) -> None:
        self.of: _Places = np.arange(count)
        self._members = {number: [number] for number in range(count)}

    def is_one(self, places: _Places) -> bool:
        """Say whether these are in one group already; then none need be compared."""
        return bool((self.of[places] == self.of[places[:1]]).all())

    def join(self, some: _Places, others: _Places) -> None:
        """Put places pair by pair into one group; the larger group takes the smaller in."""
        apart = self.of[some] != self.of[others]
        for one, other in zip(some[apart].tolist(), others[apart].tolist(), strict=True):
            kept, gone = int(self.of[one]), int(self.of[other])
            if kept == gone:
                continue
            if len(self._members[kept]) < len(self._members[gone]):
                kept, gone = gone, kept
            moved = self._members.pop(gone)
            self.of[moved] = kept
            self._members[kept] += moved
