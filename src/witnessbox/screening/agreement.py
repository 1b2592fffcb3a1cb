"""How far readers agree on what is relevant, and what each of them misses.  Pure.

A message read by several people is a *unit*; what a reader says of it is yes (relevant) or no.
Sources: Cohen 1960 (kappa), Krippendorff 2004 (alpha, nominal, any number of readers).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from witnessbox.screening.stopping import ERROR, share_between

Said = Mapping[str, bool]
"""What each reader of one message said."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the exact interval of the share."""

    hits: int
    trials: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readers, the messages both read, and Cohen's kappa; None where it is not defined."""

    first: str
    second: str
    messages: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Reader:
    """What one reader did on messages that somebody else read too.

    ``missed``: of those another found relevant, what this one did not.  ``alone``: of those no
    other found relevant, what this one did.  Which of the two is right, neither share says.
    """

    reader: str
    read: int
    relevant: int
    missed: Share
    alone: Share


def share(hits: int, trials: int, error: float = ERROR) -> Share:
    """Put a share beside its exact interval."""
    return Share(hits, trials, *share_between(hits, trials, error))


def alpha(units: Sequence[Said]) -> float | None:
    """Give Krippendorff's alpha; None where nobody read together, or all said one thing."""
    together = [list(said.values()) for said in units if len(said) > 1]
    words = [word for said in together for word in said]
    yes, no = sum(words), len(words) - sum(words)
    if not yes or not no:
        return None
    observed = sum(2 * sum(said) * (len(said) - sum(said)) / (len(said) - 1) for said in together)
    expected = 2 * yes * no / (len(words) - 1)
    return 1 - observed / expected


def kappa(both: Sequence[tuple[bool, bool]]) -> float | None:
    """Give Cohen's kappa of two readers; None where both only ever said one thing."""
    if not both:
        return None
    share_of = len(both)
    first, second = (sum(said[side] for said in both) / share_of for side in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    agreed = sum(one == other for one, other in both) / share_of
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def pairs(units: Sequence[Said]) -> tuple[Pair, ...]:
    """Compare every two readers who read some message both."""
    met: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for said in units:
        for one, other in combinations(sorted(said), 2):
            met.setdefault((one, other), []).append((said[one], said[other]))
    return tuple(
        Pair(one, other, len(both), sum(a == b for a, b in both), kappa(both))
        for (one, other), both in sorted(met.items())
    )


def readers(units: Sequence[Said], error: float = ERROR) -> tuple[Reader, ...]:
    """Say of each reader how much was read, and how it compares where somebody else read too."""
    names = sorted({name for said in units for name in said})
    return tuple(_reader(name, units, error) for name in names)


def _reader(name: str, units: Sequence[Said], error: float) -> Reader:
    own = [said for said in units if name in said]
    met = [
        (said[name], any(word for other, word in said.items() if other != name))
        for said in own
        if len(said) > 1
    ]
    relevant = [mine for mine, theirs in met if theirs]
    harmless = [mine for mine, theirs in met if not theirs]
    return Reader(
        name,
        len(own),
        sum(said[name] for said in own),
        share(relevant.count(False), len(relevant), error),
        share(harmless.count(True), len(harmless), error),
    )
