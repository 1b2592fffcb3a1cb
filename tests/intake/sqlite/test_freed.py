"""Rows in freed space are found where they stand, and nothing else is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.sqlite.made import DECLARED, WANTED, image, values
from witnessbox.intake.sqlite.freed import Scrap, scraps
from witnessbox.intake.sqlite.tables import tables_of

Change = Callable[[sqlite3.Connection], object]


def made(place: Path, *changes: Change, declared: str = DECLARED, secure: bool = False) -> bytes:
    """Make a database of two hundred notes and change it."""
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute(f"PRAGMA secure_delete={int(secure)}")
        opened.execute(declared)
        opened.executemany(
            "INSERT INTO notes VALUES(?,?,?,?)",
            [(n, f"this is note {n}", n / 2, n * 1000) for n in range(1, 201)],
        )
        opened.commit()
        for change in changes:
            change(opened)
            opened.commit()
    return place.read_bytes()


def gone(*numbers: int) -> Change:
    return lambda opened: opened.executemany(
        "DELETE FROM notes WHERE n=?", [(n * 1000,) for n in numbers]
    )


def found(data: bytes, least: int = 4) -> list[Scrap]:
    tables = tables_of(image(data))
    list(tables.rows("notes", WANTED))
    return list(scraps(tables.image, tables.layouts["notes"], tables.leaves["notes"], least))


def said(data: bytes) -> set[str]:
    """Give the notes that are found and are not there any more."""
    tables = tables_of(image(data))
    there = {row for row, *_ in values(tables.rows("notes", WANTED))}
    texts = {one.values[1] for one in found(data)}
    every = {n for n in range(1, 301) if f"this is note {n}".encode() in texts}
    return notes(*(every - there))


def notes(*numbers: int) -> set[str]:
    return {f"this is note {n}" for n in numbers}


def test_rows_deleted_one_by_one_or_side_by_side_are_found(tmp_path: Path) -> None:
    data = made(tmp_path / "a.db", gone(5, 50, 51, 52, 150))
    assert said(data) == notes(5, 50, 51, 52, 150)
    for one in found(data):
        text = one.values[1]
        assert isinstance(text, bytes)
        assert text in data[one.start : one.end]


def test_a_row_s_values_are_those_it_had(tmp_path: Path) -> None:
    one = next(one for one in found(made(tmp_path / "a.db", gone(150))) if 75 in one.values)
    assert one.values == (None, b"this is note 150", 75, 150_000)


def test_rows_of_pages_that_were_freed_are_found_with_their_row_ids(tmp_path: Path) -> None:
    data = made(tmp_path / "a.db", gone(*range(1, 190)))
    assert notes(*range(1, 190)) <= said(data)
    numbered = {one.row: one.values[1] for one in found(data) if one.row is not None}
    assert len(numbered) > 100
    assert all(text == f"this is note {row}".encode() for row, text in numbered.items())


def test_what_was_overwritten_with_zeros_is_gone(tmp_path: Path) -> None:
    assert said(made(tmp_path / "a.db", gone(*range(1, 190)), secure=True)) == set()


def test_without_a_deletion_there_is_nothing(tmp_path: Path) -> None:
    assert said(made(tmp_path / "a.db")) == set()


def test_a_row_that_went_on_in_other_pages_is_not_put_together(tmp_path: Path) -> None:
    long = "INSERT INTO notes VALUES(300, printf('%.*c', 5000, 'x'), 1, 300000)"
    data = made(tmp_path / "a.db", lambda opened: opened.execute(long), gone(300))
    assert said(data) == set()


def test_rows_of_fewer_columns_are_found_as_far_as_they_are_asked_for(tmp_path: Path) -> None:
    add = "ALTER TABLE notes ADD COLUMN more TEXT"
    data = made(tmp_path / "a.db", lambda opened: opened.execute(add), gone(*range(1, 190)))
    assert notes(100, 101) <= said(data)
    assert not [one for one in found(data, least=5) if one.values[1] == b"this is note 100"]


def test_a_table_without_a_row_id_in_its_first_column_is_left_alone(tmp_path: Path) -> None:
    declared = "CREATE TABLE notes(name TEXT, said TEXT, at, n INTEGER)"
    assert found(made(tmp_path / "a.db", gone(1, 2, 3), declared=declared)) == []


def test_a_block_that_leads_to_itself_ends(tmp_path: Path) -> None:
    data = bytearray(made(tmp_path / "a.db", gone(150)))
    for page in range(0, len(data), 1024):
        block = int.from_bytes(data[page + 1 : page + 3], "big")
        if page and data[page] == 0x0D and block:
            data[page + block : page + block + 4] = block.to_bytes(2, "big") + bytes(2)
    assert said(bytes(data)) == set()


def test_a_database_whose_list_of_free_pages_runs_in_a_ring_ends(tmp_path: Path) -> None:
    data = bytearray(made(tmp_path / "a.db", gone(*range(1, 190))))
    trunk = int.from_bytes(data[32:36], "big")
    data[(trunk - 1) * 1024 : (trunk - 1) * 1024 + 8] = trunk.to_bytes(4, "big") + b"\xff" * 4
    assert all(one.end <= len(data) for one in found(bytes(data)))


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_spoiled_database_gives_no_row_outside_it(tmp_path: Path, data: st.DataObject) -> None:
    kept = tmp_path / "kept"
    if not kept.exists():
        kept.write_bytes(made(tmp_path / "a.db", gone(*range(1, 90)), gone(150, 151)))
    spoiled = bytearray(kept.read_bytes())
    for at in data.draw(st.lists(st.integers(100, len(spoiled) - 1), max_size=60)):
        spoiled[at] = data.draw(st.integers(0, 255))
    tables = tables_of(image(bytes(spoiled)))
    if "notes" in tables.layouts:
        list(tables.rows("notes", WANTED))
        layout, leaves = tables.layouts["notes"], tables.leaves["notes"]
        for one in scraps(tables.image, layout, leaves, 4):
            assert 0 <= one.start < one.end <= len(spoiled)
