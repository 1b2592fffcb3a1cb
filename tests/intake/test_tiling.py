"""A tiling leaves no byte out and counts none twice."""

import itertools

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.intake.parser import Batch, Format
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.tiling import Tiling, TilingError, accounting


def batch(*spans: tuple[int, int]) -> Batch:
    return Batch(
        problems=problem_rows(
            [Problem(Span("e", *span), "x/1", "c", "w", Severity.NOTE) for span in spans]
        )
    )


def tiled(size_bytes: int, *batches: Batch) -> None:
    tiling = Tiling("chat.txt", "x/1")
    for one in batches:
        tiling.take(one)
    tiling.finish(size_bytes)


@given(st.sets(st.integers(1, 99)), st.randoms())
def test_spans_that_tile_pass_in_any_order_within_a_batch(cuts: set[int], chance: object) -> None:
    spans = list(itertools.pairwise([0, *sorted(cuts), 100]))
    doubts = [(start, start) for start, _ in spans]
    mixed = [*spans, *doubts]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    tiled(100, batch(*mixed))
    tiled(100, *(batch(span) for span in spans), Batch())


@given(st.sets(st.integers(1, 99), min_size=1), st.data())
def test_a_span_left_out_or_counted_twice_is_noticed(cuts: set[int], data: st.DataObject) -> None:
    spans = list(itertools.pairwise([0, *sorted(cuts), 100]))
    one = data.draw(st.sampled_from(spans))
    without = [span for span in spans if span != one]
    for wrong in (without, [*spans, one]):
        with pytest.raises(TilingError):
            tiled(100, batch(*wrong))


def test_a_message_needs_bytes_of_its_own() -> None:
    nothing = pa.array([0], pa.int64())
    rows = pa.RecordBatch.from_arrays([nothing, nothing], ["start", "end"])
    with pytest.raises(TilingError, match="a message without bytes"):
        tiled(0, Batch(messages=rows))


def test_only_an_exhibit_of_no_bytes_needs_no_span() -> None:
    tiled(0, Batch())
    with pytest.raises(TilingError, match="does not explain byte 0"):
        tiled(1, Batch())


def rows_of(*records: tuple[int, int, int | None], table: str | None = "message") -> pa.RecordBatch:
    starts, ends, rows = zip(*records, strict=True)
    return pa.RecordBatch.from_pydict(
        {
            "start": pa.array(starts, pa.int64()),
            "end": pa.array(ends, pa.int64()),
            "table": pa.array([table] * len(rows), pa.string()).dictionary_encode(),
            "row": pa.array(rows, pa.int64()),
        }
    )


def holds(count: int) -> Batch:
    return Batch(
        holdings=pa.RecordBatch.from_pydict(
            {"exhibit": ["e"], "table": ["message"], "rows": [count]}
        )
    )


def counted(*batches: Batch) -> None:
    account = accounting("msgstore.db", Format("x", "X", 1, "whatsapp", "rows"))
    for one in batches:
        account.take(one)
    account.finish(100)


def test_every_row_of_a_database_is_a_message_or_a_problem() -> None:
    read = Batch(messages=rows_of((0, 9, 1), (20, 30, 2)), problems=rows_of((30, 31, 3), (5, 5, 1)))
    counted(read, holds(3))
    counted(holds(0))


@pytest.mark.parametrize(
    ("batches", "why"),
    [
        ((Batch(messages=rows_of((0, 9, 1))), holds(2)), "holds 2 rows, 1 are in records"),
        ((Batch(messages=rows_of((0, 9, 1))),), "holds 0 rows, 1 are in records"),
        ((Batch(messages=rows_of((0, 9, 1), (8, 12, 2))), holds(2)), "share bytes"),
        ((Batch(messages=rows_of((0, 101, 1))), holds(1)), "runs past the end"),
        ((Batch(messages=rows_of((4, 4, 1))), holds(1)), "a message without bytes"),
        ((Batch(messages=rows_of((0, 9, None))), holds(1)), "names no row"),
        ((Batch(problems=rows_of((0, 9, 1), table=None)), holds(1)), "names no row"),
    ],
)
def test_a_row_left_out_or_counted_twice_is_noticed(batches: tuple[Batch, ...], why: str) -> None:
    with pytest.raises(TilingError, match=why):
        counted(*batches)
