"""Pictures that look alike are one motif, in whatever order they come."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.pictures.phash import BITS
from witnessbox.media.motif import bands, buckets, differing, motifs

HASH = st.integers(0, 2**BITS - 1)
FEW_BITS = st.integers(0, 2**12 - 1)  # many of these are near one another


def by_all_pairs(hashes: list[int], alike_bits: int) -> list[int]:
    """Compare every pair: what the quick way must give too."""
    stands = list(range(len(hashes)))
    changed = True
    while changed:
        changed = False
        for one, other in combinations(range(len(hashes)), 2):
            near = differing(hashes[one], hashes[other]) <= alike_bits
            first = min(stands[one], stands[other])
            if near and stands[one] != stands[other]:
                stands[one] = stands[other] = first
                changed = True
    return stands


@given(st.lists(HASH | FEW_BITS, max_size=40), st.integers(0, 10))
def test_the_quick_way_gives_what_comparing_every_pair_gives(
    hashes: list[int], alike_bits: int
) -> None:
    assert motifs(hashes, alike_bits) == by_all_pairs(hashes, alike_bits)


ORDERS = st.lists(FEW_BITS, max_size=30).flatmap(
    lambda hashes: st.tuples(st.just(hashes), st.permutations(hashes))
)


def together(hashes: list[int], alike_bits: int) -> set[frozenset[int]]:
    stands = motifs(hashes, alike_bits)
    return {
        frozenset(one for one, at in zip(hashes, stands, strict=True) if at == first)
        for first in stands
    }


@given(ORDERS, st.integers(0, 4))
def test_motifs_do_not_depend_on_the_order(
    orders: tuple[list[int], list[int]], alike_bits: int
) -> None:
    assert together(orders[0], alike_bits) == together(orders[1], alike_bits)


def test_likeness_is_carried_on_over_a_picture_between() -> None:
    near, between, far = 0, 0b111111, 0b111111111111
    assert differing(near, far) == 12
    assert motifs([near, between, far], 6) == [0, 0, 0]
    assert motifs([near, far], 6) == [0, 1]


def test_no_pictures_have_no_motifs() -> None:
    assert motifs([]) == []


@pytest.mark.parametrize("alike_bits", range(11))
def test_the_bands_cover_every_bit_once(alike_bits: int) -> None:
    covered = [bit for start, size in bands(alike_bits) for bit in range(start, start + size)]
    assert covered == list(range(BITS))


def test_of_a_hundred_thousand_pictures_few_pairs_are_compared() -> None:
    count = 100_000
    distinct = np.unique(np.random.default_rng(7).integers(0, 2**63, count).astype(np.uint64))
    pairs = sum(len(bucket) ** 2 // 2 for bucket in buckets(distinct, 6))
    assert pairs < count**2 / 2 / 50
