"""Mails that carry an archive (``.rsmf``): their attachments, found and decoded without a copy.

Rules kept here:

- A mail is read line by line, one line's piece at a time; no part of it is held whole.
- Parts, depth of multiparts and length of a head are bounded; names are checked like an archive's.
- What an attachment gives is read to its end; base64 that is not base64 refuses the mail.

The text of the mail stays in the mail: the bytes of the exhibit are kept as they came.
"""

import binascii
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.parser import BytesHeaderParser
from typing import BinaryIO

from witnessbox.intake.containers import ContainerError, objection_to_names
from witnessbox.intake.limits import Limits

ARCHIVE = "rsmf.zip"

_LINE_BYTES = 1 << 16
_HEAD_BYTES = 1 << 18
_FIELD_CHARACTERS = 1 << 12  # of a field that says what a part is: reading one is slow
_PARTS = 10_000
_DEPTH = 8
_DECODED_BYTES = 3 << 14
_AS_WRITTEN = ("", "7bit", "8bit", "binary")
_parser = BytesHeaderParser(policy=policy.default)
_plain = BytesHeaderParser(policy=policy.compat32)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: its name, how it is written, and where its bytes lie in the mail."""

    name: str
    encoding: str
    start: int
    end: int

    @property
    def size_bytes(self) -> int:
        """Say how long the file is at most; only decoding shows how long exactly."""
        written = self.end - self.start
        return written * 3 // 4 if self.encoding == "base64" else written


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail whose attachments were found."""

    name: str
    members: tuple[Attachment, ...]
    stream: BinaryIO

    @contextmanager
    def reading(self, member: Attachment) -> Iterator[BinaryIO]:
        """Open an attachment.  Raises ContainerError where its bytes cannot be decoded."""
        raw = _Slice(self.stream, member.start, member.end)
        try:
            yield io.BufferedReader(
                _Base64(raw) if member.encoding == "base64" else raw, _DECODED_BYTES
            )
        except binascii.Error as error:
            raise ContainerError(
                f"{self.name} is refused: {member.name} in it is broken ({error}); "
                "ask for the file again"
            ) from error


def is_mail(name: str) -> bool:
    """Say whether a file is a mail to open, by its name."""
    return name.lower().endswith(".rsmf")


@contextmanager
def opened(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Mail]:
    """Find a mail's attachments.  Raises ContainerError where there is no archive among them."""
    found = tuple(_attachments(stream, name))
    objection = objection_to_names([one.name for one in found])
    if ARCHIVE not in (one.name for one in found):
        objection = f"no attachment {ARCHIVE} is in it"
    elif len(found) > limits.members:
        objection = f"it holds more than {limits.members:,} attachments"
    if objection is not None:
        raise ContainerError(f"{name} is refused: {objection}; nothing of it was taken")
    yield Mail(name, found, stream)


def _attachments(stream: BinaryIO, name: str) -> Iterator[Attachment]:
    """Go through the parts of a mail and give those that are files."""
    stream.seek(0)
    boundaries: list[bytes] = []
    parts = 0
    closed = False
    while not closed:
        head = _head(stream, name)
        parts += 1
        if head.boundary is not None:
            boundaries.append(head.boundary)
        if parts > _PARTS or len(boundaries) > _DEPTH:
            raise ContainerError(f"{name} is refused: it has too many parts; receive it by itself")
        start = stream.tell()
        end, closed = _end(stream, boundaries)
        if head.file is not None and head.boundary is None:
            if head.encoding not in (*_AS_WRITTEN, "base64"):
                what = f"{head.file} in it is written as {head.encoding[:40]}, which is not read"
                raise ContainerError(f"{name} is refused: {what}; ask for base64")
            yield Attachment(head.file, head.encoding, start, end)


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of a part says of its body."""

    boundary: bytes | None  # of a multipart
    file: str | None
    encoding: str


def _head(stream: BinaryIO, name: str) -> _Head:
    """Read a head up to its empty line."""
    lines: list[bytes] = []
    size_bytes = 0
    while (line := stream.readline(_LINE_BYTES)) not in (b"", b"\n", b"\r\n"):
        size_bytes += len(line)
        if size_bytes > _HEAD_BYTES:
            raise ContainerError(f"{name} is refused: it does not begin like a mail")
        lines.append(line)
    try:
        return _read(b"".join(lines))
    except (
        MessageError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        RecursionError,
    ) as error:
        raise ContainerError(f"{name} is refused: a head in it cannot be read") from error


def _read(lines: bytes) -> _Head:
    for field, value in _plain.parsebytes(lines).raw_items():
        if field.lower().startswith("content-") and len(value) > _FIELD_CHARACTERS:
            raise ValueError
    head = _parser.parsebytes(lines)
    several = head.get_content_maintype() == "multipart"
    boundary = head.get_boundary() if several else None
    return _Head(
        boundary=boundary.encode("utf-8", "replace") if boundary else None,
        file=head.get_filename() or None,
        encoding=str(head.get("Content-Transfer-Encoding", "")).strip().lower(),
    )


def _end(stream: BinaryIO, boundaries: list[bytes]) -> tuple[int, bool]:
    """Pass over a part's body; give where it ends, and whether the mail ends there as well.

    What lies between the end of a multipart in another and the next part belongs to neither.
    """
    ends = -1
    whole = True  # the line before ended
    break_bytes = 0  # of the line end before, which belongs to the boundary
    while line := stream.readline(_LINE_BYTES):
        depth, closes = _mark(line, boundaries) if whole else (-1, False)
        if depth >= 0:
            ends = stream.tell() - len(line) - break_bytes if ends < 0 else ends
            del boundaries[depth + (not closes) :]
            if not closes or not boundaries:
                return ends, closes
        whole = line.endswith(b"\n")
        break_bytes = 2 if line.endswith(b"\r\n") else int(whole)
    return stream.tell() if ends < 0 else ends, True


def _mark(line: bytes, boundaries: list[bytes]) -> tuple[int, bool]:
    """Say which multipart a line is a boundary of, −1 for none, and whether it closes it."""
    mark = line.rstrip()
    if mark.startswith(b"--"):
        for depth, boundary in enumerate(boundaries):
            if mark in (b"--" + boundary, b"--" + boundary + b"--"):
                return depth, mark != b"--" + boundary
    return -1, False


class _Slice(io.RawIOBase):
    """The bytes from ``start`` to ``end`` of another stream."""

    def __init__(self, stream: BinaryIO, start: int, end: int) -> None:
        self._stream = stream
        self._at = start
        self._end = max(start, end)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        self._stream.seek(self._at)
        piece = self._stream.read(min(len(view), self._end - self._at))
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _Base64(io.RawIOBase):
    """The bytes that base64 stands for; white space in it means nothing."""

    def __init__(self, written: io.RawIOBase) -> None:
        self._written = written
        self._rest = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready:
            piece = self._written.read(_LINE_BYTES)
            self._rest += b"".join((piece or b"").split())
            whole = len(self._rest) if not piece else len(self._rest) // 4 * 4
            self._ready = binascii.a2b_base64(self._rest[:whole], strict_mode=True)
            self._rest = self._rest[whole:]
            if not piece:
                break
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
