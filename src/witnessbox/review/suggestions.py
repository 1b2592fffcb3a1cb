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
from witnessbox.screening.alike import Neighbours, alike
from witnessbox.screening.learning import Coded
from witnessbox.screening.learning_store import Named, ready
from witnessbox.screening.normalise import Places

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
    among, at = np.unique(text[others], return_index=True)
    first = others[at]
    return tuple(
        Suggestion(name, named.conversation(other), share, words.of(name))
        for like, share in alike(named.matter.material.rows, int(text[place]), among)[:MOST]
        for other in [int(first[np.searchsorted(among, like)])]
        for name in [str(named.message[other])]
    )


def every(folder: Folder, ledger: Ledger) -> Iterator[Suggested]:
    """Name the messages nobody coded that are alike to one that was found relevant."""
    named, stands = ready(folder), standing(folder, ledger)
    coded = coded_of(stands, named.find)
    read = {one.message for one in coded}
    text, rows = named.matter.material.text, named.matter.material.rows
    relevant = [one for one in coded if one.relevant]
    neighbours = Neighbours(rows, text[np.array([one.message for one in relevant], np.int64)])
    taken = np.zeros(rows.texts, np.bool_)
    places = _Places(text)
    for one in relevant:
        like, its = str(named.message[one.message]), int(text[one.message])
        for other, share in neighbours.of(its, taken):
            taken[other] = True
            for place in places.of(other):
                if place not in read:
                    yield Suggested(
                        str(named.message[place]),
                        named.conversation(place),
                        int(named.position[place]),
                        share,
                        like,
                        tuple(name for name, _ in one.categories),
                    )


class _Places:
    """Finds the messages that say a text."""

    def __init__(self, text: Places) -> None:
        self._order = np.argsort(text, kind="stable")
        self._text = text[self._order]

    def of(self, text: int) -> list[int]:
        first, last = np.searchsorted(self._text, [text, text + 1])
        return [int(place) for place in self._order[first:last]]
