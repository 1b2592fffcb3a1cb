"""Measure how fast WhatsApp's Android database is read, beside what asking SQLite for it costs.

::

    python -m benchmarks.intake.msgstore             ours, and the floor
    python -m benchmarks.intake.msgstore --freeze    and write msgstore.md

One database of many messages in thirty groups is generated: a tenth carry files, one in fifteen
quotes, one in twenty has a reaction, one in four a receipt.  The *floor* is the rows of one table
out of SQLite as Python tuples: no names, no places in the file, nothing that belongs to messages.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.intake.databases import Database

AT = 1_700_000_000_000
PEOPLE = 30
SCHEMA = """
CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL,
 from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER,
 broadcast INTEGER, recipient_count INTEGER, participant_hash TEXT, origination_flags INTEGER,
 origin INTEGER, timestamp INTEGER, received_timestamp INTEGER, receipt_server_timestamp INTEGER,
 message_type INTEGER, text_data TEXT, starred INTEGER, lookup_tables INTEGER,
 message_add_on_flags INTEGER, sort_id INTEGER NOT NULL DEFAULT 0);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, mime_type TEXT);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, key_id TEXT, text_data TEXT);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, from_me INTEGER, sender_jid_row_id INTEGER,
 parent_message_row_id INTEGER, timestamp INTEGER, message_add_on_type INTEGER);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT);
CREATE TABLE receipt_user (_id INTEGER PRIMARY KEY, message_row_id INTEGER,
 receipt_user_jid_row_id INTEGER, receipt_timestamp INTEGER, read_timestamp INTEGER);
"""
INSERT = "INSERT INTO message VALUES(?,?,?,?,?,13,0,0,NULL,0,0,?,?,-1,?,?,0,0,0,?)"


def write(path: Path, messages: int) -> None:
    """Write a database of so many messages; the same number gives the same rows."""
    numbers = range(1, messages + 1)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.executescript(SCHEMA)
        for one in range(1, PEOPLE + 1):
            user = str(447_700_900_000 + one)
            address = (one, user, "s.whatsapp.net", f"{user}@s.whatsapp.net")
            opened.execute("INSERT INTO jid VALUES(?,?,?,?)", address)
            group = f"1200000000{one:02}@g.us"
            opened.execute(
                "INSERT INTO jid VALUES(?,?,?,?)", (100 + one, group[:12], "g.us", group)
            )
            opened.execute("INSERT INTO chat VALUES(?,?,?)", (one, 100 + one, f"Group {one}"))
        opened.executemany(INSERT, map(row, numbers))
        opened.executemany(
            "INSERT INTO message_media VALUES(?,?,'image/jpeg')",
            ((n, f"Media/WhatsApp Images/IMG-20231114-WA{n:07}.jpg") for n in numbers[9::10]),
        )
        opened.executemany(
            "INSERT INTO message_quoted VALUES(?,?,'as said')",
            ((n, f"{n - 3:032X}") for n in numbers[14::15]),
        )
        opened.executemany(
            "INSERT INTO message_add_on VALUES(?,0,?,?,?,56)",
            ((n, n % PEOPLE + 1, n, AT + n) for n in numbers[19::20]),
        )
        opened.executemany(
            "INSERT INTO message_add_on_reaction VALUES(?,'👍')", ((n,) for n in numbers[19::20])
        )
        opened.executemany(
            "INSERT INTO receipt_user VALUES(?,?,?,?,?)",
            ((n, n, n % PEOPLE + 1, AT + n, AT + n) for n in numbers[3::4]),
        )
        opened.commit()


def row(n: int) -> tuple[object, ...]:
    """Give the row of one message."""
    sender = None if n % 4 == 0 else n % PEOPLE + 1
    at_ms = AT + n * 1000
    with_file = n % 10 == 0
    text = None if with_file else f"message number {n} about the rota, the keys and the tea"
    chat, me, kind = n * 7 % PEOPLE + 1, int(sender is None), int(with_file)
    return (n, chat, me, f"{n:032X}", sender, at_ms, at_ms + 300, kind, text, n)


DATABASE = Database(
    title="Reading one WhatsApp database (Android)",
    file="msgstore.db",
    parser="whatsapp_android",
    query="SELECT _id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type,"
    " text_data, sort_id FROM message",
    write=write,
)


if __name__ == "__main__":
    DATABASE.main("msgstore.md")
