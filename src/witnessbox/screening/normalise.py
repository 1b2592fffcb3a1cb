"""Undo what hides a word: case, accents, look-alike letters, leet, spacing, repeats.  Pure.

Done on whole columns, as code points in one long *stream*; no step makes a Python object a message.
The cleaned text is for matching only: every code of the stream knows its place in the text as
written, and what people are shown is cut from there.

What is undone, in order:

- case, accents, full-width and mathematical letters; zero-width and combining marks go;
- Cyrillic and Greek look-alikes, in words that hold Latin letters too;
- digits and signs for letters inside a word (``h4te``), a few of them at its edges;
- ``@names`` and web addresses go: they are not speech;
- single letters set apart (``h a t e``, ``h.a.t.e``), three or more in a row, are joined;
- a letter three times or more is once (vowels) or twice (others).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.screening.alphabet import (
    APART,
    DIGIT,
    END,
    LEET_MARK,
    LETTER,
    SPACE,
    STAR,
    SYMBOL,
    Alphabet,
    alphabet,
)

Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.uint8]

_ASCII = 0x80
_ADDRESS_HEADS = ("http", "www.")


def _set_of(chars: str) -> Mask:
    """Make a table that says of each ASCII code whether it is one of these."""
    table = np.zeros(_ASCII, np.bool_)
    table[[ord(char) for char in chars]] = True
    return table


_VOWELS, _LEADING_LEET, _TRAILING_LEET = _set_of("aeiou"), _set_of("1345$"), _set_of("035$")


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages cleaned and laid end to end.

    ``codes`` begins with ``END`` and every message closes with one; all that is no word is
    ``SPACE``.  ``starts`` and ``ends`` bound the words, a pictograph being a word by itself;
    ``message`` names the message each word is of.  ``first_byte`` and ``end_byte`` bound each word
    in ``written``, the UTF-8 as written.
    """

    codes: Codes  # bytes where every message is plain ASCII, else code points
    closes: Places  # where each message's END lies in codes
    starts: Places
    ends: Places
    message: Places
    first_byte: Places
    end_byte: Places
    written: npt.NDArray[np.uint8]

    @property
    def messages(self) -> int:
        """Say how many messages the stream holds."""
        return len(self.closes)


@dataclass(frozen=True, slots=True)
class _Folded:
    """Codes folded one by one, without those that fold to nothing, and what is needed to go back.

    ``dropped`` holds the places, among the points as written, of what folded to nothing;
    ``wide`` those of the points that take ``more`` than one byte.
    """

    codes: Codes
    kinds: Kinds
    closes: Places
    dropped: Places
    wide: Places
    more: Places
    written: npt.NDArray[np.uint8]


def clean(texts: pa.StringArray) -> Stream:
    """Clean a column of texts; a null counts as an empty text."""
    table = alphabet()
    folded = _fold(texts, table)
    codes, kinds = folded.codes, folded.kinds
    if codes.dtype != np.uint8:
        _unmask(codes, kinds, table)
    _unleet(codes, kinds, table)
    _keep_stars(kinds)
    _drop_addresses(codes, kinds)
    np.putmask(kinds, kinds == LEET_MARK, APART)
    np.putmask(codes, (kinds == APART) & (codes != END), SPACE)
    return _bound(folded, _spacing(codes, kinds), _repeats(codes, kinds))


def _fold(texts: pa.StringArray, table: Alphabet) -> _Folded:
    """Lay the texts end to end, an END before the first and after each, and fold every code."""
    closed = pc.binary_join_element_wise(pc.fill_null(texts, ""), "", "\n")
    offsets = np.frombuffer(closed.buffers()[1], np.int32)[closed.offset :][: len(closed) + 1]
    data = closed.buffers()[2]
    raw = b"\n" + (memoryview(data)[offsets[0] : offsets[-1]] if data is not None else b"")
    written = np.frombuffer(raw, np.uint8)
    ends = np.concatenate([[0], offsets[1:].astype(np.int64) - offsets[0]])
    if raw.isascii():
        dropped = np.flatnonzero(np.frombuffer(raw.translate(table.plain_gone), np.bool_))
        bare = raw.translate(table.plain_fold, table.plain_dropped)
        codes: Codes = np.frombuffer(bytearray(bare), np.uint8)
        kinds = np.frombuffer(bytearray(bare.translate(table.plain_kind)), np.uint8)
        wide = more = np.zeros(0, np.int64)
    else:
        points = np.frombuffer(raw.decode().encode("utf-32-le"), np.uint32)
        wide = np.flatnonzero(points > 0x7F)
        broad = points[wide]
        more = 1 + (broad > 0x7FF).astype(np.int64) + (broad > 0xFFFF)
        # An END stands at its byte, less the further bytes of the points before it.
        ends -= _before_each(ends, wide + np.cumsum(more), more)
        folded = np.where(points > table.last, points, table.fold[_known(points, table)])
        dropped = np.flatnonzero(folded == 0)
        codes = folded[folded != 0] if len(dropped) else folded
        kinds = table.kind[_known(codes, table)]
    ends -= np.searchsorted(dropped, ends)
    codes[ends], kinds[ends] = END, APART
    return _Folded(codes, kinds, ends[1:], dropped, wide, more, written)


def _known(codes: Codes, table: Alphabet) -> Codes:
    """Bring code points past the tables to their last place."""
    return codes if codes.dtype == np.uint8 else np.minimum(codes, table.last)


def _before_each(places: Places, at: Places, by: Places | None = None) -> Places:
    """Count, for each of the sorted ``places``, the ``at`` before it, or add up their ``by``.

    Few lie there, as a rule, so they are looked up among the places and not the other way round.
    """
    if not len(at):
        return np.zeros(len(places), np.int64)
    after = np.searchsorted(places, at, side="right")
    counted = np.bincount(after, by, len(places) + 1)[:-1]
    return np.cumsum(counted.astype(np.int64, copy=False))


def _before(mask: Mask) -> Mask:
    """Say of each place whether the mask holds one place before it."""
    moved = np.zeros_like(mask)
    moved[1:] = mask[:-1]
    return moved


def _after(mask: Mask) -> Mask:
    """Say of each place whether the mask holds one place after it."""
    moved = np.zeros_like(mask)
    moved[:-1] = mask[1:]
    return moved


def _unmask(codes: Codes, kinds: Kinds, table: Alphabet) -> None:
    """Read look-alikes as Latin letters, in words that hold a plain Latin letter too."""
    at = np.flatnonzero(codes > 0x7F)
    alike = table.look_alike[_known(codes[at], table)]
    at, alike = at[alike > 0], alike[alike > 0]
    if not len(at):
        return
    word = np.cumsum(kinds == APART)
    latin = np.zeros(int(word[-1]) + 1, dtype=bool)
    latin[word[(codes >= ord("a")) & (codes <= ord("z"))]] = True
    codes[at[latin[word[at]]]] = alike[latin[word[at]]]


def _unleet(codes: Codes, kinds: Kinds, table: Alphabet) -> None:
    """Read digits and signs as the letters they stand for, where letters stand beside them."""
    at = np.flatnonzero((kinds == DIGIT) | (kinds == LEET_MARK))
    at = at[table.leet[_known(codes[at], table)] > 0]
    if not len(at):
        return
    signs = np.zeros(len(kinds), np.bool_)
    signs[at] = True
    for _ in range(2):  # a sign read as a letter lets the one beside it be read
        read = _read(codes, kinds, at, signs)
        now = at[read]
        codes[now], kinds[now], signs[now] = table.leet[codes[now]], LETTER, False
        at = at[~read]


def _read(codes: Codes, kinds: Kinds, at: Places, signs: Mask) -> Mask:
    """Say which signs have such letters beside them that they are to be read as letters."""
    # What lies two or three before counts only where a letter lies one before: never off the edge.
    second, third = (np.minimum(at + by, len(kinds) - 1) for by in (2, 3))
    left, right = kinds[at - 1] == LETTER, kinds[at + 1] == LETTER
    two_left, two_right = kinds[at - 2] == LETTER, kinds[second] == LETTER
    inside = left & right
    first_of_two = left & signs[at + 1] & two_right
    last_of_two = right & signs[at - 1] & two_left
    opens = (kinds[at - 1] == APART) & right & two_right & (kinds[third] == LETTER)
    shuts = (kinds[at + 1] == APART) & left & two_left & (kinds[at - 3] == LETTER)
    plain = np.minimum(codes[at], _ASCII - 1)
    opens &= _LEADING_LEET[plain]
    shuts &= _TRAILING_LEET[plain]
    read: Mask = inside | first_of_two | last_of_two | opens | shuts
    return read


def _keep_stars(kinds: Kinds) -> None:
    """Keep stars between letters (``d*mn``) as part of the word; others part words."""
    at = np.flatnonzero(kinds == STAR)
    if not len(at):
        return
    opens = at[kinds[at - 1] != STAR]
    shuts = at[kinds[at + 1] != STAR]
    inside = (kinds[opens - 1] == LETTER) & (kinds[shuts + 1] == LETTER)
    for first, last in zip(opens[~inside], shuts[~inside], strict=True):
        kinds[first : last + 1] = APART


def _drop_addresses(codes: Codes, kinds: Kinds) -> None:
    """Take ``@names`` and web addresses out: to the next space, or the message's end."""
    names = np.flatnonzero(codes == ord("@"))
    names = names[(kinds[names - 1] == APART) & (kinds[names + 1] > APART)]
    at = np.concatenate([names, *(_heads(codes, kinds, head) for head in _ADDRESS_HEADS)])
    if not len(at):
        return
    spaces = np.flatnonzero((codes == SPACE) | (codes == END))
    ends = spaces[np.searchsorted(spaces, at)]
    for first, end in zip(at, ends, strict=True):
        kinds[first:end] = APART


def _heads(codes: Codes, kinds: Kinds, head: str) -> Places:
    """Find where words begin with ``head``."""
    wanted = [ord(char) for char in head]
    at: Places = np.flatnonzero((codes[:-1] == wanted[0]) & (codes[1:] == wanted[1]))
    at = at[kinds[at - 1] == APART]
    for step, code in enumerate(wanted[2:], start=2):
        at = at[at + step < len(codes)]
        at = at[codes[at + step] == code]
    return at


def _spacing(codes: Codes, kinds: Kinds) -> Places:
    """Find what parts single letters, three or more of them in a row, one place between each."""
    word = kinds != APART
    at = np.flatnonzero((kinds == LETTER) & ~_before(word) & ~_after(word))
    linked = (np.diff(at) == 2) & (codes[at[:-1] + 1] != END)
    in_run = linked & (_before(linked) | _after(linked))
    found: Places = at[:-1][in_run] + 1
    return found


def _repeats(codes: Codes, kinds: Kinds) -> Places:
    """Find all but the first (vowels) or the first two (others) of a letter that is repeated."""
    same = codes[1:] == codes[:-1]
    at = np.flatnonzero(same[1:] & same[:-1] & (kinds[2:] == LETTER)) + 2
    found: Places = np.union1d(at, at[_VOWELS[np.minimum(codes[at], _ASCII - 1)]] - 1)
    return found


def _bound(folded: _Folded, spacing: Places, repeats: Places) -> Stream:
    """Find the words, and where each stands in the text as written."""
    codes, kinds, closes = folded.codes, folded.kinds, folded.closes
    word = kinds != APART
    word[spacing] = True
    symbol = kinds == SYMBOL
    if symbol.any():
        plain = word & ~symbol
        starts = np.flatnonzero((plain & ~_before(plain)) | symbol)
        ends = np.flatnonzero((plain & ~_after(plain)) | symbol) + 1
    else:
        edges = np.flatnonzero(word[1:] != word[:-1]) + 1
        starts, ends = edges[::2], edges[1::2]
    words = np.diff(np.searchsorted(starts, closes), prepend=0)
    gone = np.union1d(spacing, repeats)
    kept = np.ones(len(codes), np.bool_)
    kept[gone] = False
    return Stream(
        codes=codes[kept],
        closes=closes - _before_each(closes, gone),
        starts=starts - _before_each(starts, gone),
        ends=ends - _before_each(ends, gone),
        message=np.repeat(np.arange(len(closes)), words),
        first_byte=_byte(folded, _point(folded, starts)),
        end_byte=_byte(folded, _point(folded, ends - 1) + 1),
        written=folded.written,
    )


def _point(folded: _Folded, places: Places) -> Places:
    """Give the places, among the points as written, of folded codes."""
    at = folded.dropped - np.arange(len(folded.dropped)) - 1
    return places + _before_each(places, at)


def _byte(folded: _Folded, points: Places) -> Places:
    """Give the byte each point as written begins with."""
    return points + _before_each(points, folded.wide, folded.more)
