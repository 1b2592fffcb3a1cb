"""An iPhone's folder from receipt to tables: databases read together, accounted for by rows."""

from pathlib import Path

from tests.intake.chatstorage.iphone import BOOK, database, group, logged, said
from tests.intake.msgstore.test_custody import taken
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger


def test_a_database_its_log_and_its_address_book_are_read_together(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    data, log = logged(tmp_path, said(group(1, "hello")), said(group(2, "only in the log")))
    place = tmp_path / "phone"
    place.mkdir()
    (place / "ChatStorage.sqlite").write_bytes(data)
    (place / "ChatStorage.sqlite-wal").write_bytes(log)
    database(place / "ContactsV2.sqlite", schema=BOOK)
    found = taken(folder, sqlite_ledger, place)
    main, late = found["ChatStorage.sqlite"], found["ChatStorage.sqlite-wal"]
    assert (main.unit, main.whole, main.unexplained) == ("rows", 1, 0)
    assert (late.unit, late.whole, late.unexplained_rows) == ("rows", 1, 0)
    (row,) = Tables(folder.tables).read(MESSAGES, [late.exhibit]).to_pylist()
    assert (row["text"], row["sender"]) == ("only in the log", "Ana Nights")
    assert b"only in the log" in log[row["start"] : row["end"]]
