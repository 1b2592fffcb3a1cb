"""Rows come back in the order of their numbers, whether they fit into memory or not."""

from itertools import chain

import numpy as np
import pyarrow as pa
import pytest

from witnessbox.intake import ordered
from witnessbox.intake.ordered import HELD_BYTES, KEY, Ordered, is_among, keys_of

SCHEMA = pa.schema([pa.field(KEY, pa.int64()), pa.field("nth", pa.int64()), ("said", pa.string())])
LITTLE = 500  # bytes: nearly every batch is laid down


def batch(keys: list[int], first: int = 0) -> pa.RecordBatch:
    nth = list(range(first, first + len(keys)))
    said = [None if key % 5 == 0 else f"words {key}" for key in keys]
    return pa.RecordBatch.from_arrays([pa.array(keys), pa.array(nth), said], schema=SCHEMA)


def filled(held_bytes: int, *several: list[int]) -> Ordered:
    rows, first = Ordered(SCHEMA, held_bytes), 0
    for keys in several:
        rows.add(batch(keys, first))
        first += len(keys)
    return rows


def whole(rows: Ordered) -> list[dict[str, object]]:
    return [row for part in rows.in_order() for row in part.to_pylist()]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordered, "_BLOCK_ROWS", 4)
    monkeypatch.setattr(ordered, "_MOST_PARTS", 3)


PARTS = [
    [list(range(40)), list(range(40, 80)), list(range(80, 100))],  # as they come
    [list(range(50, 90)), list(range(60)), [7] * 30, list(range(99, 0, -3))],  # over each other
    [[5]] * 40,
    [[], [3], []],
]


@pytest.mark.parametrize("parts", PARTS)
def test_rows_come_in_order_and_those_of_one_number_as_they_came(parts: list[list[int]]) -> None:
    few, many = filled(HELD_BYTES, *parts), filled(LITTLE, *parts)
    assert few.in_memory
    expected = sorted(batch([*chain(*parts)]).to_pylist(), key=lambda row: int(row[KEY]))
    assert whole(few) == expected
    assert whole(many) == expected


def test_long_rows_are_laid_down_in_a_file_and_found_by_their_numbers() -> None:
    rows = filled(LITTLE, *PARTS[1])
    assert not rows.in_memory
    wanted = [7, 98, 60, 7, 1_000]
    near = keys_of(rows.near(np.array(wanted))).tolist()
    assert near == sorted(key for key in chain(*PARTS[1]) if key in wanted)
    assert len(near) > 30


def test_nothing_is_found_where_there_is_nothing() -> None:
    rows = Ordered(SCHEMA)
    assert whole(rows) == []
    assert rows.near(np.array([1])).num_rows == 0
    assert is_among(np.array([1, 2]), np.empty(0, np.int64)).tolist() == [False, False]
