"""Write a WhatsApp database for Android in which much belongs to every message.

To what the plain benchmark has come polls with votes, cards, places, changes by the system,
mentions, timers, receipts by device, calls, a search index, and the older tables of messages and
receipts.  Some come in another order than the messages, some belong to messages that are gone.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.intake import msgstore

TABLES = """
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 option_name TEXT);
CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY,
 sender_timestamp INTEGER);
CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY,
 message_add_on_row_id INTEGER, message_poll_option_id INTEGER);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL,
 place_name TEXT);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY, message_row_id INTEGER, vcard TEXT);
CREATE TABLE message_system_value_change (message_row_id INTEGER PRIMARY KEY, old_data TEXT);
CREATE TABLE message_ephemeral_setting (message_row_id INTEGER PRIMARY KEY,
 setting_duration INTEGER, pre_setting_duration INTEGER);
CREATE TABLE message_ephemeral (message_row_id INTEGER PRIMARY KEY, duration INTEGER,
 expire_timestamp INTEGER);
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
CREATE TABLE message_view_once_media (message_row_id INTEGER PRIMARY KEY, state INTEGER);
CREATE TABLE message_mentions (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 jid_row_id INTEGER, display_name TEXT);
CREATE TABLE receipt_device (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 receipt_device_jid_row_id INTEGER, receipt_device_timestamp INTEGER);
CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER,
 key_id TEXT, data TEXT, timestamp INTEGER, media_wa_type TEXT, read_device_timestamp INTEGER);
CREATE TABLE receipts (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_id TEXT,
 receipt_device_timestamp INTEGER, played_device_timestamp INTEGER);
"""
FILL = """
CREATE TABLE call_log (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, from_me INTEGER, call_id TEXT,
 timestamp INTEGER);
INSERT INTO call_log SELECT _id, 3, 1, 'c' || _id, timestamp - 400000 FROM message WHERE _id % 50=0;
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY);
INSERT INTO message_edit_info SELECT _id FROM message WHERE _id % 11 = 0;
CREATE TABLE message_ftsv2_content (docid INTEGER PRIMARY KEY, c0content);
INSERT INTO message_ftsv2_content SELECT _id, text_data FROM message WHERE _id % 3 = 0;
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
INSERT INTO message_system SELECT _id, 12 FROM message WHERE _id % 40 = 0;
CREATE TABLE message_system_chat_participant (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 user_jid_row_id INTEGER);
INSERT INTO message_system_chat_participant(message_row_id, user_jid_row_id)
 SELECT message_row_id, 5 FROM message_system ORDER BY message_row_id DESC;
UPDATE message SET sort_id = sort_id + 7 WHERE _id % 13 > 9;
UPDATE message SET text_data = replace(hex(zeroblob(2000)), '00', 'long ') WHERE _id % 200 = 1;
UPDATE message SET message_type = 66 WHERE _id % 20 = 2;
UPDATE message SET message_type = 5 WHERE _id % 20 = 6;
UPDATE message SET message_type = 4 WHERE _id % 20 = 7;
UPDATE message SET message_type = 7 WHERE _id % 40 = 0;
INSERT INTO message_poll_option(message_row_id, option_name)
 SELECT _id, 'one of ' || _id FROM message WHERE message_type = 66 ORDER BY _id DESC;
INSERT INTO message_poll_option(message_row_id, option_name)
 SELECT _id, 'two of ' || _id FROM message WHERE message_type = 66;
INSERT INTO message_add_on SELECT 9000000 + _id, 0, 5, message_row_id, 1700000000000 + _id, 67
 FROM message_poll_option;
INSERT INTO message_add_on_poll_vote SELECT _id, timestamp FROM message_add_on WHERE _id > 9000000;
INSERT INTO message_add_on_poll_vote_selected_option(message_add_on_row_id, message_poll_option_id)
 SELECT _id, _id - 9000000 FROM message_add_on WHERE _id > 9000000 AND _id % 5 > 0;
INSERT INTO message_location(message_row_id, latitude, longitude, place_name)
 SELECT _id, 51.5, _id / 1000.0, 'place ' || _id FROM message WHERE message_type = 5;
INSERT INTO message_vcard(message_row_id, vcard)
 SELECT _id, 'BEGIN:VCARD' || char(10) || 'FN:Ana ' || _id || char(10) || 'END:VCARD' FROM message
 WHERE message_type = 4;
INSERT INTO message_system_value_change SELECT message_row_id, 'was ' || message_row_id
 FROM message_system;
INSERT INTO message_ephemeral_setting SELECT message_row_id, 60, 30 FROM message_system;
INSERT INTO message_ephemeral SELECT _id, 60, timestamp FROM message WHERE _id % 10 = 1;
INSERT INTO message_forwarded SELECT _id, 5 FROM message WHERE _id % 9 = 1;
INSERT INTO message_view_once_media SELECT _id, 1 FROM message WHERE _id % 19 = 1;
INSERT INTO message_mentions(message_row_id, jid_row_id) SELECT _id, 5 FROM message
 WHERE _id % 6 = 1 ORDER BY _id % 7;
INSERT INTO receipt_device(message_row_id, receipt_device_jid_row_id, receipt_device_timestamp)
 SELECT _id, 5, timestamp FROM message ORDER BY _id % 7;
INSERT INTO messages(key_remote_jid, key_from_me, key_id, data, timestamp, media_wa_type,
 read_device_timestamp) SELECT raw_string, from_me, 'old ' || message._id, text_data, timestamp, 0,
 timestamp FROM message JOIN jid ON jid._id = 5 WHERE message._id % 3 = 0;
INSERT INTO receipts(key_remote_jid, key_id, receipt_device_timestamp, played_device_timestamp)
 SELECT raw_string, 'old ' || message._id, timestamp, timestamp FROM message JOIN jid ON jid._id = 5
 ORDER BY message._id % 11;
DELETE FROM message WHERE _id % 17 IN (3, 4);
"""


def write(path: Path, messages: int) -> None:
    """Write a database of so many messages, more than a tenth of which are deleted again."""
    msgstore.write(path, messages)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.execute("PRAGMA journal_mode=OFF")
        opened.executescript(TABLES + FILL)
        opened.commit()
