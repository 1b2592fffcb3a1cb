"""Apple's messages database, of iPhones and Macs."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.imessage.mac import (
    AT,
    BOOK,
    FULL,
    MINUTE,
    SCHEMA,
    all_of,
    archive,
    database,
    guid,
    logged,
    message,
    mine,
    row,
    script,
    tapback,
)
from tests.intake.imessage.reading import (
    ANA_ADDRESS,
    BO_ADDRESS,
    CY_ADDRESS,
    OWNER,
    made,
    read,
    told,
)
from tests.intake.reading import SAMPLES, rows
from tests.intake.sqlite.made import journaled
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers.imessage import identify

CURRENT = SAMPLES / "imessage" / "current" / "sms.db"


@pytest.fixture
def full(tmp_path: Path) -> list[Batch]:
    return made(tmp_path, *FULL)


def test_every_row_is_a_message_of_its_chat_or_a_note(full: list[Batch]) -> None:
    assert told(full, "row", "conversation", "sender", "kind", "text") == [
        (1, "Night turn", None, "notice", "Night turn"),
        (2, "Night turn", ANA_ADDRESS, "text", "Kettle is on"),
        (3, "Night turn", OWNER, "text", "Coming"),
        (5, "Night turn", BO_ADDRESS, "text", "Two sugars?"),
        (8, "Night turn", ANA_ADDRESS, "text", "Liked “message 90”"),
        (9, "Night turn", CY_ADDRESS, "media", None),
        (10, "Night turn", ANA_ADDRESS, "deleted", None),
        (11, ANA_ADDRESS, ANA_ADDRESS, "text", "hi"),
        (12, ANA_ADDRESS, OWNER, "text", "hello"),
        (13, ANA_ADDRESS, ANA_ADDRESS, "text", "See you"),
    ]
    assert told(full, "table", "rows", table="holdings") == [
        ("message", 12),
        ("recoverable_message_part", 0),
    ]


def test_a_message_has_the_identity_other_devices_know_it_by(full: list[Batch]) -> None:
    assert told(full, "row", "platform_id", "thread")[1] == (2, guid(2), "chat100")


def test_rows_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    first = all_of(
        message(1, None, attributedBody=archive("Kettle is on")),
        message(2, "Two sugars?"),
        message(3, "Tea?"),
    )
    data, log = logged(
        tmp_path,
        first,
        mine(9, None, attributedBody=archive("from the log")),
        tapback(10, 9, 2000),
        tapback(11, 1, 2000),
        row("UPDATE message SET attributedBody=? WHERE ROWID=1", archive("Kettle was on")),
        script("DELETE FROM message WHERE ROWID=2"),
    )
    in_file, in_log = read(data, log=log), read(log, "sms.db-wal", database=data)
    assert told(in_file, "row", "text")[0] == (1, "Kettle is on")
    assert ("log-beside",) in told(in_file, "code", table="problems")
    assert told(in_log, "row", "sender", "text") == [
        (9, OWNER, "from the log"),
        (11, ANA_ADDRESS, "Liked “message 1”"),
    ]
    assert told(in_log, "actor", "reaction", table="reactions") == [(ANA_ADDRESS, "love")]
    what = (
        "the log changes attributedBody of this row: “Kettle is on” becomes “Kettle was on”",
        "the log deletes this row, which the database file still holds",
    )
    assert told(in_log, "kind", "row", "what", table="traces") == [
        ("changed-in-log", 1, what[0]),
        ("deleted-in-log", 2, what[1]),
    ]


def test_a_log_that_should_be_there_is_missed(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.db", *FULL, wal=True))
    assert ("log-missing",) in told(found, "code", table="problems")


def test_columns_and_tables_a_version_lacks_are_null(tmp_path: Path) -> None:
    schema = "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT)"
    fill = script("INSERT INTO message VALUES(1,'hello')")
    found = read(database(tmp_path / "a.db", fill, schema=schema))
    assert told(found, "text", "sender", "sent_at", "stamp", "thread") == [
        ("hello", None, None, None, None)
    ]
    assert {code for (code,) in told(found, "code", table="problems")} == {
        "no-time",
        "no-conversation",
    }


def test_an_empty_database_has_no_messages(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert rows(found, "messages") == []
    assert ("message", 0) in told(found, "table", "rows", table="holdings")


def test_the_journal_shows_rows_as_they_were_before(tmp_path: Path) -> None:
    first = (
        message(1, None, attributedBody=archive("Kettle is on")),
        message(2, "Two sugars?"),
        mine(3, "Tea?"),
    )
    later = (
        row("UPDATE message SET attributedBody=? WHERE ROWID=1", archive("Kettle was on")),
        row("DELETE FROM message WHERE ROWID=2"),
        row("UPDATE message SET date_read=? WHERE ROWID=3", AT),
    )
    data, journal = journaled(tmp_path, SCHEMA, first, later)
    found = read(journal, "sms.db-journal", database=data)
    (changed, gone) = rows(found, "traces")
    assert (changed["kind"], changed["row"], changed["what"]) == (
        "changed-since-journal",
        1,
        "attributedBody of this row was “Kettle is on”; it is “Kettle was on” now",
    )
    assert b"Kettle is on" in journal[changed["start"] : changed["end"]]
    assert (gone["kind"], gone["row"]) == ("deleted-since-journal", 2)
    assert f"text “Two sugars?”, guid “{guid(2)}”, date “{AT + 2 * MINUTE}”" in gone["what"]
    assert told(found, "code", table="problems") == [("journal",)]
    assert rows(found, "messages") == []
    in_file = told(read(data, journal=journal), "code", table="problems")
    assert "journal-hot" not in {code for (code,) in in_file}


def test_a_journal_of_an_unfinished_transaction_is_a_doubt_on_both(tmp_path: Path) -> None:
    first = [message(n, f"tea at {n}") for n in range(1, 100)]
    later = [row("DELETE FROM message"), *(message(n, "coffee") for n in range(200, 400))]
    data, journal = journaled(tmp_path, SCHEMA, first, later, finished=False)
    in_journal = read(journal, "sms.db-journal", database=data)
    for found in (in_journal, read(data, journal=journal)):
        assert ("journal-hot", "doubt") in told(found, "code", "severity", table="problems")
    assert [row for row, kind in told(in_journal, "row", "kind", table="traces")] == [
        *range(1, 100)
    ]


def test_a_journal_without_its_database_is_one_problem(tmp_path: Path) -> None:
    _, journal = journaled(tmp_path, SCHEMA, [message(1, "tea")], [mine(2, "coffee")])
    found = read(journal, "sms.db-journal")
    assert told(found, "code", "severity", "end", table="problems") == [
        ("unreadable", "loss", len(journal))
    ]


def test_a_journal_is_known_by_the_name_of_its_database() -> None:
    wiped = bytes(600)
    assert identify("Library/SMS/sms.db-journal", wiped)
    assert identify("chat.db-journal", wiped)
    assert not identify("msgstore.db-journal", wiped)
    assert not identify("chat.db-journal", b"")


@pytest.mark.parametrize("name", ["sms.db", "sms.db-wal"])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str) -> None:
    data, log = logged(tmp_path, message(1, "hello"), message(2, "hi"))
    held = log if name.endswith("-wal") else data[:300]
    assert told(read(held, name), "code", "end", table="problems") == [("unreadable", len(held))]


def test_a_database_without_messages_is_one_problem(tmp_path: Path) -> None:
    data = database(tmp_path / "a.db", schema=BOOK)
    assert told(read(data), "code", "end", table="problems") == [("unreadable", len(data))]


def test_a_database_is_known_by_its_tables_or_its_name(tmp_path: Path) -> None:
    assert identify("3d/3d0d7e5fb2ce288813306e4d", database(tmp_path / "x.db", schema=SCHEMA))
    for name in ("a/chat.db", "SMS.db", "chat-2.db", "sms (1).db"):
        assert identify(name, database(tmp_path / "x.db", schema=BOOK))


def test_other_files_are_declined(tmp_path: Path) -> None:
    _, log = logged(tmp_path, message(1, "hello"), message(2, "hi"))
    assert identify("chat.db-wal", log)
    assert not identify("msgstore.db-wal", log)
    assert not identify("AddressBook.sqlitedb", database(tmp_path / "x.db", schema=BOOK))
    assert not identify("chats.db", database(tmp_path / "x.db", schema=BOOK))
    assert not identify("chat.db", b"not a database")


def test_what_was_cut_off_with_the_end_of_the_file_is_a_loss() -> None:
    found = read((SAMPLES / "imessage" / "cut" / "chat.db").read_bytes(), "chat.db")
    assert ("row-unread", "loss", "message") in told(
        found, "code", "severity", "table", table="problems"
    )
    assert rows(found, "messages")


def test_a_lost_page_of_messages_is_a_problem_and_the_rest_is_read() -> None:
    data = CURRENT.read_bytes()
    at = max(one // 1024 * 1024 for (one,) in told(read(data), "start"))
    found = read(data[:at] + bytes(1024) + data[at + 1024 :])
    assert ("row-unread", "message") in told(found, "code", "table", table="problems")
    assert 0 < len(rows(found, "messages")) < 10


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_cut_or_flipped_database_is_accounted_for_row_by_row(data: st.DataObject) -> None:
    spoiled = bytearray(CURRENT.read_bytes())
    for at in data.draw(st.lists(st.integers(100, len(spoiled) - 1), max_size=30)):
        spoiled[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1000, len(spoiled)) | st.just(len(spoiled)))
    found = read(bytes(spoiled[:cut]))
    owned = sorted(
        span
        for table in ("messages", "problems")
        for span in told(found, "start", "end", table=table)
        if span[1] > span[0]
    )
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(owned))
