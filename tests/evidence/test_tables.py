"""Tables on disk."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from witnessbox.evidence.schema import BATCHES, TABLES
from witnessbox.evidence.tables import ROW_GROUP_ROWS, TableError, Tables


def _batch(ranks: range) -> pa.RecordBatch:
    count = len(ranks)
    return pa.RecordBatch.from_pydict(
        {
            "batch": [1] * count,
            "rank": list(ranks),
            "message": [f"m{rank}" for rank in ranks],
            "conversation": ["c"] * count,
            "position": list(ranks),
            "score": [0.5] * count,
            "category": ["racism"] * count,
        },
        schema=BATCHES.schema,
    )


def test_each_table_has_a_name_of_its_own() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    written = tables.write(BATCHES, "one", [_batch(range(3)), _batch(range(3, 5))])
    assert (written.path, written.rows) == ("batches/one.parquet", 5)
    assert tables.read(BATCHES).column("rank").to_pylist() == [0, 1, 2, 3, 4]
    assert tables.rows(BATCHES) == 5


def test_a_table_nobody_wrote_has_no_rows(tmp_path: Path) -> None:
    assert Tables(tmp_path).read(BATCHES, columns=["rank"]).num_rows == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(st.lists(st.integers(0, 9000), max_size=6))
def test_the_same_rows_give_the_same_bytes_however_they_were_batched(
    tmp_path: Path, cuts: list[int]
) -> None:
    tables, total = Tables(tmp_path), ROW_GROUP_ROWS + 500
    edges = sorted({0, total, *cuts})
    pairs = pairwise(edges)
    in_pieces = tables.write(BATCHES, "a", [_batch(range(first, last)) for first, last in pairs])
    at_once = tables.write(BATCHES, "b", [_batch(range(total))])
    assert in_pieces.sha256 == at_once.sha256


def test_a_table_laid_down_in_another_way_reads_the_same(tmp_path: Path) -> None:
    tables, rows = Tables(tmp_path), _batch(range(ROW_GROUP_ROWS + 10))
    tables.write(BATCHES, "one", [rows])
    with pq.ParquetWriter(
        tables.path(BATCHES, "before"),
        BATCHES.schema,
        compression="zstd",
        use_dictionary=["conversation"],
        column_encoding={"rank": "DELTA_BINARY_PACKED", "message": "DELTA_LENGTH_BYTE_ARRAY"},
        write_page_checksum=True,
    ) as file:
        file.write_table(pa.Table.from_batches([rows]), row_group_size=ROW_GROUP_ROWS)
    assert tables.read(BATCHES, ["before"]).equals(tables.read(BATCHES, ["one"]))
    together = tables.read(BATCHES, ["before", "one"], ["message"])
    assert together.num_rows == 2 * rows.num_rows
    found = tables.slice(BATCHES, "before", ROW_GROUP_ROWS - 1, 2, ["rank"])
    assert found.column("rank").to_pylist() == [ROW_GROUP_ROWS - 1, ROW_GROUP_ROWS]


def test_a_slice_reads_across_row_groups(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "one", [_batch(range(ROW_GROUP_ROWS + 10))])
    found = tables.slice(BATCHES, "one", ROW_GROUP_ROWS - 2, 4, ["rank"])
    assert found.column("rank").to_pylist() == [ROW_GROUP_ROWS + step for step in (-2, -1, 0, 1)]


def test_shards_are_read_together(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "a", [_batch(range(2))])
    tables.write(BATCHES, "b", [_batch(range(2, 3))])
    assert tables.read(BATCHES).num_rows == 3
    assert tables.read(BATCHES, ["b"]).num_rows == 1
    tables.remove(BATCHES, keep=["b"])
    assert tables.shards(BATCHES) == ["b"]


def test_a_failure_half_way_leaves_the_shard_as_it_was(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "one", [_batch(range(2))])

    def torn() -> Iterator[pa.RecordBatch]:
        yield _batch(range(9))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tables.write(BATCHES, "one", torn())
    assert tables.rows(BATCHES) == 2
    assert list(tmp_path.rglob("*.partial")) == []


def test_an_unfinished_shard_has_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="not finished"):
        Tables(tmp_path).writer(BATCHES, "one").written()


def test_a_missing_shard_is_said(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="has no part one"):
        Tables(tmp_path).read(BATCHES, ["one"])


def test_a_flipped_bit_is_found_on_reading(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "one", [_batch(range(2000))])
    place = tables.path(BATCHES, "one")
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    with pytest.raises(TableError, match="cannot be read"):
        tables.read(BATCHES)


def test_rows_are_picked_by_the_value_of_a_column(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "all", [_batch(range(9))])
    found = tables.where(BATCHES, "all", "message", ["m2", "m7", "m99"], ["rank"])
    assert found.to_pylist() == [{"rank": 2}, {"rank": 7}]
    assert tables.where(BATCHES, "all", "message", [], ["rank"]).column_names == ["rank"]
    assert tables.where(BATCHES, "none", "message", ["m2"]).num_rows == 0


def test_rows_are_picked_by_the_bounds_of_a_number(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.write(BATCHES, "all", [_batch(range(ROW_GROUP_ROWS + 10))])
    bounds = (ROW_GROUP_ROWS - 1, ROW_GROUP_ROWS + 1)
    found = tables.between(BATCHES, "all", "rank", bounds, ["rank", "message"])
    assert found["rank"].to_pylist() == [ROW_GROUP_ROWS - 1, ROW_GROUP_ROWS]
    assert tables.between(BATCHES, "all", "rank", (5, 5), ["rank"]).column_names == ["rank"]
    assert tables.between(BATCHES, "all", "rank", (5, 4)).num_rows == 0
    assert tables.between(BATCHES, "none", "rank", (0, 9)).num_rows == 0


def test_the_highest_number_of_a_column_is_told_by_the_footers_or_found(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    assert tables.highest(BATCHES, "rank") is None
    tables.write(BATCHES, "none", [])
    assert tables.highest(BATCHES, "rank") is None
    tables.write(BATCHES, "many", [_batch(range(ROW_GROUP_ROWS + 5))])
    tables.write(BATCHES, "few", [_batch(range(7))])
    assert tables.highest(BATCHES, "rank") == ROW_GROUP_ROWS + 4
    plain = pa.Table.from_batches([_batch(range(ROW_GROUP_ROWS + 9))])
    pq.write_table(plain, tables.path(BATCHES, "untold"), write_statistics=False)
    assert tables.highest(BATCHES, "rank") == ROW_GROUP_ROWS + 8


def test_rows_with_some_words_are_found_in_whatever_row_group_they_stand(tmp_path: Path) -> None:
    tables, many = Tables(tmp_path), 2 * ROW_GROUP_ROWS + 5
    tables.write(BATCHES, "many", [_batch(range(many))])
    places = [many - 1, 3, ROW_GROUP_ROWS, 7]
    found = tables.where(BATCHES, "many", "message", [*(f"m{at}" for at in places), "none"])
    assert found["rank"].to_pylist() == sorted(places)
    assert found.schema == tables.read(BATCHES, ["many"]).schema
    some = tables.where(BATCHES, "many", "message", ["m7"], ["rank", "category"])
    assert some.to_pylist() == [{"rank": 7, "category": "racism"}]
    assert tables.where(BATCHES, "many", "message", ["none"], ["rank"]).num_rows == 0
    assert tables.where(BATCHES, "many", "category", ["racism"]).num_rows == many
