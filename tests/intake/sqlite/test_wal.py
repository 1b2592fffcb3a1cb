"""A write-ahead log is laid over its database as SQLite would lay it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.sqlite.made import DECLARED, WANTED, image, values
from witnessbox.intake.sqlite.image import DatabaseError
from witnessbox.intake.sqlite.tables import tables_of
from witnessbox.intake.sqlite.wal import Log, is_log, overlay, read_log

Change = Callable[[sqlite3.Connection], object]


def insert(rows: range) -> Change:
    return lambda opened: opened.executemany(
        "INSERT OR REPLACE INTO notes VALUES(?,?,NULL,?)", [(n, f"note {n}", n) for n in rows]
    )


def delete(rows: range) -> Change:
    return lambda opened: opened.executemany("DELETE FROM notes WHERE _id=?", [(n,) for n in rows])


def logged(
    place: Path, first: Change, *later: Change, page_bytes: int = 512
) -> tuple[bytes, bytes]:
    """Make a database with one change moved into it and the later ones still in its log."""
    database, log = place / "a.db", place / "a.db-wal"
    for old in place.iterdir():
        old.unlink()
    with closing(sqlite3.connect(database)) as opened:
        opened.execute(f"PRAGMA page_size={page_bytes}")
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.execute("PRAGMA synchronous=OFF")
        opened.execute(DECLARED)
        first(opened)
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for change in later:
            change(opened)
            opened.commit()
        return database.read_bytes(), log.read_bytes()


def log_of(data: bytes) -> Log:
    return read_log(np.frombuffer(data, np.uint8))


def laid(data: bytes, log: bytes) -> list[tuple[int, str | None, int | None]]:
    return values(tables_of(overlay(image(data), log_of(log))).rows("notes", WANTED))


def as_sqlite_reads(place: Path, data: bytes, log: bytes) -> list[tuple[int, str, int]]:
    aside = place / "aside"
    aside.mkdir()
    (aside / "a.db").write_bytes(data)
    (aside / "a.db-wal").write_bytes(log)
    with closing(sqlite3.connect(aside / "a.db")) as opened:
        found = opened.execute("SELECT _id, said, n FROM notes ORDER BY _id").fetchall()
    shutil.rmtree(aside)
    return found


SPANS = st.tuples(st.integers(1, 90), st.integers(0, 40)).map(lambda it: range(it[0], sum(it)))
CHANGES = st.lists(st.one_of(SPANS.map(insert), SPANS.map(delete)), max_size=4)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SPANS.map(insert), CHANGES, st.integers(0, 2000), st.none() | st.integers(0, 10_000))
def test_a_log_reads_as_sqlite_reads_it_even_cut_or_damaged(
    tmp_path: Path, first: Change, later: list[Change], cut: int, flipped: int | None
) -> None:
    data, log = logged(tmp_path, first, *later)
    short = bytearray(log[: max(len(log) - cut, 32)])
    if flipped is not None and 32 + flipped < len(short):
        short[32 + flipped] ^= 1
    if len(log) >= 32:
        assert laid(data, bytes(short)) == as_sqlite_reads(tmp_path, data, bytes(short))


def test_rows_only_the_log_holds_are_known_and_lie_in_it(tmp_path: Path) -> None:
    data, log = logged(tmp_path, insert(range(1, 3)), insert(range(500, 501)))
    (rows,) = tables_of(overlay(image(data), log_of(log))).rows("notes", WANTED)
    assert rows.from_wal.all()
    start, end = int(rows.start[2]), int(rows.end[2])
    assert b"note 500" in log[start:end]
    assert b"note 500" not in data


def test_what_was_not_committed_or_is_left_over_is_counted(tmp_path: Path) -> None:
    data, log = logged(tmp_path, insert(range(1, 3)), insert(range(500, 520)))
    whole = log_of(log)
    assert (whole.uncommitted, whole.left_over) == (0, 0)
    cut = log_of(log[: -(24 + 512)])
    assert (cut.committed, cut.uncommitted) == (0, whole.committed - 1)
    stale = bytearray(log)
    stale[32 + 8] ^= 1
    assert log_of(bytes(stale)).left_over == whole.committed
    assert laid(data, bytes(stale)) == laid(data, log[:32])


def test_a_log_whose_own_header_is_damaged_holds_nothing(tmp_path: Path) -> None:
    _, log = logged(tmp_path, insert(range(1, 3)), insert(range(500, 520)))
    damaged = bytearray(log)
    damaged[24] ^= 1
    assert log_of(bytes(damaged)).committed == 0


def test_a_log_of_another_database_is_refused(tmp_path: Path) -> None:
    data, _ = logged(tmp_path, insert(range(1, 3)))
    _, other = logged(tmp_path, insert(range(1, 3)), insert(range(9)), page_bytes=1024)
    with pytest.raises(DatabaseError, match="1024 bytes long, the database's 512"):
        overlay(image(data), log_of(other))


@pytest.mark.parametrize("data", [b"", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x82" + bytes(28)])
def test_what_is_no_log_is_refused(data: bytes) -> None:
    with pytest.raises(DatabaseError):
        log_of(data)
    assert is_log(data) == bool(data)
