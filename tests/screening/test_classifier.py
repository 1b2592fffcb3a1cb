"""A margin is a plain sum, so what the words add makes the whole of it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening import classifier
from witnessbox.screening.classifier import HEADS, Calibration, Head, bucket, margins, word_parts
from witnessbox.screening.features import extract
from witnessbox.screening.normalise import clean

PLATT = Calibration(2.0, -1.0, (0.0, 0.5, 1.0, 1.5))
CHANCE = np.random.default_rng(7)
HEAD = Head(
    words=CHANCE.normal(size=1 << 10).astype(np.float32),
    runs=CHANCE.normal(size=1 << 12).astype(np.float32),
    bias=0.25,
    calibration=PLATT,
)


@given(st.lists(st.text(alphabet=st.sampled_from("abc d🙂")), min_size=1, max_size=3))
def test_what_words_add_is_no_more_than_the_margin_holds(texts: list[str]) -> None:
    """Runs reach into the spaces around a word; with those counted the parts are the whole."""
    stream = clean(pa.array(texts, pa.string()))
    features = extract(stream)
    words_alone = Head(HEAD.words, np.zeros_like(HEAD.runs), HEAD.bias, PLATT)
    parts = word_parts(words_alone, stream, features)
    whole = np.bincount(stream.message, parts, stream.messages) + HEAD.bias
    assert whole == pytest.approx(margins(words_alone, features, stream.messages))


def test_a_run_counts_for_the_word_it_lies_in() -> None:
    stream = clean(pa.array(["so late"]))
    features = extract(stream)
    runs = np.zeros_like(HEAD.runs)
    inside = features.run_starts[0].tolist().index(int(stream.starts[1]))  # "lat"
    runs[bucket(features.runs[0][inside : inside + 1], len(runs))] = 1.0
    head = Head(np.zeros_like(HEAD.words), runs, 0.0, PLATT)
    so, late = word_parts(head, stream, features)
    assert so == pytest.approx(0.0)
    assert late == pytest.approx(margins(head, features, 1)[0])


def test_a_message_without_words_has_the_bias_for_its_margin() -> None:
    assert margins(HEAD, extract(clean(pa.array(["", "..."]))), 2).tolist() == [0.25, 0.25]


def test_a_severer_entry_never_lowers_a_probability() -> None:
    severity = np.array([0, 1, 2, 3], np.int8)
    found = PLATT.probability(np.zeros(4), severity)
    assert found[0] == pytest.approx(1 / (1 + np.e))
    assert (np.diff(found) > 0).all()


def test_the_farthest_margins_still_give_probabilities() -> None:
    found = PLATT.probability(np.array([-1e9, 1e9]), np.zeros(2, np.int8))
    assert 0 < found[0] < found[1] <= 1


@pytest.mark.parametrize("name", HEADS)
def test_the_shipped_heads_are_whole(name: str) -> None:
    head = classifier.shipped().heads[name]
    assert np.isfinite(head.words).all()
    assert np.isfinite(head.runs).all()
    added = head.calibration.severity
    assert added[0] == 0
    assert list(added) == sorted(added)
    assert head.calibration.slope > 0
