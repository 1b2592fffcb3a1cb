"""Where in a Telegram export each chat lies, and what the document around it says.

A single chat is a document of its own.  An account holds many: ``chats.list[]`` and
``left_chats.list[]``, each with its ``messages``.  The key ``"messages"`` before a ``[`` stands in
no text, since a quote inside a string is escaped; so the first pass looks for nothing else, and
damage inside one chat cannot hide where the next one begins.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from witnessbox.intake.json_spans import closing, list_start
from witnessbox.intake.telegram.mending import mend

_WINDOW_BYTES = 1 << 20
_NEAR_BYTES = 1 << 14  # how far from its list a chat may begin, and end
_WS = rb"[ \t\r\n]*"
_LIST = re.compile(rb'"messages"' + _WS + rb":" + _WS + rb"\[")
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PAIR = _STRING + _WS + rb":" + _WS + rb"(?:" + _STRING + rb"|null|true|false|-?[0-9.]+)"
_HEAD = re.compile(rb"\{" + _WS + rb"(?:" + _PAIR + _WS + rb"," + _WS + rb")*+\Z", re.DOTALL)
_NEXT = re.compile(rb"\}" + _WS + rb"(," + _WS + rb")\Z")
_LEAVING = (
    rb"\]" + _WS + rb"\}" + _WS + rb"," + _WS + rb'"left_chats"' + _WS + rb":" + _WS
    + rb"\{" + _WS + rb"(?:" + _PAIR + _WS + rb"," + _WS + rb")*+"
    + rb'"list"' + _WS + rb":" + _WS + rb"\[" + _WS
)  # fmt: skip
_LEFT = re.compile(rb"\}" + _WS + rb"(" + _LEAVING + rb")\Z", re.DOTALL)
_LAST = re.compile(
    rb"\}" + _WS + rb"((?:" + _LEAVING + rb")?+\]" + _WS + rb"\}" + _WS + rb"\}" + _WS + rb")\Z",
    re.DOTALL,
)
_PERSONAL = re.compile(rb'"personal_information"' + _WS + rb":" + _WS + rb"(?=\{)")
_CHATS = re.compile(rb'"(?:left_)?chats"' + _WS + rb":" + _WS + rb"\{")
_TAIL = re.compile(rb"\]" + _WS + rb",")
_BRACES = 64  # how many of them are tried as the beginning of a chat
_MOST_CHATS = 1 << 16  # in one account; what lies behind them is read with the last one
_TAILS = 8  # how many brackets are tried as the end of a single chat's list


@dataclass(frozen=True, slots=True)
class Around:
    """Bytes of an account that lie in no chat: before the first, between two, after the last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChatBytes:
    """The bytes of one chat: its object, from ``{`` to ``}``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    ``parts`` tile it.  ``owner`` is the id of the account's owner, ``title`` holds the keys that
    stand behind a single chat's messages, and ``whole`` says that an account ends as it should.
    """

    account: bool
    parts: tuple[Around | ChatBytes, ...]
    owner: str | None = None
    behind: tuple[tuple[str, Any], ...] = ()
    whole: bool = True


class Slice:
    """One chat's bytes as a stream of their own."""

    def __init__(self, stream: BinaryIO, start: int, end: int) -> None:
        self._stream = stream
        self._at = start
        self._end = end

    def read(self, size: int) -> bytes:
        """Give the next bytes of the chat, at most so many."""
        self._stream.seek(self._at)
        data = self._stream.read(min(size, self._end - self._at))
        self._at += len(data)
        return data


def layout(stream: BinaryIO, size_bytes: int) -> Layout:
    """Find the chats of an export, whatever state it is in."""
    head = _at(stream, 0, _WINDOW_BYTES)
    lists = list(islice(_lists(stream), _MOST_CHATS))
    if len(lists) < 2 and not _is_account(head):
        behind = _behind(_at(stream, max(0, size_bytes - _NEAR_BYTES), _NEAR_BYTES))
        return Layout(account=False, parts=(ChatBytes(0, size_bytes),), behind=behind)
    starts = list(dict.fromkeys(_head_of(stream, at) for at in lists))
    parts = tuple(_parts(stream, starts, size_bytes))
    whole = not parts or isinstance(parts[-1], Around)
    return Layout(account=True, parts=parts, owner=_owner(head), whole=whole)


def _parts(stream: BinaryIO, starts: list[int], size_bytes: int) -> Iterator[Around | ChatBytes]:
    """Give the chats of an account and what lies around them."""
    reached = 0
    for place, start in enumerate(starts):
        last = place + 1 == len(starts)
        following = size_bytes if last else starts[place + 1]
        if start > reached:
            yield Around(reached, start)
        reached = _end_of(stream, start, following, last=last)
        yield ChatBytes(start, reached)
    if reached < size_bytes:
        yield Around(reached, size_bytes)


def _at(stream: BinaryIO, start: int, size: int) -> bytes:
    stream.seek(start)
    return stream.read(size)


def _lists(stream: BinaryIO) -> Iterator[int]:
    """Give where each ``"messages": [`` stands."""
    stream.seek(0)
    base, data = 0, b""
    while more := stream.read(_WINDOW_BYTES):
        keep = min(len(data), 256)  # a key does not hide between two windows
        base += len(data) - keep
        data = data[len(data) - keep :] + more
        for found in _LIST.finditer(data):
            if found.end() > keep:
                yield base + found.start()


def _is_account(head: bytes) -> bool:
    known = _PERSONAL.search(head) is not None or _CHATS.search(head) is not None
    return known and list_start(head, "messages") < 0


def _head_of(stream: BinaryIO, at: int) -> int:
    """Give where the chat begins whose list stands at ``at``; there, where its head is damaged."""
    before = max(0, at - _NEAR_BYTES)
    data = _at(stream, before, at - before)
    brace = len(data)
    for _ in range(_BRACES):
        brace = data.rfind(b"{", 0, max(brace, 0))
        if brace >= 0 and _HEAD.match(data, brace):
            return before + brace
    return at


def _end_of(stream: BinaryIO, start: int, following: int, *, last: bool) -> int:
    """Give where a chat ends, looking back from where the next one, or nothing, begins."""
    before = max(start, following - _NEAR_BYTES)
    data = _at(stream, before, following - before)
    for pattern in (_LAST,) if last else (_NEXT, _LEFT):
        found = pattern.search(data)
        if found:
            return before + found.start(1)
    return following


def _owner(head: bytes) -> str | None:
    found = _PERSONAL.search(head)
    if found is None:
        return None
    end = closing(head, found.end(), len(head))
    values = _load(head[found.end() : end]) if end > 0 else {}
    owner = values.get("user_id")
    return str(owner) if isinstance(owner, int | str) else None


def _behind(data: bytes) -> tuple[tuple[str, Any], ...]:
    for found in list(_TAIL.finditer(data))[-_TAILS:]:
        values = _load(b"{" + data[found.end() :])
        if values:
            return tuple(values.items())
    return ()


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(mend(data).decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
