"""Traces of deletion in a messages database."""

from pathlib import Path

import pytest

from tests.intake.imessage.mac import (
    FULL,
    SECONDS,
    Fill,
    all_of,
    archive,
    file,
    guid,
    message,
    mine,
    row,
    script,
    tapback,
)
from tests.intake.imessage.reading import made, told, traces
from tests.intake.reading import rows


def test_what_is_recently_deleted_is_a_message_still_and_a_trace(tmp_path: Path) -> None:
    full = made(tmp_path, *FULL)
    what = "message 13 was deleted at 2023-03-08T20:46:40Z and can still be recovered"
    assert traces(full, "recently-deleted") == [("chat_recoverable_message_join", 1, what)]
    assert ("See you", False) in told(full, "text", "deleted")


def test_lists_of_deletions_are_traces(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        row("INSERT INTO deleted_messages(guid) VALUES(?)", guid(1)),
        row("INSERT INTO sync_deleted_messages(guid) VALUES(?)", guid(50)),
        row("INSERT INTO sync_deleted_chats(guid) VALUES('chat-guid')"),
        row("INSERT INTO message_processing_task(guid, task_flags) VALUES(?,1)", guid(1)),
        row("INSERT INTO message_processing_task(guid, task_flags) VALUES(?,1)", guid(51)),
    )
    assert [what for _, _, what in traces(found, "deleted-message")] == [
        f"the deletion of message {guid(1)} is noted, which is still there",
        f"the deletion of message {guid(50)} is noted, which is not there",
    ]
    what = "the deletion of chat chat-guid is noted"
    assert traces(found, "deleted-chat") == [("sync_deleted_chats", 1, what)]
    what = f"work still to be done on message {guid(51)} is noted, which is not there"
    assert traces(found, "orphan-task") == [("message_processing_task", 2, what)]


def test_gaps_in_rows_are_traces_up_to_what_each_table_has_counted_to(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        message(4, "Yes"),
        script(
            "UPDATE sqlite_sequence SET seq=5 WHERE name='message';"
            "DELETE FROM chat WHERE ROWID=4; DELETE FROM chat WHERE ROWID=2"
        ),
    )
    assert [(table, what) for table, _, what in traces(found, "row-gap")] == [
        ("message", "rows 2 to 3 are missing between rows 1 and 4"),
        ("message", "row 5 is missing at the end: the table has counted to 5"),
        ("chat", "row 2 is missing between rows 1 and 3"),
        ("chat", "row 4 is missing at the end: the table has counted to 4"),
    ]


def test_what_belongs_to_messages_that_are_not_there_is_a_trace(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        message(1, "Tea?"),
        file(1, 40, "~/gone.heic", "image/heic"),
        file(2, 41, None, None),
        file(3, 1, "~/there.heic", "image/heic"),
        script(
            "DELETE FROM message_attachment_join WHERE attachment_id=3;"
            "INSERT INTO message_attachment_join VALUES(1,30),(42,31);"
            "INSERT INTO chat_message_join VALUES(2,43,0);"
            "INSERT INTO chat_recoverable_message_join VALUES(2,44,1)"
        ),
    )
    assert [what for _, _, what in traces(found, "orphan-media")] == [
        "a file of message 40, which is not there: ~/gone.heic",
        "a file of message 41, which is not there: unnamed",
        "a file of message 42, which is not there: unnamed",
        "message 1 had file 30, which is not there",
        "a file that no message names: ~/there.heic",
    ]
    assert [what for _, _, what in traces(found, "orphan-join")] == [
        "a place in a chat of message 43, which is not there",
        "a place among the recently deleted of message 44, which is not there",
    ]


def test_a_phone_where_nothing_is_missing_shows_no_trace(tmp_path: Path) -> None:
    found = made(tmp_path, message(1, "Tea?"), mine(2, "Yes"), tapback(3, 2, 2000))
    assert rows(found, "traces") == []


def freed(place: Path, *fills: Fill) -> list[str]:
    """Give what freed space shows where the last of these frees rows that are not overwritten."""
    *first, last = fills
    keep, overwrite = (script(f"PRAGMA secure_delete={on}") for on in (0, 1))
    return sorted(
        what for *_, what in traces(made(place, overwrite, *first, keep, last), "freed-row")
    )


GONE = "freed space still holds a row that is not there"


def test_a_freed_row_is_a_trace_and_never_a_message(tmp_path: Path) -> None:
    told_of = freed(
        tmp_path,
        *(message(n, f"tea at {n}") for n in range(1, 40)),
        script("DELETE FROM message WHERE ROWID IN (7, 30)"),
    )
    assert told_of == [
        f"{GONE}: {guid(7)}, 2023-03-08T20:33:40Z, “tea at 7”",
        f"{GONE}: {guid(30)}, 2023-03-08T20:56:40Z, “tea at 30”",
    ]


def test_the_words_of_a_freed_row_are_read_out_of_its_archive(tmp_path: Path) -> None:
    told_of = freed(
        tmp_path,
        *(message(n, None, attributedBody=archive(f"tea at {n}")) for n in range(1, 9)),
        message(9, None),
        message(10, None, attributedBody=b""),
        script("DELETE FROM message WHERE ROWID IN (7, 9, 10)"),
    )
    assert [one.rpartition(", ")[2] for one in told_of] == [
        "“tea at 7”",
        "without words",
        "without words",
    ]


def test_a_message_that_was_edited_may_stand_in_freed_space_as_it_was(tmp_path: Path) -> None:
    told_of = freed(
        tmp_path,
        *(message(n, None, attributedBody=archive(f"tea at {n}")) for n in range(1, 8)),
        all_of(
            row("UPDATE message SET attributedBody=? WHERE ROWID=6", archive("never mind, go on")),
            row("UPDATE message SET error=1000 WHERE ROWID=2"),
        ),
    )
    assert told_of == [
        f"freed space still holds row 6 as it was: {guid(6)}, 2023-03-08T20:32:40Z, “tea at 6”"
    ]


def test_times_in_seconds_are_read_in_freed_space_too(tmp_path: Path) -> None:
    several = [message(n, f"tea at {n}", date=SECONDS + n) for n in range(1, 9)]
    told_of = freed(tmp_path, *several, script("DELETE FROM message WHERE ROWID=7"))
    assert told_of == [f"{GONE}: {guid(7)}, 2023-03-08T20:26:47Z, “tea at 7”"]


@pytest.mark.parametrize(
    "spoil",
    [
        "guid='p:0/tea'",
        "date=12",
        "is_from_me=7",
        "handle_id='Ana'",
        "text=CAST(x'ff' AS TEXT)",
        "attributedBody=x'0b0c'",
        f"attributedBody=x'{archive(b'tea ' + bytes([255])).hex()}'",
        "attributedBody='tea'",
        "attributedBody=7",
    ],
)
def test_freed_bytes_that_do_not_hold_up_are_no_trace(tmp_path: Path, spoil: str) -> None:
    several = [message(n, f"tea at {n}") for n in range(1, 9)]
    change = row(f"UPDATE message SET {spoil} WHERE ROWID=7")  # noqa: S608
    assert freed(tmp_path, *several, change, script("DELETE FROM message WHERE ROWID=7")) == []
