"""Archives from strangers: opened only within limits, and wholly or not at all.

Rules kept here:

- No name leads out of the archive: no ``..``, no absolute path, no drive, no NUL, no link.
- No name stands twice, and no two members share bytes of the archive.
- What a member gives is read to its end against its checksum before anything is kept.
- Members, depth, total size and ratio of expansion are bounded before memory or disk is spent.
- Only *stored* and *deflate* members are read; other methods cannot be unpacked in bounded memory.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from witnessbox.errors import WitnessboxError
from witnessbox.intake.limits import Limits

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_FREE_BYTES = 10_000_000  # small archives may expand to this much whatever the ratio
_ENTRY_BYTES = 256  # of the directory, on average a member
_LOCAL_HEADER_BYTES = 30
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
    OverflowError,
)


class ContainerError(WitnessboxError):
    """An archive is refused; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive, its name checked."""

    name: str
    size_bytes: int
    info: zipfile.ZipInfo


def is_archive(name: str) -> bool:
    """Say whether a file is one to open: by its name, since documents too are zips inside."""
    return name.lower().endswith((".zip", ".rsmf", ".ufdr"))


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that passed every check that can be made without unpacking it."""

    name: str
    members: tuple[Member, ...]
    file: zipfile.ZipFile

    @contextmanager
    def reading(self, member: Member) -> Iterator[BinaryIO]:
        """Open a member.  Raises ContainerError where its bytes are not what they should be."""
        try:
            with self.file.open(member.info) as stream:
                yield stream  # type: ignore[misc]  # reads like any binary stream
        except _BROKEN as error:
            raise ContainerError(
                f"{self.name} is refused: {member.name} in it is broken ({error}); "
                "ask for the archive again"
            ) from error


@contextmanager
def opened(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Archive]:
    """Open an archive and check its directory.  Raises ContainerError where it is refused."""
    size_bytes = stream.seek(0, 2)
    try:
        _bound_directory(stream, size_bytes, name, limits)
        file = zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise ContainerError(
            f"{name} is refused: it is no whole zip archive ({error}); ask for it again"
        ) from error
    with file:
        infos = file.infolist()
        _refuse(name, _objection(infos, size_bytes, file.start_dir, limits))
        names = [_name(info) for info in infos]
        for info in infos:
            _refuse(name, _objection_to_mode(info))
        _refuse(name, objection_to_names(names))
        members = tuple(
            Member(member, info.file_size, info)
            for info, member in zip(infos, names, strict=True)
            if not member.endswith("/")
        )
        yield Archive(name, members, file)


def _refuse(name: str, objection: str | None) -> None:
    if objection is not None:
        raise ContainerError(f"{name} is refused: {objection}; nothing of it was taken")


def _objection(
    infos: list[zipfile.ZipInfo], size_bytes: int, directory: int, limits: Limits
) -> str | None:
    total = sum(info.file_size for info in infos)
    encrypted = next((info for info in infos if info.flag_bits & _ENCRYPTED), None)
    odd = next((info for info in infos if info.compress_type not in _METHODS), None)
    for holds, what in (
        (encrypted is not None, "it is encrypted; ask for it without a password"),
        (odd is not None, "it is packed by a method this version does not read; pack it as zip"),
        (len(infos) > limits.members, f"it holds more than {limits.members:,} members"),
        (total > limits.total_bytes, f"it unpacks to more than {limits.total_bytes:,} bytes"),
        (
            total > max(_FREE_BYTES, limits.ratio * size_bytes),
            f"it unpacks to more than {limits.ratio} times its size",
        ),
        (_overlap(infos, directory), "members share the same bytes of it"),
    ):
        if holds:
            return what
    return None


def _overlap(infos: list[zipfile.ZipInfo], directory: int) -> bool:
    """Say whether two members, or a member and the directory, lie over one another."""
    free_from = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < free_from:
            return True
        free_from = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
    return free_from > directory


def _name(info: zipfile.ZipInfo) -> str:
    """Give a member's name; one that is UTF-8 without saying so is read as such."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename


def _objection_to_mode(info: zipfile.ZipInfo) -> str | None:
    if stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG, stat.S_IFDIR):
        return None
    return f"a link or device is in it ({info.filename})"


def objection_to_names(names: Sequence[str]) -> str | None:
    """Say what speaks against the names of an archive's members; None where nothing does."""
    seen: set[str] = set()
    for name in names:
        objection = _objection_to_name(name)
        if objection is not None:
            return objection
        if name in seen:
            return f"the name {name} stands in it twice"
        seen.add(name)
    return None


def _objection_to_name(name: str) -> str | None:
    parts = name.replace("\\", "/").removesuffix("/").split("/")
    if "\0" in name:
        return "a name in it holds a NUL character"
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return f"a name in it is absolute ({name})"
    if any(part in ("", ".", "..") for part in parts):
        return f"a name in it leads elsewhere ({name})"
    return None


def _bound_directory(stream: BinaryIO, size_bytes: int, name: str, limits: Limits) -> None:
    """Refuse a directory too long to be read into memory, before it is."""
    tail_bytes = min(size_bytes, (1 << 16) + 22 + 20)
    stream.seek(size_bytes - tail_bytes)
    tail = stream.read(tail_bytes)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return  # no zip at all: zipfile says so
    (length,) = struct.unpack_from("<L", tail, end + 12)
    locator = end - 20
    if locator >= 0 and tail.startswith(b"PK\x06\x07", locator):
        (record,) = struct.unpack_from("<Q", tail, locator + 8)
        stream.seek(min(record, size_bytes))
        large = stream.read(56)
        if large.startswith(b"PK\x06\x06") and len(large) == 56:
            (length,) = struct.unpack_from("<Q", large, 40)
    if length > limits.members * _ENTRY_BYTES:
        _refuse(name, f"it lists more than {limits.members:,} members")
