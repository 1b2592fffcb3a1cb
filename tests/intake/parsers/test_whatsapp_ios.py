"""WhatsApp's database on iPhones."""

import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.chatstorage.iphone import (
    AT,
    BO,
    BOOK,
    FULL,
    GROUP,
    HISTORY,
    LOST,
    SCHEMA,
    Fill,
    database,
    field,
    group,
    info,
    logged,
    media,
    reaction,
    said,
    script,
    to_bo,
)
from tests.intake.reading import SAMPLES, batches, rows
from witnessbox.intake.chatstorage import wire
from witnessbox.intake.parser import Batch
from witnessbox.intake.parsers import whatsapp_ios
from witnessbox.intake.parsers.whatsapp_ios import identify

CURRENT = SAMPLES / "whatsapp_ios" / "current" / "ChatStorage.sqlite"
OWNER = "owner of this phone"


def read(data: bytes, name: str = "ChatStorage.sqlite", **others: bytes) -> list[Batch]:
    """Read a database or log and hold the parser to its word: every row in one record."""
    named = {
        "book": "ContactsV2.sqlite",
        "log": "ChatStorage.sqlite-wal",
        "calls": "CallHistory.sqlite",
        "receipts": "MessagingInfraDatabase.sqlite",
    }
    beside = {named.get(other, "ChatStorage.sqlite"): held for other, held in others.items()}
    return batches(whatsapp_ios, data, name, beside)


def told(found: list[Batch], *columns: str, table: str = "messages") -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, table)]


@pytest.fixture
def full(tmp_path: Path) -> list[Batch]:
    book = database(tmp_path / "book.sqlite", schema=BOOK)
    return read(database(tmp_path / "a.sqlite", *FULL), book=book)


def test_every_row_is_a_message_of_its_conversation(full: list[Batch]) -> None:
    assert told(full, "row", "conversation", "sender", "kind", "text") == [
        (1, "Night turn", None, "notice", "Night turn"),
        (2, "Night turn", "Ana Nights", "text", "Kettle is on"),
        (3, "Night turn", OWNER, "text", "Coming"),
        (4, "Night turn", "cy", "text", "Two sugars?"),
        (6, "Night turn", "Dee Days", "deleted", None),
        (7, "Night turn", "cy", "media", "Look"),
        (8, "Night turn", None, "notice", "447700900105@s.whatsapp.net"),
        (9, "Bo", OWNER, "text", "hello"),
        (10, "Bo", "Bo", "text", "hi"),
        (11, "Bo", "Bo", "call", None),
    ]
    assert told(full, "table", "rows", table="holdings") == [("ZWAMESSAGE", 10)]
    assert rows(full, "problems") == []


def test_times_count_from_2001_and_stand_as_they_are_held_too(full: list[Batch]) -> None:
    by_row = {row["row"]: row for row in rows(full, "messages")}
    assert by_row[2]["sent_at"].isoformat() == "2023-03-08T20:28:40.500000+00:00"
    assert (by_row[2]["stamp"], by_row[9]["stamp"]) == (str(AT + 120), "700000540")


def test_a_message_has_the_identity_other_phones_know_it_by(full: list[Batch]) -> None:
    (first, *_) = told(full, "platform_id", "thread")
    assert first == ("3A000000000000000001", "120000000000000001@g.us")


def test_without_the_address_book_the_database_s_own_names_stand(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.sqlite", *FULL))
    assert {one for (one,) in told(found, "sender")} == {None, OWNER, "Ana", "cy", "Dee", "Bo"}


def test_an_address_book_that_cannot_be_read_gives_no_names(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.sqlite", *FULL), book=b"x" * 200)
    assert ("Ana",) in told(found, "sender")


def test_receipts_beside_that_cannot_be_read_are_a_loss(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.sqlite", *FULL), receipts=b"x" * 200)
    assert told(found, "code", "severity", "what", table="problems") == [
        ("table-unread", "loss", "MessagingInfraDatabase.sqlite beside cannot be read")
    ]


def test_quotations_and_reactions_are_read_out_of_the_blobs(full: list[Batch]) -> None:
    replies = {row: key for row, key in told(full, "row", "reply_to") if key}
    assert replies == {3: "3A000000000000000002", 4: "3A00000000000000FFFF"}
    assert told(full, "actor", "reaction", table="reactions") == [("cy", "👍"), (OWNER, "☕")]
    (when, unsound) = [one["reacted_at"] for one in rows(full, "reactions")]
    assert (when.timestamp(), unsound) == (1_700_000_000, None)


def test_files_are_told_and_captions_are_words(tmp_path: Path) -> None:
    sent = said(
        group(1, None, kind=1), group(2, None, kind=8), group(3, None, kind=15), group(4, "Tea")
    )
    kept = media(
        (1, 1, "Media/a.jpg", "The board", None),
        (2, 2, None, "rota.pdf", None),
        (4, 4, None, None, None),
    )
    found = read(database(tmp_path / "a.sqlite", sent, kept))
    assert told(found, "text") == [("The board",), (None,), (None,), ("Tea",)]
    assert told(found, "name", "media", "omitted", table="attachments") == [
        ("Media/a.jpg", "image", False),
        ("rota.pdf", "document", True),
        (None, "sticker", True),
    ]


def test_who_came_and_went_is_told(tmp_path: Path) -> None:
    events = said(
        group(1, "Night turn", 1, kind=6, event=12),
        group(2, None, 2, kind=6, event=2),
        group(3, "447700900105@s.whatsapp.net", 1, kind=6, event=2),
        group(4, None, 2, kind=6, event=3),
        group(5, None, 3, kind=6, event=7),
        group(6, "Tea", 1, kind=6, event=1),
        group(7, None, 1, kind=6, event=10),
        group(8, None, 0, kind=6, event=3),
        group(9, None, 1, kind=6, event=4),
        group(10, None, None, kind=6, event=7),
    )
    found = read(database(tmp_path / "a.sqlite", events))
    assert told(found, "event", "actor", "member", table="memberships") == [
        ("created", "Ana", None),
        ("added", None, "cy"),
        ("added", "Ana", "+447700900105"),
        ("left", "cy", "cy"),
        ("removed", None, "Dee"),
        ("subject", "Ana", "Tea"),
        ("admin", None, "Ana"),
        ("left", OWNER, OWNER),
        ("removed", None, None),
    ]
    assert {kind for (kind,) in told(found, "kind")} == {"notice"}


def test_members_are_listed_whether_they_speak_or_not(tmp_path: Path) -> None:
    nobody = script("INSERT INTO ZWAGROUPMEMBER VALUES(9,1,0,1,NULL,NULL,NULL)")
    found = read(database(tmp_path / "a.sqlite", nobody))
    listed = told(found, "conversation", "name", "messages", "listed", table="participants")
    assert listed == [("Night turn", name, 0, True) for name in ("Ana", "cy", "Dee")]


def test_gaps_and_orphans_are_traces_of_what_is_not_there(full: list[Batch]) -> None:
    assert sorted(told(full, "kind", "table", "row", table="traces")) == [
        ("orphan-last", "ZWACHATSESSION", 2),
        ("orphan-media", "ZWAMEDIAITEM", 20),
        ("orphan-receipt", "ZWAMESSAGEINFO", 2),
        ("quote-of-absent", "ZWAMEDIAITEM", 4),
        ("row-gap", "ZWAMESSAGE", 5),
        ("sort-gap", "ZWAMESSAGE", 6),
        ("sort-gap", "ZWAMESSAGE", 11),
    ]


def test_what_the_counters_have_counted_beyond_the_last_message_is_a_trace(tmp_path: Path) -> None:
    counted = script(
        "UPDATE ZWACHATSESSION SET ZMESSAGECOUNTER=5;"
        "UPDATE ZWACHATSESSION SET ZCONTACTJID=NULL WHERE Z_PK=2;"
        "UPDATE Z_PRIMARYKEY SET Z_MAX=4 WHERE Z_NAME='WAMessage'"
    )
    found = read(database(tmp_path / "a.sqlite", said(group(1, "hello"), group(2, "hi")), counted))
    nameless = "a conversation without an address"
    assert told(found, "what", table="traces") == [
        ("rows 3 to 4 are missing at the end: the table has counted to 4",),
        ("sort keys 3 to 4 are missing at the end of Night turn: it has counted to 5",),
        (f"sort keys 1 to 4 are missing at the end of {nameless}: it has counted to 5",),
    ]


def test_a_phone_where_nothing_is_missing_shows_no_trace(tmp_path: Path) -> None:
    sent = said(group(1, "hello"), group(2, "tea"), to_bo(3, 1, "hi"))
    assert rows(read(database(tmp_path / "a.sqlite", sent)), "traces") == []


def test_a_message_whose_conversation_is_gone_stands_under_the_other_side(tmp_path: Path) -> None:
    gone = script("DELETE FROM ZWACHATSESSION; DELETE FROM ZWAGROUPMEMBER")
    sent = said(to_bo(1, 1, "hi"), to_bo(2, 2, "hello", mine=True), group(3, "tea"))
    found = read(database(tmp_path / "a.sqlite", sent, gone))
    assert told(found, "thread", "sender") == [
        (BO, "+447700900102"),
        (BO, OWNER),
        ("120000000000000001@g.us", None),
    ]


def test_doubts_are_problems_with_their_rows(tmp_path: Path) -> None:
    odd = script(
        "INSERT INTO ZWAMESSAGE(Z_PK, ZMESSAGETYPE, ZTEXT) VALUES(1,0,'hello');"
        "INSERT INTO ZWAMESSAGE(Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT)"
        " VALUES(2,2,77,1e300,'hi'),(3,2,0,700000000,CAST(x'ff41' AS TEXT)),(4,2,0,700000000,NULL)"
    )
    found = read(database(tmp_path / "a.sqlite", odd))
    assert sorted(told(found, "code", "row", table="problems"), key=str) == [
        ("no-conversation", 1),
        ("no-time", 1),
        ("no-time", 2),
        ("undecodable-text", 3),
        ("unknown-type", None),
    ]
    assert told(found, "kind") == [("text",), ("text",), ("text",), ("empty",)]


def test_columns_an_older_version_lacks_are_null(tmp_path: Path) -> None:
    schema = "CREATE TABLE ZWAMESSAGE ( Z_PK INTEGER PRIMARY KEY, ZTEXT VARCHAR )"
    fill = script("INSERT INTO ZWAMESSAGE VALUES(1,'hello')")
    found = read(database(tmp_path / "a.sqlite", fill, schema=schema))
    assert told(found, "text", "sender", "sent_at", "stamp") == [("hello", None, None, None)]


def test_rows_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    later = script(
        "INSERT INTO ZWAMESSAGE(Z_PK, ZSORT, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE,"
        " ZTEXT) VALUES(9,2,2,1,0,700000999,'from the log');"
        "UPDATE ZWAMESSAGE SET ZTEXT='Kettle was on' WHERE Z_PK=1; DELETE FROM ZWAMESSAGE"
        " WHERE Z_PK=2"
    )
    data, log = logged(tmp_path, said(group(1, "Kettle is on"), group(2, "Two sugars?")), later)
    in_file, in_log = read(data, log=log), read(log, "ChatStorage.sqlite-wal", database=data)
    assert told(in_file, "row") == [(1,), (2,)]
    assert told(in_file, "code", table="problems") == [("log-beside",)]
    assert told(in_log, "row", "sender", "stamp") == [(9, OWNER, "700000999")]
    assert told(in_log, "kind", "row", table="traces") == [
        ("changed-in-log", 1),
        ("deleted-in-log", 2),
    ]


def test_a_log_that_should_be_there_is_missed(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.sqlite", *FULL, wal=True))
    assert told(found, "code", table="problems") == [("log-missing",)]


@pytest.mark.parametrize("name", ["ChatStorage.sqlite", "ChatStorage.sqlite-wal"])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str) -> None:
    data, log = logged(tmp_path, said(group(1, "hello")), said(group(2, "hi")))
    held = log if name.endswith("-wal") else data[:300]
    assert told(read(held, name), "code", "end", table="problems") == [("unreadable", len(held))]


def test_a_database_without_messages_is_one_problem(tmp_path: Path) -> None:
    data = database(tmp_path / "a.sqlite", schema=BOOK)
    assert told(read(data), "code", "end", table="problems") == [("unreadable", len(data))]


def test_a_database_is_known_by_its_tables_or_its_name(tmp_path: Path) -> None:
    assert identify("backup/1f/7c7fba66", database(tmp_path / "x.sqlite", schema=SCHEMA))
    assert identify("ChatStorage-2.sqlite", database(tmp_path / "x.sqlite", schema=BOOK))


def test_other_files_are_declined(tmp_path: Path) -> None:
    _, log = logged(tmp_path, said(group(1, "hello")), said(group(2, "hi")))
    assert identify("ChatStorage.sqlite-wal", log)
    assert not identify("sms.db-wal", log)
    assert not identify("ContactsV2.sqlite", database(tmp_path / "x.sqlite", schema=BOOK))
    assert not identify("ChatStorage.sqlite", b"not a database")


def test_what_was_cut_off_with_the_end_of_the_file_is_a_loss_of_its_table() -> None:
    (cut,) = told(read(CURRENT.read_bytes()[:9216]), "code", "severity", "what", table="problems")
    assert cut == ("table-unread", "loss", "ZWAMESSAGEINFO: page 11 is not in the file")


def test_a_lost_page_of_messages_is_a_problem_and_the_rest_is_read() -> None:
    data = CURRENT.read_bytes()
    (at,) = {one // 1024 * 1024 for (one,) in told(read(data), "start")}
    found = read(data[:at] + bytes(1024) + data[at + 1024 :])
    assert told(found, "code", "table", table="problems") == [("row-unread", "ZWAMESSAGE")]
    assert rows(found, "messages") == []
    assert len(rows(found, "participants")) == 3


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


def test_a_blob_that_is_no_sound_blob_gives_nothing_it_does_not_hold(tmp_path: Path) -> None:
    sound = field(7, reaction(BO, "👍"))
    blobs = (
        sound[:-1],
        b"\xff" * 20,
        field(7, field(1, field(3, b"\xff"))),
        field(7, field(1, field(3, "x" * 65))),
        field(7, field(1, field(3, 5))),
        field(7, field(2, field(2, "☕") + field(3, "soon")) + field(1, field(3, "🫖"))),
    )
    sent = said(*(group(n, "hello") for n in range(1, 8)))
    kept = info(*((n, n, blob) for n, blob in enumerate(blobs, 1)))
    quotes = media((1, 1, None, None, LOST[:-9]), (2, 2, None, None, field(5, "no such key")))
    found = read(database(tmp_path / "a.sqlite", sent, kept, quotes))
    assert told(found, "actor", "reaction", "reacted_at", table="reactions") == [
        (None, "🫖", None),
        (OWNER, "☕", None),
    ]
    assert {key for (key,) in told(found, "reply_to")} == {None}


@pytest.mark.parametrize(
    ("blob", "held"),
    [
        (b"\x08\x96\x01", [(1, 150)]),
        (b"\x12\x02hi\x08\x01", [(2, b"hi"), (1, 1)]),
        (
            b"\x0d\x01\x02\x03\x04\x11\1\2\3\4\5\6\7\x08",
            [(1, b"\1\2\3\4"), (2, bytes(range(1, 9)))],
        ),
        (b"\x08\x01\x0b\x08\x01", [(1, 1)]),  # a group, which nobody writes any more
        (b"\x08\x01\x00\x01", [(1, 1)]),  # a field of no number
        (b"\x08\x01\x12\x05hi", [(1, 1)]),
        (b"\x08\x01\x12\xff", [(1, 1)]),
        (b"\x08\x01\x08", [(1, 1)]),
        (b"\xff" * 11, []),
    ],
)
def test_fields_stand_up_to_where_a_blob_breaks_off(
    blob: bytes, held: list[tuple[int, int | bytes]]
) -> None:
    assert list(wire.fields(blob)) == held


@given(st.binary(max_size=200))
def test_no_blob_gives_more_bytes_than_it_has(blob: bytes) -> None:
    values = [value for _, value in wire.fields(blob)]
    assert sum(len(value) for value in values if isinstance(value, bytes)) <= len(blob)


def history(place: Path, *fills: Fill) -> bytes:
    return database(place / "calls.sqlite", *fills, schema=HISTORY)


def test_a_history_of_calls_is_a_database_of_its_own(tmp_path: Path) -> None:
    found = read(history(tmp_path), "CallHistory.sqlite")
    assert told(found, "kind", "platform_id", "sender", "thread", "sent_at") == [
        (
            "call",
            "CALL-1",
            "+447700900102",
            BO,
            datetime(2023, 3, 8, 20, 26, 40, 500000, tzinfo=UTC),
        ),
        ("call", "CALL-2", OWNER, BO, datetime(2023, 3, 8, 20, 27, 40, tzinfo=UTC)),
        ("call", "CALL-3", "+447700900101", GROUP, datetime(2023, 3, 8, 20, 28, 40, tzinfo=UTC)),
        ("call", "CALL-5", None, BO, datetime(2023, 3, 8, 20, 29, 40, tzinfo=UTC)),
    ]
    assert next(stamp for (stamp,) in told(found, "stamp")) == "700000000.5"
    assert told(found, "kind", "row", "what", table="traces") == [
        ("row-gap", 4, "row 4 is missing between rows 3 and 5"),
        (
            "orphan-call",
            5,
            f"a participant of entry 5 of the list of calls, which is not there: {BO}",
        ),
        (
            "orphan-call",
            4,
            "entry 4 of the list of calls, none of whose calls is there: +447700900103",
        ),
    ]


def test_a_call_of_more_than_two_names_its_people(tmp_path: Path) -> None:
    found = read(history(tmp_path), "CallHistory.sqlite")
    assert told(found, "code", "severity", "row", "what", table="problems") == [
        ("call-people", "note", 3, "people of this call: +447700900103, +447700900101")
    ]


def test_participants_belong_to_what_calls_belong_to(tmp_path: Path) -> None:
    again = script(
        "UPDATE ZWACDCALLEVENT SET Z1CALLEVENTS=2 WHERE Z_PK=3;"
        "INSERT INTO ZWACDCALLEVENT VALUES(6,2,0,700000240.0,31,'CALL-6',NULL,NULL)"
    )
    found = read(history(tmp_path, again), "CallHistory.sqlite")
    assert told(found, "platform_id", "thread")[-1] == ("CALL-6", BO)
    older = script("ALTER TABLE ZWACDCALLEVENT DROP COLUMN Z1CALLEVENTS")
    found = read(history(tmp_path, older), "CallHistory.sqlite")
    assert told(found, "platform_id", "sender", "thread")[-1] == ("CALL-5", "+447700900102", BO)
    orphan = "a participant of call 4, which is not there: 447700900103@s.whatsapp.net"
    assert ("orphan-call", orphan) in told(found, "kind", "what", table="traces")


def test_no_call_names_more_people_than_can_be_shown(tmp_path: Path) -> None:
    crowd = script(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<99)"
        " INSERT INTO ZWACDCALLEVENTPARTICIPANT(Z1PARTICIPANTS, ZJIDSTRING)"
        " SELECT 1, (447700900100 + i) || '@s.whatsapp.net' FROM n"
    )
    found = read(history(tmp_path, crowd), "CallHistory.sqlite")
    (what, _) = (what for (what,) in told(found, "what", table="problems"))
    assert what.endswith(", +447700900162, 37 more")


def test_without_a_list_or_participants_a_call_says_what_its_row_says(tmp_path: Path) -> None:
    bare = script("DROP TABLE ZWAAGGREGATECALLEVENT; DROP TABLE ZWACDCALLEVENTPARTICIPANT")
    found = read(history(tmp_path, bare), "CallHistory.sqlite")
    assert told(found, "sender", "thread") == [
        (None, BO),
        (None, None),
        (None, GROUP),
        (None, BO),
    ]
    unlisted = script(
        "UPDATE ZWACDCALLEVENTPARTICIPANT SET ZJIDSTRING=NULL; DELETE FROM ZWAAGGREGATECALLEVENT"
    )
    found = read(history(tmp_path, unlisted), "CallHistory.sqlite")
    orphan = "a participant of entry 5 of the list of calls, which is not there: nobody named"
    assert ("orphan-call", orphan) in told(found, "kind", "what", table="traces")


def test_names_of_calls_come_from_the_messages_and_contacts_beside(tmp_path: Path) -> None:
    messages = database(tmp_path / "m.sqlite", said(to_bo(1, 1, None, kind=59)))
    found = read(history(tmp_path), "CallHistory.sqlite", store=messages)
    assert told(found, "sender", "conversation") == [
        ("Bo", "Bo"),
        (OWNER, "Bo"),
        ("Ana", "Night turn"),
        (None, "Bo"),
    ]


def test_a_call_that_is_a_message_too_is_told_once(tmp_path: Path) -> None:
    same = script("UPDATE ZWAMESSAGE SET ZSTANZAID='CALL-2' WHERE Z_PK=1")
    messages = database(tmp_path / "m.sqlite", said(to_bo(1, 1, None, kind=59)), same)
    found = read(history(tmp_path), "CallHistory.sqlite", store=messages)
    assert [key for (key,) in told(found, "platform_id")] == ["CALL-1", "CALL-3", "CALL-5"]
    assert told(found, "code", "row", table="problems") == [
        ("call-people", 3),
        ("call-told-in-message", 2),
    ]


def test_calls_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    later = script(
        "INSERT INTO ZWACDCALLEVENT VALUES(6,2,0,700000240.0,31,'CALL-6',NULL,NULL);"
        "INSERT INTO ZWACDCALLEVENTPARTICIPANT VALUES(8,6,'447700900102@s.whatsapp.net')"
    )
    data, log = logged(tmp_path, script(""), later, schema=HISTORY)
    found = read(log, "CallHistory.sqlite-wal", calls=data)
    assert told(found, "platform_id", "sender") == [("CALL-6", OWNER)]
    assert told(found, "kind", table="traces") == []


def test_the_journal_of_either_database_is_read(tmp_path: Path) -> None:
    file = tmp_path / "CallHistory.sqlite"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.executescript(HISTORY)
        opened.execute("PRAGMA journal_mode=PERSIST")
        opened.execute("DELETE FROM ZWACDCALLEVENT WHERE Z_PK=2")
        opened.commit()
        data, journal = file.read_bytes(), Path(f"{file}-journal").read_bytes()
    name = "CallHistory.sqlite-journal"
    assert identify(name, journal)
    assert not identify("other.sqlite-journal", journal)
    found = read(journal, name, calls=data)
    assert told(found, "kind", "table", "row", table="traces") == [
        ("deleted-since-journal", "ZWACDCALLEVENT", 2)
    ]


def test_a_history_of_calls_is_known_by_its_table_or_its_name(tmp_path: Path) -> None:
    data = history(tmp_path)
    assert identify("a1b2c3.sqlite", data)
    assert identify("CallHistory.sqlite", database(tmp_path / "x.sqlite", schema=BOOK))
