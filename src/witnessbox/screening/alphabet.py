"""What each character counts as when words are looked for.  Tables only; made once, on first use.

A character folds to one character or to nothing, never to more, so that every place in a cleaned
text is a place in the text as written.  The look-alikes are the few letters of Cyrillic and Greek
that pass for Latin ones in the common typefaces (after Unicode TR 39, "confusables").
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

SPACE = 32
END = 10
"""Closes a message in a stream; the written line ends are spaces there."""

LETTER, DIGIT, STAR, SYMBOL, APART, LEET_MARK = 1, 2, 3, 4, 0, 5
"""Classes: ``SYMBOL`` is a pictograph, a word by itself; ``LEET_MARK`` may stand for a letter."""

_SIZE = 0x20000
_PICTOGRAPHS = ((0x2190, 0x21FF), (0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF))
_FURTHER_PICTOGRAPHS = ((0x1F000, 0x1F0FF), (0x1F18E, 0x1F1AD), (0x1F1E6, 0x1FAFF))
_LOOKED_AT = ((0, 0x2E80), (0xF900, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F18E))
_APOSTROPHES = "'’‘ʼ`´"
_LEET = dict(zip("01345679$@!|€", "oieasgtgsaiie", strict=True))
_LOOK_ALIKES = dict(
    zip("аеорсухіјѕһԁԛԝвкмнтαεορυικνχ", "aeopcyxijshdqwbkmhtaeopuiknx", strict=True)
)
_MEANT = (
    "🐒🐵🙈🙉🙊🦍🦧",
    "🐷🐖🐽",
    "🐶🐕",
    "🐀🐁🐭",
    "🔪🗡⚔🪓🔫💣🧨",
    "💀☠⚰⚱",
    "🤮🤢",
    "😡🤬😠👿😤",
    "😂🤣😆😹",
    "❤🧡💛💚💙💜🖤🤍🤎💕💖💗💓💞💘😍🥰",
    "👩👧🙍💃👸👵🚺♀",
    "👨👦👴🚹♂",
    "☪🕌🧕👳",
    "✡🕎",
    "♿🦽🦼",
    "🚫❌⛔",
    "🏻🏼",
    "🏿🏾🏽",
)
"""Pictographs that mean the same to a reader; the first stands for all."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Tables indexed by code point; code points past the tables are letters that fold to one."""

    fold: npt.NDArray[np.uint32]  # 0: nothing is left of it
    kind: npt.NDArray[np.uint8]
    leet: npt.NDArray[np.uint32]  # the letter it may stand for, else 0
    look_alike: npt.NDArray[np.uint32]  # the Latin letter it passes for, else 0
    plain_fold: bytes  # the same for ASCII, as bytes.translate takes it
    plain_kind: bytes  # of codes already folded
    plain_dropped: bytes  # what folds to nothing
    plain_gone: bytes  # 1 for those, 0 for all others

    @property
    def last(self) -> int:
        """Give the last code point the tables know."""
        return len(self.fold) - 1


def _fold_one(char: str) -> str:
    """Fold one character to its plain lower-case base, or to nothing."""
    if char in _APOSTROPHES:
        return ""
    base = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    base = next((c for c in base if not unicodedata.category(c).startswith("M")), "")
    if not base or unicodedata.category(char) in {"Cf", "Mn", "Me", "Mc"}:
        return ""
    return base


def _class_of(folded: str) -> int:
    if folded == "*":
        return STAR
    if folded in _LEET and not folded.isdigit():
        return LEET_MARK
    if folded.isdigit():
        return DIGIT
    return LETTER if folded.isalpha() else APART


@cache
def alphabet() -> Alphabet:
    """Build the tables, about 30 ms."""
    fold = np.arange(_SIZE, dtype=np.uint32)
    kind = np.full(_SIZE, LETTER, dtype=np.uint8)
    for first, end in _LOOKED_AT:
        for point in range(first, end):
            folded = _fold_one(chr(point))
            kind[point] = _class_of(folded) if folded else APART
            fold[point] = ord(folded) if folded else 0
            if folded.isspace() or (not folded.isprintable() and folded):
                fold[point] = SPACE
    for first, last in (*_PICTOGRAPHS, *_FURTHER_PICTOGRAPHS):
        fold[first : last + 1] = np.arange(first, last + 1)
        kind[first : last + 1] = SYMBOL
    for meant in _MEANT:
        fold[[ord(char) for char in meant]] = ord(meant[0])
    fold[0x3000:0x3003] = SPACE
    kind[0x3000:0x3003] = APART
    fold[0xD800:0xE000] = SPACE
    fold[0xFE00:0xFE10] = 0
    return Alphabet(
        fold,
        kind,
        _letters(_LEET),
        _letters(_LOOK_ALIKES),
        plain_fold=fold[:256].astype(np.uint8).tobytes(),
        plain_kind=kind[:256].tobytes(),
        plain_gone=(fold[:256] == 0).astype(np.uint8).tobytes(),
        plain_dropped=np.flatnonzero(fold[:128] == 0).astype(np.uint8).tobytes(),
    )


def _letters(pairs: dict[str, str]) -> npt.NDArray[np.uint32]:
    table = np.zeros(_SIZE, dtype=np.uint32)
    for char, letter in pairs.items():
        table[ord(char)] = ord(letter)
    return table
