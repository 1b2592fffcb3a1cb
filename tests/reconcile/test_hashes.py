"""Hashes of whole columns tell texts apart, and are the same wherever a text stands."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reconcile.hashes import quick_hashes, whole_hashes

TEXTS = st.lists(st.text(max_size=40) | st.text("ab", max_size=20), max_size=8)


@given(TEXTS, st.integers(0, 3))
def test_a_text_has_one_hash_wherever_it_stands(texts: list[str], first: int) -> None:
    column = pa.array(["before", *texts], pa.string())
    for hashes in (quick_hashes, whole_hashes):
        found = hashes(column).tolist()
        assert hashes(column[first:]).tolist() == found[first:]
        assert [hashes(pa.array([one], pa.string())).tolist()[0] for one in texts] == found[1:]


@given(st.lists(st.text(max_size=40) | st.text("a\0", max_size=20), unique=True, max_size=8))
def test_texts_that_differ_have_different_hashes(texts: list[str]) -> None:
    assert len(set(whole_hashes(pa.array(texts, pa.string())).tolist())) == len(texts)


@pytest.mark.parametrize("size", [1, 8, 9, 4096, 4097, 20_000])
def test_any_one_letter_of_a_text_counts(size: int) -> None:
    places = sorted({0, size // 3, size // 2, size - 1})
    changed = ["a" * place + "b" + "a" * (size - place - 1) for place in places]
    found = whole_hashes(pa.array(["a" * size, *changed]))
    assert len(np.unique(found)) == len(places) + 1


def test_no_texts_have_no_hashes() -> None:
    assert not len(whole_hashes(pa.array([], pa.string())))


@given(st.lists(st.integers(0, 10**20 - 1), min_size=1, max_size=4), st.integers(1, 20))
def test_ids_of_one_size_are_hashed_as_among_others(numbers: list[int], size: int) -> None:
    ids = [f"{number:020}"[-size:] for number in numbers]
    among_others = whole_hashes(pa.array([*ids, "", "a longer one"], pa.string()))
    assert whole_hashes(pa.array(ids, pa.string())).tolist() == among_others[:-2].tolist()
