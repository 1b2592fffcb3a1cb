"""A phone's folder from receipt to tables: databases read together, accounted for by rows."""

from pathlib import Path

from tests.intake.msgstore.phone import (
    BOOK,
    FULL,
    database,
    journaled,
    logged,
    said,
    say,
    script,
)
from tests.people import ANA, NOON
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import MESSAGES, TRACES
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract
from witnessbox.intake.explained import Explained, explained
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.store import Ledger


def taken(folder: Folder, ledger: Ledger, *paths: Path) -> dict[str, Explained]:
    """Receive and extract; give each exhibit's account by its file name."""
    receive(folder, ledger, list(paths), Terms("Bo Lindqvist", "WB", "consent", None), ANA, NOON)
    extract.run(folder, ledger, zone="UTC")
    return {one.name.rpartition("/")[2]: one for one in explained(folder, ledger)}


def phone(place: Path) -> Path:
    place.mkdir()
    data, log = logged(place, FULL, said(say(20, "only in the log")))
    for old in place.iterdir():
        old.unlink()
    (place / "msgstore.db").write_bytes(data)
    (place / "msgstore.db-wal").write_bytes(log)
    database(place / "wa.db", schema=BOOK)
    return place


def test_a_database_is_accounted_for_by_rows_and_other_files_by_bytes(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    phone(tmp_path / "phone")
    found = taken(folder, sqlite_ledger, tmp_path / "phone")
    main, log, book = found["msgstore.db"], found["msgstore.db-wal"], found["wa.db"]
    assert (main.unit, main.whole, main.accounted, main.unexplained) == ("rows", 9, 9, 0)
    assert (log.unit, log.whole, log.unexplained_rows, log.unexplained_bytes) == ("rows", 1, 0, 0)
    assert (book.unit, book.unexplained, book.notes, book.losses) == ("bytes", 0, 1, 0)
    assert Tables(folder.tables).rows(TRACES) == 1


def test_names_and_the_log_are_read_from_beside(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    place = phone(tmp_path / "phone")
    found = taken(folder, sqlite_ledger, *sorted(place.iterdir()))
    tables = Tables(folder.tables)
    senders = set(tables.read(MESSAGES, [found["msgstore.db"].exhibit])["sender"].to_pylist())
    assert "Ana Nights" in senders
    (late,) = tables.read(MESSAGES, [found["msgstore.db-wal"].exhibit]).to_pylist()
    assert (late["text"], late["table"], late["row"]) == ("only in the log", "message", 20)
    assert late["sender"] == "Ana Nights"


def test_a_row_of_the_log_lies_in_the_log(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    place = phone(tmp_path / "phone")
    found = taken(folder, sqlite_ledger, place)
    (late,) = Tables(folder.tables).read(MESSAGES, [found["msgstore.db-wal"].exhibit]).to_pylist()
    held = (place / "msgstore.db-wal").read_bytes()[late["start"] : late["end"]]
    assert b"only in the log" in held


def test_a_journal_is_an_exhibit_read_with_its_database(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    place = tmp_path / "phone"
    place.mkdir()
    data, journal = journaled(place, FULL, script("DELETE FROM message WHERE _id=4"))
    found = taken(folder, sqlite_ledger, place)
    one = found["msgstore.db-journal"]
    assert (one.unit, one.whole, one.unexplained, one.losses) == ("rows", 0, 0, 0)
    (trace,) = Tables(folder.tables).read(TRACES, [one.exhibit]).to_pylist()
    assert (trace["kind"], trace["row"]) == ("deleted-since-journal", 4)
    assert b"Two sugars?" in journal[trace["start"] : trace["end"]]
    assert b"Two sugars?" not in data or found["msgstore.db"].messages == 8
