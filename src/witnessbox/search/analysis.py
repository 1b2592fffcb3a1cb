"""How texts and queries are cut into terms: one way for both, or nothing would be found.

Words are folded (case, accents, width).  Scripts without spaces between words (Chinese, Japanese,
Thai, Lao, Khmer, Burmese) and emoji are cut into pairs of neighbouring characters, so that two
characters next to one another can be found wherever they stand.
"""

import re
from dataclasses import dataclass

import tantivy

from witnessbox.reconcile.normalise import fold_word

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
EMOJI = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
RUNS = f"[{UNSPACED}{EMOJI}]+"
_RUN = re.compile(RUNS)
_DROPPED = re.compile(
    "[\u0300-\u036f\ufe00-\ufe0f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_ACCENT = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")


def analyzer() -> tantivy.TextAnalyzer:
    """Give the cutter of words; the index uses the same."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


_ANALYZER = analyzer()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a piece of a query is looked up as: whole words in a row, and runs of pairs."""

    words: tuple[str, ...]
    runs: tuple[str, ...]


def terms(text: str) -> Terms:
    """Cut a piece of a query."""
    folded = fold_word(text)
    runs = tuple(_RUN.findall(folded))
    return Terms(tuple(_ANALYZER.analyze(_RUN.sub(" ", folded))), runs)


def grams(folded: str) -> str:
    """Cut the unspaced runs of a folded text into pairs, the last character by itself; by spaces.

    Runs are kept apart by a mark no query contains.
    """
    return " \x1f ".join(" ".join(pairs(run)) for run in _RUN.findall(folded))


def pairs(run: str) -> list[str]:
    """Give each character of a run with the next one, and the last one by itself."""
    return [run[i : i + 2] for i in range(len(run))]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or character of a text as written: its folded form, and where it stands."""

    folded: str
    start: int
    end: int


def pieces(text: str) -> list[Piece]:
    """Cut a text as written into folded words with their places."""
    bare, places = _bare(text)
    tokens = _ANALYZER.pre_tokenize(_RUN.sub(lambda run: " " * len(run.group()), bare)).tokens
    found: list[Piece] = []
    for token in tokens:
        start, end = token.char_offset_from, token.char_offset_to or token.char_offset_from
        words = _ANALYZER.analyze(fold_word(token.text))
        last = _with_accents(text, places[end - 1] + 1)
        found.extend(Piece(word, places[start], last) for word in words)
    return found


def characters(text: str) -> list[Piece]:
    """Cut a text as written into folded characters with their places."""
    bare, places = _bare(text)
    return [
        Piece(one, places[i], _with_accents(text, places[i] + 1))
        for i, character in enumerate(bare)
        for one in (fold_word(character) if not character.isascii() else character.lower())
    ]


def _with_accents(text: str, end: int) -> int:
    """Move an end behind the accents that stand by themselves there."""
    while end < len(text) and _ACCENT.match(text[end]):
        end += 1
    return end


def _bare(text: str) -> tuple[str, list[int]]:
    """Take invisible marks and accents that stand by themselves off; keep where the rest stood."""
    places = [i for i, character in enumerate(text) if not _DROPPED.match(character)]
    return "".join(text[i] for i in places), places
