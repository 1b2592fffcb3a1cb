"""Databases made by SQLite itself, to read with our own eyes."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from witnessbox.intake.sqlite.image import Image, image_of
from witnessbox.intake.sqlite.tables import Rows, Tables, tables_of

DECLARED = "CREATE TABLE notes(_id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT, at, n INTEGER)"
WANTED = ("_id", "said", "at", "n")
Row = Sequence[object]
Fill = Callable[[sqlite3.Connection], object]


def made(
    place: Path,
    rows: Iterable[Row],
    *,
    page_bytes: int = 4096,
    declared: str = DECLARED,
    encoding: str = "UTF-8",
) -> bytes:
    """Make a database of one table of notes; give its bytes."""
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place, isolation_level=None)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.execute("PRAGMA journal_mode=OFF")
        opened.execute(f"PRAGMA page_size={page_bytes}")
        opened.execute(f"PRAGMA encoding='{encoding}'")
        opened.execute(declared)
        opened.execute("BEGIN")
        opened.executemany("INSERT INTO notes VALUES(?,?,?,?)", rows)
        opened.execute("COMMIT")
    return place.read_bytes()


def journaled(
    place: Path,
    schema: str,
    first: Iterable[Fill],
    later: Iterable[Fill],
    *,
    finished: bool = True,
) -> tuple[bytes, bytes]:
    """Make a database and the journal of its last transaction: the bytes of both.

    A transaction that is not finished is taken in the middle, when its pages are written already.
    """
    kept = place / "journaled.db"
    with closing(sqlite3.connect(kept, isolation_level=None)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute(f"PRAGMA cache_size={1000 if finished else 1}")
        opened.executescript(schema)
        opened.execute("BEGIN")
        for fill in first:
            fill(opened)
        opened.execute("COMMIT")
        opened.execute("PRAGMA journal_mode=PERSIST")
        opened.execute("BEGIN")
        for fill in later:
            fill(opened)
        if finished:
            opened.execute("COMMIT")
        data, journal = kept.read_bytes(), Path(f"{kept}-journal").read_bytes()
        if not finished:
            opened.execute("ROLLBACK")
    return data, journal


def image(data: bytes) -> Image:
    return image_of(np.frombuffer(data, np.uint8))


def read(data: bytes) -> tuple[Tables, list[Rows]]:
    found = tables_of(image(data))
    return found, list(found.rows("notes", WANTED))


def values(parts: Iterable[Rows]) -> list[tuple[int, str | None, int | None]]:
    """Give row id, text and number of each row."""
    found: list[tuple[int, str | None, int | None]] = []
    for rows in parts:
        numbers, known = rows.integers("n")
        told = [int(n) if k else None for n, k in zip(numbers, known, strict=True)]
        found += zip(rows.rowid.tolist(), rows.text("said").to_pylist(), told, strict=True)
    return found
