"""What must be known of a whole page before its first row: which way it runs, how it writes.

A stamp is exact to the minute, so that within a minute only the direction of the page tells which
message came first.
"""

import html
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from witnessbox.intake.messenger_html import dates
from witnessbox.intake.messenger_html.pieces import Part, pieces

_STAMP = re.compile(
    rb'<[a-z]+ class="(?:[^"<>]{0,200} )?(?:_2lem|_a6-o|meta)(?: [^"<>]{0,200})?"[^<>]{0,200}>'
    rb"(?:[ \t\r\n]*<[^<>]{0,200}>){0,9}([^<>]{4,200})"
)
_PART = re.compile(r"message_(\d{1,6})\.html?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Survey:
    """Which way a page runs and what it holds."""

    newest_first: bool
    mixed_order: bool  # its times run both ways
    blocks: int


def survey(stream: BinaryIO, longest_bytes: int) -> Survey:
    """Walk a page once and say what it tells of itself."""
    earlier = later = blocks = 0
    last: int | None = None
    for piece in pieces(stream, longest_bytes):
        if piece.part is Part.THREAD:
            last = None
        if piece.part is not Part.BLOCK:
            continue
        blocks += 1
        found = _STAMP.search(piece.data)
        written = dates.read(_text(found[1])) if found else None
        if written is None:
            continue
        at_ms = written.wall_ms - (written.offset_ms or 0)
        if last is not None:
            earlier += at_ms < last
            later += at_ms > last
        last = at_ms
    return Survey(later <= earlier, later > 0 and earlier > 0, blocks)


def _text(data: bytes) -> str:
    return " ".join(html.unescape(data.decode("utf-8", "replace")).split())


def part_of(path: PurePosixPath) -> int:
    """Give N of ``message_N.html``, 0 for any other name."""
    found = _PART.fullmatch(path.name)
    return int(found[1]) if found else 0
