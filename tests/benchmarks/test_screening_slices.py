"""What the slices count, and that the frozen figures are of the model that is shipped."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.screening import left_out, slices

from witnessbox.screening.scoring import shipped

FROZEN = Path(slices.__file__).parent


def test_a_share_carries_its_counts_and_its_exact_interval() -> None:
    assert slices.share(1, 10) == {
        "events": 1,
        "texts": 10,
        "share": 0.1,
        "interval": [0.003, 0.445],
    }
    assert slices.share(0, 5)["interval"] == [0.0, 0.522]
    assert slices.share(5, 5)["interval"] == [0.478, 1.0]
    assert slices.share(0, 0) == {"events": 0, "texts": 0, "share": None, "interval": None}


def test_false_alarms_are_of_the_harmless_and_misses_of_the_abusive() -> None:
    found = slices.rates(np.array([0, 0, 1, 1, 1]), np.array([0.6, 0.1, 0.5, 0.4, 0.2]))
    assert (found["false_alarms"]["events"], found["false_alarms"]["texts"]) == (1, 2)
    assert (found["misses"]["events"], found["misses"]["texts"]) == (2, 3)


def test_a_text_is_in_the_slice_of_each_group_it_names() -> None:
    named = slices.groups_named(["the mosque and the synagogue", "two women", "tea"], shipped())
    assert named["group of islamophobia"].tolist() == [True, False, False]
    assert named["group of antisemitism"].tolist() == [True, False, False]
    assert named["group of misogyny"].tolist() == [False, True, False]
    assert named["no group"].tolist() == [False, False, True]


def test_a_dialect_is_told_by_a_word_of_it() -> None:
    named = slices.dialects(["finna go", "nowt to see", "see you"])
    assert named["African-American English"].tolist() == [True, False, False]
    assert named["informal British English"].tolist() == [False, True, False]
    assert named["neither"].tolist() == [False, False, True]


def test_what_few_texts_hold_weighs_nothing_in_the_model_to_beat() -> None:
    sp = pytest.importorskip("scipy.sparse")
    counts = sp.csr_matrix(np.array([[1, 1, 0], [1, 0, 2], [1, 0, 0]], np.float32))
    made = left_out.tfidf(counts, np.array([0, 1, 2]), 2).toarray()
    assert made[:, 1].tolist() == [0, 0, 0]
    assert made[2] == pytest.approx([1, 0, 0])


@pytest.mark.parametrize("file", ["results.json", "slices.json"])
def test_the_frozen_figures_are_of_the_shipped_model(file: str) -> None:
    frozen = json.loads((FROZEN / file).read_text())
    assert frozen["model"] == shipped().model.version
