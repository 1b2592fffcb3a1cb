"""Encrypted backups as WhatsApp writes them, in its three layouts, made of invented bytes."""

import hashlib
import io
import sqlite3
import zlib
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.intake.archives import CHAT, packed
from witnessbox.intake.crypt.keys import Key

JAVA = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")
SALT, ACCOUNT, NONCE = b"s" * 32, b"a" * 16, b"n" * 16
ROOT = bytes(range(32))
SECRET = bytes(range(32, 64))
DIGITS = ROOT.hex().encode()
ACCOUNT_KEY = Key(SECRET, SALT, ACCOUNT)
ROOT_KEY = Key(ROOT)
KEY_OF = {"crypt12": ACCOUNT_KEY, "crypt14": ACCOUNT_KEY, "crypt15": ROOT_KEY}
LAYOUTS = tuple(KEY_OF)


def database() -> bytes:
    """Make a small database with nothing in it but a word of ours."""
    with sqlite3.connect(":memory:") as store:
        store.execute("create table note (words text)")
        store.execute("insert into note values ('tea at four')")
        return store.serialize()


DATABASE = database()
ARCHIVE = packed([("_chat.txt", CHAT)])


def java(held: bytes) -> bytes:
    return JAVA + len(held).to_bytes(4, "big") + held


def account_file(version: bytes = b"\x00\x01\x02", proof: bytes | None = None) -> bytes:
    proof = hashlib.sha256(ACCOUNT).digest() if proof is None else proof
    return java(version + SALT + ACCOUNT + proof + bytes(16) + SECRET)


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    made = b""
    while value > 0x7F:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])


def head(layout: str, *, cipher: bytes = b"\x00\x01", marked: bool = False) -> bytes:
    about = field(4, field(1, b"2.26.1.1") + field(3, b"00") + field(5, 1))
    if layout == "crypt12":
        return cipher + b"\x02" + SALT + ACCOUNT + NONCE
    if layout == "crypt14":
        held = field(1, cipher) + field(2, b"2") + field(3, SALT) + field(4, ACCOUNT)
        message = field(1, 0) + field(2, held + field(5, NONCE)) + about
    else:
        message = field(1, 1) + field(3, field(1, NONCE)) + about
    return varint(len(message)) + b"\x01" * marked + message


@dataclass(frozen=True)
class Writing:
    """How a backup is written; the defaults are what WhatsApp does."""

    layout: str = "crypt15"
    packed: bool = True
    checksum: bool = True
    marked: bool = False

    def of(self, content: bytes) -> bytes:
        clear = zlib.compress(content, 1) if self.packed else content
        key = KEY_OF[self.layout].cipher_key
        body = head(self.layout, marked=self.marked) + AESGCM(key).encrypt(NONCE, clear, None)
        if self.checksum:
            body += hashlib.md5(body, usedforsecurity=False).digest()
        return body + (b"--00" if self.layout == "crypt12" else b"")

    def as_(self, layout: str) -> "Writing":
        return replace(self, layout=layout)


def stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)
