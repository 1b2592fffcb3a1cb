"""An encrypted backup opened: decrypted and inflated on the way, and whole or not at all.

Rules kept here:

- A backup is read a piece at a time, whatever its size; nothing decrypted lies on disk but where
  the reader puts it.
- What was decrypted counts for nothing until the tag at the file's end holds: the last read raises
  where it does not, and the reader throws away what it had.
- How much comes out is bounded as it is for archives.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import AEADDecryptionContext, Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from witnessbox.intake.containers import ContainerError
from witnessbox.intake.crypt.heads import (
    HEAD_BYTES,
    MD5_BYTES,
    TAG_BYTES,
    Head,
    HeadError,
    head_of,
)
from witnessbox.intake.crypt.keys import Key
from witnessbox.intake.limits import Limits

_NAME = re.compile(r"\.crypt(\d{0,2})$", re.IGNORECASE)
_READ = ("12", "14", "15")
_PIECE_BYTES = 1 << 20
_PROBE_BYTES = 1 << 12
_FREE_BYTES = 10_000_000  # small backups may expand to this much whatever the ratio
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Backup:
    """An encrypted backup to which the key fits, and what is in it."""

    name: str
    member: str
    stream: BinaryIO
    body: "_Body"
    key: Key
    packed: bool
    most_bytes: int

    @property
    def size_bytes(self) -> int:
        """Say how many bytes are encrypted; how many come out shows only at the end."""
        return self.body.end - self.body.head.size_bytes

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """Open what is in the backup.  The last read raises ContainerError where it is damaged."""
        clear = _Clear(self)
        yield io.BufferedReader(clear, _PIECE_BYTES)


@dataclass(frozen=True, slots=True)
class _Body:
    """Where a backup's ciphertext lies, and what it is held against."""

    head: Head
    end: int
    tag: bytes
    intact: bool  # the file's own MD5 holds


def is_encrypted(name: str) -> bool:
    """Say whether a file is an encrypted backup, by its name."""
    return _NAME.search(name) is not None


@contextmanager
def opened(stream: BinaryIO, name: str, key: Key, limits: Limits) -> Iterator[Backup]:
    """Open a backup with a key.

    Raises ContainerError where it is of an unknown version, or the key does not fit, or the file
    is damaged or cut off.
    """
    found = _NAME.search(name)
    if found is None or found[1] not in _READ:
        what = f"it is encrypted as {PurePosixPath(name).suffix[1:]}"
        raise _refused(name, f"{what}, which is not read (only crypt12, crypt14 and crypt15 are)")
    body = _body(stream, name)
    _check_kind(name, body.head, key)
    probe = _probe(stream, body, key)
    packed = _inflates(probe)
    if not packed:
        _verify(stream, name, body, key)
    inside = probe if not packed else zlib.decompressobj().decompress(probe, len(_ZIP))
    member = _NAME.sub("", PurePosixPath(name).name) or "backup"
    if inside.startswith(_ZIP) and not member.lower().endswith(".zip"):
        member += ".zip"
    size_bytes = stream.seek(0, io.SEEK_END)
    most = min(limits.total_bytes, max(_FREE_BYTES, limits.ratio * size_bytes))
    yield Backup(name, member, stream, body, key, packed, most)


def _refused(name: str, what: str) -> ContainerError:
    return ContainerError(f"{name} is not opened: {what}")


def _body(stream: BinaryIO, name: str) -> _Body:
    """Find the ciphertext; with the MD5 behind its tag, or in a part of a backup without it."""
    stream.seek(0)
    try:
        head = head_of(stream.read(HEAD_BYTES))
    except HeadError as error:
        raise _refused(name, f"{error}; check that it is what its name says") from None
    end = stream.seek(0, io.SEEK_END) - head.trailer_bytes
    if end - head.size_bytes <= TAG_BYTES:
        raise _refused(name, "it is cut off behind its head; ask for it again")
    stream.seek(max(head.size_bytes, end - TAG_BYTES - MD5_BYTES))
    tail = stream.read(end - stream.tell())
    tag, told = tail[:TAG_BYTES], tail[-MD5_BYTES:]
    if len(tail) == TAG_BYTES + MD5_BYTES and _md5(stream, end - MD5_BYTES) == told:
        return _Body(head, end - MD5_BYTES - TAG_BYTES, tag, intact=True)
    return _Body(head, end - TAG_BYTES, told, intact=False)


def _md5(stream: BinaryIO, end: int) -> bytes:
    digest = hashlib.md5(usedforsecurity=False)
    stream.seek(0)
    left = end
    while left > 0 and (piece := stream.read(min(_PIECE_BYTES, left))):
        digest.update(piece)
        left -= len(piece)
    return digest.digest()


def _check_kind(name: str, head: Head, key: Key) -> None:
    """Refuse a key that shows by itself that it is another's."""
    if key.derives != (head.layout == "crypt15"):
        wanted = (
            "the file 'encrypted_backup.key' or the 64 digits"
            if head.layout == "crypt15"
            else "the file 'key' of its account"
        )
        raise _refused(name, f"the key is of another kind; {head.layout} wants {wanted}")
    if head.layout != "crypt15" and (head.salt, head.account) != (key.salt, key.account):
        raise _refused(
            name, "the key is another account's, or of another time; find the key of this backup"
        )


def _context(body: _Body, key: Key) -> AEADDecryptionContext:
    return Cipher(AES(key.cipher_key), GCM(body.head.nonce, body.tag)).decryptor()


def _probe(stream: BinaryIO, body: _Body, key: Key) -> bytes:
    """Decrypt the first bytes, to see what they are; nothing is verified by that."""
    stream.seek(body.head.size_bytes)
    data = stream.read(min(_PROBE_BYTES, body.end - body.head.size_bytes))
    return _context(body, key).update(data)


def _inflates(probe: bytes) -> bool:
    inflater = zlib.decompressobj()
    try:
        return bool(inflater.decompress(probe, _PROBE_BYTES)) or inflater.eof
    except zlib.error:
        return False


def _verify(stream: BinaryIO, name: str, body: _Body, key: Key) -> None:
    """Hold all of the ciphertext against its tag, where its beginning does not speak for the key.

    Raises ContainerError where the tag does not hold.
    """
    context = _context(body, key)
    stream.seek(body.head.size_bytes)
    left = body.end - body.head.size_bytes
    while left > 0 and (piece := stream.read(min(_PIECE_BYTES, left))):
        context.update(piece)
        left -= len(piece)
    try:
        context.finalize()
    except InvalidTag:
        if body.intact:
            what = "the key does not fit, and the file is whole; find the key of this backup"
        else:
            what = "the key does not fit, or the file is damaged or cut off (its checksum fails)"
        raise _refused(name, what) from None


class _Clear(io.RawIOBase):
    """What is in a backup, as it comes out of the cipher and, where it was packed, is inflated."""

    def __init__(self, backup: Backup) -> None:
        self._backup = backup
        self._context = _context(backup.body, backup.key)
        self._inflater = zlib.decompressobj() if backup.packed else None
        self._at = backup.body.head.size_bytes
        self._ready = b""
        self._given = 0
        self._finished = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready and not self._finished:
            self._ready = self._more()
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _more(self) -> bytes:
        inflater = self._inflater
        waiting = inflater.unconsumed_tail if inflater is not None else b""
        data = waiting or self._decrypted()
        ended = not data
        if inflater is not None:
            try:
                data = b"" if inflater.eof else inflater.decompress(data, _PIECE_BYTES)
            except zlib.error:
                raise self._damaged() from None
        if ended and not data:
            self._finish()
        self._given += len(data)
        if self._given > self._backup.most_bytes:
            what = f"it unpacks to more than {self._backup.most_bytes:,} bytes"
            raise _refused(self._backup.name, what)
        return data

    def _decrypted(self) -> bytes:
        stream = self._backup.stream
        stream.seek(self._at)
        piece = stream.read(min(_PIECE_BYTES, self._backup.body.end - self._at))
        self._at += len(piece)
        return self._context.update(piece)

    def _finish(self) -> None:
        self._finished = True
        try:
            self._context.finalize()
        except InvalidTag:
            raise self._damaged() from None
        if self._inflater is not None and not self._inflater.eof:
            raise self._damaged()

    def _damaged(self) -> ContainerError:
        what = "the key fits, but the file is damaged or cut off; ask for it again"
        return _refused(self._backup.name, what)
