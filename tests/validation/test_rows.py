"""Rows of known databases lie where their bytes say, whatever their values."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from witnessbox.validation.writers.rows import Value, database, span_of

SCHEMA = "CREATE TABLE notes (_id INTEGER PRIMARY KEY, a, b TEXT, c REAL, d BLOB);"
ROWS: list[tuple[Value, ...]] = [
    (1, 0, "tea", 1.5, b"\x00\x01"),
    (2, 1, "", 2.0, b""),
    (3, -128, "\u2615", -0.25, None),
    (4, 1 << 40, "x" * 200, None, b"y" * 70),
    (300, -(1 << 63), None, 1e300, None),
    (70_000, 32_768, "z" * 3_000, None, None),
    (70_001, 8_388_608, "w" * 60_000, None, b"end"),
    (70_002, -32_769, "v" * 4_200, None, None),
    (70_003, 1 << 33, "u" * 130, None, None),
]
DATA = database(SCHEMA, [("notes", row) for row in ROWS])


@pytest.mark.parametrize("row", ROWS)
def test_a_row_s_bytes_are_found(row: tuple[Value, ...]) -> None:
    start, end = span_of(DATA, row)
    assert 0 < start < end <= len(DATA)
    text = row[2]
    assert isinstance(text, str | None)
    assert (text or "").encode()[:400] in DATA[start:end]


def test_the_cells_of_all_rows_lie_apart() -> None:
    spans = sorted(span_of(DATA, row) for row in ROWS)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


def test_the_same_rows_are_the_same_bytes_and_a_database(tmp_path: Path) -> None:
    assert database(SCHEMA, [("notes", row) for row in ROWS]) == DATA
    (tmp_path / "a.db").write_bytes(DATA)
    with closing(sqlite3.connect(tmp_path / "a.db")) as opened:
        assert opened.execute("SELECT * FROM notes").fetchall() == ROWS
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_row_begins_with_its_row_id_and_holds_what_a_database_can() -> None:
    with pytest.raises(TypeError, match="begins with its row id"):
        span_of(DATA, ("a",))
    with pytest.raises(ValueError, match="no number a database holds"):
        span_of(DATA, (1, 1 << 64))
