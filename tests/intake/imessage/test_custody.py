"""A phone's messages from receipt to tables: databases read together, accounted for by rows."""

from pathlib import Path

from tests.intake.imessage.mac import BOOK, all_of, database, file, logged, message
from tests.intake.msgstore.test_custody import taken
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import ATTACHMENTS, MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger


def test_a_database_its_log_its_files_and_the_address_book_are_read_together(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    first = all_of(message(1, "hello"), file(1, 1, "~/Library/SMS/Attachments/a.txt", "text/plain"))
    data, log = logged(tmp_path, first, message(2, "only in the log"))
    place = tmp_path / "phone"
    (place / "Library" / "SMS" / "Attachments").mkdir(parents=True)
    (place / "Library" / "SMS" / "sms.db").write_bytes(data)
    (place / "Library" / "SMS" / "sms.db-wal").write_bytes(log)
    (place / "Library" / "SMS" / "Attachments" / "a.txt").write_text("tea list")
    database(place / "Library" / "SMS" / "AddressBook.sqlitedb", schema=BOOK)
    found = {Path(name).name: one for name, one in taken(folder, sqlite_ledger, place).items()}
    main, late = found["sms.db"], found["sms.db-wal"]
    assert (main.unit, main.whole, main.unexplained) == ("rows", 1, 0)
    assert (late.unit, late.whole, late.unexplained_rows) == ("rows", 1, 0)
    (row,) = Tables(folder.tables).read(MESSAGES, [late.exhibit]).to_pylist()
    assert (row["text"], row["sender"]) == ("only in the log", "Ana Reed")
    assert b"only in the log" in log[row["start"] : row["end"]]
    (named,) = Tables(folder.tables).read(ATTACHMENTS, [main.exhibit]).to_pylist()
    assert named["file"] == found["a.txt"].exhibit
