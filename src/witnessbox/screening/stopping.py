"""When may reading stop?  Bounds out of samples, and rules with a stated promise.  Pure.

Three rules, each with what it promises and under which assumption:

- the *sealed sample* (ours): a uniform sample of the messages nobody has read, whose codings the
  ranking does not see before their turn comes.  It bounds how many relevant messages were left when
  it was drawn (elusion test: exact, hypergeometric), and says, watched while reading goes on, when
  the target is reached.  The promise needs nothing but the draw.  More samples may be drawn: each
  has its own share of the permitted error, fixed beforehand, so that the chance that any of
  them misleads stays below the whole (union bound).
- the *quantile rule* (QBCB; Lewis, Yang and Frieder, CIKM 2021): a control sample drawn before
  ranking; reading may stop when so many of its relevant messages were reached in reading order.
- the *sequential test* (buscar; Callaghan and Müller-Hansen, Systematic Reviews 2020): what was
  read last is taken for a random draw of what was left.  It needs no sample; its promise holds
  where the order is no worse than random, and it looks at many p-values without correction.

A confidence of 0.95 is an *error* of 0.05: the share of reviews in which a statement may be wrong.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first asked for

TARGET_RECALL = 0.95
LEAST_TARGET, MOST_TARGET = 0.5, 0.999
"""What a target may be; no sample shows that all was found."""

ERROR = 0.05
_FIRST_SHARE = 0.8
"""Of the error that is left, what the next sample may spend: 0.8, then 0.16, 0.032 …"""

_ROUNDING = 1e-9
_EARLY_STARTS, _LATE_STARTS = 100, 200
"""The sequential test looks back to so many starts at most; fewer starts make it stop later."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A uniform sample that was read: from how many it was drawn, how many, how many relevant."""

    population: int
    drawn: int
    relevant: int

    def __post_init__(self) -> None:
        if not 0 <= self.relevant <= self.drawn <= self.population:
            raise ValueError(f"no sample is like this: {self}")


def at_most(sample: Drawn, error: float = ERROR) -> int:
    """Say how many relevant messages the population holds at most, those of the sample included.

    The largest number under which so few relevant ones in the sample had a chance above ``error``:
    exact, without replacement.
    """
    low, high = sample.relevant, sample.population - sample.drawn + sample.relevant
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most_chance(sample, middle) > error:
            low = middle
        else:
            high = middle - 1
    return low


def at_least(sample: Drawn, error: float = ERROR) -> int:
    """Say how many relevant messages the population holds at least; the mirror of ``at_most``."""
    irrelevant = Drawn(sample.population, sample.drawn, sample.drawn - sample.relevant)
    return sample.population - at_most(irrelevant, error)


def _at_most_chance(sample: Drawn, relevant: int) -> float:
    """Give the chance of this sample or one with fewer relevant, if so many there were."""
    return float(
        scipy.stats.hypergeom.cdf(sample.relevant, sample.population, relevant, sample.drawn)
    )


def at_most_in_strata(strata: Sequence[Drawn], error: float = ERROR) -> int:
    """Bound several parts together, each with an equal share of the error (union bound)."""
    return sum(at_most(one, error / len(strata)) for one in strata)


def share_between(hits: int, trials: int, error: float = ERROR) -> tuple[float, float]:
    """Give the exact interval of a share (Clopper and Pearson 1934); of no trials, 0 to 1."""
    low = 0.0 if hits == 0 else float(scipy.stats.beta.ppf(error / 2, hits, trials - hits + 1))
    high = (
        1.0
        if hits == trials
        else float(scipy.stats.beta.ppf(1 - error / 2, hits + 1, trials - hits))
    )
    return low, high


def error_of_draw(number: int, error: float = ERROR) -> float:
    """Say how much of the error the first, second … sample may spend; all together, ``error``.

    The shares are fixed whatever samples show; when to draw and how many may depend on all that was
    seen before, since each sample is right with its own chance whatever came before.
    """
    return error * _FIRST_SHARE * (1 - _FIRST_SHARE) ** (number - 1)


def missing_allowed(found: int, target: float = TARGET_RECALL) -> int:
    """Say how many may be missing beside so many found, for the recall to reach the target."""
    return math.floor(found * (1 - target) / target + _ROUNDING)


def recall(found: int, missing: float) -> float:
    """Give the share that was found; of nothing at all, 1."""
    return found / (found + missing) if found + missing else 1.0


def allowance(
    population: int, drawn: int, found: int, error: float = ERROR, target: float = TARGET_RECALL
) -> int:
    """Say how many unreached relevant messages a sealed sample may hold and reading stop; -1: none.

    ``found`` is all that was found, the sample's included.  Reading in an order that does not know
    the sample's codings may be watched message by message under one error: reading on only lowers
    the number unreached and raises what is found, so a rule that misleads at all misleads at the
    last moment before the target, which is one test.  (See the explanation of recall.)
    """
    missing = missing_allowed(found, target) + 1
    shown = -1
    while shown < drawn and missing + shown + 1 <= population:
        one = Drawn(population, drawn, shown + 1)
        if _at_most_chance(one, missing + shown + 1) > error:
            break
        shown += 1
    return shown


def quantile_needed(
    relevant: int, target: float = TARGET_RECALL, error: float = ERROR
) -> int | None:
    """Say how many of a control sample's relevant messages must be reached before reading stops.

    None where the sample holds too few for any promise (59 at 0.95 with an error of 0.05).
    """
    chances = scipy.stats.binom.sf(np.arange(relevant), relevant, target)
    enough = np.flatnonzero(chances <= error + _ROUNDING)
    return int(enough[0]) + 1 if len(enough) else None


def sequential_chance(
    relevant: Sequence[bool] | npt.NDArray[np.bool_],
    population: int,
    target: float = TARGET_RECALL,
) -> float:
    """Give the least p-value of "the recall is below the target", over starts in what was read.

    ``relevant`` says of each message in the order of reading whether it is relevant.
    """
    flags = np.asarray(relevant, np.bool_)
    places = np.flatnonzero(flags) + 1
    read, found = len(flags), len(places)
    if found == 0:
        return 1.0
    starts = np.r_[0, places]
    early, late = starts[:-_LATE_STARTS], starts[-_LATE_STARTS:]
    starts = np.r_[early[:: math.ceil((len(early) + 1) / _EARLY_STARTS)], late]
    before = np.searchsorted(places, starts, side="right")
    left = population - starts
    least = np.floor(found / target + _ROUNDING).astype(np.int64) + 1 - before
    chances = scipy.stats.hypergeom.cdf(
        found - before, left, np.minimum(least, left), read - starts
    )
    # So many more than are left cannot be relevant: below the target is impossible then.
    chances = np.where(least > left, 0.0, chances)
    return float(chances.min())
