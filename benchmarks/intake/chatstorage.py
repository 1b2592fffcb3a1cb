"""Measure how fast WhatsApp's iPhone database is read, beside what asking SQLite for it costs.

::

    python -m benchmarks.intake.chatstorage             ours, and the floor
    python -m benchmarks.intake.chatstorage --freeze    and write chatstorage.md

One database of many messages in thirty groups is generated: a tenth carry files, one in fifteen
quotes, one in twenty has a reaction, one in five receipts of two people.  The *floor* is the rows
of one table out of SQLite as Python tuples: no names, no places in the file, nothing that belongs
to messages.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.intake.databases import Database

GROUPS, PEOPLE = 30, 30
AT = 700_000_000
SCHEMA = """
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER,
 Z_MAX INTEGER);
CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZMESSAGECOUNTER INTEGER,
 ZSESSIONTYPE INTEGER, ZLASTMESSAGE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR,
 ZCONTACTNAME VARCHAR, ZFIRSTNAME VARCHAR);
CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZFLAGS INTEGER,
 ZSORT INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER, ZISFROMME INTEGER,
 ZMESSAGETYPE INTEGER, ZGROUPEVENTTYPE INTEGER, ZMESSAGESTATUS INTEGER, ZMEDIAITEM INTEGER,
 ZMESSAGEINFO INTEGER, ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR,
 ZTOJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR);
CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
 ZTITLE VARCHAR, ZMETADATA BLOB);
CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZRECEIPTINFO BLOB);
"""


def write(path: Path, messages: int) -> None:
    """Write a database of so many messages; the same number gives the same rows."""
    numbers = range(1, messages + 1)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA synchronous=OFF")
        opened.executescript(SCHEMA)
        opened.execute("INSERT INTO Z_PRIMARYKEY VALUES(9,'WAMessage',0,?)", (messages,))
        for one in range(1, GROUPS + 1):
            last = (messages - one) // GROUPS + 1
            session = (one, last + 1, 1, None, _group(one), f"Group {one}")
            opened.execute("INSERT INTO ZWACHATSESSION VALUES(?,?,?,?,?,?)", session)
            address = f"{447_700_900_000 + one}@s.whatsapp.net"
            member = (one, one, address, f"Person {one}", None)
            hidden = (GROUPS + one, one, f"1900000000000{one:02}@lid", None, f"Person {one}")
            opened.executemany("INSERT INTO ZWAGROUPMEMBER VALUES(?,?,?,?,?)", (member, hidden))
        marks = ",".join("?" * 19)
        opened.executemany(f"INSERT INTO ZWAMESSAGE VALUES({marks})", map(_row, numbers))
        opened.executemany(
            "INSERT INTO ZWAMEDIAITEM VALUES(?,?,?,NULL,?)",
            (
                (n, n, f"Media/{n % 97}/{n:032x}.jpg" if n % 10 == 0 else None, _quoting(n))
                for n in numbers
                if n % 10 == 0 or n % 15 == 0
            ),
        )
        opened.executemany(
            "INSERT INTO ZWAMESSAGEINFO VALUES(?,?,?)", ((n, n, _told(n)) for n in numbers[3::4])
        )
        opened.commit()


def _group(number: int) -> str:
    return f"1200000000{number:02}@g.us"


def _row(n: int) -> tuple[object, ...]:
    group, sort = (n - 1) % GROUPS + 1, (n - 1) // GROUPS + 1
    me, with_file = int(n % 4 == 0), n % 10 == 0
    place = (None, _group(group)) if me else (_group(group), None)
    text = None if with_file else f"message number {n} about the rota, the keys and the tea"
    media = n if with_file or n % 15 == 0 else None
    told = n if n % 4 == 3 else None
    kind, member = int(with_file), None if me else n % PEOPLE + 1
    at = AT + n * 0.5
    return (
        *(n, 9, 1, 16, sort, group, member, me, kind, 0, 8, media, told, at, at),
        *(*place, f"3A{n:018X}", text),
    )


def _quoting(n: int) -> bytes | None:
    return _field(5, f"3A{max(n - 3, 1):018X}".encode()) if n % 15 == 0 else None


def _told(n: int) -> bytes:
    """Give a message's receipts, or with one message in five of these a mark under it."""
    if n % 5:
        sent = 978_307_200 + AT + n // 2
        return b"".join(map(_receipt, (n % GROUPS, n % 7))) + b"\x18" + _varint(sent)
    by = f"{447_700_900_000 + n % PEOPLE}@s.whatsapp.net".encode()
    when = b"\x20\x80\x80\xe0\xa6\x98\x31"  # field 4, a time in milliseconds
    return _field(7, _field(1, _field(1, b"3AFF") + _field(2, by) + _field(3, b"+1") + when))


def _receipt(one: int) -> bytes:
    """Give a receipt of somebody: when it reached their device, and when it was read."""
    who = bytes.fromhex(f"8c1900000000000{one + 1:02}f")
    return _field(2, _field(1, who) + b"\x28" + _varint(90 + one) + _field(10, b"\x08\x02"))


def _varint(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low | 0x80]) + _varint(number >> 7) if number > 0x7F else bytes([low])


def _field(number: int, held: bytes) -> bytes:
    return bytes([number << 3 | 2, len(held)]) + held


DATABASE = Database(
    title="Reading one WhatsApp database (iPhone)",
    file="ChatStorage.sqlite",
    parser="whatsapp_ios",
    query="SELECT Z_PK, ZCHATSESSION, ZISFROMME, ZSTANZAID, ZGROUPMEMBER, ZMESSAGEDATE,"
    " ZMESSAGETYPE, ZTEXT, ZSORT FROM ZWAMESSAGE",
    write=write,
)


if __name__ == "__main__":
    DATABASE.main("chatstorage.md")
