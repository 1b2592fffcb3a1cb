"""A rollback journal gives back pages as SQLite would give them back."""

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
from witnessbox.intake.sqlite.journal import Journal, overlay, read_journal
from witnessbox.intake.sqlite.tables import tables_of

Change = Callable[[sqlite3.Connection], object]
PAGE = 512


def insert(rows: range) -> Change:
    return lambda opened: opened.executemany(
        "INSERT OR REPLACE INTO notes VALUES(?,?,NULL,?)", [(n, f"note {n}", n) for n in rows]
    )


def delete(rows: range) -> Change:
    return lambda opened: opened.executemany("DELETE FROM notes WHERE _id=?", [(n,) for n in rows])


def journaled(
    place: Path, *changes: Change, finished: bool = True, small: bool = False
) -> tuple[bytes, bytes]:
    """Make a database of a hundred notes, change it, and give it with its journal.

    A transaction that is not finished is taken in the middle, when its pages are written already.
    In a ``small`` memory a journal is written in parts.
    """
    file = place / "a.db"
    for old in place.iterdir():
        old.unlink()
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute(f"PRAGMA page_size={PAGE}")
        opened.execute("PRAGMA journal_mode=PERSIST")
        opened.execute(f"PRAGMA cache_size={1 if small or not finished else 1000}")
        opened.execute(DECLARED)
        opened.execute("BEGIN")
        insert(range(1, 101))(opened)
        opened.execute("COMMIT")
        for change in changes:
            opened.execute("BEGIN")
            change(opened)
            if finished:
                opened.execute("COMMIT")
        data, journal = file.read_bytes(), (place / "a.db-journal").read_bytes()
        if not finished:
            opened.execute("ROLLBACK")
    return data, journal


def journal_of(data: bytes, page_bytes: int = PAGE) -> Journal:
    return read_journal(np.frombuffer(data, np.uint8), page_bytes)


def places(journal: Journal) -> dict[int, int]:
    pairs = zip(journal.frames.numbers.tolist(), journal.frames.places.tolist(), strict=True)
    return dict(pairs)


def before(data: bytes, journal: bytes) -> list[tuple[int, str | None, int | None]]:
    return values(tables_of(overlay(image(data), journal_of(journal))).rows("notes", WANTED))


WAS = [(n, f"note {n}", n) for n in range(1, 101)]


def test_the_journal_of_a_finished_transaction_gives_back_what_was_before(tmp_path: Path) -> None:
    data, journal = journaled(tmp_path, delete(range(30, 60)))
    found = journal_of(journal)
    assert not journal[:28].strip(b"\0")
    assert (found.hot, found.checked, bool(found.frames)) == (False, True, True)
    assert before(data, journal) == WAS
    assert len(values(tables_of(image(data)).rows("notes", WANTED))) == 70


def test_a_journal_in_parts_gives_back_all_of_them(tmp_path: Path) -> None:
    data, journal = journaled(tmp_path, delete(range(1, 101)), small=True)
    assert journal.count(head()[:8]) > 0
    assert before(data, journal) == WAS


def test_a_part_of_another_transaction_is_left_over(tmp_path: Path) -> None:
    data, journal = journaled(tmp_path, delete(range(1, 101)), small=True)
    first = journal_of(journal)
    twice = journal.ljust(-(-len(journal) // 512) * 512, b"\0")
    again = journal.index(head()[:8])
    found = journal_of(twice + journal[again:])
    assert places(found) == places(first)
    assert found.left_over > first.left_over
    assert before(data, twice + journal[again:]) == WAS


def test_of_two_transactions_the_last_is_given_back(tmp_path: Path) -> None:
    data, journal = journaled(tmp_path, delete(range(1, 90)), delete(range(95, 97)))
    assert [row for row, *_ in before(data, journal)] == list(range(90, 101))
    assert journal_of(journal).left_over > 0


def test_the_journal_of_an_unfinished_transaction_is_hot(tmp_path: Path) -> None:
    many = [delete(range(1, 101)), insert(range(200, 900))]
    data, journal = journaled(
        tmp_path, lambda opened: [change(opened) for change in many], finished=False
    )
    found = journal_of(journal)
    assert (found.hot, found.checked) == (True, True)
    assert before(data, journal) == WAS


def test_a_page_whose_checksum_fails_ends_what_is_read(tmp_path: Path) -> None:
    _, journal = journaled(tmp_path, delete(range(1, 101)))
    spoiled = bytearray(journal)
    spoiled[512 + (PAGE + 8) * 2 + 4 + PAGE - 200] ^= 1
    whole, found = journal_of(journal), journal_of(bytes(spoiled))
    assert len(whole.frames) > 2
    assert len(found.frames) == 2
    assert found.left_over == whole.left_over + len(whole.frames) - 2


def test_one_page_alone_cannot_be_checked(tmp_path: Path) -> None:
    _, journal = journaled(tmp_path, delete(range(1, 101)))
    found = journal_of(journal[: 512 + PAGE + 8])
    assert (len(found.frames), found.checked) == (1, False)


def test_a_journal_of_zeros_or_of_no_page_gives_nothing() -> None:
    for size in (100, 5000):
        assert not places(journal_of(bytes(size)))


def head(records: int = 1, sector: int = 512, page_bytes: int = PAGE) -> bytes:
    numbers = (records, 7, 1, sector, page_bytes)
    return b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"".join(n.to_bytes(4, "big") for n in numbers)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"not a journal, but long enough to be one", "begins with no head"),
        (head(page_bytes=1024).ljust(600, b"\0"), "its pages are 1024 bytes long"),
        (head(sector=100).ljust(600, b"\0"), "its sectors would be 100 bytes long"),
        (head(sector=600).ljust(600, b"\0"), "its sectors would be 600 bytes long"),
    ],
)
def test_what_cannot_be_this_database_s_journal_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(DatabaseError, match=why):
        journal_of(data)


def test_a_head_that_counts_no_page_yet_is_not_hot(tmp_path: Path) -> None:
    _, journal = journaled(tmp_path, delete(range(1, 101)))
    key = int.from_bytes(journal[512 + 4 + PAGE : 512 + 8 + PAGE], "big")
    page = journal[516 : 516 + PAGE]
    key -= sum(page[at] for at in range(PAGE - 200, 0, -200))
    began = head(records=0)[:12] + (key % (1 << 32)).to_bytes(4, "big") + head(records=0)[16:]
    found = journal_of(began.ljust(512, b"\0") + journal[512:])
    assert (found.hot, places(found)) == (False, places(journal_of(journal)))


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_spoiled_journal_never_gives_a_page_outside_it(
    tmp_path: Path, data: st.DataObject
) -> None:
    kinds = ("finished", "unfinished")
    if not (tmp_path / kinds[0]).exists():
        for kind in kinds:
            place = tmp_path / f"made {kind}"
            place.mkdir()
            _, journal = journaled(place, insert(range(200, 900)), finished=kind == kinds[0])
            (tmp_path / kind).write_bytes(journal)
    spoiled = bytearray((tmp_path / data.draw(st.sampled_from(kinds))).read_bytes())
    for at in data.draw(st.lists(st.integers(0, 600), max_size=8)):
        spoiled[at] = data.draw(st.integers(0, 255))
    cut = bytes(spoiled[: data.draw(st.integers(0, len(spoiled)))])
    try:
        found = journal_of(cut)
    except DatabaseError:
        return
    assert all(at + PAGE <= len(cut) for at in places(found).values())
