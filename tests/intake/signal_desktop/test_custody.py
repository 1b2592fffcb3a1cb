"""Signal Desktop's folder from receipt to tables: read together, accounted for, quotable."""

import random
from pathlib import Path

from tests.intake.msgstore.test_custody import taken
from tests.intake.signal_desktop.computer import FULL, file, logged, said
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import ATTACHMENTS, MESSAGES, TRACES
from witnessbox.evidence.tables import Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.parsers import PARSERS
from witnessbox.ledger.store import Ledger
from witnessbox.reports.citation import Reading, verify, whole


def computer(place: Path) -> Path:
    later = (said(20, "only in the log"), file(20, "cd/cdef"))
    place.mkdir()
    data, log = logged(place, FULL, later)
    for old in place.iterdir():
        old.unlink()
    (place / "sql").mkdir()
    (place / "sql" / "db.sqlite").write_bytes(data)
    (place / "sql" / "db.sqlite-wal").write_bytes(log)
    kept = place / "attachments.noindex" / "ab"
    kept.mkdir(parents=True)
    (kept / "abcdef").write_bytes(random.Random(3).randbytes(99))  # noqa: S311 - like ciphertext
    return place


def test_a_database_and_its_log_are_read_together_and_files_matched(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    found = taken(folder, sqlite_ledger, computer(tmp_path / "Signal"))
    main, log, kept = found["db.sqlite"], found["db.sqlite-wal"], found["abcdef"]
    assert (main.unit, main.whole, main.unexplained) == ("rows", 13, 0)
    assert (log.unit, log.whole, log.unexplained_rows, log.unexplained_bytes) == ("rows", 1, 0, 0)
    tables = Tables(folder.tables)
    (row,) = tables.read(MESSAGES, [log.exhibit]).to_pylist()
    assert (row["text"], row["sender"]) == ("only in the log", "Ana Reed")
    assert tables.rows(TRACES) == 2
    files = {
        row["name"]: row["file"] for row in tables.read(ATTACHMENTS, [main.exhibit]).to_pylist()
    }
    assert files == {"ab/abcdef": kept.exhibit}


def test_a_message_that_mentions_somebody_can_be_quoted(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    found = taken(folder, sqlite_ledger, computer(tmp_path / "Signal"))
    exhibit = found["db.sqlite"].exhibit
    messages = Tables(folder.tables).read(MESSAGES, [exhibit]).to_pylist()
    reading = Reading(Vault(folder.vault), PARSERS, {exhibit: "Signal/sql/db.sqlite"})
    cited = [
        whole("WB/1", Span(exhibit, row["start"], row["end"]), row["text"])
        for row in messages
        if row["kind"] == "text"
    ]
    assert "Two sugars, \ufffc?" in {one.text for one in cited}
    verify(cited, reading)


def test_an_encrypted_database_is_kept_and_said_to_be_encrypted(
    tmp_path: Path, folder: Folder, sqlite_ledger: Ledger
) -> None:
    place = tmp_path / "sql" / "db.sqlite"
    place.parent.mkdir()
    place.write_bytes(random.Random(7).randbytes(4096))  # noqa: S311 - like ciphertext
    (one,) = taken(folder, sqlite_ledger, place.parent).values()
    assert (one.losses, one.unexplained) == (1, 0)
