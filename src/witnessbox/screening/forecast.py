"""Where reading is likely to end, by the shape of what was found so far.  Pure.

The farther down the order, the rarer relevant messages are; here their density is taken to fall as
a power of the number read, fitted (maximum likelihood) to the last three quarters of what was read.
A forecast promises nothing: it says when a sample is worth drawing and how large.  Whatever
it says, the sample alone decides, so that a wrong forecast costs reading and never a wrong promise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first asked for

from witnessbox.screening.stopping import missing_allowed

_BACK = 4
"""The fit looks from a quarter of what was read to its end."""

_FEWEST_FINDS = 10
_STEEPEST, _FLATTEST = 10.0, -0.999
_RATES = np.array([0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
_FARTHEST = 60  # places considered, evenly in the logarithm, from here to the end
_MOST_SHOWN = 80  # relevant messages a sample worth planning may show


@dataclass(frozen=True, slots=True)
class Tail:
    """The fitted end of a reading order: so many finds since ``read / 4``, falling so steeply."""

    read: int
    finds: int
    slope: float  # density falls as the number read to the power of minus this, minus one

    def left(self, first: npt.ArrayLike, last: float) -> npt.NDArray[np.float64]:
        """Say how many relevant messages are expected between two places beyond what was read."""
        nearer = np.log(np.asarray(first, np.float64) / self.read)
        farther = math.log(last / self.read)
        if abs(self.slope) < 1e-6:
            return np.asarray(self.finds * (farther - nearer) / math.log(_BACK), np.float64)
        whole = math.expm1(self.slope * math.log(_BACK))
        expected = np.exp(-self.slope * nearer) - math.exp(-self.slope * farther)
        return np.asarray(self.finds * expected / whole, np.float64)


def fit(places: Sequence[int] | npt.NDArray[np.int64], read: int) -> Tail | None:
    """Fit the tail to where relevant messages were found, from 1; None where they are too few."""
    found = np.asarray(places, np.float64)
    recent = np.log(found[found > read / _BACK] * _BACK / read)
    if len(recent) < _FEWEST_FINDS:
        return None
    width, mean = math.log(_BACK), float(recent.mean())

    def miss(slope: float) -> float:
        if abs(slope) < 1e-6:
            return width / 2 - mean
        return 1 / slope - width / math.expm1(slope * width) - mean

    if miss(_FLATTEST) < 0:
        slope = _FLATTEST
    elif miss(_STEEPEST) > 0:
        slope = _STEEPEST
    else:
        slope = float(scipy.optimize.brentq(miss, _FLATTEST, _STEEPEST))
    return Tail(read, len(recent), slope)


@dataclass(frozen=True, slots=True)
class Plan:
    """When to draw an elusion sample, and of how many; and what is then read in all."""

    read: int
    drawn: int
    cost: int


def plan(tail: Tail, found: int, population: int, error: float, target: float) -> Plan | None:
    """Choose the place and size that are expected to end the reading soonest; None: nothing does.

    A sample is worth it where it is more likely than not to pass.
    """
    total = found + float(tail.left(tail.read, population))
    allowed = missing_allowed(round(total * target), target) + 1
    shown = np.arange(_MOST_SHOWN)
    chances = scipy.stats.binom.cdf(shown, allowed + shown, _RATES[:, None])
    passes = (chances <= error).sum(axis=1) - 1  # the most a sample may show, at each rate
    places = np.geomspace(tail.read, population, _FARTHEST)
    expected = _RATES[:, None] * tail.left(places, population)
    # The median of a Poisson count is its mean less a third, near enough.
    likely = (expected <= passes[:, None] + 2 / 3) & (passes[:, None] >= 0)
    if not likely.any():
        return None
    cost = np.where(likely, places + _RATES[:, None] * (population - places), np.inf)
    rate, place = np.unravel_index(int(cost.argmin()), cost.shape)
    read = math.ceil(places[place])
    drawn = math.ceil(_RATES[rate] * (population - read))
    return Plan(read, drawn, read + drawn)
