"""Which message an edited one was before.  Pure.

Instagram writes both versions as messages of their own and says nowhere that they belong together:
the later one ends with a mark.  The earlier one is looked for among the messages of the same
sender shortly before, by the likeness of the words.  It stays a likelihood.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

WITHIN_MS = 30 * 60_000
"""How long before an edit its earlier version is looked for; the platform allows 15 minutes."""

_NEAR = 64  # messages between an edit and what it was before, at most
_COMPARED_CHARACTERS = 400
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Version:
    """One message as far as edits matter; ``words`` are without the mark of an edit."""

    start: int
    at_ms: int
    sender: str
    words: str


@dataclass(slots=True)
class _Open:
    edited: Version
    earlier: list[Version]
    left: int = _NEAR  # messages still to come before it is decided


@dataclass(slots=True)
class Edits:
    """The edits of one file, in whichever direction its messages run."""

    recent: deque[Version] = field(default_factory=lambda: deque(maxlen=_NEAR))
    waiting: deque[_Open] = field(default_factory=deque)

    def take(self, one: Version, *, edited: bool) -> Iterator[tuple[Version, Version | None]]:
        """Take a message in file order; give the edits that it decides."""
        for edit in self.waiting:
            edit.left -= 1
            if _may_be(one, edit.edited):
                edit.earlier.append(one)
        while self.waiting and self.waiting[0].left <= 0:
            yield _decided(self.waiting.popleft())
        if edited:
            before = [other for other in self.recent if _may_be(other, one)]
            self.waiting.append(_Open(one, before))
        self.recent.append(one)

    def rest(self) -> Iterator[tuple[Version, Version | None]]:
        """Give the edits that the end of the file decides."""
        while self.waiting:
            yield _decided(self.waiting.popleft())


def _may_be(earlier: Version, edited: Version) -> bool:
    return earlier.sender == edited.sender and 0 <= edited.at_ms - earlier.at_ms <= WITHIN_MS


def _decided(edit: _Open) -> tuple[Version, Version | None]:
    """Choose the likest earlier version; of two as like, the later one."""
    likest, best = None, (_ALIKE, 0)
    for other in edit.earlier:
        likeness = (_likeness(edit.edited.words, other.words), other.at_ms)
        if likeness >= best:
            likest, best = other, likeness
    return edit.edited, likest


def _likeness(edited: str, other: str) -> float:
    """Say how like two texts are, 0 to 1; words added at the end count as no change."""
    a, b = edited[:_COMPARED_CHARACTERS], other[:_COMPARED_CHARACTERS]
    if a and b and (a.startswith(b) or b.startswith(a)):
        return 1.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
