"""An invented messages database, made by SQLite with the columns Apple gives it."""

import plistlib
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, id TEXT NOT NULL,
 country TEXT, service TEXT NOT NULL, person_centric_id TEXT, UNIQUE (id, service));
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL,
 style INTEGER, chat_identifier TEXT, service_name TEXT, room_name TEXT, display_name TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL,
 text TEXT, handle_id INTEGER DEFAULT 0, subject TEXT, attributedBody BLOB, service TEXT,
 error INTEGER DEFAULT 0, date INTEGER, date_read INTEGER, date_delivered INTEGER,
 is_from_me INTEGER DEFAULT 0, cache_roomnames TEXT, is_audio_message INTEGER DEFAULT 0,
 date_played INTEGER, item_type INTEGER DEFAULT 0, other_handle INTEGER DEFAULT 0,
 group_title TEXT, group_action_type INTEGER DEFAULT 0, associated_message_guid TEXT,
 associated_message_type INTEGER DEFAULT 0, balloon_bundle_id TEXT, payload_data BLOB,
 expressive_send_style_id TEXT, message_summary_info BLOB, reply_to_guid TEXT,
 thread_originator_guid TEXT, thread_originator_part TEXT, date_retracted INTEGER DEFAULT 0,
 date_edited INTEGER DEFAULT 0, associated_message_emoji TEXT);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL,
 filename TEXT, mime_type TEXT, transfer_name TEXT, is_sticker INTEGER DEFAULT 0,
 hide_attachment INTEGER DEFAULT 0);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER,
 message_date INTEGER DEFAULT 0, PRIMARY KEY (chat_id, message_id));
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER, UNIQUE (chat_id, handle_id));
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
CREATE TABLE chat_recoverable_message_join (chat_id INTEGER, message_id INTEGER,
 delete_date INTEGER, PRIMARY KEY (chat_id, message_id));
CREATE TABLE recoverable_message_part (chat_id INTEGER, message_id INTEGER, part_index INTEGER,
 delete_date INTEGER, part_text BLOB NOT NULL, PRIMARY KEY (chat_id, message_id, part_index));
CREATE TABLE deleted_messages (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL);
CREATE TABLE sync_deleted_messages (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL,
 recordID TEXT);
CREATE TABLE sync_deleted_chats (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL,
 recordID TEXT, timestamp INTEGER);
CREATE TABLE message_processing_task (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
 guid TEXT NOT NULL, task_flags INTEGER NOT NULL);
INSERT INTO handle(id, service, person_centric_id) VALUES
 ('+447700900101','iMessage','A'),('+447700900102','iMessage',NULL),
 ('+447700900101','SMS','A'),('cy@example.org','iMessage',NULL);
INSERT INTO chat(guid, style, chat_identifier, service_name, room_name, display_name) VALUES
 ('iMessage;+;chat100',43,'chat100','iMessage','chat100','Night turn'),
 ('iMessage;-;+447700900101',45,'+447700900101','iMessage',NULL,NULL),
 ('SMS;-;+447700900101',45,'+447700900101','SMS',NULL,NULL),
 ('iMessage;+;chat200',43,'chat200','iMessage','chat200','');
INSERT INTO chat_handle_join VALUES(1,1),(1,2),(1,4),(2,1),(3,3),(4,1),(4,2);
"""
BOOK = """
CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, Organization TEXT);
CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER,
 value TEXT);
INSERT INTO ABPerson VALUES (1,'Ana','Reed',NULL),(2,NULL,NULL,'The desk'),(3,'Eve',NULL,NULL);
INSERT INTO ABMultiValue VALUES (1,1,3,'07700 900101'),(2,2,4,'Cy@Example.org'),
 (3,3,3,'01632 960001'),(4,1,3,'+44 1632 960001'),(5,9,3,'07700 900102'),(6,1,3,NULL);
"""
MAC_BOOK = """
CREATE TABLE ZABCDRECORD (Z_PK INTEGER PRIMARY KEY, ZFIRSTNAME TEXT, ZLASTNAME TEXT,
 ZORGANIZATION TEXT);
CREATE TABLE ZABCDPHONENUMBER (Z_PK INTEGER PRIMARY KEY, ZOWNER INTEGER, ZFULLNUMBER TEXT);
CREATE TABLE ZABCDEMAILADDRESS (Z_PK INTEGER PRIMARY KEY, ZOWNER INTEGER, ZADDRESS TEXT);
INSERT INTO ZABCDRECORD VALUES (7,'Bo','Lind',NULL);
INSERT INTO ZABCDPHONENUMBER VALUES (1,7,'+44 (0)7700 900102');
INSERT INTO ZABCDEMAILADDRESS VALUES (1,7,'bo@example.org');
"""
LEGACY = """
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, date INTEGER,
 text TEXT, flags INTEGER, group_id INTEGER, subject TEXT, is_madrid INTEGER,
 madrid_attributedBody BLOB, madrid_handle TEXT, madrid_flags INTEGER, madrid_guid TEXT,
 madrid_roomname TEXT);
CREATE TABLE msg_pieces (ROWID INTEGER PRIMARY KEY, message_id INTEGER, data BLOB);
"""
SECONDS = 700_000_000
AT = SECONDS * 10**9 + 250_000_000
MINUTE = 60 * 10**9
GROUP, ANA, ANA_SMS, UNTITLED = 1, 2, 3, 4
Fill = Callable[[sqlite3.Connection], object]


def guid(row: int) -> str:
    return f"00000000-0000-4000-8000-{row:012}"


def number(value: int) -> bytes:
    """Write a number as a typedstream does."""
    if value < 0x80:
        return bytes([value])
    wide = value >= 0x8000
    return (b"\x82" if wide else b"\x81") + value.to_bytes(4 if wide else 2, "little")


def archive(text: str | bytes, *, mutable: bool = False) -> bytes:
    """Write a text as ``attributedBody`` holds it."""
    held = text if isinstance(text, bytes) else text.encode()
    root = b"\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84"
    if mutable:
        styled = b"\x84\x19NSMutableAttributedString\x00\x84\x84\x12NSAttributedString\x00" + root
        string = b"\x0fNSMutableString\x01\x84\x84\x08NSString\x01\x95"
    else:
        styled, string = b"\x84\x12NSAttributedString\x00" + root, b"\x08NSString\x01\x94"
    head = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84" + styled + string
    styles = b"\x86\x84\x02iI\x01" + number(len(held)) + b"\x92\x84\x84\x84\x0cNSDictionary\x00"
    return head + b"\x84\x01+" + number(len(held)) + held + styles + b"\x94\x84\x01i\x00\x86\x86"


def summary(**held: Any) -> bytes:
    return plistlib.dumps(held, fmt=plistlib.FMT_BINARY)


def editions(*texts: tuple[float, str]) -> list[dict[str, object]]:
    return [{"d": at, "t": archive(text)} for at, text in texts]


def message(row: int, words: str | None, chat: int | None = ANA, /, **more: object) -> Fill:
    """Add a message from Ana, a minute later for each row, and place it in a chat."""
    place = {"ROWID": row, "guid": guid(row), "handle_id": 1, "service": "iMessage"}
    columns: Mapping[str, object] = {**place, "text": words, "date": AT + row * MINUTE, **more}

    def fill(opened: sqlite3.Connection) -> None:
        marks = ",".join("?" * len(columns))
        names = ",".join(columns)
        opened.execute(f"INSERT INTO message({names}) VALUES({marks})", tuple(columns.values()))
        if chat is not None:
            opened.execute("INSERT INTO chat_message_join VALUES(?,?,0)", (chat, row))

    return fill


def mine(row: int, words: str | None, chat: int | None = ANA, /, **more: object) -> Fill:
    return message(row, words, chat, **{"is_from_me": 1, "handle_id": 0, **more})


def tapback(row: int, on: int, kind: int, chat: int = ANA, **more: object) -> Fill:
    to = {"associated_message_guid": f"p:0/{guid(on)}", "associated_message_type": kind}
    return message(row, f"Liked “message {on}”", chat, **{**to, **more})


def file(row: int, of: int, name: str | None, mime: str | None, **more: object) -> Fill:
    columns = {"ROWID": row, "guid": f"file-{row}", "filename": name, "mime_type": mime, **more}

    def fill(opened: sqlite3.Connection) -> None:
        marks, names = ",".join("?" * len(columns)), ",".join(columns)
        opened.execute(f"INSERT INTO attachment({names}) VALUES({marks})", tuple(columns.values()))
        opened.execute("INSERT INTO message_attachment_join VALUES(?,?)", (of, row))

    return fill


def script(text: str) -> Fill:
    return lambda opened: opened.executescript(text)


def row(statement: str, *values: object) -> Fill:
    return lambda opened: opened.execute(statement, values)


def database(place: Path, *fills: Fill, schema: str = SCHEMA, wal: bool = False) -> bytes:
    """Make a database; give its bytes."""
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.execute("PRAGMA page_size=1024")
        if wal:
            opened.execute("PRAGMA journal_mode=WAL")
        opened.executescript(schema)
        for fill in fills:
            fill(opened)
        opened.commit()
    return place.read_bytes()


def logged(place: Path, first: Fill, *later: Fill) -> tuple[bytes, bytes]:
    """Make a database with what only its log holds: the bytes of both."""
    kept = place / "logged.db"
    kept.unlink(missing_ok=True)
    with closing(sqlite3.connect(kept)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.executescript(SCHEMA)
        first(opened)
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for fill in later:
            fill(opened)
        opened.commit()
        return kept.read_bytes(), Path(f"{kept}-wal").read_bytes()


def all_of(*fills: Fill) -> Fill:
    def fill(opened: sqlite3.Connection) -> None:
        for one in fills:
            one(opened)

    return fill


HISTORY = summary(
    otr={"0": {"lo": 0, "le": 12}},
    ec={"0": editions((SECONDS + 300.0, "Two sugers"), (SECONDS + 360.0, "Two sugars?"))},
)
UNSENT = summary(otr={"0": {"lo": 0, "le": 9}}, rp=[0])
FULL: tuple[Fill, ...] = (
    message(1, None, GROUP, item_type=2, group_title="Night turn"),
    message(2, "Kettle is on", GROUP, date_read=AT + 3 * MINUTE),
    mine(3, "Coming", GROUP, thread_originator_guid=guid(2), date_delivered=AT + 4 * MINUTE),
    message(
        5,
        None,
        GROUP,
        handle_id=2,
        attributedBody=archive("Two sugars?"),
        date_edited=AT + 6 * MINUTE,
        message_summary_info=HISTORY,
    ),
    tapback(6, 2, 2001, GROUP, handle_id=2),
    tapback(7, 2, 2006, GROUP, handle_id=4, associated_message_emoji="☕"),
    tapback(8, 90, 2000, GROUP),
    message(9, "\ufffc", GROUP, handle_id=4),
    file(1, 9, "~/Library/SMS/Attachments/0a/10/tea.heic", "image/heic"),
    message(10, None, GROUP, message_summary_info=UNSENT, date_edited=AT + 11 * MINUTE),
    message(11, "hi", ANA),
    mine(12, "hello", ANA_SMS, service="SMS", date=SECONDS + 720, date_read=SECONDS + 780),
    message(13, "See you", None, reply_to_guid=guid(91)),
    row("INSERT INTO chat_recoverable_message_join VALUES(2,13,?)", AT + 20 * MINUTE),
    row("INSERT INTO deleted_messages(guid) VALUES(?)", guid(92)),
    row("UPDATE sqlite_sequence SET seq=15 WHERE name='message'"),
)
