"""The reading order holds every message once, the best first, in context inside a batch."""

import random

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.ranking import rank

Row = tuple[str, str, int, str, float]


def order(rows: list[Row], size: int = 2) -> list[dict[str, object]]:
    names = ("message", "conversation", "position", "category", "score")
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    kinds = (pa.string(), pa.string(), pa.int64(), pa.string(), pa.float32())
    arrays = [pa.array(*both) for both in zip(columns, kinds, strict=True)]
    found: list[dict[str, object]] = rank(pa.table(arrays, names=names), size).to_pylist()
    return found


def test_the_best_come_in_the_first_batch_and_stand_in_context() -> None:
    rows = [
        ("m1", "c1", 9, "abuse", 0.9),
        ("m2", "c1", 1, "abuse", 0.8),
        ("m3", "c1", 2, "abuse", 0.1),
    ]
    assert [(row["batch"], row["rank"], row["message"]) for row in order(rows)] == [
        (1, 1, "m2"),
        (1, 2, "m1"),
        (2, 3, "m3"),
    ]


def test_a_message_ranks_by_its_best_category() -> None:
    rows = [("m1", "c1", 0, "abuse", 0.2), ("m1", "c1", 0, "misogyny", 0.7)]
    assert [(row["category"], round(float(str(row["score"])), 2)) for row in order(rows)] == [
        ("misogyny", 0.7)
    ]


def test_a_named_category_goes_before_abuse_at_the_same_score() -> None:
    rows = [("m1", "c1", 0, "abuse", 0.5), ("m1", "c1", 0, "racism", 0.5)]
    assert [row["category"] for row in order(rows)] == ["racism"]


def test_equal_scores_are_parted_by_place() -> None:
    rows = [(f"m{n}", "c1", n, "racism", 0.5) for n in (3, 1, 2)]
    assert [row["message"] for row in order(rows, size=1)] == ["m1", "m2", "m3"]


def test_nothing_scored_is_nothing_to_read() -> None:
    assert order([]) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9), st.sampled_from(["abuse", "racism"]), st.sampled_from([0.1, 0.5])
        )
    ),
    st.integers(1, 4),
    st.randoms(),
)
def test_every_message_stands_once_whatever_order_scores_come_in(
    drawn: list[tuple[int, str, float]], size: int, chance: random.Random
) -> None:
    rows = [(f"m{at}", f"c{at % 2}", at, category, score) for at, category, score in drawn]
    found = order(rows, size)
    assert sorted(str(row["message"]) for row in found) == sorted({row[0] for row in rows})
    assert [row["rank"] for row in found] == list(range(1, len(found) + 1))
    chance.shuffle(rows)
    assert order(rows, size) == found
