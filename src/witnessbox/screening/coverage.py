"""How many messages are in which language, and in which of them no model has learned anything.

What a statement of recall has to say: a score is no reason to leave a message of such a language
unread.
"""

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.schema import SCORES
from witnessbox.evidence.tables import Tables
from witnessbox.screening import language
from witnessbox.screening.model import Category


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language, as messages are tagged, and how many scored messages are in it."""

    tag: str
    messages: int

    @property
    def name(self) -> str:
        """Give its name in English."""
        return language.name(self.tag)

    @property
    def has_model(self) -> bool:
        """Say whether a model has learned it."""
        return language.has_model(self.tag)


def languages(tables: Tables) -> tuple[Spoken, ...]:
    """Count the scored messages of every language, the most first."""
    found: Counter[str] = Counter()
    for shard in tables.shards(SCORES):
        rows = tables.read(SCORES, [shard], ["category", "language"])
        if "language" not in rows.column_names:
            continue  # scored before messages were tagged; due to be scored again
        # Every message has one score for abuse of any kind.
        once = rows.filter(pc.equal(rows["category"].cast(pa.string()), str(Category.ABUSE)))
        for one in pc.value_counts(once["language"].cast(pa.string()).combine_chunks()).to_pylist():
            found[one["values"] or language.UNDETERMINED] += one["counts"]
    return tuple(Spoken(*one) for one in sorted(found.items(), key=lambda one: (-one[1], one[0])))


def without_model(tables: Tables) -> int:
    """Count the scored messages in languages that no model has learned."""
    return sum(one.messages for one in languages(tables) if not one.has_model)
