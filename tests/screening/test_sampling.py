import hashlib
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.sampling import (
    SampleError,
    draw_uniform,
    population_hash,
)

IDS = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), unique=True, max_size=30)


@given(IDS, st.integers(), st.randoms(use_true_random=False))
def test_the_order_of_the_population_does_not_matter(
    ids: list[str], seed: int, chance: Random
) -> None:
    size = len(ids) // 2
    drawn = draw_uniform(pa.array(ids, pa.string()), size, seed)
    mixed = chance.sample(ids, len(ids))
    assert draw_uniform(pa.array(mixed, pa.string()), size, seed).equals(drawn)
    assert population_hash(pa.array(mixed)) == population_hash(pa.array(ids))


def test_ten_lines_of_python_draw_the_same() -> None:
    ids = [f"m{number}" for number in range(100)]
    lots = {one: hashlib.sha256(f"5:{one}".encode()).digest()[:8] for one in ids}
    by_hand = sorted(ids, key=lambda one: (lots[one], one))[:10]
    assert draw_uniform(pa.array(ids), 10, 5).to_pylist() == by_hand


def test_a_larger_draw_begins_with_the_smaller() -> None:
    ids = pa.array([f"m{number}" for number in range(100)])
    assert draw_uniform(ids, 30, 1)[:10].equals(draw_uniform(ids, 10, 1))
    assert draw_uniform(ids, 30, 1) != draw_uniform(ids, 30, 2)


def test_every_message_is_drawn_as_often_as_any_other() -> None:
    ids = pa.array([f"m{number}" for number in range(10)])
    counts = dict.fromkeys(ids.to_pylist(), 0)
    for seed in range(2000):
        for one in draw_uniform(ids, 3, seed).to_pylist():
            counts[one] += 1
    # 600 expected, standard deviation 20.5: five of them away would be one draw in millions.
    assert all(abs(count - 600) < 103 for count in counts.values())


def test_more_than_there_is_cannot_be_drawn() -> None:
    with pytest.raises(SampleError, match="3 messages cannot be drawn from 2"):
        draw_uniform(pa.array(["a", "b"]), 3, 1)


def test_a_population_names_each_message_once() -> None:
    with pytest.raises(SampleError, match="twice"):
        draw_uniform(pa.array(["a", "a"]), 1, 1)
