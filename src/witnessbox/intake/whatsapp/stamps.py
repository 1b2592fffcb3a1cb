"""The head of a message as WhatsApp's text exports write it, and templates that find it fast.

A head is a date, a time and an end: ``31/12/2023, 21:04 - `` or ``[31/12/2023, 21:04:05] ``.  The
pattern below reads every spelling known.  A *layout* is one exact spelling with the digits taken
out.  A *template* is a layout at one width, laid over many lines at once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

HEAD_BYTES = 40
"""How much of a line a template looks at; longer heads are read by the pattern alone."""

LONGEST_HEAD_BYTES = 160

Words = NDArray[np.uint64]

_MARK = "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]*"
_GAP = "[ \u00a0\u202f\u2009\t\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*"
_FIELD_GAP = rf"{_MARK}[./\-／．－–]{_MARK}[ \u00a0]?"


@dataclass(frozen=True, slots=True)
class Layout:
    """One exact way of writing heads.

    ``spelling`` has 0 for every digit run (0000 for four digits) and ? for the half-day marker.
    ``date`` is the date's part of it: dates spelled alike share their order.
    """

    spelling: str
    date: str
    end: str  # "bracket", "dash", "colon" or "comma"
    seconds: bool
    halves: bool  # 12-hour clock with a marker
    year_first: bool
    year_last: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """One head as read: fields in written order, and byte offsets from the start of the line."""

    layout: Layout
    fields: tuple[int, int, int, int, int, int]
    half: str  # "am", "pm", "noon" or "" for a 24-hour clock
    stamp_start: int
    stamp_end: int
    size_bytes: int
    places: tuple[tuple[int, int], ...]  # where each field's digits stand; empty if not ASCII


@cache
def _halves() -> dict[str, str]:
    """Give each spelling of a half-day marker, folded, its half."""
    text = (
        files("witnessbox.intake.whatsapp").joinpath("wordings", "halves.toml").read_text("utf-8")
    )
    table = tomllib.loads(text)
    return {_fold(word): half for half, words in table.items() for word in words}


def _fold(marker: str) -> str:
    return re.sub(r"[\s\u00a0\u202f.]", "", marker).casefold()


def _loosely(marker: str) -> str:
    """Let spaces and dots of a marker vary."""
    letters = [re.escape(letter) for letter in re.sub(r"[\s.]", "", marker)]
    gap = r"\.?[ \u00a0\u202f]?" if "." in marker else ""
    return gap.join(letters) + (r"\.?" if "." in marker else "")


@cache
def pattern() -> re.Pattern[str]:
    """Compile the pattern of a head; it is matched at the start of a line."""
    text = (
        files("witnessbox.intake.whatsapp").joinpath("wordings", "halves.toml").read_text("utf-8")
    )
    words = [word for group in tomllib.loads(text).values() for word in group]
    half = "|".join(sorted(map(_loosely, words), key=len, reverse=True))
    date = (
        rf"(?P<a>\d{{4}}|\d{{1,2}})(?:{_FIELD_GAP}|年)(?P<b>\d{{1,2}})"
        rf"(?:{_FIELD_GAP}|月)(?P<c>\d{{4}}|\d{{1,2}})"
        r"(?:[.日]| ?г\.)?"
    )
    between = rf"{_MARK}[,،、]?{_GAP}(?:(?:klo|kl\.?|at|um|à|às|a las|ore|alle|в|о|om|u|ob){_GAP})?"
    time = (
        rf"{_MARK}(?:(?P<before>{half}){_GAP})?(?P<h>\d{{1,2}})(?:[:.：٫]|{_GAP}h{_GAP})(?P<m>\d{{2}})"
        rf"(?:[:.：٫](?P<s>\d{{2}}))?(?(before)|(?:{_GAP}(?P<after>{half})(?!\w))?)"
        r"(?: ?ч\.| Uhr|\.(?= {1,2}[-–—] ))?"
    )
    both = rf"(?P<stamp>{date}{between}{time}){_MARK}"
    end = r"(?P<end>\] ?| {1,2}[-–—] |: |, )"
    return re.compile(rf"{_MARK}(?:(?P<open>\[){_MARK})?{both}{end}", re.IGNORECASE)


@cache
def near_miss() -> re.Pattern[str]:
    """Compile the pattern of what looks like a date and a time, at the start of a line."""
    date = r"\d{1,4}[./\-／]\s?\d{1,2}[./\-／]\s?\d{1,4}"
    return re.compile(
        rf"{_MARK}\[?{_MARK}(?:{date}.{{1,14}}?\d{{1,2}}[:.：]\d\d"
        rf"|\d{{1,2}}[:.]\d\d(?:\s?[ap]\.?\s?m\.?)?, {date}\])",
        re.IGNORECASE,
    )


def read(line: bytes) -> Stamp | None:
    """Read the head a line begins with; None where it begins with none."""
    text = line[:LONGEST_HEAD_BYTES].decode("utf-8", "surrogateescape")
    found = pattern().match(text)
    if found is None or (found["open"] is None) == found["end"].startswith("]"):
        return None
    if found["end"] == ", " and not (found["before"] and text[found.end("c")] == "."):
        return None  # so Korean phones write: 2023. 1. 13. 오후 9:04, 민수 : text
    fields = tuple(int(found[name] or 0) for name in "abchms")
    half = _half(found)
    ends = {"]": "bracket", ":": "colon", ",": "comma"}
    offset = _offsets(text)
    plain = text[: found.end()].isascii() or not _foreign_digits(found)
    places = tuple((offset(found.start(n)), offset(found.end(n))) for n in "abchms" if found[n])
    layout = Layout(
        spelling=_spelling(found),
        date=bare(found.string[found.start("a") : found.end("c")]),
        end=ends.get(found["end"][0], "dash"),
        seconds=found["s"] is not None,
        halves=half != "",
        year_first=len(found["a"]) > 2,
        year_last=len(found["c"]) > 2,
    )
    start, end = (offset(place) for place in found.span("stamp"))
    a, b, c, h, m, s = fields
    size = offset(found.end())
    return Stamp(layout, (a, b, c, h, m, s), half, start, end, size, places if plain else ())


def _offsets(text: str) -> Callable[[int], int]:
    """Turn character offsets into byte offsets."""
    if text.isascii():
        return int
    return lambda place: len(text[:place].encode("utf-8", "surrogateescape"))


def _foreign_digits(found: re.Match[str]) -> bool:
    return not all(found[name].isascii() for name in "abchms" if found[name])


def _half(found: re.Match[str]) -> str:
    marker = found["before"] or found["after"]
    return _halves()[_fold(marker)] if marker else ""


def _spelling(found: re.Match[str]) -> str:
    """Write a head with its digits and its marker taken out, leading marks left off."""
    name = "before" if found["before"] else "after"
    head = found.string[found.start("open") if found["open"] else found.start("a") : found.end()]
    marker = found[name]
    if marker:
        style = "".join("?" if sign.isalpha() else sign for sign in marker)
        style = re.sub(r"\?+", "?", style) + ("^" if marker.isupper() else "")
        head = head.replace(marker, style, 1)
    return bare(head)


def bare(text: str) -> str:
    """Put 0 for each run of digits, 0000 for four, in the script they are in."""

    def zero(run: re.Match[str]) -> str:
        first = run[0][0]
        nought = chr(ord(first) - unicodedata.digit(first))
        return nought * (4 if len(run[0]) > 2 else 1)

    return re.sub(r"\d+", zero, text)


@dataclass(frozen=True, slots=True)
class Template:
    """A head's bytes at one width: which are digits, and what the others are."""

    stamp: Stamp
    mask: Words
    value: Words
    digits: Words  # 0x0f at each digit

    @classmethod
    def of(cls, stamp: Stamp, line: bytes) -> "Template | None":
        """Make the template of a head, or None where a template could not tell it apart."""
        bare = line[: stamp.size_bytes].endswith(b"]")  # a space may or may not belong to the head
        if not stamp.places or stamp.size_bytes > HEAD_BYTES or bare:
            return None
        mask = bytearray(HEAD_BYTES)
        value = bytearray(HEAD_BYTES)
        digits = bytearray(HEAD_BYTES)
        mask[: stamp.size_bytes] = b"\xff" * stamp.size_bytes
        value[: stamp.size_bytes] = line[: stamp.size_bytes]
        for first, last in stamp.places:
            for place in range(first, last):
                mask[place], value[place], digits[place] = 0xF0, 0x30, 0x0F
        return cls(stamp, *(np.frombuffer(bytes(part), "<u8") for part in (mask, value, digits)))

    def matches(self, rows: list[Words]) -> NDArray[np.bool_]:
        """Say which lines begin with this head; ``rows`` holds their bytes, eight to a word."""
        found = np.ones(len(rows[0]), np.bool_)
        for word, mask, value, digits in zip(rows, self.mask, self.value, self.digits, strict=True):
            if mask:
                found &= (word & mask) == value
            if digits:
                # A digit is 0x30 to 0x39: adding six to its low half must not carry.
                carry = (word & digits) + (digits & _SIX)
                found &= (carry & (digits + digits & _TEN)) == 0
        return found

    def field(self, rows: list[Words], place: int) -> NDArray[np.int64]:
        """Read one field's number off matching lines; nought where the layout lacks it."""
        if place >= len(self.stamp.places):
            return np.zeros(len(rows[0]), np.int64)
        total = np.zeros(len(rows[0]), np.uint64)
        for byte in range(*self.stamp.places[place]):
            shift = np.uint64(8 * (byte % 8))
            total = total * np.uint64(10) + ((rows[byte // 8] >> shift) & np.uint64(0x0F))
        return total.astype(np.int64)


_SIX = np.uint64(0x0606060606060606)
_TEN = np.uint64(0x1010101010101010)
