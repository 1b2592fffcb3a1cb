"""What we read out of a database's bytes is what SQLite reads out of it."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.sqlite.made import DECLARED, WANTED, image, made, read, values
from witnessbox.intake.limits import Limits, departures
from witnessbox.intake.sqlite.image import DatabaseError, image_of
from witnessbox.intake.sqlite.tables import tables_of
from witnessbox.intake.sqlite.varints import varints

quick = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SAID = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    | st.text(st.sampled_from("aé✓😀"), min_size=400, max_size=3000)
)
NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, -1, 127, 128, 2**23])
ROWS = st.dictionaries(
    st.integers(1, 2**40), st.tuples(SAID, st.none() | st.binary(max_size=50), NUMBER), max_size=40
)


@quick
@given(ROWS, st.sampled_from([512, 1024, 4096, 65536]), st.sampled_from(["UTF-8", "UTF-16le"]))
def test_every_row_comes_back(
    tmp_path: Path,
    rows: dict[int, tuple[str | None, bytes | None, int | None]],
    page_bytes: int,
    encoding: str,
) -> None:
    data = made(
        tmp_path / "a.db",
        [(key, *row) for key, row in rows.items()],
        page_bytes=page_bytes,
        encoding=encoding,
    )
    found, parts = read(data)
    assert values(parts) == [(key, rows[key][0], rows[key][2]) for key in sorted(rows)]
    assert not found.faults
    assert not [fault for part in parts for fault in part.faults]


@quick
@given(ROWS)
def test_each_row_has_bytes_of_its_own_that_hold_its_text(
    tmp_path: Path, rows: dict[int, tuple[str | None, bytes | None, int | None]]
) -> None:
    data = made(tmp_path / "a.db", [(key, *row) for key, row in rows.items()])
    reached: list[tuple[int, int]] = []
    for part in read(data)[1]:
        for key, start, end in zip(part.rowid.tolist(), part.start, part.end, strict=True):
            said = (rows[key][0] or "").encode()
            if len(said) < 1000:
                assert said in data[start:end]
            reached.append((int(start), int(end)))
    reached.sort()
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(reached))


@quick
@given(ROWS, st.data())
def test_a_damaged_database_is_read_as_far_as_it_goes(
    tmp_path: Path,
    rows: dict[int, tuple[str | None, bytes | None, int | None]],
    data: st.DataObject,
) -> None:
    whole = bytearray(
        made(tmp_path / "a.db", [(key, *row) for key, row in rows.items()], page_bytes=512)
    )
    for at in data.draw(st.lists(st.integers(100, len(whole) - 1), max_size=20)):
        whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(100, len(whole)))
    parts = read(bytes(whole[:cut]))[1]
    spans = sorted(
        (int(start), int(end))
        for part in parts
        for start, end in [
            *zip(part.start, part.end, strict=True),
            *((fault.start, fault.end) for fault in part.faults if fault.end > fault.start),
        ]
    )
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    assert all(end <= cut for _, end in spans)


def test_columns_are_found_by_name_wherever_they_stand(tmp_path: Path) -> None:
    declared = "CREATE TABLE notes(said TEXT, x INT GENERATED ALWAYS AS (n+1), n INTEGER DEFAULT 0)"
    place = tmp_path / "a.db"
    with closing(sqlite3.connect(place)) as opened:
        opened.execute(declared)
        opened.execute("INSERT INTO notes VALUES('early', 4)")
        opened.execute("ALTER TABLE notes ADD COLUMN late INTEGER")
        opened.execute("INSERT INTO notes VALUES('later', 5, 6)")
        opened.commit()
    (rows,) = tables_of(image(place.read_bytes())).rows("notes", ("said", "n", "late", "never"))
    assert rows.text("said").to_pylist() == ["early", "later"]
    assert rows.numbers("n").tolist() == [4, 5]
    assert rows.numbers("late", -1).tolist() == [-1, 6]
    assert rows.numbers("never", -1).tolist() == [-1, -1]
    assert rows.text("never").to_pylist() == [None, None]


def test_numbers_in_a_text_column_and_reals_are_read(tmp_path: Path) -> None:
    declared = "CREATE TABLE notes(_id INTEGER PRIMARY KEY, said, at, n)"
    data = made(tmp_path / "a.db", [(1, 7, 1.5, 2.0), (2, "x", 2, "no")], declared=declared)
    (rows,) = read(data)[1]
    assert rows.text("said").to_pylist() == ["7", "x"]
    assert rows.numbers("n", -1).tolist() == [2, -1]


@quick
@given(
    st.lists(
        st.lists(st.none() | st.integers(-300, 300) | st.text("aé", max_size=90), max_size=40),
        min_size=1,
        max_size=8,
    )
)
def test_rows_of_many_columns_come_back_long_and_short_among_one_another(
    tmp_path: Path, rows: list[list[str | int | None]]
) -> None:
    names = [f"c{number}" for number in range(40)]
    place = tmp_path / "wide.db"
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.execute("CREATE TABLE notes(_id INTEGER PRIMARY KEY)")
        wide = 0
        for number, row in enumerate(rows):  # a row is as wide as the table was by then
            for name in names[wide : len(row)]:
                opened.execute(f"ALTER TABLE notes ADD COLUMN {name}")
            wide = max(wide, len(row))
            marks = ",".join("?" * (len(row) + 1))
            columns = ",".join(["_id", *names[: len(row)]])
            opened.execute(f"INSERT INTO notes({columns}) VALUES({marks})", (number, *row))
        opened.commit()
    tables = tables_of(image(place.read_bytes()))
    (part,) = tables.rows("notes", names)
    found = [part.text(name).to_pylist() for name in names]
    for number, row in enumerate(rows):
        wanted = [None if one is None else str(one) for one in row]
        assert [column[number] for column in found] == wanted + [None] * (40 - len(row))


def test_a_row_of_a_type_nobody_uses_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    place = tmp_path / "wide.db"
    names = [f"c{number}" for number in range(40)]
    with closing(sqlite3.connect(place)) as opened:
        opened.execute(f"CREATE TABLE notes(_id INTEGER PRIMARY KEY, {','.join(names)})")
        for number in (1, 2, 3):
            row = (number, *(f"row {number}" for _ in names))
            opened.execute(f"INSERT INTO notes VALUES({','.join('?' * 41)})", row)
        opened.commit()
    data = bytearray(place.read_bytes())
    at = data.index(b"row 2") - 20  # among the types, before the values
    data[at] = 10
    (part,) = tables_of(image(bytes(data))).rows("notes", names)
    assert part.text("c39").to_pylist() == ["row 1", "row 3"]
    assert [(fault.row, fault.what) for fault in part.faults] == [
        (2, "the row's columns run out of the row")
    ]


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    place = tmp_path / "a.db"
    with closing(sqlite3.connect(place)) as opened:
        opened.execute(DECLARED)
        opened.execute("INSERT INTO notes VALUES(1, 'fine', NULL, 1)")
        opened.execute("INSERT INTO notes VALUES(2, CAST(x'61FF' AS TEXT), NULL, 1)")
        opened.commit()
    (rows,) = tables_of(image(place.read_bytes())).rows("notes", WANTED)
    said, bad = rows.texts("said")
    assert (said.to_pylist(), bad) == (["fine", "a�"], [1])


def test_a_definition_that_does_anything_else_is_not_read(tmp_path: Path) -> None:
    data = bytearray(made(tmp_path / "a.db", [(1, "a", None, 1)]))
    at = data.index(b"CREATE TABLE notes")
    data[at : at + 18] = b"DELETE FROM notes;"
    assert read(bytes(data))[0].faults == ["the definition of table notes cannot be read"]


@pytest.mark.parametrize(
    "data", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(84), bytes(200)]
)
def test_what_is_no_database_is_refused(data: bytes) -> None:
    with pytest.raises(DatabaseError):
        image(data)


def test_numbers_of_nine_bytes_are_read() -> None:
    written = [b"\x00", b"\x7f", b"\x81\x00", b"\xff" * 8 + b"\x7f", b"\xff" * 9]
    data = np.frombuffer(b"".join(written) + bytes(9), np.uint8)
    at = np.cumsum([0, *(len(one) for one in written[:-1])])
    values, lengths = varints(data, at)
    assert values.tolist() == [0, 127, 128, -129, -1]
    assert lengths.tolist() == [len(one) for one in written]


def test_a_row_whose_long_part_is_gone_is_a_fault(tmp_path: Path) -> None:
    data = made(tmp_path / "a.db", [(1, "x" * 5000, None, 1), (2, "y", None, 2)], page_bytes=512)
    (rows,) = read(data[: 512 * 6])[1]
    assert rows.rowid.tolist() == [2]
    assert [(fault.row, fault.what) for fault in rows.faults] == [
        (1, "the row goes on in pages that are not there")
    ]


def test_pages_that_point_at_themselves_or_nowhere_end(tmp_path: Path) -> None:
    rows = [(n, "tea" * 20, None, n) for n in range(1, 200)]
    data = bytearray(made(tmp_path / "a.db", rows, page_bytes=512))
    root = tables_of(image(bytes(data))).layouts["notes"].root
    first = (root - 1) * 512
    cell = int.from_bytes(data[first + 12 : first + 14], "big")
    data[first + cell : first + cell + 4] = root.to_bytes(4, "big")
    data[first + 8 : first + 12] = (99_999).to_bytes(4, "big")
    found = [fault.what for part in read(bytes(data))[1] for fault in part.faults]
    assert found == [
        f"page {root} is pointed at more than once",
        "page 99999 is not in the file",
    ]


def test_rows_that_share_bytes_are_told_once(tmp_path: Path) -> None:
    data = bytearray(made(tmp_path / "a.db", [(1, "a", None, 1), (2, "b", None, 2)]))
    root = tables_of(image(bytes(data))).layouts["notes"].root
    pointers = (root - 1) * 4096 + 8
    data[pointers + 2 : pointers + 4] = data[pointers : pointers + 2]
    (rows,) = read(bytes(data))[1]
    assert rows.rowid.tolist() == [1]
    assert [fault.what for fault in rows.faults] == ["a pointer to a row leads into another row"]
    assert all(fault.start == fault.end for fault in rows.faults)


@pytest.mark.parametrize(
    "limits", [Limits(database_row_bytes=9_000), Limits(database_batch_bytes=9_000)]
)
def test_a_row_beyond_a_limit_is_a_fault_and_the_others_are_read(
    tmp_path: Path, limits: Limits
) -> None:
    rows = [(1, "short", None, 1), (2, "x" * 10_000, None, 2), (3, "last", None, 3)]
    data = made(tmp_path / "notes.db", rows)
    tables = tables_of(image_of(np.frombuffer(data, np.uint8), limits))
    parts = list(tables.rows("notes", WANTED))
    assert [said for part in parts for said in part.text("said").to_pylist()] == ["short", "last"]
    (fault,) = (fault for part in parts for fault in part.faults)
    assert fault.end > fault.start
    assert fault.what.endswith(f"than 9,000 bytes, the limit {departures(limits)[0][0]}")
