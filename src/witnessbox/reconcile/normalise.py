"""Text folded for matching only; what anyone is shown stays as written.

Folding drops what phones and export layouts add or lose: case, accents, width, invisible marks,
runs of white space and the "edited" mark.  It works on whole columns, each distinct text once.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.reconcile.octets import needs_care
from witnessbox.reconcile.sorting import Ints

_MARKS, _VARIATIONS = range(0x0300, 0x0370), range(0xFE00, 0xFE10)
_SPACES = re.compile("  +")
_ASCII_SPACES = re.compile("[\0- \x7f]+")
_SHORT = 400  # characters; longer texts are folded anew each time, and not kept
_EDITED_MARK = r"\s*<[^<>]{4,60}>\s*$"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_POLL_HEAD = re.compile(r"[^\W\d_][^:：]{0,30}[:：]")
_POLL_OPTION = re.compile(r"[^\W\d_][^:：]{0,30}[:：]\s*\S")


def fold(texts: Any) -> Any:
    """Fold an Arrow array of strings, or one in chunks; null stays null.

    Most texts hold nothing that folding changes but the case of Latin letters.
    """
    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([fold(chunk) for chunk in texts.chunks], texts.type)
    plain = pc.ascii_trim(pc.ascii_lower(texts), " ")
    careful = needs_care(texts)
    if not careful.any():
        return plain
    chosen = pa.array(careful)
    folded = [
        _known(text) if len(text) < _SHORT else folded_with_care(text)
        for text in texts.filter(chosen).to_pylist()
    ]
    return pc.replace_with_mask(plain, chosen, pa.array(folded, texts.type))


class _Letters(dict[int, str | None]):
    """What becomes of each letter that has come apart: marks go, and all space is a plain space."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        sort = unicodedata.category(letter)
        if sort == "Cf" or code in _MARKS or code in _VARIATIONS:
            kept = None
        else:
            kept = " " if sort[0] == "Z" or sort == "Cc" else letter
        self[code] = kept
        return kept


_LETTERS = _Letters()


def folded_with_care(text: str) -> str:
    """Fold any text."""
    if text.isascii():
        return _ASCII_SPACES.sub(" ", text.lower()).strip(" ")
    bare = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", bare)).strip(" ")


_known = lru_cache(maxsize=1 << 15)(folded_with_care)
"""The next copy of a conversation holds the same texts."""


@lru_cache(maxsize=1 << 14)
def fold_word(text: str) -> str:
    """Fold one string."""
    return str(fold(pa.array([text], pa.string()))[0])


def folded_texts(texts: Any, polling: npt.NDArray[np.bool_], edited: npt.NDArray[np.bool_]) -> Any:
    """Fold messages: without the "edited" mark, and of polls the question only.

    Gives a dictionary array, so that equal texts have equal codes.
    """
    coded = flat(texts)
    folded = _fold_dictionary(coded)
    special = edited | polling
    if not special.any():
        return folded
    rows = np.flatnonzero(special)
    plain = coded.take(pa.array(rows)).cast(pa.string())
    plain = pc.replace_substring_regex(plain, _EDITED_MARK, "")
    polls = polling[rows]
    asked = [poll_question(text or "") for text in plain.filter(pa.array(polls)).to_pylist()]
    plain = pc.replace_with_mask(plain, pa.array(polls), pa.array(asked, pa.string()))
    whole = pc.replace_with_mask(folded.cast(pa.string()), pa.array(special), fold(plain))
    return whole.dictionary_encode()


@lru_cache(maxsize=1 << 14)
def poll_question(text: str) -> str:
    """Take the question out of a poll's text, whatever wrote it.

    A text export puts a word for "poll" over it and one for "option" before each option, both with
    a colon; what is kept in a database begins with the question.
    """
    lines = [bare for line in text.split("\n") if (bare := _INVISIBLE.sub("", line).strip())]
    headed = len(lines) > 1 and _POLL_HEAD.fullmatch(lines[0]) is not None
    listed = all(_POLL_OPTION.match(line) for line in lines[2:])
    return lines[1] if headed and listed else lines[0] if lines else ""


def flat(texts: Any) -> Any:
    """Give a column of strings as one dictionary array."""
    merged = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if isinstance(merged, pa.ChunkedArray):  # no chunk at all, or too large for one
        merged = pa.concat_arrays(merged.chunks) if merged.num_chunks else pa.array([], pa.string())
    return merged if pa.types.is_dictionary(merged.type) else merged.dictionary_encode()


def _fold_dictionary(coded: Any) -> Any:
    """Fold each distinct text once and give equal folded texts one code."""
    words = fold(coded.dictionary).dictionary_encode()
    codes = words.indices.take(coded.indices)
    return pa.DictionaryArray.from_arrays(codes, words.dictionary, safe=False)


def codes_of(column: Any) -> Ints:
    """Give a dictionary column's codes, −1 for null."""
    return np.asarray(pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False), np.int64)
