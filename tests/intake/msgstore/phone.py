"""An invented phone's database, made by SQLite with the columns WhatsApp gives it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE jid (_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL,
 agent INTEGER, device INTEGER, type INTEGER, raw_string TEXT);
CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY NOT NULL, jid_row_id INTEGER NOT NULL);
CREATE TABLE chat (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, hidden INTEGER,
 subject TEXT, created_timestamp INTEGER);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL,
 from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER,
 timestamp INTEGER, message_type INTEGER, text_data TEXT, sort_id INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX message_key_index ON message (chat_row_id, from_me, key_id, sender_jid_row_id);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, file_path TEXT,
 mime_type TEXT, media_name TEXT);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, key_id TEXT NOT NULL,
 timestamp INTEGER, text_data TEXT);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT,
 edited_timestamp INTEGER);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER,
 from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, parent_message_row_id INTEGER,
 timestamp INTEGER, message_add_on_type INTEGER);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT,
 sender_timestamp INTEGER);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
CREATE TABLE message_system_chat_participant (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 user_jid_row_id INTEGER);
CREATE TABLE group_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER,
 user_jid_row_id INTEGER, rank INTEGER);
CREATE TABLE receipt_user (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 receipt_user_jid_row_id INTEGER, receipt_timestamp INTEGER, read_timestamp INTEGER,
 played_timestamp INTEGER);
CREATE TABLE call_log (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER, from_me INTEGER,
 call_id TEXT, timestamp INTEGER, duration INTEGER, group_jid_row_id INTEGER DEFAULT 0);
CREATE TABLE message_call_log (message_row_id INTEGER PRIMARY KEY, call_log_row_id INTEGER);
CREATE TABLE message_ftsv2_content (docid INTEGER PRIMARY KEY, c0content, c1fts_jid);
INSERT INTO jid VALUES(1,'447700900101','s.whatsapp.net',0,0,0,'447700900101@s.whatsapp.net');
INSERT INTO jid VALUES(2,'447700900102','s.whatsapp.net',0,0,0,'447700900102@s.whatsapp.net');
INSERT INTO jid VALUES(3,'190000000000003','lid',0,0,18,'190000000000003@lid');
INSERT INTO jid VALUES(4,'120000000000000001','g.us',0,0,1,'120000000000000001@g.us');
INSERT INTO jid VALUES(5,'190000000000005','lid',0,0,18,'190000000000005@lid');
INSERT INTO jid_map VALUES(3,2);
INSERT INTO chat VALUES(1,4,0,'Night turn',1700000000000);
INSERT INTO chat VALUES(2,1,0,NULL,1700000000000);
INSERT INTO chat VALUES(3,3,0,NULL,1700000000000);
INSERT INTO group_participant_user VALUES(1,4,1,2),(2,4,3,0);
"""
MORE = """
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 option_sha256 TEXT, option_name TEXT, vote_total INTEGER);
CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY,
 sender_timestamp INTEGER);
CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY AUTOINCREMENT,
 message_add_on_row_id INTEGER, message_poll_option_id INTEGER);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER,
 latitude REAL, longitude REAL, place_name TEXT, place_address TEXT, url TEXT);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 vcard TEXT);
CREATE TABLE message_group_invite (message_row_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER,
 group_name TEXT, invite_code TEXT);
CREATE TABLE message_event (message_row_id INTEGER PRIMARY KEY, name TEXT, description TEXT,
 location_name TEXT, location_address TEXT, start_time DATETIME);
CREATE TABLE message_album (message_row_id INTEGER PRIMARY KEY, image_count INTEGER,
 video_count INTEGER);
CREATE TABLE message_system_value_change (message_row_id INTEGER PRIMARY KEY, old_data TEXT);
CREATE TABLE message_system_number_change (message_row_id INTEGER PRIMARY KEY,
 old_jid_row_id INTEGER, new_jid_row_id INTEGER);
CREATE TABLE message_ephemeral_setting (message_row_id INTEGER PRIMARY KEY,
 setting_duration INTEGER, pre_setting_duration INTEGER);
CREATE TABLE message_ephemeral (message_row_id INTEGER PRIMARY KEY, duration INTEGER,
 expire_timestamp INTEGER);
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
CREATE TABLE message_view_once_media (message_row_id INTEGER PRIMARY KEY, state INTEGER NOT NULL);
CREATE TABLE message_mentions (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 jid_row_id INTEGER, display_name STRING);
CREATE TABLE receipt_device (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER,
 receipt_device_jid_row_id INTEGER, receipt_device_timestamp INTEGER);
CREATE TABLE receipt_orphaned (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER,
 from_me INTEGER, key_id TEXT, receipt_device_jid_row_id INTEGER, timestamp INTEGER);
CREATE TABLE group_past_participant_user (_id INTEGER PRIMARY KEY AUTOINCREMENT,
 group_jid_row_id INTEGER, user_jid_row_id INTEGER, is_leave INTEGER, timestamp INTEGER);
CREATE TABLE message_orphaned_edit (_id INTEGER PRIMARY KEY, key_id TEXT, from_me INTEGER,
 chat_row_id INTEGER, timestamp INTEGER, message_type INTEGER, revoked_key_id TEXT);
CREATE TABLE deleted_chat_job (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER,
 singular_message_delete_rows_id TEXT, deleted_message_row_id INTEGER,
 deleted_starred_message_row_id INTEGER, deleted_categories_message_row_id INTEGER,
 deleted_message_categories TEXT);
CREATE TABLE deleted_chat_jobs (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT,
 deleted_message_id INTEGER, deleted_starred_message_id INTEGER, deleted_message_categories TEXT);
"""
LEGACY = """
CREATE TABLE `messages` (`_id` INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL,
 key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, needs_push INTEGER, data TEXT,
 timestamp INTEGER, media_url TEXT, media_mime_type TEXT, media_wa_type TEXT, media_size INTEGER,
 media_name TEXT, media_caption TEXT, remote_resource TEXT, edit_version INTEGER,
 quoted_row_id INTEGER, latitude REAL, longitude REAL, receipt_device_timestamp INTEGER,
 read_device_timestamp INTEGER, played_device_timestamp INTEGER);
CREATE TABLE receipts (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT, key_id TEXT,
 remote_resource TEXT, receipt_device_timestamp INTEGER, read_device_timestamp INTEGER,
 played_device_timestamp INTEGER);
CREATE TABLE messages_quotes (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT,
 key_id TEXT NOT NULL, data TEXT);
CREATE TABLE chat_list (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT UNIQUE,
 subject TEXT);
INSERT INTO messages VALUES
 (1,'-1',0,'-1',-1,0,NULL,0,NULL,NULL,'-1',-1,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL);
"""
BOOK = """
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL,
 status TEXT, number TEXT, display_name TEXT, given_name TEXT, wa_name TEXT);
INSERT INTO wa_contacts VALUES(1,'447700900101@s.whatsapp.net',NULL,NULL,'Ana Nights',NULL,'ana');
INSERT INTO wa_contacts VALUES(2,'447700900102@s.whatsapp.net',NULL,NULL,NULL,NULL,'Bo');
"""
AT = 1_700_000_000_000
MESSAGE = (
    "INSERT INTO message(_id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp,"
    " message_type, text_data, sort_id) VALUES(?,?,?,?,?,?,?,?,?)"
)
Fill = Callable[[sqlite3.Connection], object]


def say(
    row: int,
    text: str | None,
    *,
    chat: int = 1,
    sender: int | None = 1,
    kind: int = 0,
    key: str | None = None,
) -> tuple[object, ...]:
    """Give a row of ``message``; no sender means the phone's owner sent it."""
    me = int(sender is None)
    return (row, chat, me, key or f"3EB0{row:04}", sender or 0, AT + row * 60_000, kind, text, row)


def database(place: Path, *fills: Fill, schema: str = SCHEMA, page_bytes: int = 1024) -> bytes:
    """Make a database; give its bytes."""
    place.unlink(missing_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.execute(f"PRAGMA page_size={page_bytes}")
        opened.execute("PRAGMA synchronous=OFF")
        opened.executescript(schema)
        for fill in fills:
            fill(opened)
        opened.commit()
    return place.read_bytes()


def said(*rows: tuple[object, ...]) -> Fill:
    return lambda opened: opened.executemany(MESSAGE, rows)


def script(text: str) -> Fill:
    return lambda opened: opened.executescript(text)


FULL = said(
    say(1, None, kind=7),
    say(2, "Kettle is on"),
    say(3, "Coming", sender=None),
    say(4, "Two sugars?", sender=3),
    say(6, None, kind=15),
    say(7, "hello", chat=2, sender=None),
    say(8, "hi", chat=3, sender=None),
    say(9, "Look", kind=1, sender=5),
    say(10, None, kind=90, chat=2),
)
BELONGING = script(
    """
INSERT INTO message_system VALUES(1,12);
INSERT INTO message_system_chat_participant VALUES(1,1,3);
INSERT INTO message_quoted VALUES(3,'3EB00002',1,'Kettle is on'),(4,'3EB00005',1,'Milk?');
INSERT INTO message_edit_info VALUES(2,'3EB00002',1700000900000);
INSERT INTO message_media VALUES
 (9,1,'Media/WhatsApp Images/IMG-20231114-WA0001.jpg','image/jpeg',NULL),
 (5,1,'tea.jpg','image/jpeg',NULL);
INSERT INTO message_add_on VALUES
 (1,1,0,'r1',3,2,1700000950000,56),(2,1,1,'r2',0,2,1700000960000,56);
INSERT INTO message_add_on_reaction VALUES(1,'👍',1700000950001),(2,'',1700000960001);
INSERT INTO receipt_user VALUES(1,5,1,1700000301000,1700000302000,0);
INSERT INTO call_log VALUES
 (1,1,0,'call-1',1700000430000,12,0),(2,1,0,'call-2',1700000600000,3,0);
INSERT INTO message_call_log VALUES(10,2);
INSERT INTO message_ftsv2_content VALUES
 (2,'kettle on the boil',''),(3,'coming',''),(6,'biscuits later','');
"""
)
OLD = script(
    """
INSERT INTO chat_list VALUES(1,'447700900101-1500000000@g.us','Rota');
INSERT INTO messages(_id, key_remote_jid, key_from_me, key_id, status, needs_push, data, timestamp,
 media_url, media_mime_type, media_wa_type, media_size, media_name, media_caption, remote_resource,
 edit_version, quoted_row_id) VALUES
 (2,'447700900101-1500000000@g.us',0,'A1',6,0,'Rota',1500000000000,NULL,NULL,NULL,11,NULL,NULL,
  '447700900101@s.whatsapp.net',0,0),
 (3,'447700900101-1500000000@g.us',0,'A2',0,0,'Swap Tuesday?',1500000060000,NULL,NULL,'0',0,NULL,
  NULL,'447700900101@s.whatsapp.net',0,0),
 (4,'447700900101-1500000000@g.us',1,'A3',13,0,'Yes',1500000120000,NULL,NULL,'0',0,NULL,NULL,NULL,
  0,1),
 (5,'447700900102@s.whatsapp.net',0,'A4',0,0,NULL,1500000180000,NULL,'image/jpeg','1',9,
  'IMG-20170714-WA0000.jpg','the board','',0,0),
 (6,'447700900102@s.whatsapp.net',0,'A5',0,0,NULL,1500000240000,NULL,NULL,'15',0,NULL,NULL,'',7,0),
 (7,'447700900102@s.whatsapp.net',1,'A6',13,0,'fixed',1500000300000,NULL,NULL,'0',0,NULL,NULL,'',1,
  0),
 (8,'447700900102@s.whatsapp.net',0,'A7',0,0,NULL,0,NULL,NULL,'0',0,NULL,NULL,'',0,0);
INSERT INTO messages_quotes VALUES(1,'447700900101-1500000000@g.us','A2','Swap Tuesday?');
"""
)


OLDER = (
    "INSERT INTO messages(_id, key_remote_jid, key_from_me, key_id, status, data, timestamp,"
    " media_wa_type, media_size, media_name, remote_resource) VALUES(?,?,?,?,?,?,?,?,?,?,?)"
)


def journaled(place: Path, first: Fill, later: Fill, schema: str = SCHEMA) -> tuple[bytes, bytes]:
    """Make a database and the journal its last transaction left behind: the bytes of both."""
    for old in place.glob("msgstore.db*"):
        old.unlink()
    with closing(sqlite3.connect(place / "msgstore.db")) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.executescript(schema)
        first(opened)
        opened.commit()
        opened.execute("PRAGMA journal_mode=PERSIST")
        later(opened)
        opened.commit()
        return (place / "msgstore.db").read_bytes(), (place / "msgstore.db-journal").read_bytes()


def logged(place: Path, first: Fill, later: Fill) -> tuple[bytes, bytes]:
    """Make a database with what only its log holds: the bytes of both."""
    for old in place.glob("msgstore.db*"):
        old.unlink()
    with closing(sqlite3.connect(place / "msgstore.db")) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.executescript(SCHEMA)
        first(opened)
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        later(opened)
        opened.commit()
        return (place / "msgstore.db").read_bytes(), (place / "msgstore.db-wal").read_bytes()
