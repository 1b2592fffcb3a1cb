"""What a text says in words that a word-piece vocabulary knows.  Pure.

A vocabulary of word pieces holds hardly any pictograph, and one that is unknown says nothing; so
each is written out by its Unicode name ("🐒" as "monkey").  Everything else stays as written.
"""

import re
import unicodedata
from functools import cache

MOST_CHARACTERS = 600
"""Read of a text at most; more than the most word pieces an encoder here takes."""

_PICTOGRAPH = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\u00ad\U000e0000-\U000e007f]")
_SKIN = dict(
    zip(
        "🏻🏼🏽🏾🏿",
        ("light skin", "light skin", "tan skin", "brown skin", "black skin"),
        strict=True,
    )
)
_DULL = re.compile(r"\b(?:face|with|sign|symbol|black|white|heavy|regional indicator|letter)\b")


def in_words(text: str) -> str:
    """Write a text's pictographs out and leave away what nobody sees."""
    text = _UNSEEN.sub("", text[:MOST_CHARACTERS])
    return text if text.isascii() else _PICTOGRAPH.sub(lambda found: _name(found[0]), text)


@cache
def _name(pictograph: str) -> str:
    if pictograph in _SKIN:
        return f" {_SKIN[pictograph]} "
    name = unicodedata.name(pictograph, "").lower().replace("-", " ")
    return f" {' '.join(_DULL.sub(' ', name).split())} "
