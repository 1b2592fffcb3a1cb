"""WhatsApp's database on Android."""

import io
import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.msgstore.phone import (
    BELONGING,
    BOOK,
    FULL,
    LEGACY,
    MESSAGE,
    OLD,
    SCHEMA,
    database,
    journaled,
    logged,
    said,
    say,
    script,
)
from tests.intake.reading import LONDON, SAMPLES, rows, source
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.parsers import whatsapp_android
from witnessbox.intake.parsers.whatsapp_android import identify, parse
from witnessbox.intake.tiling import accounting

CURRENT = SAMPLES / "whatsapp_android" / "current" / "msgstore.db"
Row = dict[str, Any]


def beside(data: bytes, name: str) -> Source:
    return Source(f"{len(name):064}", name, len(data), lambda: io.BytesIO(data))


def read(data: bytes, *others: Source, name: str = "msgstore.db") -> list[Batch]:
    """Read a database or log and hold the parser to its word: every row in one record."""
    found = list(parse(replace(source(data, name), beside=others), LONDON))
    account = accounting(name, whatsapp_android.FORMAT)
    for batch in found:
        account.take(batch)
    account.finish(len(data))
    return found


def told(found: list[Batch], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(found, "messages")]


@pytest.fixture
def full(tmp_path: Path) -> list[Batch]:
    book = database(tmp_path / "wa.db", schema=BOOK)
    return read(database(tmp_path / "a.db", FULL, BELONGING), beside(book, "wa.db"))


def test_names_come_from_the_address_book_beside(full: list[Batch]) -> None:
    assert told(full, "sender", "conversation")[:4] == [
        (None, "Night turn"),
        ("Ana Nights", "Night turn"),
        ("owner of this phone", "Night turn"),
        ("Bo", "Night turn"),
    ]


def test_without_the_address_book_numbers_stand(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.db", FULL))
    senders = {sender for (sender,) in told(found, "sender")}
    assert {"+447700900101", "+447700900102", "190000000000005@lid"} <= senders


def test_an_address_book_that_cannot_be_read_gives_no_names(tmp_path: Path) -> None:
    found = read(database(tmp_path / "a.db", FULL), beside(b"x" * 200, "wa.db"))
    assert ("+447700900101",) in told(found, "sender")


def test_the_address_book_is_read_with_its_own_log(tmp_path: Path) -> None:
    data, log = logged(
        tmp_path, script(BOOK), script("UPDATE wa_contacts SET display_name='Ana N'")
    )
    others = beside(data, "wa.db"), beside(log, "wa.db-wal")
    found = read(database(tmp_path / "a.db", FULL), *others)
    assert ("Ana N",) in told(found, "sender")


def test_a_hidden_address_leads_to_the_known_one(full: list[Batch]) -> None:
    by_row = {row["row"]: row for row in rows(full, "messages")}
    assert by_row[4]["sender"] == "Bo"
    assert by_row[8]["thread"] == "447700900102@s.whatsapp.net"


def test_edits_quotes_deletions_reactions_and_files_stand_with_their_messages(
    full: list[Batch],
) -> None:
    by_row = {row["row"]: row for row in rows(full, "messages") if row["table"] == "message"}
    assert [row for row, one in by_row.items() if one["edited"]] == [2]
    assert [row for row, one in by_row.items() if one["deleted"]] == [6]
    assert {row: one["reply_to"] for row, one in by_row.items() if one["reply_to"]} == {
        3: "3EB00002",
        4: "3EB00005",
    }
    assert [(one["actor"], one["reaction"]) for one in rows(full, "reactions")] == [
        ("Bo", "👍"),
        ("owner of this phone", ""),
    ]
    (file,) = rows(full, "attachments")
    assert (file["start"], file["media"], file["omitted"]) == (by_row[9]["start"], "image", False)


def test_who_came_and_went_is_told(tmp_path: Path) -> None:
    events = said(*(say(n, "Tea" if n == 6 else None, kind=7) for n in range(1, 8)))
    codes = script(
        "INSERT INTO message_system VALUES(1,11),(2,12),(3,5),(4,14),(5,20),(6,1),(7,999);"
        "INSERT INTO message_system_chat_participant VALUES(1,2,2),(2,2,5),(3,4,2);"
    )
    found = rows(read(database(tmp_path / "a.db", events, codes)), "memberships")
    ana = "+447700900101"
    assert [(one["event"], one["actor"], one["member"]) for one in found] == [
        ("created", ana, None),
        ("added", ana, "+447700900102"),
        ("added", ana, "190000000000005@lid"),
        ("left", ana, ana),
        ("removed", ana, "+447700900102"),
        ("joined", ana, ana),
        ("subject", ana, "Tea"),
    ]


def test_members_are_listed_whether_they_speak_or_not(tmp_path: Path) -> None:
    found = rows(read(database(tmp_path / "a.db")), "participants")
    assert [(one["name"], one["messages"], one["listed"]) for one in found] == [
        ("+447700900101", 0, True),
        ("+447700900102", 0, True),
    ]


def test_a_call_stands_once_and_after_what_was_sent_before_it(full: list[Batch]) -> None:
    calls = [row for row in rows(full, "messages") if row["kind"] == "call"]
    assert [(row["table"], row["row"]) for row in calls] == [("message", 10), ("call_log", 1)]
    by_row = {row["row"]: row["sequence"] for row in rows(full, "messages")[:-1]}
    assert by_row[7] < calls[1]["sequence"] < by_row[8]
    codes = [one["code"] for one in rows(full, "problems")]
    assert codes == ["call-told-in-message"]


def test_calls_of_a_phone_without_messages_stand_by_their_time(tmp_path: Path) -> None:
    call = script("INSERT INTO call_log VALUES(1,1,1,'c',1700000430000,12,4)")
    assert told(read(database(tmp_path / "a.db", call)), "sender", "conversation") == [
        ("owner of this phone", "Night turn")
    ]


def test_traces_say_what_is_gone_and_no_more(full: list[Batch]) -> None:
    found = [(one["kind"], one["table"], one["row"]) for one in rows(full, "traces")]
    assert found == [
        ("row-gap", "message", 5),
        ("orphan-receipt", "receipt_user", 1),
        ("orphan-media", "message_media", 5),
        ("quote-of-absent", "message_quoted", 4),
        ("index-residue", "message_ftsv2_content", 2),
        ("index-residue", "message_ftsv2_content", 6),
    ]
    shown = {one["kind"]: one["what"] for one in rows(full, "traces")}
    assert shown["quote-of-absent"] == "message 4 quotes 3EB00005, which is not there: “Milk?”"


def test_numbers_missing_at_the_end_and_out_of_step_sort_keys_are_traces(tmp_path: Path) -> None:
    change = script(
        "UPDATE message SET sort_id=9 WHERE _id=3; DELETE FROM message WHERE _id IN (4, 5)"
    )
    kept = said(*(say(n, "tea") for n in range(1, 6)))
    found = rows(read(database(tmp_path / "a.db", kept, change)), "traces")
    assert [one["what"] for one in found] == [
        "rows 4 to 5 are missing at the end: the table has counted to 5",
        "sort keys 3 to 8 are missing before this row",
    ]


def test_words_in_the_index_of_a_message_that_is_gone_are_shown(tmp_path: Path) -> None:
    index = script("INSERT INTO message_ftsv2_content VALUES(7,'biscuits later',''),(8,'','')")
    (_, residue) = rows(
        read(database(tmp_path / "a.db", said(say(1, "a"), say(9, "b")), index)), "traces"
    )
    assert residue["what"] == (
        "the search index holds words of message 7, which is not there: “biscuits later”"
    )


def test_the_older_table_is_read_beside_the_newer(tmp_path: Path) -> None:
    data = database(tmp_path / "a.db", said(say(1, "new")), OLD, schema=SCHEMA + LEGACY)
    found = read(data)
    assert told(found, "table", "kind", "text", "edited", "reply_to") == [
        ("messages", "notice", "Rota", False, None),
        ("messages", "text", "Swap Tuesday?", False, None),
        ("messages", "text", "Yes", False, "A2"),
        ("messages", "media", "the board", False, None),
        ("messages", "deleted", None, False, None),
        ("messages", "text", "fixed", True, None),
        ("messages", "empty", None, False, None),
        ("message", "text", "new", False, None),
    ]
    assert [one["code"] for one in rows(found, "problems")] == ["placeholder-row", "no-time"]


def test_the_newer_table_begins_with_a_row_that_is_no_message_too(tmp_path: Path) -> None:
    first = said((1, -1, 0, "-1", None, None, None, None, 0), say(2, "new"))
    found = read(database(tmp_path / "a.db", first))
    assert told(found, "row", "text") == [(2, "new")]
    assert [one["code"] for one in rows(found, "problems")] == ["placeholder-row"]
    assert rows(found, "traces") == []


def test_a_file_of_a_message_of_the_older_table_is_no_orphan(tmp_path: Path) -> None:
    file = script("INSERT INTO message_media VALUES(5,1,'board.jpg','image/jpeg',NULL)")
    found = read(database(tmp_path / "a.db", OLD, file, schema=SCHEMA + LEGACY))
    assert rows(found, "traces") == []


def test_a_row_of_no_conversation_or_an_unknown_type_is_kept_and_doubted(tmp_path: Path) -> None:
    odd = said(say(1, "where", chat=77), say(2, "what", kind=199), say(3, None, kind=-5))
    found = read(database(tmp_path / "a.db", odd))
    assert told(found, "kind", "conversation") == [
        ("text", None),
        ("text", "Night turn"),
        ("empty", "Night turn"),
    ]
    assert [one["code"] for one in rows(found, "problems")] == [
        "no-conversation",
        "unknown-type",
        "unknown-type",
    ]


def test_a_database_of_few_columns_is_read_as_far_as_they_go(tmp_path: Path) -> None:
    schema = "CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INT, key_id TEXT)"
    found = read(
        database(tmp_path / "a.db", script("INSERT INTO message VALUES(1,1,'k')"), schema=schema)
    )
    assert told(found, "kind", "platform_id", "sender", "sent_at") == [("empty", "k", None, None)]


def test_rows_only_the_log_holds_are_read_from_the_log(tmp_path: Path) -> None:
    later = script(
        "INSERT INTO message VALUES(11,1,0,'k9',1,0,1700000600000,0,'from the log',11);"
        "UPDATE message SET text_data='Kettle was on' WHERE _id=2;"
        "UPDATE message SET status=13 WHERE _id=3;"
        "DELETE FROM message WHERE _id=4"
    )
    data, log = logged(tmp_path, FULL, later)
    in_file = read(data, beside(log, "msgstore.db-wal"))
    in_log = read(log, beside(data, "msgstore.db"), name="msgstore.db-wal")
    assert told(in_log, "row", "text") == [(11, "from the log")]
    assert len(rows(in_file, "messages")) == 9
    assert [one["code"] for one in rows(in_file, "problems")] == ["log-beside"]
    traces = {(one["kind"], one["row"]): one["what"] for one in rows(in_log, "traces")}
    assert traces["changed-in-log", 2] == (
        "the log changes text_data of this row: “Kettle is on” becomes “Kettle was on”"
    )
    assert ("deleted-in-log", 4) in traces
    assert not any(row == 3 for _, row in traces)


def test_a_log_without_its_database_is_one_problem(tmp_path: Path) -> None:
    _, log = logged(tmp_path, FULL, said(say(20, "late")))
    (problem,) = rows(read(log, name="msgstore.db-wal"), "problems")
    assert (problem["severity"], problem["end"]) == ("loss", len(log))
    assert problem["what"].startswith("a write-ahead log without its database")


def test_a_log_that_should_be_there_is_missed(tmp_path: Path) -> None:
    data, _ = logged(tmp_path, FULL, said(say(20, "late")))
    assert [one["code"] for one in rows(read(data), "problems")] == ["log-missing"]


def test_what_of_a_log_was_not_committed_is_said(tmp_path: Path) -> None:
    data, log = logged(tmp_path, FULL, said(*(say(n, "tea " * 90) for n in range(20, 40))))
    cut = log[: -(24 + 1024) - 5]
    stale = bytearray(log)
    stale[32 + 8] ^= 1
    for part, code in ((cut, "log-uncommitted"), (bytes(stale), "log-left-over")):
        found = read(part, beside(data, "msgstore.db"), name="msgstore.db-wal")
        assert [one["code"] for one in rows(found, "problems")] == ["only-in-log", code]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:300],
        lambda data: data[:16] + b"\0\1" + data[18:],
        lambda data: data[:56] + b"\0\0\0\x09" + data[60:],
    ],
)
def test_a_database_that_cannot_be_opened_is_one_problem(spoil: Any) -> None:
    data = spoil(CURRENT.read_bytes())
    (problem,) = rows(read(data), "problems")
    assert (problem["start"], problem["end"], problem["code"]) == (0, len(data), "unreadable")


def spans(found: list[Batch]) -> Iterator[tuple[int, int]]:
    for table in ("messages", "problems"):
        yield from ((one["start"], one["end"]) for one in rows(found, table))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_cut_or_flipped_database_is_accounted_for_row_by_row(data: st.DataObject) -> None:
    spoiled = bytearray(CURRENT.read_bytes())
    for at in data.draw(st.lists(st.integers(100, len(spoiled) - 1), max_size=30)):
        spoiled[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1000, len(spoiled)) | st.just(len(spoiled)))
    owned = sorted(span for span in spans(read(bytes(spoiled[:cut]))) if span[1] > span[0])
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(owned))


@pytest.mark.parametrize(
    ("name", "declared"),
    [("a.db", SCHEMA), ("a.db", LEGACY), ("msgstore-2026-01-01.1.db", BOOK)],
)
def test_a_database_is_known_by_its_tables_or_its_name(
    tmp_path: Path, name: str, declared: str
) -> None:
    assert identify(name, database(tmp_path / "x.db", schema=declared))


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("wa.db", BOOK),
        ("sms.db", "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT)"),
    ],
)
def test_other_databases_are_declined(tmp_path: Path, name: str, declared: str) -> None:
    assert not identify(name, database(tmp_path / "x.db", schema=declared))


def test_logs_of_other_databases_are_declined(tmp_path: Path) -> None:
    _, log = logged(tmp_path, FULL, said(say(20, "late")))
    assert identify("backup/msgstore.db-wal", log)
    assert not identify("sms.db-wal", log)
    assert not identify("msgstore.db", b"not a database")


def test_the_exhibit_itself_is_never_opened_as_a_database(tmp_path: Path) -> None:
    place = tmp_path / "msgstore.db"
    data = database(place, FULL)
    place.chmod(0o444)
    one = Source("e" * 64, "msgstore.db", len(data), lambda: place.open("rb"))
    assert sum(len(rows([batch], "messages")) for batch in parse(one, LONDON)) == 9
    assert [found.name for found in tmp_path.iterdir()] == ["msgstore.db"]


def test_members_of_an_older_group_are_listed(tmp_path: Path) -> None:
    members = script(
        "CREATE TABLE group_participants (_id INTEGER PRIMARY KEY, gjid TEXT, jid TEXT);"
        "INSERT INTO group_participants VALUES(1,'447700900101-1500000000@g.us',"
        "'447700900103@s.whatsapp.net')"
    )
    found = rows(read(database(tmp_path / "a.db", OLD, members, schema=LEGACY)), "participants")
    listed = [(one["conversation"], one["name"]) for one in found if one["listed"]]
    assert listed == [("Rota", "+447700900103")]


def test_files_are_told_by_their_sort_where_the_type_does_not_say(tmp_path: Path) -> None:
    album = said(*(say(n, None, kind=99) for n in range(1, 6)))
    files = script(
        "INSERT INTO message_media VALUES(1,1,'a','video/mp4',NULL),(2,1,NULL,'text/plain','b'),"
        "(3,1,NULL,NULL,NULL),(4,1,'d','image/png',NULL)"
    )
    found = rows(read(database(tmp_path / "a.db", album, files)), "attachments")
    assert [(one["media"], one["name"], one["omitted"]) for one in found] == [
        ("video", "a", False),
        ("document", "b", True),
        ("unknown", None, True),
        ("image", "d", False),
        ("unknown", None, True),
    ]


def test_a_reaction_of_the_partner_in_a_chat_of_two_names_nobody_else(tmp_path: Path) -> None:
    reaction = script(
        "INSERT INTO message_add_on VALUES(1,2,0,'r',-1,1,1700000950000,56),"
        "(2,2,0,'vote',-1,1,1700000950000,67);"
        "INSERT INTO message_add_on_reaction VALUES(1,'☕',0)"
    )
    found = read(database(tmp_path / "a.db", said(say(1, "Tea?", chat=2, sender=None)), reaction))
    (one,) = rows(found, "reactions")
    assert (one["actor"], one["reaction"]) == ("+447700900101", "☕")
    assert one["reacted_at"].timestamp() == 1_700_000_950


def test_the_owner_s_own_coming_and_going_is_the_owner_s(tmp_path: Path) -> None:
    left = said(say(1, None, kind=7, sender=None))
    code = script("INSERT INTO message_system VALUES(1,5)")
    (one,) = rows(read(database(tmp_path / "a.db", left, code)), "memberships")
    assert (one["actor"], one["member"]) == ("owner of this phone",) * 2


def test_words_of_the_index_that_differ_in_spelling_alone_are_no_trace(tmp_path: Path) -> None:
    index = script("INSERT INTO message_ftsv2_content VALUES(1,'cafe at 7',''),(2,'tea then','')")
    found = read(database(tmp_path / "a.db", said(say(1, "Café, at 7!"), say(2, "Tea now")), index))
    assert [(one["kind"], one["row"]) for one in rows(found, "traces")] == [("index-differs", 2)]


def test_the_journal_shows_rows_as_they_were_before(tmp_path: Path) -> None:
    later = script(
        "BEGIN; UPDATE message SET text_data='Kettle was on' WHERE _id=2;"
        "DELETE FROM message WHERE _id=4; UPDATE message SET status=13 WHERE _id=3"
    )
    data, journal = journaled(tmp_path, FULL, later)
    found = read(journal, beside(data, "msgstore.db"), name="msgstore.db-journal")
    traces = {one["row"]: (one["kind"], one["what"]) for one in rows(found, "traces")}
    changed = "text_data of this row was “Kettle is on”; it is “Kettle was on” now"
    kept = "text_data “Two sugars?”, key_id “3EB00004”, message_type “0”, timestamp “1700000240000”"
    gone = "the journal holds this row, which the database no longer has"
    assert traces == {
        2: ("changed-since-journal", changed),
        4: ("deleted-since-journal", f"{gone}: {kept}"),
    }
    assert all(
        b"Kettle is on" in journal[one["start"] : one["end"]]
        for one in rows(found, "traces")
        if one["row"] == 2
    )
    (note,) = rows(found, "problems")
    assert note["code"] == "journal"
    assert note["what"].endswith("as they were before a transaction; 2 traces in it")
    assert rows(read(data, beside(journal, "msgstore.db-journal")), "problems") == []


def test_a_journal_of_an_unfinished_transaction_is_a_doubt_on_both(tmp_path: Path) -> None:
    data, journal = journaled(tmp_path, FULL, script("DELETE FROM message WHERE _id=4"))
    magic = bytes.fromhex("d9d505f920a163d7")
    page = journal[516 : 516 + 1024]
    key = int.from_bytes(journal[1540:1544], "big") - sum(page[at] for at in range(824, 0, -200))
    pages = (len(journal) - 512) // 1032
    numbers = (pages, key % (1 << 32), 20, 512, 1024)
    hot = magic + b"".join(n.to_bytes(4, "big") for n in numbers) + journal[28:]
    name = "msgstore.db-journal"
    of_both = (
        read(hot, beside(data, "msgstore.db"), name=name),
        read(data, beside(hot, name)),
    )
    for found in of_both:
        assert "journal-hot" in [one["code"] for one in rows(found, "problems")]
    assert [one["row"] for one in rows(of_both[0], "traces")] == [4]
    spoiled = read(data, beside(b"x" * 99, name))
    assert "journal-hot" not in [one["code"] for one in rows(spoiled, "problems")]


def test_a_journal_cut_short_says_what_of_it_is_not_read(tmp_path: Path) -> None:
    many = said(*(say(n, f"tea {n} " * 9) for n in range(20, 90)))
    data, journal = journaled(tmp_path, many, script("DELETE FROM message WHERE _id > 30"))
    other = bytearray(journal)
    other[512 + 1032 + 4 + 824] ^= 1
    for part, codes in (
        (journal[: 512 + 1032], ["journal", "journal-unchecked"]),
        (bytes(other), ["journal", "journal-unchecked", "journal-left-over"]),
        (bytes(600), ["journal"]),
    ):
        found = read(part, beside(data, "msgstore.db"), name="msgstore.db-journal")
        assert [one["code"] for one in rows(found, "problems")] == codes


def test_a_journal_without_its_database_is_one_problem(tmp_path: Path) -> None:
    _, journal = journaled(tmp_path, FULL, script("DELETE FROM message WHERE _id=4"))
    (problem,) = rows(read(journal, name="msgstore.db-journal"), "problems")
    assert (problem["severity"], problem["end"]) == ("loss", len(journal))
    assert problem["what"].startswith("a rollback journal without its database")


def test_a_journal_is_known_by_the_name_of_its_database() -> None:
    wiped = bytes(600)
    assert identify("backup/msgstore.db-journal", wiped)
    assert identify("msgstore-2026-01-01.1.db-journal", wiped)
    assert not identify("sms.db-journal", wiped)
    assert not identify("msgstore.db-journal", b"")


def test_a_freed_row_is_a_trace_and_never_a_message(tmp_path: Path) -> None:
    def fill(opened: sqlite3.Connection) -> None:
        opened.execute("PRAGMA secure_delete=0")
        opened.executemany(MESSAGE, [say(n, f"tea at {n}") for n in range(1, 60)])
        opened.commit()
        opened.execute("UPDATE message SET text_data='never mind, go home' WHERE _id=58")
        opened.execute("DELETE FROM message WHERE _id IN (7, 30)")

    data = database(tmp_path / "a.db", fill)
    found = read(data)
    freed = [one for one in rows(found, "traces") if one["kind"] == "freed-row"]
    gone = "freed space still holds a row that is not there"
    assert sorted(one["what"] for one in freed) == [
        f"{gone}: 3EB00007, 2023-11-14T22:20:20Z, “tea at 7”",
        f"{gone}: 3EB00030, 2023-11-14T22:43:20Z, “tea at 30”",
        "freed space still holds row 58 as it was: 3EB00058, 2023-11-14T23:11:20Z, “tea at 58”",
    ]
    assert all(b"tea at" in data[one["start"] : one["end"]] for one in freed)
    assert len(rows(found, "messages")) == 57


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE message SET key_id='a key' WHERE _id=7",
        "UPDATE message SET timestamp=12 WHERE _id=7",
        "UPDATE message SET timestamp='soon' WHERE _id=7",
        "UPDATE message SET from_me=7 WHERE _id=7",
        "UPDATE message SET message_type='one' WHERE _id=7",
        "UPDATE message SET text_data=x'ff' WHERE _id=7",
        "UPDATE message SET text_data=cast(x'ff' AS TEXT) WHERE _id=7",
    ],
)
def test_freed_bytes_that_do_not_hold_up_are_no_trace(tmp_path: Path, spoil: str) -> None:
    def fill(opened: sqlite3.Connection) -> None:
        opened.execute("PRAGMA secure_delete=1")
        opened.executemany(MESSAGE, [say(n, f"tea at {n}") for n in range(1, 9)])
        opened.execute(spoil)
        opened.commit()
        opened.execute("PRAGMA secure_delete=0")
        opened.execute("DELETE FROM message WHERE _id=7")

    found = read(database(tmp_path / "a.db", fill))
    assert [one for one in rows(found, "traces") if one["kind"] == "freed-row"] == []


def test_a_freed_row_without_words_says_so(tmp_path: Path) -> None:
    def fill(opened: sqlite3.Connection) -> None:
        opened.execute("PRAGMA secure_delete=0")
        opened.executemany(MESSAGE, [say(1, "a"), say(2, None, kind=1), say(3, "b")])
        opened.commit()
        opened.execute("DELETE FROM message WHERE _id=2")

    found = read(database(tmp_path / "a.db", fill))
    (freed,) = [one for one in rows(found, "traces") if one["kind"] == "freed-row"]
    assert freed["what"].endswith("3EB00002, 2023-11-14T22:15:20Z, without words")


def test_receipts_and_changes_of_the_log_are_told_of_its_own_rows_alone(tmp_path: Path) -> None:
    later = script(
        "INSERT INTO message VALUES(11,1,1,'k9',0,0,1700000600000,0,'from the log',11);"
        "INSERT INTO receipt_user VALUES(9,11,1,1700000700000,0,0),(10,2,1,1700000700000,0,0)"
    )
    data, log = logged(tmp_path, FULL, later)
    found = read(log, beside(data, "msgstore.db"), name="msgstore.db-wal")
    (told_once,) = rows(found, "acknowledgements")
    assert told_once["start"] == rows(found, "messages")[0]["start"]
