"""Archives for the tests, sound and hostile."""

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

CHAT = b"[31/12/2023, 21:04:05] Ana: hi\n[31/12/2023, 21:05:00] Bo: hello\n"
DOWNLOAD = b'{"participants":[],"messages":[{"sender_name":"Ana","timestamp_ms":1}],"title":"T"}'


def packed(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return whole.getvalue()


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def encrypted(archive: bytes) -> bytes:
    """Set the mark of encryption on every member."""
    hurt = bytearray(archive)
    at = archive.index(b"PK\x01\x02")
    hurt[at + 8] |= 1
    return bytes(hurt)


def with_mode(name: str, content: bytes, mode: int) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return whole.getvalue()


def overlapping(copies: int) -> bytes:
    """List one member many times over, as a bomb does that needs no ratio."""
    one = packed([("0", b"x" * 1000)])
    directory = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[directory:end]
    entries = b"".join(
        entry[:46] + str(number).encode() + entry[47:] for number in range(min(copies, 10))
    )
    head = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 10, 10, len(entries), directory, 0)
    return one[:directory] + entries + head


def renamed(archive: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    return archive.replace(old, new)
