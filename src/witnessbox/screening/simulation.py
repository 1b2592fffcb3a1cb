"""Reviews played through on messages whose codings are known: how much reading finds how much.

The learner is told what a reader of each message would say, batch after batch, just as in a real
review, and what was read when each share of the relevant messages was found is written down.  Pure:
the same messages, answers and seed give the same figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from witnessbox.screening.context import Floats, Setting
from witnessbox.screening.learner import Matter, Turn, batch_of, pool_of, taught
from witnessbox.screening.learning import Coded, Material
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.normalise import Places

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a simulated review goes on: batches grow with what is read, so that it ends in time."""

    mixture: Mixture
    growth: float = 0.05  # of what is read already, where that is more than the mixture's messages
    most: int = 2000
    until: float = 0.99  # of the relevant messages


@dataclass(frozen=True, slots=True)
class Played:
    """One review played through: the order of reading, and what was found along it."""

    order: Places
    relevant: npt.NDArray[np.bool_]  # along the order
    all_relevant: int

    def reads(self, share: float) -> int | None:
        """Say how many messages were read when this share was found; None where it never was."""
        found = np.cumsum(self.relevant)
        wanted = int(np.ceil(share * self.all_relevant))
        if not wanted or not len(found) or found[-1] < wanted:
            return None
        return int(np.searchsorted(found, wanted)) + 1

    def met(self, share: float) -> int | None:
        """Say how many relevant messages were read by then: what readers have to bear."""
        reads = self.reads(share)
        return None if reads is None else int(self.relevant[:reads].sum())


def play(matter: Matter, answers: Sequence[Coded], pace: Pace, seed: int) -> Played:
    """Play one review through; ``answers`` hold what each message would be coded, by place."""
    known = {one.message: one for one in answers}
    yes = np.zeros(matter.messages, np.bool_)
    yes[[one.message for one in answers if one.relevant]] = True
    order: list[int] = []
    coded: list[Coded] = []
    found, wanted = 0, int(np.ceil(pace.until * yes.sum()))
    for size in _sizes(pace, order):
        if found >= wanted or len(order) >= len(known):
            break
        learned = taught(matter, coded)
        pool = pool_of(matter, coded, learned, size=50 * size)
        turn = Turn(
            np.array(order, np.int64), len(order), seed, replace(pace.mixture, messages=size)
        )
        batch = batch_of(matter, coded, learned, pool, turn).message.tolist()
        if not batch:
            break
        order += batch
        coded += [known[message] for message in batch]
        found += int(yes[batch].sum())
    read = np.array(order, np.int64)
    return Played(read, yes[read], int(yes.sum()))


def _sizes(pace: Pace, order: list[int]) -> Iterator[int]:
    while True:
        yield min(max(pace.mixture.messages, int(pace.growth * len(order))), pace.most)


def alone(material: Material, control: Places) -> Matter:
    """Give messages that stand in no conversation: each by itself, by nobody."""
    count = material.messages
    none: Floats = np.zeros(count, np.float32)
    setting = Setting(
        conversation=np.arange(count),
        sender=np.full(count, -1),
        text=material.text,
        answers=np.full(count, -1),
        laughs=none,
        reactions=none,
        hour=np.full(count, -1, np.int8),
    )
    return Matter(material, setting, control)


def part_of(matter: Matter, places: Places) -> Matter:
    """Give only some of the messages, in their order, as if there were no others."""
    material, setting = matter.material, matter.setting
    new = np.full(matter.messages, -1)
    new[places] = np.arange(len(places))
    answers = setting.answers[places]
    return Matter(
        replace(material, text=material.text[places], signs=material.signs[places]),
        Setting(
            setting.conversation[places],
            setting.sender[places],
            setting.text[places],
            np.where(answers >= 0, new[np.maximum(answers, 0)], -1),
            setting.laughs[places],
            setting.reactions[places],
            setting.hour[places],
        ),
        np.array([], np.int64),
    )
