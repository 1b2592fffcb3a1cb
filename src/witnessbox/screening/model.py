"""The words of screening: category, entry, hit, score, batch.

A *score* is between 0 and 1 and orders reading; it decides nothing about a person or a message.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

DECIDES_NOTHING = "Scores order the reading. They decide nothing about a message or a person."
"""Said on every page, and beside every output, that shows a score or an order made of scores."""


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
    INNOCENT = "innocent"  # a use that is no abuse: "fag break", "spick and span"
    RECLAIMED = "reclaimed"  # a use by those whom the word was made to hurt


class Source(StrEnum):
    """What made a score."""

    LEXICON = "lexicon"  # an entry names the category; the classifier says how likely abuse is
    CLASSIFIER = "classifier"
    ENCODER = "encoder"  # both passes, put together


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of one lexicon entry in one sense, and where it comes from."""

    form: str
    category: Category
    kind: EntryKind
    severity: int  # 1 (mild) to 3 (severe); 0 where the entry says nothing bad
    source: str
    licence: str
    sense: str = ""  # what the form means here, where it may mean several things
    reviewed: str = "no"  # or by whom and when


SCORED = pa.schema(
    [
        ("text", pa.int64()),  # which of the texts given
        ("category", pa.dictionary(pa.int32(), pa.string())),
        ("score", pa.float32()),
        ("severity", pa.int8()),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("language", pa.dictionary(pa.int32(), pa.string())),  # as in BCP 47; und: undetermined
        ("reasons", pa.list_(pa.string())),
    ]
)
"""What ``scoring.score_texts`` gives: one row a text and category, by text, ``ABUSE`` first."""
