"""Where each element of one long JSON array lies, read in pieces, whatever state the file is in.

A chat export in JSON is an object with one list of messages in it.  ``walk`` goes through such a
file once and gives, in file order, stretches that tile it: the *frame* before the list and after
it, the elements, and what is *broken*.  It holds one window of the file at a time.

How a boundary is known: an element is a piece of the file that is one whole JSON object, read from
its own first byte.  Where the pieces lie is guessed fast (by the *seam* that lies between most
neighbours, else by counting brackets) and a guess counts only when the piece decodes.  After damage
the walk goes on at the next thing that looks like an element, which no string can, since a quote
inside a string is escaped.

A little longer than most files: a place in the window means something to all of it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

import msgspec

from witnessbox.intake.json_alike import Search
from witnessbox.intake.json_spans import (
    Broken,
    Elements,
    Frame,
    Run,
    Seam,
    Shape,
    Stretch,
    closing,
    list_start,
)
from witnessbox.intake.limits import DEFAULT

WINDOW_BYTES = 1 << 22

_LOOK_PAST_BYTES = 1 << 16  # how far beyond the next likely element a bracket may still close
_LOOK_BACK_UP_BYTES = 1 << 9  # how much further after each that does
_AHEAD_BYTES = 2 * _LOOK_PAST_BYTES
_OVERLAP_BYTES = 1 << 10
_LIST_ENDS = 64  # how many brackets are tried as the end of the list
_ELEMENTS = 1 << 12  # given one by one at once, at most about this many
_FEW = 1 << 6  # so few alike are given one by one
_SEPARATORS = re.compile(rb"[ \t\r\n,]*")
_NEIGHBOUR = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*(?=\{)")
_LIST_END = re.compile(rb"\](?=[ \t\r\n]*[,}])")
_skim = msgspec.json.Decoder(msgspec.Raw).decode


def walk(
    stream: BinaryIO, shape: Shape, longest_bytes: int = DEFAULT.json_record_bytes
) -> Iterator[Stretch]:
    """Give the stretches of a file in order; they tile it, whatever bytes it holds.

    An element, or the frame, that goes on beyond a window and ``longest_bytes`` is broken.
    """
    for one in walk_runs(stream, shape, longest_bytes):
        yield one.elements() if isinstance(one, Run) else one


def walk_runs(
    stream: BinaryIO, shape: Shape, longest_bytes: int = DEFAULT.json_record_bytes
) -> Iterator[Stretch | Run]:
    """Give the stretches as ``walk`` does, with elements that are alike left together."""
    return _Walk(stream, shape, longest_bytes).run()


class _Window:
    """The part of a stream that is in memory; ``base`` is the offset of its first byte."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.data = b""
        self.base = 0
        self.ended = False
        self.slide(0)

    def slide(self, keep: int) -> None:
        """Let go of what lies before index ``keep`` and read on."""
        more = self._stream.read(WINDOW_BYTES)
        self.ended = not more
        self.data = self.data[keep:] + more
        self.base += keep


class _Walk:
    """One walk.  ``_at`` is an index into the window.

    What was seen last is kept back until it is known where the next thing begins, so that commas
    and white space fall to what they follow.
    """

    def __init__(self, stream: BinaryIO, shape: Shape, longest_bytes: int) -> None:
        self._window = _Window(stream)
        self._longest_bytes = longest_bytes
        self._shape = shape
        self._element = shape.element()
        self._at = 0
        self._seam: Seam | None = None
        self._starts: list[int] = []
        self._pieces: list[bytes] = []
        self._kept: Frame | Broken | None = None
        self._look_past = _LOOK_PAST_BYTES
        self._tails = 0
        self._search = Search(shape)

    @property
    def _here(self) -> int:
        return self._window.base + self._at

    def _slide(self) -> None:
        self._window.slide(self._at)
        self._at = 0

    def run(self) -> Iterator[Stretch | Run]:
        """Give the stretches of the file, first to last."""
        self._head()
        while True:
            commas = self._separate()
            first = self._window.data[self._at : self._at + 1]
            if not first:
                break
            yield from self._check(commas, first)
            if first == b"{":
                yield from self._one()
            elif first == b"]" and self._opens_tail():
                yield from self._settle()
                yield self._tail()
                return
            else:
                yield from self._resume("not-a-message", "something that is not a message")
        told = isinstance(self._kept, Broken)
        yield from self._settle()
        if not told:
            what = "the file ends before its list of messages does"
            yield Broken(self._here, self._here, "cut-off", what)

    def _settle(self) -> Iterator[Stretch]:
        """Give what was kept back: it ends here."""
        if self._kept is not None:
            yield replace(self._kept, end=self._here)
            self._kept = None
        if self._starts:
            yield Elements(self._starts, self._pieces, self._here)
            self._starts, self._pieces = [], []

    def _head(self) -> None:
        """Find the list, or else the first thing that looks like an element of one."""
        while (opened := list_start(self._window.data, self._shape.key)) < 0:
            if self._window.ended or len(self._window.data) >= self._longest_bytes:
                break
            self._slide()
        if opened < 0:
            self._no_head()
            return
        closed = self._window.data[:opened].removeprefix(b"\xef\xbb\xbf") + b"]}"
        self._at = opened
        if self._shape.reads(closed):
            self._kept = Frame(0, 0, closed)
        else:
            what = "the start of the document is not readable"
            self._kept = Broken(0, 0, "broken-head", what)

    def _no_head(self) -> None:
        if self._skip_to_likely(0):
            what = "the start of the document is not readable"
            self._kept = Broken(0, 0, "broken-head", what)
        else:
            self._at = len(self._window.data)
            self._kept = Broken(0, 0, "no-messages", "no list of messages in this file")

    def _separate(self) -> int:
        """Pass over white space and commas; say how many commas."""
        commas = 0
        while True:
            data = self._window.data
            found = _SEPARATORS.match(data, self._at)
            end = self._at if found is None else found.end()
            commas += data.count(b",", self._at, end)
            self._at = end
            if end < len(data) or self._window.ended:
                return commas
            self._slide()

    def _check(self, commas: int, first: bytes) -> Iterator[Stretch]:
        """Notice a comma too few or too many between elements."""
        if isinstance(self._kept, Broken):
            return
        expected = 1 if self._starts and first == b"{" else 0
        if commas != expected and first in b"{]":
            yield from self._settle()
            what = f"{commas} commas where {expected} should be"
            yield Broken(self._here, self._here, "broken-list", what)

    def _one(self) -> Iterator[Stretch | Run]:
        """Take the elements from here on: by the seam as far as it goes, then one by brackets."""
        if len(self._starts) >= _ELEMENTS or self._kept is not None:
            yield from self._settle()
        yield from self._alike()
        self._leap()
        data, at = self._window.data, self._at
        if not self._window.ended and len(data) - at < _AHEAD_BYTES:
            yield from self._settle()
            self._slide()
            data, at = self._window.data, 0
        likely = self._element.search(data, at + 1)
        end = closing(data, at, likely.start() if likely else len(data))
        if end < 0 and likely:
            end = closing(data, at, likely.start() + self._look_past)
        if end >= 0 and self._shape.reads(data[at:end]):
            self._look_past = min(self._look_past + _LOOK_BACK_UP_BYTES, _LOOK_PAST_BYTES)
            self._take(end)
            return
        what, most = "not readable as a message", self._longest_bytes
        if likely is None and not self._window.ended:
            if len(data) - at < most:
                self._slide()
                return
            what += f" within {most:,} bytes, the limit json_record_bytes"
        # Else damage without end would have each element look past many others in vain.
        self._look_past = max(self._look_past // 2, _LOOK_BACK_UP_BYTES)
        yield from self._resume("broken-message", what)

    def _alike(self) -> Iterator[Stretch | Run]:
        """Take the elements that are alike, as far as the window goes; few are not worth it."""
        while self._seam is not None:
            data, base = self._window.data, self._window.base
            found = self._search.look(data, self._at, self._seam)
            first, last = (0, 0) if found is None else found.proven(self._at)
            if found is None or last - first < _FEW:
                return
            yield from self._settle()
            alike, rest = found.between(first, last)
            starts, ends = found.starts[first:last], found.ends[first:last]
            self._at = int(found.starts[last])
            yield Run(data, base, starts, ends, self._here, alike, rest)
            if last < len(found.ends) or self._window.ended:
                return
            self._slide()

    def _leap(self) -> None:
        """Take the elements that follow one another by the seam, as far as the window goes."""
        if self._seam is None:
            return
        data, at, base = self._window.data, self._at, self._window.base
        gap, closes, opens = self._seam.gap, self._seam.closing, self._seam.opening
        starts, pieces = self._starts, self._pieces
        while (cut := data.find(gap, at)) >= 0:
            piece = data[at : cut + closes]
            try:
                _skim(piece)
            except (msgspec.DecodeError, RecursionError):
                break
            starts.append(base + at)
            pieces.append(piece)
            at = cut + opens
        self._at = at

    def _take(self, end: int) -> None:
        """Take the element up to ``end``, and learn the seam behind it."""
        data = self._window.data
        piece = data[self._at : end]
        self._starts.append(self._here)
        self._pieces.append(piece)
        self._at = end
        neighbour = _NEIGHBOUR.match(data, end)
        if neighbour is not None:
            inner = len(piece) - len(piece[:-1].rstrip(b" \t\r\n"))
            gap = data[end - inner : neighbour.end() + 1]
            self._seam = Seam(gap, inner, len(gap) - 1)

    def _resume(self, code: str, what: str) -> Iterator[Stretch]:
        """Set aside what is broken and go on at the next element, or at the end of the list."""
        yield from self._settle()
        broken = Broken(self._here, self._here, code, what)
        if not self._skip_to_likely(self._at + 1):
            self._at, ended = self._list_end()
            if not ended:
                broken = replace(broken, code="cut-off", what="the file ends inside a message")
        self._kept = broken

    def _skip_to_likely(self, begun: int) -> bool:
        """Move to what looks like an element, or say that the file ends first."""
        while (likely := self._element.search(self._window.data, begun)) is None:
            if self._window.ended:
                self._at = begun
                return False
            self._at = max(begun, len(self._window.data) - _OVERLAP_BYTES)
            self._slide()
            begun = 0
        self._at = likely.start()
        return True

    def _list_end(self) -> tuple[int, bool]:
        """Give the index of the ``]`` that ends the list, else of the file's end and False."""
        data = self._window.data
        ends = (found.start() for found in _LIST_END.finditer(data, self._at))
        for end in islice(ends, _LIST_ENDS):
            if self._shape.reads(self._opened(end)):
                return end, True
        return len(data), False

    def _opened(self, end: int) -> bytes:
        return b'{"' + self._shape.key.encode() + b'":[' + self._window.data[end:]

    def _opens_tail(self) -> bool:
        """Say whether the ``]`` here ends the list.

        It does where nothing like an element comes after it, or where all that comes after it is
        sound, as other lists of the document are that stand behind this one.
        """
        longest_bytes = self._longest_bytes
        while not self._window.ended and len(self._window.data) - self._at < longest_bytes:
            self._slide()
        if not self._window.ended:
            return False
        data = self._window.data
        if self._element.search(data, self._at) is None:
            return True
        self._tails += 1  # each look reads on to the end: a file of brackets must not buy many
        if self._tails > _LIST_ENDS:
            return False
        again = list_start(b"{" + data[self._at + 1 :], self._shape.key) >= 0
        return not again and self._shape.reads(self._opened(self._at))

    def _tail(self) -> Stretch:
        start, data = self._here, self._opened(self._at)
        end = self._window.base + len(self._window.data)
        if self._shape.reads(data):
            return Frame(start, end, data)
        return Broken(start, end, "broken-tail", "the end of the document is not readable")
