"""The words for one long JSON array in a file, and where a bracket of it opens and closes.  Pure.

A *frame* is the document before the array and after it; *elements* are its members; *broken* is
what is neither.  ``json_walk`` gives them, in order, for a file in any state.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

_OPENING = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*\[")
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_skim = msgspec.json.Decoder(msgspec.Raw).decode


@dataclass(frozen=True, slots=True)
class Shape:
    """What to walk: the key of the list, and the keys an element may begin with.

    ``mend`` turns what a writer is known to get wrong into JSON; it is asked only about pieces that
    are not JSON as they stand, which are given on as they stand.
    """

    key: str
    first_keys: tuple[str, ...]
    mend: Callable[[bytes], bytes] | None = None

    def element(self) -> re.Pattern[bytes]:
        """Match the first bytes of what looks like an element."""
        names = b"|".join(re.escape(name.encode()) for name in self.first_keys)
        return re.compile(rb'\{[ \t\r\n]*"(?:' + names + rb')"[ \t\r\n]*:')

    def reads(self, piece: bytes) -> bool:
        """Say whether a piece is one whole JSON object, if need be once it is mended."""
        return reads(piece) or (self.mend is not None and reads(self.mend(piece)))


@dataclass(frozen=True, slots=True)
class Frame:
    """The document around the list: from byte 0 to its ``[``, or from its ``]`` to the end.

    ``data`` is closed or opened so that it decodes on its own as an object with an empty list.
    """

    start: int
    end: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Elements:
    """Neighbouring elements: ``pieces[i]`` begins at ``starts[i]``; each span runs to the next."""

    starts: list[int]
    pieces: list[bytes]
    end: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no element; empty where only a comma or the end of the list is missing."""

    start: int
    end: int
    code: str
    what: str


Stretch = Frame | Elements | Broken


def reads(piece: bytes) -> bool:
    """Say whether a piece is one whole JSON object, if need be with damaged characters in it."""
    try:
        _skim(piece)
    except (msgspec.DecodeError, RecursionError):
        try:
            json.loads(piece.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError):
            return False
    return True


def closing(data: bytes, at: int, limit: int) -> int:
    """Give the end of the bracket that opens at ``at``, or -1 where it does not close in time."""
    depth = 0
    for token in _TOKEN.finditer(data, at, limit):
        first = data[token.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
            if depth == 0:
                return token.end()
        elif token.end() - token.start() == 1:  # a string that does not end
            return -1
    return -1


def list_start(data: bytes, key: str) -> int:
    """Give the index behind the ``[`` of the outermost object's list of this name, or -1.

    Behind a string that does not end there is none: all that follows could lie in it, and each
    quote there would be followed to the end of the data again.
    """
    depth, wanted = 0, b'"' + key.encode() + b'"'
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        if first in b"{[":
            depth += 1
        elif first in b"}]":
            depth -= 1
        elif token.end() - token.start() == 1:
            return -1
        elif depth == 1 and token[0] == wanted:
            opening = _OPENING.match(data, token.end())
            if opening is not None:
                return opening.end()
    return -1
