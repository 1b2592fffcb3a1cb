"""What a row without words says of its file: that it was a picture, a film, a sticker.

One phone names the file, the next says what it left out, a third leaves out only "media".  Two
rows that name different sorts are two messages; one that names none can be any.
"""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.whatsapp.wordings import wordings
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.order import Ints

SORTS = ("image", "video", "audio", "sticker", "document")
"""What names tell apart; a moving picture (GIF) is a video to some phones."""
_BEGINNINGS = {
    "img": "image", "photo": "image", "vid": "video", "video": "video", "ptt": "audio",
    "aud": "audio", "audio": "audio", "stk": "sticker", "sticker": "sticker", "doc": "document",
    "document": "document",
}  # fmt: skip
_NAMED = rf"^(?:<[^:<>]{{1,24}}: ?)?(?:\d+-)?(?P<beginning>{'|'.join(_BEGINNINGS)})-\d{{4}}"


def sorts_of_files(texts: Any, word: Ints) -> Ints:
    """Give each row's place in ``SORTS``, −1 where none is told; ``texts`` are folded, by code."""
    used = np.unique(word[word >= 0])
    words = texts.take(pa.array(used))
    beginning = pc.struct_field(pc.extract_regex(words, _NAMED), "beginning")
    named = _places(beginning, list(_BEGINNINGS), list(_BEGINNINGS.values()))
    left_out = _places(words, *_phrases())
    table = np.full(len(texts) + 1, -1, np.int64)  # one more, for "no words"
    table[used] = np.maximum(named, left_out)
    return table[word]


def _places(words: Any, known: list[str], sorts: list[str]) -> Ints:
    found = pc.index_in(words, value_set=pa.array(known, pa.string()))
    at = np.asarray(pc.fill_null(found, len(known)).to_numpy(zero_copy_only=False), np.int64)
    return np.array([SORTS.index(sort) for sort in sorts] + [-1], np.int64)[at]


@cache
def _phrases() -> tuple[list[str], list[str]]:
    """Give what exports write in the place of files, and the sorts it means."""
    told = {fold_word(phrase): sort for phrase, sort in wordings().omitted.items() if sort in SORTS}
    return list(told), list(told.values())
