"""Texts that are alike: looked for among all at once, they are those of the comparison with all."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.screening.alike import ALIKE, Neighbours, alike, likeness
from witnessbox.screening.learning_rows import Rows, rows_of

WORDS = ("rota", "kettle", "van", "radio", "boots", "torch", "late", "shift", "tea", "gate")
said = st.lists(st.sampled_from(WORDS), max_size=9)
"""Few words, so that forwards, copies with a word changed and short texts come up by themselves."""


def shared(rows: Rows, one: int, other: int) -> float:
    """Say how alike two texts are, feature by feature."""
    side = rows.words
    mine, its = (
        set(side.columns[side.ends[at] : side.ends[at + 1]].tolist()) for at in (one, other)
    )
    return len(mine & its) / max(len(mine | its), 1)


def compared(rows: Rows, one: int, others: list[int]) -> list[tuple[int, float]]:
    """Compare a text with each of the others that has one of its keys."""
    if len(np.unique(rows.words.columns[rows.words.ends[one] : rows.words.ends[one + 1]])) < 5:
        return []
    near = [
        at
        for at in others
        if any(mine == its != 0 for mine, its in zip(rows.alike[one], rows.alike[at], strict=True))
    ]
    found = [(at, shared(rows, one, at)) for at in near if shared(rows, one, at) >= ALIKE]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@settings(max_examples=100)
@given(st.lists(said, min_size=1, max_size=30), st.data())
def test_what_is_found_among_all_at_once_is_what_each_comparison_finds(
    texts: list[list[str]], data: st.DataObject
) -> None:
    rows = rows_of(pa.array([" ".join(words) for words in texts], pa.string()))
    places = st.integers(0, len(texts) - 1)
    ones = data.draw(st.lists(places, max_size=6))
    taken = np.zeros(len(texts), np.bool_)
    taken[data.draw(st.lists(places, max_size=3))] = True
    neighbours = Neighbours(rows, np.array(ones, np.int64))
    for one in ones:
        every = compared(rows, one, list(range(len(texts))))
        assert list(alike(rows, one, np.arange(len(texts)))) == every
        assert list(neighbours.of(one, taken)) == [pair for pair in every if not taken[pair[0]]]


@given(st.lists(said, min_size=1, max_size=12))
def test_likeness_is_shared_words_over_all_of_either(texts: list[list[str]]) -> None:
    rows = rows_of(pa.array([" ".join(words) for words in texts], pa.string()))
    every = np.arange(len(texts))
    assert likeness(rows, 0, every).tolist() == [shared(rows, 0, int(at)) for at in every]


def test_where_nothing_is_asked_for_nothing_is_alike() -> None:
    rows = rows_of(pa.array(["", "the van is late for the early shift again"]))
    none = np.zeros(2, np.bool_)
    assert Neighbours(rows, np.array([], np.int64)).of(1, none) == ()
    assert Neighbours(rows, np.array([0])).of(0, none) == ()
