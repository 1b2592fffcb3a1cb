"""Measure how fast Apple's messages database is read, beside what asking SQLite for it costs.

::

    python -m benchmarks.intake.imessage             ours, and the floor
    python -m benchmarks.intake.imessage --freeze    and write imessage.md

One database of many messages in thirty groups is generated, with the columns macOS 14 has: half
have their words only in ``attributedBody``, a tenth carry files, one in fifteen answers another,
one row in twenty is a tapback, one in two hundred was edited.  The *floor* is the rows of one table
out of SQLite as Python tuples: no words out of archives, no names, no places in the file.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from plistlib import FMT_BINARY, dumps

from benchmarks.intake.databases import Database

AT = 700_000_000_000_000_000
PEOPLE = 30
COLUMNS = """
guid TEXT UNIQUE NOT NULL, text TEXT, replace INTEGER, service_center TEXT, handle_id INTEGER,
subject TEXT, country TEXT, attributedBody BLOB, version INTEGER, type INTEGER, service TEXT,
account TEXT, account_guid TEXT, error INTEGER, date INTEGER, date_read INTEGER,
date_delivered INTEGER, is_delivered INTEGER, is_finished INTEGER, is_emote INTEGER,
is_from_me INTEGER, is_empty INTEGER, is_delayed INTEGER, is_auto_reply INTEGER,
is_prepared INTEGER, is_read INTEGER, is_system_message INTEGER, is_sent INTEGER,
has_dd_results INTEGER, is_service_message INTEGER, is_forward INTEGER, was_downgraded INTEGER,
is_archive INTEGER, cache_has_attachments INTEGER, cache_roomnames TEXT,
was_data_detected INTEGER, was_deduplicated INTEGER, is_audio_message INTEGER,
is_played INTEGER, date_played INTEGER, item_type INTEGER, other_handle INTEGER,
group_title TEXT, group_action_type INTEGER, share_status INTEGER, share_direction INTEGER,
is_expirable INTEGER, expire_state INTEGER, message_action_type INTEGER,
message_source INTEGER, associated_message_guid TEXT, associated_message_type INTEGER,
balloon_bundle_id TEXT, payload_data BLOB, expressive_send_style_id TEXT,
associated_message_range_location INTEGER, associated_message_range_length INTEGER,
time_expressive_send_played INTEGER, message_summary_info BLOB, ck_sync_state INTEGER,
ck_record_id TEXT, ck_record_change_tag TEXT, destination_caller_id TEXT, is_corrupt INTEGER,
reply_to_guid TEXT, sort_id INTEGER, is_spam INTEGER, has_unseen_mention INTEGER,
thread_originator_guid TEXT, thread_originator_part TEXT, syndication_ranges TEXT,
synced_syndication_ranges TEXT, was_delivered_quietly INTEGER, did_notify_recipient INTEGER,
date_retracted INTEGER, date_edited INTEGER, was_detonated INTEGER, part_count INTEGER,
is_stewie INTEGER, is_kt_verified INTEGER, is_sos INTEGER, is_critical INTEGER,
bia_reference_id TEXT, fallback_hash TEXT, associated_message_emoji TEXT,
is_pending_satellite_send INTEGER, needs_relay INTEGER, schedule_type INTEGER,
schedule_state INTEGER
"""
SCHEMA = f"""
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT NOT NULL, service TEXT NOT NULL);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, style INTEGER, chat_identifier TEXT,
 display_name TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, {COLUMNS});
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, mime_type TEXT,
 transfer_name TEXT, is_sticker INTEGER, hide_attachment INTEGER);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, message_date INTEGER,
 PRIMARY KEY (chat_id, message_id));
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
"""
_NAMES = [one.split()[0] for one in COLUMNS.replace("\n", " ").split(", ")]
_EMPTY = {
    name: None if f"{name} TEXT" in COLUMNS or f"{name} BLOB" in COLUMNS else 0 for name in _NAMES
}
_ARCHIVE = (
    b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08"
    b"NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+%s%s\x86\x84\x02iI\x01%s"
    b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d"
    b"__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x94"
    b"\x84\x01*\x84\x99\x99\x00\x86\x86\x86"
)


def write(path: Path, messages: int) -> None:
    """Write a database of so many rows; the same number gives the same rows."""
    numbers = range(1, messages + 1)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.executescript(SCHEMA)
        for one in range(1, PEOPLE + 1):
            address = f"+447700900{one:03}"
            opened.execute("INSERT INTO handle VALUES(?,?,'iMessage')", (one, address))
            group = (one, f"iMessage;+;chat{one}", 43, f"chat{one}", f"Group {one}")
            opened.execute("INSERT INTO chat VALUES(?,?,?,?,?)", group)
        marks = ",".join("?" * (len(_NAMES) + 1))
        opened.executemany(
            f"INSERT INTO message VALUES({marks})",
            (_row(number) for number in numbers),
        )
        opened.executemany(
            "INSERT INTO chat_message_join VALUES(?,?,?)",
            ((n * 7 % PEOPLE + 1, n, AT + n * 10**9) for n in numbers),
        )
        opened.executemany(
            "INSERT INTO attachment VALUES(?,?,'image/heic',?,0,0)",
            (
                (
                    n,
                    f"~/Library/Messages/Attachments/0a/10/{_guid(n)}/IMG_{n}.HEIC",
                    f"IMG_{n}.HEIC",
                )
                for n in numbers[9::10]
            ),
        )
        opened.executemany(
            "INSERT INTO message_attachment_join VALUES(?,?)", ((n, n) for n in numbers[9::10])
        )
        opened.commit()


def _guid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


def _archive(text: str) -> bytes:
    size = bytes([len(text)])
    return _ARCHIVE % (size, text.encode(), size)


def _row(n: int) -> tuple[object, ...]:
    mine = n % 4 == 0
    text: str | None = f"message number {n} about the rota, the keys and the tea"
    row: dict[str, object] = dict(_EMPTY)
    row |= {"guid": _guid(n), "handle_id": 0 if mine else n % PEOPLE + 1, "is_from_me": int(mine)}
    row |= {"service": "iMessage", "account": "E:owner@example.org", "date": AT + n * 10**9}
    row |= {"date_read": AT + n * 10**9 + 5, "reply_to_guid": _guid(n - 1) if n > 1 else None}
    row |= {"text": text if n % 2 else None, "attributedBody": _archive(str(text))}
    row |= {"version": 10, "is_finished": 1, "destination_caller_id": "+447700900999"}
    if n % 20 == 19:
        liked = {"associated_message_type": 2001, "associated_message_guid": f"p:0/{_guid(n - 4)}"}
        row |= {"text": "Liked “as said”", "attributedBody": None, **liked}
    elif n % 15 == 0:
        row["thread_originator_guid"] = _guid(n - 3)
    elif n % 200 == 2:
        texts = [{"d": 7e8 + n, "t": _archive(one)} for one in ("before", str(text))]
        row["message_summary_info"] = dumps({"otr": {"0": {}}, "ec": {"0": texts}}, fmt=FMT_BINARY)
        row["date_edited"] = AT + n * 10**9
    return (n, *row.values())


DATABASE = Database(
    title="Reading one messages database (iPhone, Mac)",
    file="chat.db",
    parser="imessage",
    query="SELECT ROWID, guid, text, attributedBody, handle_id, is_from_me, date, date_read,"
    " associated_message_type, associated_message_guid, message_summary_info FROM message",
    write=write,
    messages=500_000,
    noun="rows of the table `message`",
    counted="(batch.messages, batch.reactions)",
    told=(
        "Ours fill every column with each row's place in the file, read the words out of archives,",
        "what belongs to messages and earlier texts, and look for traces of deletion.",
    ),
)


if __name__ == "__main__":
    DATABASE.main("imessage.md")
