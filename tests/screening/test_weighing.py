"""Weighing everything: in ranges and threads it comes to what it comes to in one piece."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from witnessbox.screening import weighing
from witnessbox.screening.context import STANDING, CodedSigns, Codings, Setting
from witnessbox.screening.learner import Matter, pool_of, rankable, taught
from witnessbox.screening.learning import (
    ANY,
    EMBEDDING_SCALE,
    Coded,
    Embeddings,
    Material,
    Weights,
    log_odds,
)
from witnessbox.screening.learning_order import Mask, best
from witnessbox.screening.learning_rows import RUNS, WORDS, rows_of
from witnessbox.screening.weighing import best_of_all, margins, text_margins

COUNT = 300
WORDS_SAID = ("rota", "kettle", "van", "radio", "lockers", "boots", "torch", "late")


def matter(seed: int = 0) -> Matter:
    """Make up talk in which texts, people and conversations come again, and many margins tie."""
    chance = np.random.default_rng(seed)
    said = [" ".join(chance.choice(WORDS_SAID, 3)) for _ in range(COUNT // 3)]
    text = chance.integers(0, len(said), COUNT)
    setting = Setting(
        conversation=np.sort(chance.integers(0, 5, COUNT)),
        sender=chance.integers(-1, 7, COUNT),
        text=text,
        answers=np.full(COUNT, -1),
        laughs=np.zeros(COUNT, np.float32),
        reactions=np.zeros(COUNT, np.float32),
        hour=np.full(COUNT, 12, np.int8),
    )
    signs = chance.integers(0, 2, (COUNT, len(STANDING))).astype(np.float32)
    cold = log_odds(chance.integers(1, 4, (len(said), 3)) / 4)
    material = Material(rows_of(pa.array(said)), cold, text, signs)
    return Matter(material, setting, np.array([5, 150, 77]))


def coded(seed: int = 0) -> list[Coded]:
    """Code every seventh message one way or the other."""
    chance = np.random.default_rng(seed)
    return [Coded(at, 1, int(chance.random() < 0.4), (("racism", 1),)) for at in range(0, COUNT, 7)]


def in_small_ranges(monkeypatch: pytest.MonkeyPatch, size: int, threads: int) -> None:
    """Cut everything into ranges that a test can have several of."""
    monkeypatch.setattr(weighing, "_TEXTS", size)
    monkeypatch.setattr(weighing, "_MESSAGES", size)
    monkeypatch.setattr(weighing, "_STEP", max(size // 3, 1))
    monkeypatch.setattr(weighing, "MOST_THREADS", threads)


def weights_of(seed: int, colds: int) -> list[Weights]:
    """Make up weights so coarse that margins tie."""
    chance = np.random.default_rng(seed)
    return [
        Weights(
            question,
            chance.integers(-1, 2, WORDS).astype(np.float32),
            chance.integers(-1, 2, RUNS).astype(np.float32),
            chance.integers(-1, 2, colds + len(STANDING) + 4).astype(np.float32),
            0.25,
        )
        for question in (ANY, "racism")
    ]


def in_one_piece(
    questions: Sequence[Weights],
    told: Matter,
    signs: CodedSigns,
    free: Mask,
) -> list[list[int]]:
    """Weigh all at once and sort all."""
    of_text = text_margins(questions, told.material)
    whole = margins(questions, told.material, of_text, signs, slice(0, COUNT))
    return [best(one, free, 20).tolist() for one in whole]


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("size", [1, 7, 64, COUNT, 1000])
def test_ranges_and_threads_change_nothing(
    monkeypatch: pytest.MonkeyPatch, size: int, threads: int
) -> None:
    told, questions = matter(), weights_of(1, 3)
    signs = CodedSigns(told.setting, taught(told, coded()).codings)
    free = rankable(told, coded())
    expected = in_one_piece(questions, told, signs, free)
    in_small_ranges(monkeypatch, size, threads)
    found = best_of_all(questions, told.material, signs, free, 20)
    assert [one.tolist() for one in found] == expected


def test_a_pool_is_the_same_in_however_many_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    told = matter()
    learned = taught(told, coded())
    whole = pool_of(told, coded(), learned, size=25)
    in_small_ranges(monkeypatch, 16, 2)
    assert np.array_equal(pool_of(told, coded(), learned, size=25), whole)
    assert len(whole) >= 25


def test_an_embedding_is_weighed_range_by_range_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told = matter()
    shown = np.random.default_rng(2).integers(-2, 3, (told.material.rows.texts, 4))
    shown[::3] = 0  # not read to the end
    held = np.flatnonzero(shown.any(axis=1))
    embeddings = Embeddings(held, shown[held].astype(np.float16))
    material = replace(told.material, embeddings=embeddings)
    questions = weights_of(1, 3 + 4)
    plain = text_margins(weights_of(1, 3 + 4), told.material)
    whole = text_margins(questions, material)
    by_hand = shown @ np.stack([one.dense[3:7] for one in questions], 1)
    assert np.allclose(whole - plain, EMBEDDING_SCALE * by_hand.T, atol=1e-5)
    in_small_ranges(monkeypatch, 16, 2)
    assert np.array_equal(text_margins(questions, material), whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.integers(0, COUNT - 1), unique=True), st.integers(0, COUNT), st.integers(0, 60))
def test_signs_of_a_range_are_those_of_its_messages(
    said: list[int], first: int, count: int
) -> None:
    chance = np.random.default_rng(len(said))
    codings = Codings(np.array(said, np.int64), chance.random(len(said)).astype(np.float32))
    signs = CodedSigns(matter().setting, codings)
    messages = slice(first, min(first + count, COUNT))
    assert np.array_equal(signs.of(messages), signs.of(np.arange(messages.start, messages.stop)))
