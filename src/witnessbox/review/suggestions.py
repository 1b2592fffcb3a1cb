"""Suggestions: what one message was coded, said of others in nearly the same words.

A forward of a forward lies in five groups and on three phones.  Whoever codes one of them is not
taken to have coded the others: a suggestion is shown to their reader, and no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Coding, Standing
from witnessbox.review.record import standing
from witnessbox.review.rounds import coded_of
from witnessbox.screening.alike import alike
from witnessbox.screening.learning import Coded
from witnessbox.screening.learning_store import Named, ready

MOST = 5
"""So many are shown beside a message."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One coded message in nearly the same words, and what its readers said."""

    message: str
    conversation: str
    likeness: float  # 0 to 1
    codings: tuple[Coding, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A message nobody coded, and the coded one it is like."""

    message: str
    conversation: str
    position: int
    likeness: float
    like: str
    categories: tuple[str, ...]


def suggestions(
    named: Named, coded: Sequence[Coded], words: Standing, message: str
) -> tuple[Suggestion, ...]:
    """Give the coded messages in nearly the same words as this one, the likest first."""
    place = named.find(message)
    if place < 0:
        return ()
    text = named.matter.material.text
    others = np.array([one.message for one in coded if one.message != place], np.int64)
    first: dict[int, int] = {}
    for other in others:
        first.setdefault(int(text[other]), int(other))
    among = np.array(sorted(first), np.int64)
    found = alike(named.matter.material.rows, int(text[place]), among)
    return tuple(
        Suggestion(name, named.conversation(first[like]), share, words.of(name))
        for like, share in found[:MOST]
        for name in [str(named.message[first[like]])]
    )


def every(folder: Folder, ledger: Ledger) -> Iterator[Suggested]:
    """Name the messages nobody coded that are alike to one that was found relevant."""
    named, stands = ready(folder), standing(folder, ledger)
    coded = coded_of(stands, named.find)
    read = {one.message for one in coded}
    text, rows = named.matter.material.text, named.matter.material.rows
    texts = np.arange(rows.texts)
    suggested: set[int] = set()
    for one in coded:
        if not one.relevant:
            continue
        like = str(named.message[one.message])
        for other, share in alike(rows, int(text[one.message]), texts):
            for place in np.flatnonzero(text == other).tolist():
                if place not in read and place not in suggested:
                    suggested.add(place)
                    yield Suggested(
                        str(named.message[place]),
                        named.conversation(place),
                        int(named.position[place]),
                        share,
                        like,
                        tuple(name for name, _ in one.categories),
                    )
