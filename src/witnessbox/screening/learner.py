"""The learner at work on one operation's messages: a pool from everything, a batch from the pool.

Weighing everything takes seconds where there are millions of messages, so it is done beside the
reading, and gives a *pool*: the most likely few thousand.  What was coded since is learned anew
within a second or two and put to work on the pool alone.  Pure: the same codings, messages and seed
give the same pool and the same batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from witnessbox.screening.context import (
    CodedSigns,
    Codings,
    Floats,
    Setting,
    learned_signs,
    reasons,
)
from witnessbox.screening.learning import (
    ANY,
    Coded,
    Material,
    Weights,
    learn,
    lessons,
    margins_of,
)
from witnessbox.screening.learning_order import Mask, Mixture, Picked, Pool, best, pick
from witnessbox.screening.normalise import Places
from witnessbox.screening.weighing import best_of_all

POOL = 20_000
"""Messages that are weighed anew when something was coded, of each question."""


@dataclass(frozen=True, slots=True)
class Matter:
    """An operation's messages as the learner sees them."""

    material: Material
    setting: Setting
    control: Places  # the control sample, in the order of its draw

    @property
    def messages(self) -> int:
        """Count the messages."""
        return self.material.messages


@dataclass(frozen=True, slots=True)
class Learned:
    """What the codings taught: each question's weights, and the codings as signs."""

    weights: tuple[Weights, ...]
    codings: Codings


def taught(matter: Matter, coded: Sequence[Coded]) -> Learned:
    """Learn from all that is coded but the control sample."""
    control = set(matter.control.tolist())
    seen = [one for one in coded if one.message not in control]
    codings = Codings(
        np.array([one.message for one in seen], np.int64),
        np.array([one.relevant / one.readers for one in seen], np.float32),
    )
    signs = learned_signs(matter.setting, codings, codings.message)
    weights = tuple(learn(lesson, matter.material, signs) for lesson in lessons(seen))
    return Learned(weights, codings)


def rankable(matter: Matter, coded: Sequence[Coded]) -> Mask:
    """Say which messages may be ranked: those nobody read, but for the control sample."""
    free = np.ones(matter.messages, np.bool_)
    free[matter.control] = False
    free[[one.message for one in coded]] = False
    return free


def pool_of(matter: Matter, coded: Sequence[Coded], learned: Learned, size: int = POOL) -> Places:
    """Weigh everything and give the messages that may come next: each question's best."""
    free = rankable(matter, coded)
    if not learned.weights:
        cold = matter.material.cold[matter.material.text, 0]
        return np.sort(best(cold, free, size))
    signs = CodedSigns(matter.setting, learned.codings)
    found = best_of_all(learned.weights, matter.material, signs, free, size)
    return np.unique(np.concatenate(found))


@dataclass(frozen=True, slots=True)
class Turn:
    """One batch's place in the reading: messages given out before, the round, and its mixture."""

    given: Places
    number: int
    seed: int
    mixture: Mixture


def batch_of(
    matter: Matter, coded: Sequence[Coded], learned: Learned, pool: Places, turn: Turn
) -> Picked:
    """Pick a batch from the pool by what was learned."""
    free = rankable(matter, coded)
    free[turn.given] = False
    weighed = {
        weights.question: _margins_of(matter, learned, weights, pool) for weights in learned.weights
    } or {ANY: _cold(matter, pool)}
    spent = np.concatenate([turn.given, np.array([one.message for one in coded], np.int64)])
    left = matter.control[~np.isin(matter.control, spent)]
    seed = (turn.seed, turn.number)
    return pick(Pool(pool, weighed), matter.material.text, free, left, turn.mixture, seed)


def margin_of_any(matter: Matter, learned: Learned, messages: Places) -> Floats:
    """Give the log-odds of being relevant for some messages, ranked or not."""
    for weights in learned.weights:
        if weights.question == ANY:
            return _margins_of(matter, learned, weights, messages)
    return _cold(matter, messages)


def _margins_of(matter: Matter, learned: Learned, weights: Weights, messages: Places) -> Floats:
    signs = learned_signs(matter.setting, learned.codings, messages)
    return margins_of(weights, matter.material, messages, signs)


def _cold(matter: Matter, messages: Places) -> Floats:
    cold: Floats = matter.material.cold[matter.material.text[messages], 0]
    return cold


def context_reasons(matter: Matter, learned: Learned, messages: Places) -> list[tuple[str, ...]]:
    """Say for each message which signs of its context speak for reading it."""
    signs = np.hstack(
        [
            matter.material.signs[messages],
            learned_signs(matter.setting, learned.codings, messages),
        ]
    )
    return [reasons(row) for row in signs]
