"""Where each message of ``chat.md`` lies: from its head to the next one's.

A body may hold a line that looks like a head.  The exporter ends each message in its own way, so
where a file does so throughout, a head behind anything else is part of the body it stands in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from witnessbox.intake.limits import DEFAULT
from witnessbox.intake.signal.pages import HEAD, ends_whole

_BOM = b"\xef\xbb\xbf"
_RECENT_BYTES = 64
_HEAD_BYTES = 256  # no head is longer


class Stretch(msgspec.Struct, frozen=True):
    """The bytes of one message; ``doubted`` are where lines in it look like heads."""

    start: int
    data: bytes
    doubted: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """Give the end of the bytes."""
        return self.start + len(self.data)


@dataclass(frozen=True, slots=True)
class Rest:
    """Bytes of no message: before the first head, or of one too long."""

    start: int
    end: int
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file ends its messages: how many as the exporter does, how many otherwise."""

    whole: int
    other: int

    @property
    def strict(self) -> bool:
        """Say whether messages end alike throughout, but for the few that hold something odd."""
        return self.whole > 4 * self.other


def manner(stream: BinaryIO, longest_bytes: int = DEFAULT.text_message_bytes) -> Manner:
    """Read a file once and say how its messages end."""
    whole = other = 0
    begun, recent = False, b""
    for line in _lines(stream, longest_bytes):
        if line.first and HEAD.match(line.data):
            if begun:
                ended = ends_whole(recent)
                whole += ended
                other += not ended
            begun = True
        recent = _last(recent, line.data)
    if begun:
        whole += ends_whole(recent)
        other += not ends_whole(recent)
    return Manner(whole, other)


def stretches(
    stream: BinaryIO, longest_bytes: int = DEFAULT.text_message_bytes, *, strict: bool
) -> Iterator[Stretch | Rest]:
    """Give the stretches of a file in order; they tile it.

    Of a message of more than ``longest_bytes`` the beginning is read; the rest is broken.
    """
    held = _Held()
    for line in _lines(stream, longest_bytes):
        head = line.first and HEAD.match(line.data) is not None
        if head and held.begun and strict and not ends_whole(held.recent):
            held.doubted.append(line.start)
            head = False
        if head:
            yield from held.given()
            held = _Held(line.start, begun=True)
        if held.begun and not head and held.size_bytes + len(line.data) > longest_bytes:
            yield from held.given()
            held = _Held(line.start, beyond_bytes=longest_bytes)
        held.take(line)
    yield from held.given()


class _Line(msgspec.Struct, frozen=True, gc=False):
    start: int
    data: bytes
    first: bool  # of a line, not a later piece of a long one


def _lines(stream: BinaryIO, longest_bytes: int) -> Iterator[_Line]:
    at, first = 0, True
    while data := stream.readline(max(longest_bytes // 2, _HEAD_BYTES)):
        if at == 0 and data.startswith(_BOM):
            yield _Line(0, _BOM, first=False)
            data, at = data[len(_BOM) :], len(_BOM)
        yield _Line(at, data, first)
        at += len(data)
        first = data.endswith(b"\n")


def _last(recent: bytes, data: bytes) -> bytes:
    """Give the last bytes read."""
    return (data if len(data) >= _RECENT_BYTES else recent + data)[-_RECENT_BYTES:]


class _Held:
    """What was read since the last head; bytes of no message are counted, not kept."""

    def __init__(self, start: int = 0, *, begun: bool = False, beyond_bytes: int = 0) -> None:
        self.start = start
        self.begun = begun
        self.beyond_bytes = beyond_bytes  # how much of the message was read
        self.size_bytes = 0
        self.recent = b""
        self.doubted: list[int] = []
        self._pieces: list[bytes] = []

    def take(self, line: _Line) -> None:
        self.size_bytes += len(line.data)
        self.recent = _last(self.recent, line.data)
        if self.begun:
            self._pieces.append(line.data)

    def given(self) -> Iterator[Stretch | Rest]:
        if self.begun:
            yield Stretch(self.start, b"".join(self._pieces), tuple(self.doubted))
        elif self.beyond_bytes:
            what = f"the rest of a message of more than {self.beyond_bytes:,} bytes"
            yield Rest(self.start, self.start + self.size_bytes, "message-too-long", what)
        elif self.size_bytes:
            what = "text before the first message"
            yield Rest(self.start, self.start + self.size_bytes, "no-head", what)
