"""Where each row of a table lies, read in pieces.

A row of CSV ends at a line end that stands in no quotes; quotes open only where a field begins, as
in Python's ``csv`` and in spreadsheets.  Quotes that do not close within reach are taken for
letters, so that one stray quote costs a doubt and not the rest of the file.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from witnessbox.intake.limits import DEFAULT

PIECE_BYTES = 1 << 20
MOST_OPEN = 64
"""After so many quotes that do not close, quotes no longer hold line ends together."""

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)?")
_WHOLE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)")


class Line(msgspec.Struct, frozen=True, gc=False):
    """One row's bytes with the line end.

    ``whole`` is False where a quote does not close; ``odd`` says that letters stand behind a quote
    that closed, as they do where a stray quote found its match in a later row.
    """

    start: int
    data: bytes
    whole: bool = True
    odd: bool = False


class TooLong(msgspec.Struct, frozen=True, gc=False):
    """A row too long to be read; it runs to the next line end."""

    start: int
    end: int


class _Window:
    """The part of a stream that is in memory; ``base`` is the offset of its first byte."""

    def __init__(self, stream: BinaryIO, longest_bytes: int) -> None:
        self._stream = stream
        self.longest_bytes = longest_bytes  # of a row that is read
        self.data, self.base, self.at, self.ended = b"", 0, 0, False

    def more(self) -> None:
        """Take another piece; what lies before ``at`` is let go."""
        piece = self._stream.read(PIECE_BYTES)
        self.ended = not piece
        self.data = self.data[self.at :] + piece
        self.base += self.at
        self.at = 0


def csv_lines(
    stream: BinaryIO, delimiter: bytes, longest_bytes: int = DEFAULT.table_row_bytes
) -> Iterator[Line | TooLong]:
    """Give the rows of a CSV file; they tile it."""
    window, opened = _Window(stream, longest_bytes), 0
    pattern, tidy = _row(delimiter, tails=True), _row(delimiter, tails=False)
    while True:
        if opened < MOST_OPEN and (row := _tidy(window, tidy)) is not None:
            yield row
            continue
        if not _fill(window):
            return
        found = _row_at(window, pattern, far=opened < MOST_OPEN)
        opened += found is None
        line = _taken(window, found or _line_at(window), whole=found is not None)
        if isinstance(line, Line) and b'"' in line.data:
            line = msgspec.structs.replace(line, odd=tidy.fullmatch(line.data) is None)
        yield line


def json_lines(
    stream: BinaryIO, longest_bytes: int = DEFAULT.table_row_bytes
) -> Iterator[Line | TooLong]:
    """Give the lines of a file; they tile it."""
    window = _Window(stream, longest_bytes)
    while True:
        if (row := _tidy(window, _WHOLE)) is not None:
            yield row
        elif _fill(window):
            yield _taken(window, _line_at(window), whole=True)
        else:
            return


def _tidy(window: _Window, pattern: re.Pattern[bytes]) -> Line | None:
    """Take a row that is whole in memory and nothing out of the way; None where none is."""
    found = pattern.match(window.data, window.at)
    if found is None:
        return None
    at, end = window.at, found.end()
    if end >= len(window.data) or end - at > window.longest_bytes:
        return None
    window.at = end
    return Line(window.base + at, found[0])


def _row(delimiter: bytes, *, tails: bool) -> re.Pattern[bytes]:
    """Match one whole row; atomic groups keep a quote that does not close from costing more."""
    apart = re.escape(delimiter)
    letters = rb"[^" + apart + rb"\r\n]*+"
    field = rb'(?>"(?>[^"]+|"")*+"' + (letters if tails else b"") + rb'|(?!")' + letters + rb")"
    return re.compile(field + rb"(?>" + apart + field + rb")*+(?:\r\n|\n|\r|\Z)")


def _fill(window: _Window) -> bool:
    """See to it that the next line's end is in memory, or as much as is ever read of one."""
    while not _holds(window, _line_at(window).end()) and _can_grow(window):
        window.more()
    return window.at < len(window.data)


def _line_at(window: _Window) -> re.Match[bytes]:
    found = _LINE.match(window.data, window.at)
    assert found is not None  # noqa: S101 - it matches nothing, too
    return found


def _row_at(window: _Window, pattern: re.Pattern[bytes], *, far: bool) -> re.Match[bytes] | None:
    """Match a row; not ``far``: within its line.  None where a quote does not close."""
    if not far:
        return pattern.match(window.data, window.at, _line_at(window).end())
    while True:
        found = pattern.match(window.data, window.at)
        if found is not None and _holds(window, found.end()):
            return found
        if not _can_grow(window):
            return found
        window.more()


def _holds(window: _Window, end: int) -> bool:
    """Say whether what ends there ends for certain, whatever comes next."""
    return end < len(window.data) or window.ended


def _can_grow(window: _Window) -> bool:
    return not window.ended and len(window.data) - window.at <= window.longest_bytes


def _taken(window: _Window, found: re.Match[bytes], *, whole: bool) -> Line | TooLong:
    """Take what was found out of the window; the rest of a line too long is read past."""
    end = found.end()
    start, data = window.base + window.at, window.data[window.at : end]
    window.at = end
    if len(data) <= window.longest_bytes:
        return Line(start, data, whole)
    while not data.endswith((b"\n", b"\r")):
        window.more()
        if window.ended:
            break
        data = _line_at(window)[0]
        window.at = len(data)
    return TooLong(start, window.base + window.at)
