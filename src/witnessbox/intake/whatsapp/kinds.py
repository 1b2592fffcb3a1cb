"""What kind of thing a body is: text, media, a placeholder, a poll, a line the platform wrote.

On iOS the platform puts U+200E before what it writes.  Where an export bears that mark, the same
words without it were typed by a person, and are text.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from witnessbox.evidence.model import Kind
from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.wordings import MARK, MARKS, Wordings, fold, wordings

KINDS = tuple(Kind)

_MEDIA_OF_PREFIX = {
    "IMG": "image", "PHOTO": "image", "VID": "video", "VIDEO": "video", "PTT": "audio",
    "AUD": "audio", "AUDIO": "audio", "STK": "sticker", "STICKER": "sticker", "GIF": "gif",
    "DOC": "document",
}  # fmt: skip
_MEDIA_OF_SUFFIX = {
    "jpg": "image", "jpeg": "image", "png": "image", "heic": "image", "mp4": "video",
    "mov": "video", "3gp": "video", "opus": "audio", "m4a": "audio", "mp3": "audio", "aac": "audio",
    "ogg": "audio", "webp": "sticker", "gif": "gif", "vcf": "contact",
}  # fmt: skip
_KIND_OF_MEDIA = {"contact": Kind.CONTACT}
_OLD_ATTACHED = " <attached>"
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_LONGEST_CACHED_BYTES = 80
_MOST_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file a body names, or says was left out."""

    name: str | None
    media: str
    omitted: bool


@dataclass(frozen=True, slots=True)
class Nature:
    """What a body turned out to be.

    ``typed`` says that it reads like a line of the platform and lacks the platform's mark;
    ``unknown`` that it bears the mark and no table has its wording.
    """

    kind: Kind
    edited: bool = False
    enclosed: tuple[Enclosed, ...] = ()
    typed: bool = False
    unknown: bool = False
    doubt: str = ""


PLAIN = Nature(Kind.TEXT)


class Classifier:
    """Tells kinds apart; ``marks_expected`` where the export's platform lines bear U+200E."""

    __slots__ = ("cache", "known", "marks_expected", "starts")

    def __init__(self, *, marks_expected: bool) -> None:
        """Prepare the tables that find bodies worth a closer look."""
        self.marks_expected = marks_expected
        self.known = wordings()
        self.cache: dict[bytes, Nature] = {}
        self.starts = _StartTable(self.known.starts())

    def rows(self, stretch: Stretch, heads: Heads, text_start: Ints, text_end: Ints) -> Ints:
        """Find the bodies that may be more than plain text."""
        octets = stretch.octets()
        special = self.starts.hits(stretch.data, text_start)
        special |= text_end <= text_start
        last = octets[np.maximum(heads.line_end - 1, 0)]
        before = octets[np.maximum(heads.line_end - 2, 0)]
        last = np.where(last == 0x0D, before, last)
        special |= (last == 0x29) | (last == 0x89)
        _mark_rows(special, _marks_and_brackets(stretch.data, stretch.size), text_start, text_end)
        return np.flatnonzero(special)

    def nature(self, body: bytes) -> Nature:
        """Say what a body is."""
        found = self.cache.get(body)
        if found is None:
            found = self.judge(body.decode("utf-8", "replace"))
            if len(body) <= _LONGEST_CACHED_BYTES and len(self.cache) < _MOST_CACHED:
                self.cache[body] = found
        return found

    def judge(self, body: str) -> Nature:
        """Say what a body is, from its text alone."""
        if not body:
            return Nature(Kind.EMPTY)
        marked = body.lstrip(MARKS[1:]).startswith(MARK)
        core, edited = self._without_edited(body)
        kind, enclosed = _content(core, self.known)
        must = self.marks_expected and kind is not Kind.TEXT and MARK not in body
        if must:
            return Nature(Kind.TEXT, edited, typed=True)
        if kind is Kind.TEXT and marked and not edited:
            return Nature(Kind.NOTICE, unknown=True)
        doubt = "null-body" if body.strip() == "null" else ""
        return Nature(kind, edited, enclosed, doubt=doubt)

    def _without_edited(self, body: str) -> tuple[str, bool]:
        plain = body.rstrip(MARKS + " \r\n")
        if not plain.endswith(self.known.edited):
            return body, False
        suffix = next(filter(plain.endswith, self.known.edited))
        rest = plain[: -len(suffix)]
        if self.marks_expected and not rest.endswith(MARK):
            return body, False
        return rest.rstrip(MARKS + " "), True


def _content(core: str, known: Wordings) -> tuple[Kind, tuple[Enclosed, ...]]:
    """Match a body against the wordings of things that are not plain text."""
    whole = fold(core)
    if whole in known.everyday and MARK not in core:
        return Kind.TEXT, ()
    if whole == "null":
        return Kind.MEDIA, (Enclosed(None, "unknown", omitted=True),)
    kind = _written(core, whole, known)
    if kind is not None:
        return kind, ()
    enclosed = _omitted(core, whole, known) or _attached(core, known)
    if enclosed is None:
        return Kind.TEXT, ()
    return _KIND_OF_MEDIA.get(enclosed.media, Kind.MEDIA), (enclosed,)


def _written(core: str, whole: str, known: Wordings) -> Kind | None:
    """Recognise what the platform writes in place of a message without a file."""
    if whole in known.deleted:
        return Kind.DELETED
    if _is_call(core, whole, known):
        return Kind.CALL
    if whole in known.live_locations or whole.startswith(known.locations):
        return Kind.LOCATION
    if whole.startswith(known.polls):
        return Kind.POLL
    return Kind.EVENT if whole.startswith(known.events) else None


def _is_call(core: str, whole: str, known: Wordings) -> bool:
    """Recognise a call; what follows a comma (its length) counts only behind the mark."""
    return whole in known.calls or (MARK in core and re.split("[,.]", whole)[0] in known.calls)


def _omitted(core: str, whole: str, known: Wordings) -> Enclosed | None:
    if whole in known.omitted:
        return Enclosed(None, known.omitted[whole], omitted=True)
    before, mark, after = core.rpartition(MARK)
    if mark and fold(after) in known.omitted:
        name = re.split(f"[{MARK}•]", before.strip(MARKS + " "))[0].strip()
        return Enclosed(name or None, known.omitted[fold(after)], omitted=True)
    return None


def _attached(core: str, known: Wordings) -> Enclosed | None:
    line = core.split("\n", 1)[0].strip(MARKS + " \r")
    if line.endswith(known.attached_after):
        suffix = next(filter(line.endswith, known.attached_after))
        return _file(line[: -len(suffix)])
    if line.endswith(_OLD_ATTACHED):
        return _file(line[: -len(_OLD_ATTACHED)])
    if "<" not in core:
        return None
    core = core.replace("< ", "<", 1)
    for prefix in known.attached_before:
        place = core.find(prefix)
        close = core.find(">", place)
        if place >= 0 and close > place and (place == 0 or MARK in core[:place]):
            return _file(core[place + len(prefix) : close].rstrip())
    return None


def _file(name: str) -> Enclosed:
    """Name a file and tell its medium by the platform's naming, else by its suffix."""
    bare = name.strip(MARKS + " ")
    parts = re.split(r"[-_]", bare)
    words = [part for part in (*parts[:2], *parts[3:4]) if part in _MEDIA_OF_PREFIX]
    suffix = bare.rsplit(".", 1)[-1].lower()
    media = _MEDIA_OF_PREFIX[words[0]] if words else _MEDIA_OF_SUFFIX.get(suffix, "document")
    return Enclosed(bare, media, omitted=False)


class _StartTable:
    """Finds bodies that begin like a wording, by a hash of their first bytes."""

    __slots__ = ("long", "short")

    def __init__(self, starts: frozenset[bytes]) -> None:
        self.long = np.zeros(1 << 16, np.bool_)
        self.short = np.zeros(1 << 16, np.bool_)
        for start in starts:
            table, width = (self.long, 8) if len(start) >= 8 else (self.short, 4)
            word = np.array([int.from_bytes(start[:width], "little")], np.uint64)
            table[_slot(word)] = True

    def hits(self, data: bytes, text_start: Ints) -> Flags:
        window: NDArray[np.uint64] = np.ndarray(
            (len(data) - 7,), dtype="<u8", buffer=data, strides=(1,)
        )
        words = window[text_start]
        found: Flags = self.long[_slot(words)] | self.short[_slot(words & np.uint64(0xFFFFFFFF))]
        return found


def _slot(words: NDArray[np.uint64]) -> Ints:
    with np.errstate(over="ignore"):
        return ((words * _MULTIPLIER) >> np.uint64(48)).astype(np.int64)


def _marks_and_brackets(data: bytes, size: int) -> Ints:
    """Find every ``<`` and every U+200E."""
    octets = np.frombuffer(data, np.uint8)
    brackets = np.flatnonzero(octets[:size] == 0x3C)
    first, second, third = MARK.encode()
    if data.find(third, 0, size) < 0:  # the rarest of the three, and a fast search
        return brackets
    marks = np.flatnonzero(octets[2:size] == third)
    marks = marks[(octets[marks] == first) & (octets[marks + 1] == second)]
    return np.sort(np.concatenate([brackets, marks]))


def _mark_rows(special: Flags, spots: Ints, text_start: Ints, text_end: Ints) -> None:
    if not len(spots):
        return
    row = np.searchsorted(text_start, spots, side="right") - 1
    inside = row >= 0
    inside[inside] = spots[inside] < text_end[row[inside]]
    special[row[inside]] = True
