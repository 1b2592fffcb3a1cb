"""Text folded for matching only; what anyone is shown stays as written.

Folding drops what phones and export layouts add or lose: case, accents, width, invisible marks,
runs of white space and the "edited" mark.  It works on whole columns, each distinct text once.
"""

import re
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind

_DROPPED = r"[\x{0300}-\x{036F}\x{FE00}-\x{FE0F}\p{Cf}]+"
# A single plain space needs no change: to leave it alone is what makes this fast.
_SPACE = r"[\p{Z}\p{Cc}]{2,}|[\x{1680}\x{2028}\x{2029}\p{Cc}]"
_NOT_PLAIN = "[^ -~]|  "
_EDITED_MARK = r"\s*<[^<>]{4,60}>\s*$"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_POLL_HEAD = re.compile(r"[^\W\d_][^:：]{0,30}[:：]")
_POLL_OPTION = re.compile(r"[^\W\d_][^:：]{0,30}[:：]\s*\S")


def fold(texts: Any) -> Any:
    """Fold an Arrow array of strings; null stays null.

    Most texts are plain (printable ASCII, no runs of white space): of these only case is dropped.
    """
    special = pc.match_substring_regex(texts, _NOT_PLAIN)
    plain = pc.ascii_trim(pc.ascii_lower(texts), " ")
    if not pc.any(special).as_py():
        return plain
    chosen = pc.fill_null(special, fill_value=False)
    return pc.replace_with_mask(plain, chosen, _folded_with_care(texts.filter(chosen)))


def _folded_with_care(texts: Any) -> Any:
    folded = pc.utf8_lower(pc.utf8_normalize(texts, "NFKD"))
    folded = pc.replace_substring_regex(folded, _DROPPED, "")
    folded = pc.replace_substring_regex(folded, _SPACE, " ")
    return pc.utf8_trim(pc.utf8_normalize(folded, "NFC"), " ")


@lru_cache(maxsize=1 << 14)
def fold_word(text: str) -> str:
    """Fold one string."""
    return str(fold(pa.array([text], pa.string()))[0])


def folded_texts(texts: Any, kinds: npt.NDArray[Any], edited: npt.NDArray[np.bool_]) -> Any:
    """Fold messages: without the "edited" mark, and of polls the question only.

    Gives a dictionary array, so that equal texts have equal codes.
    """
    coded = flat(texts)
    folded = _fold_dictionary(coded)
    special = edited | (kinds == Kind.POLL)
    if not special.any():
        return folded
    rows = np.flatnonzero(special)
    plain = coded.take(pa.array(rows)).cast(pa.string())
    plain = pc.replace_substring_regex(plain, _EDITED_MARK, "")
    polls = kinds[rows] == Kind.POLL
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
    return pa.DictionaryArray.from_arrays(codes, words.dictionary)


def codes_of(column: Any) -> npt.NDArray[np.int64]:
    """Give a dictionary column's codes, −1 for null."""
    return np.asarray(pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False), np.int64)
