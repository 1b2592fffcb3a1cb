"""An invented iPhone's database, made by SQLite with the columns WhatsApp gives it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER,
 Z_MAX INTEGER);
CREATE TABLE ZWACHATSESSION ( Z_PK INTEGER PRIMARY KEY, ZMESSAGECOUNTER INTEGER, ZREMOVED INTEGER,
 ZSESSIONTYPE INTEGER, ZLASTMESSAGE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR );
CREATE TABLE ZWAGROUPMEMBER ( Z_PK INTEGER PRIMARY KEY, ZISACTIVE INTEGER, ZISADMIN INTEGER,
 ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR, ZCONTACTNAME VARCHAR, ZFIRSTNAME VARCHAR );
CREATE TABLE ZWAPROFILEPUSHNAME ( Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR, ZPUSHNAME VARCHAR );
CREATE TABLE ZWAMESSAGE ( Z_PK INTEGER PRIMARY KEY, ZSORT INTEGER, ZCHATSESSION INTEGER,
 ZGROUPMEMBER INTEGER, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZGROUPEVENTTYPE INTEGER,
 ZMESSAGEDATE TIMESTAMP, ZFROMJID VARCHAR, ZTOJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR,
 ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER, ZPARENTMESSAGE INTEGER, ZPUSHNAME VARCHAR );
CREATE TABLE ZWAMEDIAITEM ( Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
 ZTITLE VARCHAR, ZMETADATA BLOB, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZVCARDSTRING VARCHAR );
CREATE TABLE ZWAGROUPMEMBERSCHANGE ( Z_PK INTEGER PRIMARY KEY, ZCHANGETYPE INTEGER,
 ZCHANGEDATE TIMESTAMP, ZGROUPJID VARCHAR, ZMEMBERJIDS VARCHAR );
CREATE TABLE ZWAMESSAGEINFO ( Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZRECEIPTINFO BLOB );
INSERT INTO Z_PRIMARYKEY VALUES(9,'WAMessage',0,0),(4,'WAChatSession',0,3);
INSERT INTO ZWACHATSESSION VALUES
 (1,0,0,1,NULL,'120000000000000001@g.us','Night turn'),
 (2,0,0,0,NULL,'447700900102@s.whatsapp.net','Bo');
INSERT INTO ZWAGROUPMEMBER VALUES
 (1,1,1,1,'447700900101@s.whatsapp.net','Ana',NULL),
 (2,1,0,1,'447700900103@s.whatsapp.net',NULL,NULL),
 (3,1,0,1,'190000000000004@lid',NULL,'Dee');
INSERT INTO ZWAPROFILEPUSHNAME VALUES(1,'447700900103@s.whatsapp.net','cy');
"""
BOOK = """
CREATE TABLE ZWAADDRESSBOOKCONTACT ( Z_PK INTEGER PRIMARY KEY, ZWHATSAPPID VARCHAR, ZLID VARCHAR,
 ZFULLNAME VARCHAR, ZGIVENNAME VARCHAR );
INSERT INTO ZWAADDRESSBOOKCONTACT VALUES
 (1,'447700900101@s.whatsapp.net',NULL,'Ana Nights','Ana'),
 (2,'447700900104@s.whatsapp.net','190000000000004@lid',NULL,'Dee Days'),
 (3,'447700900105@s.whatsapp.net',NULL,NULL,NULL);
"""
HISTORY = """
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER,
 Z_MAX INTEGER);
CREATE TABLE ZWAAGGREGATECALLEVENT ( Z_PK INTEGER PRIMARY KEY, ZINCOMING INTEGER, ZMISSED INTEGER );
CREATE TABLE ZWACDCALLEVENT ( Z_PK INTEGER PRIMARY KEY, Z1CALLEVENTS INTEGER, ZOUTCOME INTEGER,
 ZDATE TIMESTAMP, ZDURATION FLOAT, ZCALLIDSTRING VARCHAR, ZGROUPJIDSTRING VARCHAR,
 ZGROUPCALLCREATORUSERJIDSTRING VARCHAR );
CREATE TABLE ZWACDCALLEVENTPARTICIPANT ( Z_PK INTEGER PRIMARY KEY, Z1PARTICIPANTS INTEGER,
 ZJIDSTRING VARCHAR );
INSERT INTO Z_PRIMARYKEY VALUES(3,'WACDCallEvent',0,5);
INSERT INTO ZWAAGGREGATECALLEVENT VALUES(1,1,1),(2,0,0),(3,1,0),(4,1,0);
INSERT INTO ZWACDCALLEVENT VALUES
 (1,1,1,700000000.5,0,'CALL-1',NULL,'447700900102@s.whatsapp.net'),
 (2,2,0,700000060.0,31,'CALL-2',NULL,NULL),
 (3,3,0,700000120.0,9,'CALL-3','120000000000000001@g.us','447700900101@s.whatsapp.net'),
 (5,NULL,0,700000180.0,9,'CALL-5',NULL,'447700900102@s.whatsapp.net');
INSERT INTO ZWACDCALLEVENTPARTICIPANT VALUES
 (1,1,'447700900102@s.whatsapp.net'),(2,2,'447700900102@s.whatsapp.net'),
 (3,3,'447700900103@s.whatsapp.net'),(4,4,'447700900103@s.whatsapp.net'),
 (5,5,'447700900102@s.whatsapp.net'),(6,3,'447700900101@s.whatsapp.net'),(7,3,NULL);
"""
RECEIPTS = """
CREATE TABLE receipt_device ( _id INTEGER PRIMARY KEY AUTOINCREMENT, stanza_id TEXT, chat_jid TEXT,
 user_jid TEXT, device_id INTEGER, send_timestamp LONG_INT, delivered_timestamp LONG_INT,
 read_timestamp LONG_INT, played_timestamp LONG_INT, device_version INTEGER );
"""
AT = 700_000_000.5
GROUP, BO = "120000000000000001@g.us", "447700900102@s.whatsapp.net"
MESSAGE = (
    "INSERT INTO ZWAMESSAGE(Z_PK, ZSORT, ZCHATSESSION, ZGROUPMEMBER, ZISFROMME, ZMESSAGETYPE,"
    " ZGROUPEVENTTYPE, ZMESSAGEDATE, ZFROMJID, ZTOJID, ZSTANZAID, ZTEXT, ZMEDIAITEM)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
Fill = Callable[[sqlite3.Connection], object]
Row = tuple[object, ...]


def group(
    row: int, text: str | None, member: int | None = 1, *, kind: int = 0, event: int = 0
) -> Row:
    """Give a row of the group; a member of 0 means the phone's owner sent it."""
    me = int(member == 0)
    other = (None, GROUP) if me else (GROUP, None)
    place = (row, row, 1, member or None, me, kind, event, AT + row * 60, *other)
    return (*place, f"3A{row:018}", text, row)


def to_bo(row: int, sort: int, text: str | None, *, mine: bool = False, kind: int = 0) -> Row:
    """Give a row of the conversation with Bo."""
    other = (None, BO) if mine else (BO, None)
    place = (row, sort, 2, None, int(mine), kind, 0, int(AT) + row * 60, *other)
    return (*place, f"3A{row:018}", text, None)


def field(number: int, value: int | str | bytes) -> bytes:
    """Write one field of a protobuf blob."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    held = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(held)) + held


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def said(*rows: Row) -> Fill:
    def fill(opened: sqlite3.Connection) -> None:
        opened.executemany(MESSAGE, rows)
        most = "UPDATE Z_PRIMARYKEY SET Z_MAX=max(Z_MAX, ?) WHERE Z_NAME='WAMessage'"
        opened.execute(most, (max(int(str(row[0])) for row in rows),))
        opened.execute(
            "UPDATE ZWACHATSESSION SET ZMESSAGECOUNTER=1+ifnull((SELECT max(ZSORT) FROM ZWAMESSAGE"
            " WHERE ZCHATSESSION=ZWACHATSESSION.Z_PK),0)"
        )

    return fill


def script(text: str) -> Fill:
    return lambda opened: opened.executescript(text)


def many(statement: str, *rows: Row) -> Fill:
    return lambda opened: opened.executemany(statement, rows)


def media(*rows: Row) -> Fill:
    columns = "Z_PK, ZMESSAGE, ZMEDIALOCALPATH, ZTITLE, ZMETADATA"
    return many(f"INSERT INTO ZWAMEDIAITEM({columns}) VALUES(?,?,?,?,?)", *rows)


def shown(*rows: Row) -> Fill:
    """Give rows of files that stand for places (latitude, longitude) or cards."""
    columns = "Z_PK, ZMESSAGE, ZTITLE, ZLATITUDE, ZLONGITUDE, ZVCARDSTRING"
    return many(f"INSERT INTO ZWAMEDIAITEM({columns}) VALUES(?,?,?,?,?,?)", *rows)


def info(*rows: Row) -> Fill:
    return many("INSERT INTO ZWAMESSAGEINFO VALUES(?,?,?)", *rows)


def receipt(lid: str, *, reached: int | None = None, read: int | None = None) -> bytes:
    """Give what one recipient's devices told, in seconds after the sending."""
    digits = lid if len(lid) % 2 == 0 else f"{lid}f"
    told = b"" if read is None else field(5, read)
    told += b"" if reached is None else field(10, field(1, reached))
    return field(2, field(1, bytes.fromhex(f"8c{digits}")) + told)


def sending(row: int) -> bytes:
    """Give the moment a message was sent, as the blob of its receipts holds it."""
    return field(3, 978_307_200 + int(AT) + row * 60)


def poll(question: str, *options: str, votes: bytes = b"") -> bytes:
    """Give a poll as the blob holds it."""
    told = b"".join(field(3, field(1, option)) for option in options)
    return field(8, field(2, question) + told + votes)


def vote(by: str | None, *places: int) -> bytes:
    """Give one person's choices in a poll; without a person they are the owner's."""
    chosen = b"".join(field(1, place) for place in places)
    return field(6, chosen) if by is None else field(5, chosen + field(4, by))


def reaction(by: str | None, mark: str, when: int = 1_700_000_000_000) -> bytes:
    """Give a mark as the blob holds it; without a person it is the owner's."""
    if by is None:
        return field(2, field(1, "3AFF") + field(2, mark) + field(3, when))
    return field(1, field(1, "3AFF") + field(2, by) + field(3, mark) + field(4, when))


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


def logged(place: Path, first: Fill, later: Fill, *, schema: str = SCHEMA) -> tuple[bytes, bytes]:
    """Make a database with what only its log holds: the bytes of both."""
    file = place / "logged.sqlite"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA page_size=1024")
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        opened.executescript(schema)
        first(opened)
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        later(opened)
        opened.commit()
        return file.read_bytes(), Path(f"{file}-wal").read_bytes()


REPLY = field(4, "Kettle is on") + field(5, "3A000000000000000002")
LOST = field(5, "3A00000000000000FFFF")
FULL: tuple[Fill, ...] = (
    said(
        group(1, "Night turn", 1, kind=6, event=12),
        group(2, "Kettle is on"),
        group(3, "Coming", 0),
        group(4, "Two sugars?", 2),
        group(6, None, 3, kind=14),
        group(7, None, 2, kind=1),
        group(8, "447700900105@s.whatsapp.net", 1, kind=6, event=2),
        to_bo(9, 1, "hello", mine=True),
        to_bo(10, 2, "hi"),
        to_bo(11, 4, None, kind=59),
    ),
    media(
        (3, 3, None, None, REPLY),
        (4, 4, None, None, LOST),
        (7, 7, "Media/120000000000000001@g.us/a.jpg", "Look", None),
        (20, 5, "Media/tea.jpg", None, None),
    ),
    info(
        (
            1,
            2,
            field(4, 1)
            + field(7, reaction("447700900103@s.whatsapp.net", "👍") + reaction(None, "☕", 5)),
        ),
        (2, 5, field(4, 1)),
        (3, 3, None),
    ),
    script("UPDATE ZWACHATSESSION SET ZLASTMESSAGE=12 WHERE Z_PK=2"),
)
