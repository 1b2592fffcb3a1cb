"""What a copy lacks that others hold, and what one phone alone holds."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from witnessbox.reconcile.alignment import TEXT
from witnessbox.reconcile.model import Discrepancy
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.scene import Found, Scene
from witnessbox.reconcile.timers import Flags

_MOST_LINES = 20
"""More lines than this that one phone alone has are no forgery but copies that did not match."""


def lacking_and_alone(scene: Scene) -> Iterator[Found]:
    """Find what a copy lacks, and what one phone alone has.

    A phone's own exports are one witness.  A line of a text that at least two other phones cover
    and none has is told of the copy that has it, where such lines are more than the other phones'
    losses explain: it is more likely put in than lost everywhere else.
    """
    quoted, holding = scene.woven.quoted, scene.holding
    single = (holding == 1) & (scene.others > 1) & ~scene.notice
    single &= scene.laid.rows.platform_id[quoted] < 0
    by_loss = _lost_elsewhere(scene.holds, scene.covers, ~scene.notice)
    doubted = _doubted(single, scene.holds, by_loss)
    for copy, window in enumerate(scene.windows):
        lacking = window.asked & ~scene.held[copy] & ~scene.notice & ~doubted
        again = scene.holds[scene.phones[copy]]
        cases = 2 * (holding - again) + again
        for case in np.unique(cases[lacking]).tolist():
            here = np.flatnonzero(lacking & (cases == case))
            who = _holders(case // 2, again=bool(case % 2))
            sentence = f"{who} this message inside the window of this copy, which does not"
            yield Found(Discrepancy.MISSING, sentence, copy, here, quoted[here])
    alone = np.flatnonzero((holding == 1) & (scene.others > 0) & _inserted(scene))
    yield from _only_here(scene, alone)


def _holders(others: int, *, again: bool) -> str:
    """Say who holds what a copy lacks; ``again``: another export of its own phone."""
    phones = "one other phone" if others == 1 else f"{others} other phones"
    if not again:
        return f"{phones} {'holds' if others == 1 else 'hold'}"
    own = "another export of this phone"
    return f"{own} and {phones} hold" if others else f"{own} holds"


def _doubted(single: Flags, holds: Flags, by_loss: npt.NDArray[np.float64]) -> Flags:
    """Say which lines that one phone alone has the others' losses do not explain."""
    doubted = np.zeros(len(single), bool)
    for own, expected in zip(holds, by_loss.tolist(), strict=True):
        suspects = single & own
        found = int(suspects.sum())
        if found > 2 * expected and found - expected <= _MOST_LINES:
            doubted |= suspects
    return doubted


def _only_here(scene: Scene, alone: Ints) -> Iterator[Found]:
    """Tell of messages that one phone alone has."""
    quoted, others = scene.woven.quoted, scene.others
    copy = scene.laid.rows.copy[quoted[alone]]
    for many in np.unique(others[alone]).tolist():
        cover = "one other phone covers" if many == 1 else f"{many} other phones cover"
        sentence = f"only this phone holds this message; {cover} its time"
        for whose in np.unique(copy).tolist():
            here = alone[(others[alone] == many) & (copy == whose)]
            yield Found(Discrepancy.ONLY_HERE, sentence, whose, here, quoted[here])


def _inserted(scene: Scene) -> Flags:
    """Say which messages, if one phone alone holds them, stand there like a line put in.

    Their words are such as nobody says twice by chance (a short "ok" or a picture without its file
    may be there and not have been matched), and other phones hold what stands around them: a run
    that only one phone has tells of a window or a setting of the others.
    """
    rows = scene.laid.rows
    shared = scene.holding[scene.woven.position] > 1
    within = rows.copy[1:] == rows.copy[:-1]
    between = np.ones(len(shared), bool)
    between[1:] &= shared[:-1] | ~within
    between[:-1] &= shared[1:] | ~within
    telling = rows.telling & (rows.sort == TEXT)
    return np.asarray((between & telling)[scene.woven.quoted])


def _lost_elsewhere(holds: Flags, covers: Flags, asked: Flags) -> npt.NDArray[np.float64]:
    """Estimate how many of each phone's messages at least two others cover and all of them lost.

    How often a phone loses a message shows where at least two others hold it.
    """
    covering = covers | holds
    known = asked & covering & (holds.sum(axis=0) - holds > 1)
    lost = (known & ~holds).sum(axis=1)
    rate = (lost + 1) / (known.sum(axis=1) + 50)  # of few messages little is known
    chance = np.where(covering, np.log(rate)[:, np.newaxis], 0.0)
    several = covering.sum(axis=0) > 2
    elsewhere = np.exp(chance.sum(axis=0) - chance)
    return np.asarray((elsewhere * (holds & asked & several)).sum(axis=1))
