"""The words of screening: category, entry, hit, score, batch.

A *score* is between 0 and 1 and orders reading; it decides nothing about a person or a message.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Category(StrEnum):
    """What sort of abuse a message may hold.  ``ABUSE`` is any of them, or one without a name."""

    ABUSE = "abuse"
    RACISM = "racism"
    MISOGYNY = "misogyny"
    HOMOPHOBIA_TRANSPHOBIA = "homophobia-transphobia"
    ABLEISM = "ableism"
    ANTISEMITISM = "antisemitism"
    ISLAMOPHOBIA = "islamophobia"
    SEXUAL_VIOLENCE = "sexual-violence"
    DOMESTIC_ABUSE = "domestic-abuse"
    BULLYING_THREAT = "bullying-threat"


CATEGORIES = tuple(Category)


class EntryKind(StrEnum):
    """What a lexicon entry says about a message that holds it."""

    ABUSIVE = "abusive"  # a slur, an insult or a phrase that is abuse in most uses
    GROUP = "group"  # names who or what is spoken of; no abuse by itself
    COARSE = "coarse"  # swearing; explains a score, names no category


class Source(StrEnum):
    """What made a score."""

    LEXICON = "lexicon"  # an entry names the category; the classifier says how likely abuse is
    CLASSIFIER = "classifier"
    ENCODER = "encoder"  # both passes, put together


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of one lexicon entry, and where it comes from."""

    form: str
    category: Category
    kind: EntryKind
    severity: int  # 0 (names a group) to 3 (severe)
    source: str
    licence: str


SCORED = pa.schema(
    [
        ("text", pa.int64()),  # which of the texts given
        ("category", pa.dictionary(pa.int32(), pa.string())),
        ("score", pa.float32()),
        ("severity", pa.int8()),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("reasons", pa.list_(pa.string())),
    ]
)
"""What ``scoring.score_texts`` gives: one row a text and category, by text, ``ABUSE`` first."""
