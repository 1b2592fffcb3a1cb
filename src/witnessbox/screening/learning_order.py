"""Which messages come next: the learner's order, cut into a batch.  Pure.

A batch is mixed out of three sources, and its reader is not told which message came from which:

- *learned*: the best by what was coded, a share of them by turns from the single categories, rarest
  first, so that a rare one is not crowded out by a common one;
- *explored*: drawn evenly from all that is unread, so that what the learner does not know of has a
  way in;
- *control*: of a sample drawn evenly before anything was ranked.  Its messages are never ranked and
  never learned from; they say how good the order is.

No two of a batch say just the same: the others wait until this one is coded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from witnessbox.screening.context import Floats
from witnessbox.screening.learning import ANY
from witnessbox.screening.normalise import Places

Mask = npt.NDArray[np.bool_]


class Source(StrEnum):
    """How a message came into a batch."""

    LEARNED = "learned"
    EXPLORED = "explored"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a batch is made of; shares are of the whole batch, the rest is by relevance alone."""

    messages: int = 100
    explored: float = 0.05
    control: float = 0.05
    by_category: float = 0.25


@dataclass(frozen=True, slots=True)
class Pool:
    """The messages that may come next, and each question's margins for them."""

    message: Places
    margins: Mapping[str, Floats]

    @property
    def priority(self) -> Floats:
        """Give the margin of being relevant at all."""
        return self.margins[ANY]


@dataclass(frozen=True, slots=True)
class Picked:
    """A batch: messages, how each came in, which question put it there, and its margin."""

    message: Places
    source: tuple[Source, ...]
    question: tuple[str, ...]
    margin: Floats  # of the question; for messages that were not ranked, NaN


def best(margin: Floats, free: Mask, count: int) -> Places:
    """Give the places of the ``count`` highest free margins, highest first; ties by place."""
    open_ = np.flatnonzero(free)
    if count <= 0 or not len(open_):
        return open_[:0]
    values = margin[open_]
    if count < len(open_):
        least = np.partition(values, len(values) - count)[len(values) - count]
        # All that tie with the last one stay in, so that the cut does not depend on the sorting.
        kept = np.flatnonzero(values >= least)
        open_, values = open_[kept], values[kept]
    order = np.lexsort((open_, -values))
    return open_[order[:count]]


def pick(
    pool: Pool,
    texts: Places,
    unread: Mask,
    control: Places,
    mixture: Mixture,
    seed: tuple[int, int],
) -> Picked:
    """Put a batch together.

    ``texts`` and ``unread`` are of all messages: what each says, and whether it may be given out
    and ranked.  ``control`` are the control messages still to be read, in the order of their draw.
    ``seed`` is the operation's and the round's number.
    """
    taken, size = _Taken(texts), mixture.messages
    drawn = control[: _share(mixture.control, size)]
    lots = _by_lot(unread, _share(mixture.explored, size), taken, seed)
    free = unread[pool.message]
    room = size - len(drawn) - len(lots)
    turns = _by_turns(pool, free, taken, int(mixture.by_category * room))
    room -= len(turns)
    ranked = best(pool.priority, free, _DEEP * size)
    first = [at for at in ranked if taken.take(int(pool.message[at]))] if room else []
    return _made(
        [
            *((int(message), Source.CONTROL, ANY, np.nan) for message in drawn),
            *((message, Source.EXPLORED, ANY, np.nan) for message in lots),
            *turns,
            *(_learned(pool, ANY, at) for at in first[:room]),
        ]
    )


_DEEP = 40
"""How many batches deep the order is looked through for messages that do not repeat others."""

_One = tuple[int, Source, str, float]


def _learned(pool: Pool, question: str, at: int) -> _One:
    return int(pool.message[at]), Source.LEARNED, question, float(pool.margins[question][at])


def _by_turns(pool: Pool, free: Mask, taken: "_Taken", turns: int) -> list[_One]:
    """Let the single categories choose by turns, the one with the fewest likely messages first."""
    names = sorted(
        (name for name in pool.margins if name != ANY),
        key=lambda name: (int((pool.margins[name] > 0).sum()), name),
    )
    waiting = {name: iter(best(pool.margins[name], free, _DEEP * turns)) for name in names}
    found: list[_One] = []
    while waiting and len(found) < turns:
        for name in list(waiting)[: turns - len(found)]:
            at = next((at for at in waiting[name] if taken.take(int(pool.message[at]))), None)
            if at is None:
                del waiting[name]
            else:
                found.append(_learned(pool, name, at))
    return found


class _Taken:
    """What a batch holds already, by message and by what it says."""

    def __init__(self, texts: Places) -> None:
        self._texts = texts
        self._said: set[int] = set()

    def take(self, message: int) -> bool:
        said = int(self._texts[message])
        if said in self._said:
            return False
        self._said.add(said)
        return True


def _share(share: float, whole: int) -> int:
    return round(share * whole)


def _by_lot(unread: Mask, count: int, taken: _Taken, seed: tuple[int, int]) -> list[int]:
    """Draw evenly from the unread; each draw is another message, none says what another says."""
    chance = np.random.default_rng(seed)
    left = int(np.count_nonzero(unread))
    found: list[int] = []
    if not left or not count:
        return found
    if left < 64 * count:
        candidates = chance.permutation(np.flatnonzero(unread))
    else:
        # Where few are wanted of many, drawing and looking is far cheaper than listing them all.
        tries = 64 * count * max(len(unread) // left, 1)
        candidates = chance.integers(0, len(unread), tries)
        candidates = candidates[unread[candidates]]
    for message in candidates:
        if len(found) == count:
            break
        if taken.take(int(message)):
            found.append(int(message))
    return found


def _made(picked: list[_One]) -> Picked:
    return Picked(
        np.array([one[0] for one in picked], np.int64),
        tuple(one[1] for one in picked),
        tuple(one[2] for one in picked),
        np.array([one[3] for one in picked], np.float32),
    )
