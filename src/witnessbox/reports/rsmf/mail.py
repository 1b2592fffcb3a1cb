"""An RSMF file: a mail with a readable text, and ``rsmf.zip`` with the manifest and its files.

The same manifest gives the same bytes: nothing is compressed, since a compressor's version would
show, and nothing says when the file was made.
"""

import base64
import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.header import Header
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import msgspec

from witnessbox.reports.rsmf.model import VERSION, Event, Manifest

MANIFEST = "rsmf_manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can say
_LINE_BYTES = 57  # of what base64 stands for on one line
_PIECE_BYTES = _LINE_BYTES << 12
_LINE_END = b"\r\n"


@dataclass(frozen=True, slots=True)
class File:
    """A file to put beside the manifest."""

    name: str
    open: Callable[[], BinaryIO]


def write(manifest: Manifest, files: Sequence[File], generator: str, stream: BinaryIO) -> None:
    """Write one RSMF file."""
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    mark = b"rsmf-" + hashlib.sha256(data).hexdigest().encode()
    stream.writelines(line + _LINE_END for line in _head(manifest, generator, mark))
    text = base64.encodebytes(_text(manifest).encode()).replace(b"\n", _LINE_END)
    _open_part(stream, mark, b"Content-Type: text/plain; charset=utf-8")
    stream.write(text)
    _open_part(
        stream,
        mark,
        b'Content-Type: application/zip; name="rsmf.zip"',
        b'Content-Disposition: attachment; filename="rsmf.zip"',
    )
    with TemporaryFile() as packed:
        _pack(data, files, packed)
        packed.seek(0)
        while piece := packed.read(_PIECE_BYTES):
            stream.write(base64.encodebytes(piece).replace(b"\n", _LINE_END))
    stream.write(b"--" + mark + b"--" + _LINE_END)


def _open_part(stream: BinaryIO, mark: bytes, *head: bytes) -> None:
    lines = (b"--" + mark, *head, b"Content-Transfer-Encoding: base64", b"")
    stream.writelines(line + _LINE_END for line in lines)


def _pack(data: bytes, files: Sequence[File], packed: IO[bytes]) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), data)
        for file in files:
            member = archive.open(zipfile.ZipInfo(file.name, _EPOCH), "w", force_zip64=True)
            with member, file.open() as content:
                shutil.copyfileobj(content, member)


def _head(manifest: Manifest, generator: str, mark: bytes) -> Iterator[bytes]:
    title = manifest.conversations[0].display or manifest.conversations[0].id
    yield b"MIME-Version: 1.0"
    yield b"X-RSMF-Version: " + VERSION.encode()
    yield b"X-RSMF-Generator: " + generator.encode("ascii", "replace")
    yield b"X-RSMF-EventCount: " + str(len(manifest.events)).encode()
    yield b"X-RSMF-EventCollectionID: " + manifest.eventcollectionid.encode("ascii", "replace")
    # A whole second is before every part of it, and "Z" is not before ".".
    times = sorted(
        (event.timestamp for event in manifest.events if event.timestamp),
        key=lambda written: written.removesuffix("Z"),
    )
    if times:
        yield b"X-RSMF-BeginDate: " + times[0].encode()
        yield b"X-RSMF-EndDate: " + times[-1].encode()
    plain = " ".join(title.split())
    yield b"Subject: " + Header(plain, "utf-8").encode(linesep="\r\n").encode()
    yield b'Content-Type: multipart/mixed; boundary="' + mark + b'"'
    yield b""


def _text(manifest: Manifest) -> str:
    """Write the events for people and for searching: one a line, and what follows its line ends."""
    names = {one.id: one.display for one in manifest.participants}
    return "".join(_line(event, names.get(event.participant or "")) for event in manifest.events)


def _line(event: Event, name: str | None) -> str:
    files = ", ".join(one.display for one in event.attachments)
    said = event.body or files or ("deleted" if event.deleted else event.type)
    who = f"{name}: " if name else ""
    return f"{event.timestamp or 'no time'} {who}{said}\n"
