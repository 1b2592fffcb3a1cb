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

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_VOWELS = np.array([ord(c) for c in "aeiou"], dtype=np.uint32)
_LEADING_LEET = np.array([ord(c) for c in "1345$"], dtype=np.uint32)
_TRAILING_LEET = np.array([ord(c) for c in "035$"], dtype=np.uint32)
_REACH = 3
"""How far to either side of a sign letters are looked for."""
_ADDRESS_HEADS = ("http", "www.")


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages cleaned and laid end to end.

    ``codes`` begins with ``END`` and every message closes with one; words are parted by one
    ``SPACE``.  ``word`` says which codes are part of a word; a pictograph is a word by itself.
    ``starts`` and ``ends`` bound the words; ``message`` names the message each word is of.
    ``first_byte`` and ``end_byte`` bound each word in ``written``, the UTF-8 as written.
    """

    codes: Codes
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


def clean(texts: pa.StringArray) -> Stream:
    """Clean a column of texts; a null counts as an empty text."""
    table = alphabet()
    written, points, closes = _written(texts)
    known = np.minimum(points, table.last)
    codes = np.where(points > table.last, points, table.fold[known])
    codes[closes] = END
    codes[0] = END
    kept = np.flatnonzero(codes)
    codes = codes[kept]
    kinds = table.kind[np.minimum(codes, table.last)]
    kinds[(codes == SPACE) | (codes == END)] = APART
    _unmask(codes, kinds, table)
    for _ in range(2):  # a sign read as a letter lets the one beside it be read
        _unleet(codes, kinds, table)
    _keep_stars(kinds)
    _drop_addresses(codes, kinds)
    word = (kinds > APART) & (kinds < LEET_MARK)
    codes[~word & (codes != END)] = SPACE
    gone = _spacing(codes, kinds, word) | _repeats(codes, kinds)
    codes, kinds, kept = codes[~gone], kinds[~gone], kept[~gone]
    apart = (codes == SPACE) | (codes == END)
    gone = (codes == SPACE) & (_before(apart) | _after(codes == END))
    codes, kinds, kept = codes[~gone], kinds[~gone], kept[~gone]
    return _bound(codes, kinds, kept, points, written)


def _written(texts: pa.StringArray) -> tuple[npt.NDArray[np.uint8], Codes, Places]:
    """Give the UTF-8 with an END after each text, its code points after one END, and the ENDs."""
    closed = pc.binary_join_element_wise(pc.fill_null(texts, ""), "", "\n")
    offsets = np.frombuffer(closed.buffers()[1], np.int32)[closed.offset :][: len(closed) + 1]
    data = closed.buffers()[2]
    raw = b"\n" + (data.to_pybytes()[offsets[0] : offsets[-1]] if data is not None else b"")
    points = np.frombuffer(raw.decode().encode("utf-32-le"), np.uint32)
    closes = np.cumsum(pc.utf8_length(closed).to_numpy(zero_copy_only=False).astype(np.int64))
    return np.frombuffer(raw, np.uint8), points, closes


def _before(mask: Mask, by: int = 1) -> Mask:
    """Say of each place whether the mask holds ``by`` places before it."""
    moved = np.zeros_like(mask)
    moved[by:] = mask[:-by]
    return moved


def _after(mask: Mask, by: int = 1) -> Mask:
    """Say of each place whether the mask holds ``by`` places after it."""
    moved = np.zeros_like(mask)
    moved[:-by] = mask[by:]
    return moved


def _unmask(codes: Codes, kinds: npt.NDArray[np.uint8], table: Alphabet) -> None:
    """Read look-alikes as Latin letters, in words that hold a plain Latin letter too."""
    alike = table.look_alike[np.minimum(codes, table.last)]
    at = np.flatnonzero(alike)
    if not len(at):
        return
    word = np.cumsum(kinds == APART)
    latin = np.zeros(int(word[-1]) + 1, dtype=bool)
    latin[word[(codes >= ord("a")) & (codes <= ord("z"))]] = True
    at = at[latin[word[at]]]
    codes[at] = alike[at]


def _unleet(codes: Codes, kinds: npt.NDArray[np.uint8], table: Alphabet) -> None:
    """Read digits and signs as the letters they stand for, where letters stand beside them."""
    at = np.flatnonzero((kinds == DIGIT) | (kinds == LEET_MARK))
    at = at[table.leet[np.minimum(codes[at], table.last)] > 0]
    if not len(at):
        return
    beside = np.pad(kinds, _REACH)  # as if spaces stood around the stream
    letter, apart = beside == LETTER, beside == APART
    signs = np.zeros(len(beside), dtype=bool)
    here = at + _REACH
    signs[here] = True
    left, right = letter[here - 1], letter[here + 1]
    inside = left & right
    first_of_two = left & signs[here + 1] & letter[here + 2]
    last_of_two = right & signs[here - 1] & letter[here - 2]
    opens = apart[here - 1] & right & letter[here + 2] & letter[here + 3]
    shuts = apart[here + 1] & left & letter[here - 2] & letter[here - 3]
    opens &= np.isin(codes[at], _LEADING_LEET)
    shuts &= np.isin(codes[at], _TRAILING_LEET)
    at = at[inside | first_of_two | last_of_two | opens | shuts]
    codes[at] = table.leet[codes[at]]
    kinds[at] = LETTER


def _keep_stars(kinds: npt.NDArray[np.uint8]) -> None:
    """Keep stars between letters (``d*mn``) as part of the word; others part words."""
    at = np.flatnonzero(kinds == STAR)
    if not len(at):
        return
    opens = at[kinds[at - 1] != STAR]
    shuts = at[kinds[at + 1] != STAR]
    inside = (kinds[opens - 1] == LETTER) & (kinds[shuts + 1] == LETTER)
    for first, last in zip(opens[~inside], shuts[~inside], strict=True):
        kinds[first : last + 1] = APART


def _drop_addresses(codes: Codes, kinds: npt.NDArray[np.uint8]) -> None:
    """Take ``@names`` and web addresses out: to the next space, or the message's end."""
    apart = (codes == SPACE) | (codes == END)
    at = np.flatnonzero((codes == ord("@")) & _before(kinds == APART) & _after(kinds > APART))
    heads = [at, *(_heads(codes, kinds, head) for head in _ADDRESS_HEADS)]
    at = np.concatenate(heads)
    if not len(at):
        return
    spaces = np.flatnonzero(apart)
    ends = spaces[np.searchsorted(spaces, at)]
    for first, end in zip(at, ends, strict=True):
        kinds[first:end] = APART


def _heads(codes: Codes, kinds: npt.NDArray[np.uint8], head: str) -> Places:
    """Find where words begin with ``head``."""
    wanted = [ord(char) for char in head]
    at = np.flatnonzero((codes == wanted[0]) & _before(kinds == APART))
    for step, code in enumerate(wanted[1:], start=1):
        at = at[at + step < len(codes)]
        at = at[codes[at + step] == code]
    return at


def _spacing(codes: Codes, kinds: npt.NDArray[np.uint8], word: Mask) -> Mask:
    """Mark what parts single letters, three or more of them in a row, one place between each."""
    gone = np.zeros(len(codes), dtype=bool)
    at = np.flatnonzero((kinds == LETTER) & ~_before(word) & ~_after(word))
    if len(at) < 3:
        return gone
    linked = (np.diff(at) == 2) & (codes[at[:-1] + 1] != END)
    in_run = linked & (_before(linked) | _after(linked))
    gone[at[:-1][in_run] + 1] = True
    return gone


def _repeats(codes: Codes, kinds: npt.NDArray[np.uint8]) -> Mask:
    """Mark all but the first (vowels) or the first two (others) of a letter that is repeated."""
    gone = np.zeros(len(codes), dtype=bool)
    same = codes[1:] == codes[:-1]
    at = np.flatnonzero(same[1:] & same[:-1]) + 2
    at = at[kinds[at] == LETTER]
    gone[at] = True
    gone[at[np.isin(codes[at], _VOWELS)] - 1] = True
    return gone


def _bound(
    codes: Codes,
    kinds: npt.NDArray[np.uint8],
    kept: Places,
    points: Codes,
    written: npt.NDArray[np.uint8],
) -> Stream:
    """Find the words and where each stands in the text as written."""
    word = (kinds > APART) & (kinds < LEET_MARK) & (codes != SPACE)
    symbol = kinds == SYMBOL
    plain = word & ~symbol
    starts = np.flatnonzero((plain & ~_before(plain)) | symbol)
    ends = np.flatnonzero((plain & ~_after(plain)) | symbol) + 1
    closes = np.flatnonzero(codes == END)[1:]
    widths = 1 + (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
    byte = np.concatenate([[0], np.cumsum(widths)])
    return Stream(
        codes=codes,
        closes=closes,
        starts=starts,
        ends=ends,
        message=np.searchsorted(closes, starts),
        first_byte=byte[kept[starts]],
        end_byte=byte[kept[ends - 1] + 1],
        written=written,
    )
