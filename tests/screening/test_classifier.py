"""A margin is a plain sum, so what the words add makes the whole of it."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening import classifier
from witnessbox.screening.classifier import (
    Calibration,
    Doubles,
    Floats,
    Model,
    margins,
    sizes,
    weigh,
    word_parts,
)
from witnessbox.screening.features import extract, runs_of
from witnessbox.screening.normalise import clean
from witnessbox.screening.weights import HEADS, STEP, bucket, of_head, table

PLATT = Calibration(2.0, -1.0, (0.0, 0.5, 1.0, 1.5))
CHANCE = np.random.default_rng(7)


def weights(size: int) -> list[Floats]:
    drawn = CHANCE.normal(size=(len(HEADS), size))
    return list((np.round(drawn / STEP) * STEP).astype(np.float32))


MODEL = Model(
    version="test",
    words=table(weights(1 << 10)),
    runs=table(weights(1 << 12)),
    bias=np.array([0.25, 0.5, 0.75], np.float32),
    calibration=dict.fromkeys(HEADS, PLATT),
)


def weighed(model: Model, *texts: str) -> tuple[Doubles, list[Doubles]]:
    """Give the margins of texts, and in each head what their words add."""
    stream = clean(pa.array(texts, pa.string()))
    features = extract(stream)
    found = weigh(model, stream, features)
    counted = sizes(stream, found)
    parts = [word_parts(found, counted, head) for head in range(len(HEADS))]
    added = [
        np.bincount(stream.message, part, stream.messages).astype(np.float64) for part in parts
    ]
    return margins(model, found, counted), added


@given(st.lists(st.text(alphabet=st.sampled_from("abc d🙂")), min_size=1, max_size=3))
def test_what_words_add_makes_the_whole_of_a_margin(texts: list[str]) -> None:
    whole, added = weighed(MODEL, *texts)
    for head, column in enumerate(added):
        assert whole[:, head] == pytest.approx(column + MODEL.bias[head], abs=1e-4)


@given(st.lists(st.text(alphabet=st.sampled_from("ab é🙂")), min_size=1, max_size=4))
def test_a_margin_is_the_same_alone_and_among_others(texts: list[str]) -> None:
    together, _ = weighed(MODEL, *texts)
    for place, text in enumerate(texts):
        assert weighed(MODEL, text)[0].tolist() == together[place : place + 1].tolist()


def test_a_run_counts_for_the_word_it_lies_in() -> None:
    stream = clean(pa.array(["so late"]))
    inside = runs_of(stream, np.array([1])).hashes[0][1:2]  # "lat"
    nothing, runs = np.zeros(1 << 12), np.zeros(1 << 12)
    runs[bucket(inside, len(runs))] = 1.0
    model = replace(
        MODEL, words=table([nothing] * 3), runs=table([runs] * 3), bias=np.zeros(3, np.float32)
    )
    found = weigh(model, stream, extract(stream))
    counted = sizes(stream, found)
    so, late = word_parts(found, counted, 0)
    assert so == pytest.approx(0.0)
    assert late == pytest.approx(margins(model, found, counted)[0, 0])


def test_a_message_without_words_has_the_bias_for_its_margin() -> None:
    assert weighed(MODEL, "", "...")[0].tolist() == [[0.25, 0.5, 0.75]] * 2


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
    model = classifier.shipped()
    assert of_head(model.words.packed, HEADS.index(name)).any()
    assert of_head(model.runs.packed, HEADS.index(name)).any()
    added = model.calibration[name].severity
    assert added[0] == 0
    assert list(added) == sorted(added)
    assert model.calibration[name].slope > 0
