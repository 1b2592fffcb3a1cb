r"""Text and picture messages of an Android phone, as "SMS Backup & Restore" writes them in XML.

::

    <?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
    <smses count="2">
      <sms address="+447700900123" date="1709298000000" type="1" body="on my way" .../>
      <mms address="+447700900123~+447700900124" date="1709298060000" msg_box="2" ...>
        <parts><part ct="text/plain" text="who is in?" .../></parts>
        <addrs><addr address="+447700900123" type="151" .../></addrs></mms>
    </smses>

A message's span begins at its ``<sms`` or ``<mms`` and runs to the next one's.  What stands before
the first and after the last is a problem of severity *note*, ``envelope``.

Seen: 2010 to 2026, with emoji as single characters, as references, and as references to halves.
Not read: the files in ``data`` are not exhibits of their own; backups of call lists; ``date_sent``
and ``readable_date``, which say the same time again; receipts.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sms_backup.pieces import Piece, Sort, pieces
from witnessbox.intake.sms_backup.plain import Plain
from witnessbox.intake.sms_backup.rows import Book, Heard, add
from witnessbox.intake.sms_backup.words import ENCODINGS, UnreadableError, Written, read

FORMAT = Format(
    name="sms-backup-xml", title="Android text messages (backup XML)", version=1, platform="sms"
)

_ROOT = re.compile(rb"<smses[\s/>]")
_ENCODING = re.compile(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NAMED = re.compile(rb"\b(?:address|contact_name)=(?:\"[^\"]*\"|'[^']*')")
_ROOT_BYTES = 1 << 14  # how far into a file the root may begin, behind comments
_ROWS = 1 << 12  # of a batch
_BATCH_BYTES = 1 << 24


def identify(name: str, head: bytes) -> bool:  # noqa: ARG001
    """Say whether a file that begins with these bytes is in this format; its name says nothing."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:_ROOT_BYTES]
    return start.startswith(b"<") and _ROOT.search(start) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a source from its first byte to its last; its times are UTC, so nothing is assumed."""
    with source.open() as stream:
        book = _book(stream, source.limits.sms_record_bytes)
    with source.open() as stream:
        reading = _Reading(source, book)
        size = 0
        for piece in pieces(stream, source.limits.sms_record_bytes):
            reading.take(piece)
            size += piece.end - piece.start
            if reading.held >= _ROWS or size >= _BATCH_BYTES:
                yield reading.batch()
                size = 0
        reading.finish()
        yield reading.batch()


def _book(stream: BinaryIO, longest_bytes: int) -> Book:
    """Go through a backup once for the names it has for numbers, each as often as it stands."""
    book, plain, encoding = Book(), Plain(), ENCODINGS[0]
    named: Counter[tuple[str | None, str | None]] = Counter()
    written: Counter[bytes] = Counter()  # of messages that are not plain
    for piece in pieces(stream, longest_bytes):
        if piece.sort is Sort.HEAD:
            encoding = _encoding(piece.data)
        elif piece.sort is Sort.MESSAGE:
            own = None if b"='" in piece.data else plain.read(piece.data, encoding)
            if own is None:
                written[_names_in(piece.data)] += 1
            else:
                named[own.get("address"), own.get("contact_name")] += 1
    for (number, name), times in named.items():
        book.note(number or "", name or "", times)
    _note_written(book, written, encoding)
    return book


def _names_in(message: bytes) -> bytes:
    """Give the attributes that name somebody, as written."""
    opening = message  # the parts of a picture message may be long, and name nobody
    if opening.startswith(b"<mms"):
        opening = opening.partition(b">")[0]
    return b" ".join(found[0] for found in _NAMED.finditer(opening))


def _note_written(book: Book, written: Counter[bytes], encoding: str) -> None:
    for attributes, times in written.items():
        try:
            own = read(b"<sms " + attributes + b"/>", encoding).own
        except UnreadableError:  # one of them twice, say: the message is not readable either
            continue
        book.note(own.get("address", ""), own.get("contact_name", ""), times)


def _encoding(head: bytes) -> str:
    declared = _ENCODING.search(head)
    named = ENCODINGS[0] if declared is None else declared[1].decode("ascii").lower()
    return named if named in ENCODINGS else ENCODINGS[0]


class _Reading:
    """One backup on its way into rows; counts what only shows at the end."""

    def __init__(self, source: Source, book: Book) -> None:
        self._exhibit = source.exhibit
        self._longest_bytes = source.limits.sms_record_bytes
        self._book = book
        self._plain = Plain()
        self._heard = Heard()
        self._encoding = ENCODINGS[0]
        self._count: str | None = None
        self._ended = False
        self._reached = 0
        self._last_broken = False
        self._rows = self._empty()

    def _empty(self) -> Gathered:
        return Gathered(self._exhibit, FORMAT.label)

    @property
    def held(self) -> int:
        """Say how many rows wait to be given."""
        return len(self._rows.messages) + len(self._rows.problems)

    def batch(self) -> Batch:
        """Give what was gathered since the last time."""
        rows, self._rows = self._rows, self._empty()
        return rows.batch()

    def take(self, piece: Piece) -> None:
        """Put one piece into rows."""
        self._reached = piece.end
        self._last_broken = False
        if piece.sort is Sort.HEAD:
            self._head(piece)
        elif piece.sort is Sort.MESSAGE:
            self._message(piece)
        elif piece.sort is Sort.TAIL:
            self._tail(piece)
        else:
            what = f"longer than a message is read, which is {self._longest_bytes:,} bytes"
            self._lost(piece, "broken-message", what)

    def _lost(self, piece: Piece, code: str, what: str) -> None:
        self._rows.problem(piece.start, piece.end, code, what, Severity.LOSS)

    def _note(self, piece: Piece, what: str) -> None:
        self._rows.problem(piece.start, piece.end, "envelope", what, Severity.NOTE)

    def _head(self, piece: Piece) -> None:
        self._encoding = _encoding(piece.data)
        declared = _ENCODING.search(piece.data)
        if declared is not None and declared[1].decode("ascii").lower() != self._encoding:
            what = f"says it is {declared[1].decode('ascii')}; read as {self._encoding}"
            self._rows.doubt(piece.start, "unknown-encoding", what)
        whole = piece.data
        if not whole.rstrip().endswith(b"/>"):
            whole += b"</smses>"
        try:
            root = read(whole.lstrip(), self._encoding)
        except UnreadableError as error:
            self._lost(piece, "broken-head", f"the start of the document: {error}")
            return
        self._count = root.own.get("count")
        self._note(piece, "the start of the document")

    def _message(self, piece: Piece) -> None:
        own = self._plain.read(piece.data, self._encoding)
        try:
            written = read(piece.data, self._encoding) if own is None else Written("sms", own)
        except UnreadableError as error:
            self._last_broken = True
            self._lost(piece, "broken-message", f"not readable as a message: {error}")
            return
        add(self._rows, self._book, self._heard, (piece.start, piece.end), written)

    def _tail(self, piece: Piece) -> None:
        self._ended = True
        if piece.data.removeprefix(b"</smses").strip() == b">":
            self._note(piece, "the end of the document")
        else:
            self._lost(piece, "broken-tail", "the end of the document is not readable")

    def finish(self) -> None:
        """Add what shows only over the whole backup."""
        rows, heard = self._rows, self._heard
        if not self._ended and heard.index + self._last_broken:
            where = "inside a message" if self._last_broken else "before its list of messages does"
            rows.doubt(self._reached, "cut-off", f"the file ends {where}")
        if self._count is not None and self._count != str(heard.index):
            what = f"the backup says it holds {self._count[:20]} messages; {heard.index} were read"
            rows.doubt(self._reached, "count-differs", what)
        for (conversation, name, number), messages in sorted(
            heard.messages.items(), key=lambda one: (one[0][0], one[0][1], one[0][2] or "")
        ):
            rows.participants.append((conversation, name, number, messages, False))
