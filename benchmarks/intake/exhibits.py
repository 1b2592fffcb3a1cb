"""Write one large exhibit of each family of formats, a message at a time.

Nothing in them is real.  Each writer takes a folder and about how many bytes to write, and gives
what is to be received.  Numbers and words differ from message to message, so that nothing is found
twice that would be found once in a real chat.

Longer than most files: one short writer for each family, which a reader compares with its like.
"""

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from xml.sax.saxutils import quoteattr

from benchmarks.intake import (
    chatstorage,
    dense,
    generate,
    imessage,
    msgstore,
    signal_desktop,
    telegram,
)
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from witnessbox.intake.crypt.keys import Key

KEY = Key(bytes(range(32)))
NAMES = telegram.NAMES
_AT = datetime(2020, 3, 1, 13, tzinfo=UTC)
_AT_MS = int(_AT.timestamp() * 1000)
_IN_ONE_TRANSACTION = 50_000
_PIECE_BYTES = 1 << 20
_LARGE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """What is received together, and which of it is measured."""

    paths: tuple[Path, ...]
    measured: str  # how the exhibit's name ends
    key: Key | None = None


Write = Callable[[Path, int], Made]


def _said(n: int) -> str:
    return f"message {n} about the rota, the keys and the tea at {n * 7919 % 86_400}"


def _name(n: int) -> str:
    return NAMES[n * 7 % len(NAMES)]


def _whole(path: Path, size_bytes: int, parts: tuple[str, Iterator[str], str]) -> Made:
    """Write a text: a head, as many pieces as there is room for, an end."""
    head, pieces, end = parts
    left = size_bytes
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(head)
        for piece in pieces:
            out.write(piece)
            left -= len(piece)
            if left <= 0:
                break
        out.write(end)
    return Made((path,), path.name)


def _apart(texts: Iterator[str]) -> Iterator[str]:
    """Put a comma between pieces of JSON."""
    for number, text in enumerate(texts):
        yield f",\n{text}" if number else text


def msgstore_db(folder: Path, size_bytes: int) -> Made:
    """Write WhatsApp's Android database."""
    path = folder / "msgstore.db"
    msgstore.write(path, max(100, size_bytes // 155))
    return Made((path,), path.name)


def msgstore_dense(folder: Path, size_bytes: int) -> Made:
    """Write one in which much belongs to every message."""
    path = folder / "msgstore.db"
    dense.write(path, max(100, size_bytes // 400))
    return Made((path,), path.name)


def msgstore_wal(folder: Path, size_bytes: int) -> Made:
    """Write a database of which nearly everything stands in its write-ahead log."""
    path = folder / "msgstore.db"
    numbers = count(1)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.executescript(msgstore.SCHEMA)
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA wal_autocheckpoint=0")
        log = folder / "msgstore.db-wal"
        while not log.exists() or log.stat().st_size < size_bytes:
            some = min(_IN_ONE_TRANSACTION, max(100, size_bytes // 150))
            opened.executemany(msgstore.INSERT, map(msgstore.row, islice(numbers, some)))
            opened.commit()
        # A second name keeps the log, which SQLite folds into the database on closing.
        kept = folder / "kept"
        kept.mkdir()
        for one in (path, log):
            (kept / one.name).hardlink_to(one)
            one.unlink()
    return Made((kept,), log.name)


def chatstorage_db(folder: Path, size_bytes: int) -> Made:
    """Write WhatsApp's iPhone database."""
    path = folder / "ChatStorage.sqlite"
    chatstorage.write(path, max(100, size_bytes // 160))
    return Made((path,), path.name)


def imessage_db(folder: Path, size_bytes: int) -> Made:
    """Write Apple's messages database."""
    path = folder / "chat.db"
    imessage.write(path, max(100, size_bytes // 620))
    return Made((path,), path.name)


def signal_desktop_db(folder: Path, size_bytes: int) -> Made:
    """Write Signal Desktop's database."""
    path = folder / "Signal" / "sql" / "db.sqlite"
    path.parent.mkdir(parents=True)
    signal_desktop.write(path, max(100, size_bytes // 380))
    return Made((folder / "Signal",), path.name)


def telegram_json(folder: Path, size_bytes: int) -> Made:
    """Write one Telegram chat as JSON."""
    as_json, as_page = telegram.write(folder, max(100, size_bytes // 310))
    as_page.unlink()
    return Made((as_json,), as_json.name)


def telegram_html(folder: Path, size_bytes: int) -> Made:
    """Write one Telegram chat as a page."""
    as_json, as_page = telegram.write(folder, max(100, size_bytes // 370))
    as_json.unlink()
    return Made((as_page,), as_page.name)


def instagram_json(folder: Path, size_bytes: int) -> Made:
    """Write one thread of an Instagram download."""
    path = folder / "your_instagram_activity" / "messages" / "inbox" / "rota_1" / "message_1.json"
    path.parent.mkdir(parents=True)
    texts = (
        json.dumps({"sender_name": _name(n), "timestamp_ms": _AT_MS - n * 61_000,
                    "content": _said(n), "is_geoblocked_for_viewer": False})
        for n in count()
    )  # fmt: skip
    head = '{"participants": [{"name": "Bo Lind"}, {"name": "Cy Marsh"}], "messages": [\n'
    end = '], "title": "Rota", "is_still_participant": true, "thread_path": "inbox/rota_1", '
    end += '"magic_words": [], "joinable_mode": {"mode": 1, "link": "https://ig.me/j/x/"}}'
    made = _whole(path, size_bytes, (head, _apart(texts), end))
    return Made((folder / "your_instagram_activity",), made.measured)


def messenger_html(folder: Path, size_bytes: int) -> Made:
    """Write one thread of a Messenger download as a page."""
    path = folder / "messages" / "inbox" / "rota_12" / "message_1.html"
    path.parent.mkdir(parents=True)
    blocks = (
        '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">'
        f'<div class="_2ph_ _a6-h _a6-i">{_name(n)}</div>'
        f'<div class="_2ph_ _a6-p"><div><div></div><div>{_said(n)}</div><div></div><div></div>'
        f'</div></div><div class="_3-94 _a6-o"><div class="_a72d">{_shown(n)}</div></div></div>'
        for n in count()
    )
    head = '<html><head><title>Rota</title></head><body><div class="_a706" role="main">'
    made = _whole(path, size_bytes, (head, blocks, "</div></body></html>"))
    return Made((folder / "messages",), made.measured)


def _shown(n: int) -> str:
    at = _AT - timedelta(seconds=61 * n)
    hour = at.strftime("%I:%M:%S").lstrip("0")
    return f"{at:%b} {at.day}, {at.year} {hour} {'am' if at.hour < 12 else 'pm'}"


def signal_text(folder: Path, size_bytes: int) -> Made:
    """Write a Signal conversation as signal-export does, as text."""
    path = folder / "Rota" / "chat.md"
    path.parent.mkdir()
    texts = (
        f"[{_AT + timedelta(seconds=61 * n):%Y-%m-%d %H:%M:%S}] {_name(n)}: {_said(n)}  \n"
        for n in count()
    )
    made = _whole(path, size_bytes, ("", texts, ""))
    return Made((folder / "Rota",), made.measured)


def signal_json(folder: Path, size_bytes: int) -> Made:
    """Write a Signal conversation as signal-export does, as JSON lines."""
    path = folder / "Rota" / "data.json"
    path.parent.mkdir()
    texts = (
        json.dumps({
            "date": f"{_AT + timedelta(seconds=61 * n):%Y-%m-%dT%H:%M:%S.%f}", "sender": _name(n),
            "body": _said(n) + "  ", "quote": "", "sticker": None, "reactions": [],
            "attachments": [], "deleted": False, "call": False, "missed": False, "edits": [],
        }) + "\n"
        for n in count()
    )  # fmt: skip
    made = _whole(path, size_bytes, ("", texts, ""))
    return Made((folder / "Rota",), made.measured)


def sms_backup(folder: Path, size_bytes: int) -> Made:
    """Write a backup of text messages."""
    texts = (
        f'<sms protocol="0" address="+44770090{n % 1000:04}" date="{_AT_MS + n * 61_000}" '
        f'type="{1 + n % 2}" subject="null" body={quoteattr(_said(n))} read="1" status="-1" '
        f'locked="0" contact_name="{_name(n)}" />\n'
        for n in count()
    )
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses>\n"
    return _whole(folder / "sms-20240301130000.xml", size_bytes, (head, texts, "</smses>\n"))


def ufdr(folder: Path, size_bytes: int) -> Made:
    """Write a report with one chat of many messages."""
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<project id="r-1" name="Phone" '
        'reportVersion="8.5" xmlns="http://pa.cellebrite.com/report/2.0">\n<decodedData>\n'
        '<modelType type="Chat">\n<model type="Chat" id="c-1" deleted_state="Intact" '
        'decoding_confidence="High" isrelated="False" extractionId="0">\n'
        + _field("Source", "WhatsApp")
        + _field("Id", "120000000000000001@g.us")
        + '<multiModelField name="Messages" type="InstantMessage">\n'
    )
    end = "</multiModelField></model></modelType></decodedData></project>\n"
    return _whole(folder / "report.xml", size_bytes, (head, map(_model, count()), end))


def _field(name: str, value: str, kind: str = "String") -> str:
    return (
        f'<field name="{name}" type="{kind}"><value type="{kind}"><![CDATA[{value}]]></value>'
        "</field>\n"
    )


def _model(n: int) -> str:
    kept = 'deleted_state="Intact" decoding_confidence="High" isrelated="False" extractionId="0"'
    at = f"{_AT + timedelta(seconds=61 * n):%Y-%m-%dT%H:%M:%S.000+00:00}"
    who = n * 7 % len(NAMES)
    return (
        f'<model type="InstantMessage" id="m-{n}" {kept}>\n'
        + _field("Source", "WhatsApp")
        + f'<modelField name="From" type="Party">\n<model type="Party" id="p-{n}" {kept}>\n'
        + _field("Identifier", f"44770090010{who}@s.whatsapp.net")
        + _field("Name", NAMES[who])
        + "</model>\n</modelField>\n"
        + _field("Body", _said(n))
        + _field("Identifier", f"{n:032X}")
        + _field("TimeStamp", at, "TimeStamp")
        + "</model>\n"
    )


def rsmf(folder: Path, size_bytes: int) -> Made:
    """Write a manifest of one conversation."""
    people = [{"id": str(n), "display": name} for n, name in enumerate(NAMES)]
    talk = [{"id": "7", "platform": "sms", "participants": [one["id"] for one in people]}]
    head = f'{{"version": "2.0.0", "participants": {json.dumps(people)}, '
    head += f'"conversations": {json.dumps(talk)}, "events": [\n'
    texts = (
        json.dumps({
            "id": str(n), "type": "message", "participant": str(n % len(NAMES)),
            "conversation": "7", "body": _said(n),
            "timestamp": f"{_AT + timedelta(seconds=61 * n):%Y-%m-%dT%H:%M:%S}Z",
        })
        for n in count()
    )  # fmt: skip
    return _whole(folder / "rsmf_manifest.json", size_bytes, (head, _apart(texts), "]}\n"))


def table_csv(folder: Path, size_bytes: int) -> Made:
    """Write a table with its column mapping."""
    mapping = 'time_format = "%Y-%m-%d %H:%M:%S"\nzone = "Europe/London"\n[columns]\n'
    mapping += 'time = "Date"\nsender = "From"\ntext = "Message"\n'
    (folder / "log.csv.mapping.toml").write_text(mapping)
    texts = (
        f'{_AT + timedelta(seconds=61 * n):%Y-%m-%d %H:%M:%S},{_name(n)},"{_said(n)}"\r\n'
        for n in count()
    )
    made = _whole(folder / "log.csv", size_bytes, ("Date,From,Message\r\n", texts, ""))
    return Made((folder / "log.csv", folder / "log.csv.mapping.toml"), made.measured)


def table_jsonl(folder: Path, size_bytes: int) -> Made:
    """Write JSON lines with their column mapping."""
    mapping = 'time_format = "%Y-%m-%d %H:%M:%S"\nzone = "Europe/London"\n[columns]\n'
    mapping += 'time = "at"\nsender = "who"\ntext = "said"\n'
    (folder / "log.jsonl.mapping.toml").write_text(mapping)
    texts = (
        json.dumps({"at": f"{_AT + timedelta(seconds=61 * n):%Y-%m-%d %H:%M:%S}",
                    "who": _name(n), "said": _said(n)}) + "\n"
        for n in count()
    )  # fmt: skip
    made = _whole(folder / "log.jsonl", size_bytes, ("", texts, ""))
    return Made((folder / "log.jsonl", folder / "log.jsonl.mapping.toml"), made.measured)


def zipped_text(folder: Path, size_bytes: int) -> Made:
    """Write a zip archive whose one member is a long WhatsApp export."""
    text, path = folder / "_chat.txt", folder / "WhatsApp Chat - Rota.zip"
    if size_bytes > _LARGE_BYTES:
        generate.write_large(text, size_bytes)
    else:
        generate.write(text, max(100, size_bytes // 67))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.write(text, text.name)
    text.unlink()
    return Made((path,), text.name)


def encrypted_db(folder: Path, size_bytes: int) -> Made:
    """Write a database as an encrypted backup (crypt15), packed and sealed in pieces."""
    plain = msgstore_db(folder, size_bytes).paths[0]
    path = folder / "msgstore.db.crypt15"
    nonce = b"n" * 16
    sealer = Cipher(AES(KEY.cipher_key), GCM(nonce)).encryptor()
    packer = zlib.compressobj(1)
    key_data = b"\x0a\x10" + nonce  # protobuf: field 1 is the nonce
    message = b"\x08\x01\x1a" + bytes([len(key_data)]) + key_data  # field 3, end-to-end
    with plain.open("rb") as data, path.open("wb") as out:
        out.write(bytes([len(message)]) + message)
        while piece := data.read(_PIECE_BYTES):
            out.write(sealer.update(packer.compress(piece)))
        out.write(sealer.update(packer.flush()) + sealer.finalize() + sealer.tag)
    plain.unlink()
    return Made((path,), "msgstore.db", KEY)


FAMILIES: dict[str, Write] = {
    "WhatsApp Android (msgstore.db)": msgstore_db,
    "WhatsApp Android, dense (msgstore.db)": msgstore_dense,
    "Write-ahead log (msgstore.db-wal)": msgstore_wal,
    "WhatsApp iPhone (ChatStorage.sqlite)": chatstorage_db,
    "iMessage (chat.db)": imessage_db,
    "Signal Desktop (db.sqlite)": signal_desktop_db,
    "Telegram JSON": telegram_json,
    "Telegram HTML": telegram_html,
    "Instagram JSON": instagram_json,
    "Messenger HTML": messenger_html,
    "Signal text": signal_text,
    "Signal JSON": signal_json,
    "SMS backup XML": sms_backup,
    "UFDR report.xml": ufdr,
    "RSMF manifest": rsmf,
    "Table, CSV": table_csv,
    "Table, JSON lines": table_jsonl,
    "Zip archive of one member": zipped_text,
    "Encrypted backup (crypt15)": encrypted_db,
}
