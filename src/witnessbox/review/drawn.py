"""The draws in the ledger, and what the learner may know of them.

Two kinds of drawn messages keep the ranking honest: those of a *control* sample are never ranked
and never learned from; the codings of a *sealed* sample are not learned from before their turn in
the reading order comes, so that the order is the one that an unsampled review would have had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from witnessbox.ledger.record import read
from witnessbox.ledger.store import Ledger
from witnessbox.screening.learning import Coded
from witnessbox.screening.learning_store import Named
from witnessbox.screening.material import Draw, Purpose
from witnessbox.screening.normalise import Places

SAMPLE = "sample-drawn"


@dataclass(frozen=True, slots=True)
class Sample:
    """A draw as the ledger keeps it; ``as_of`` entries were in the ledger when it was made."""

    as_of: int
    purpose: Purpose
    seed: int
    population: int
    population_sha256: str
    messages: tuple[str, ...]
    target: float | None = None  # of recall, as it stood then


def draws(ledger: Ledger) -> tuple[Draw, ...]:
    """Give every sample that was drawn, oldest first."""
    return tuple(
        Draw(
            one.as_of,
            one.purpose,
            one.seed,
            one.population,
            one.population_sha256,
            one.messages,
            one.target,
        )
        for entry in ledger.entries(SAMPLE)
        for one in [read(entry, Sample)]
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What the learner knows at one place in the ledger."""

    named: Named
    """Its messages, with the control sample that stands apart."""

    coded: tuple[Coded, ...]
    """What was coded and is not sealed."""

    given: Places
    """The messages that rounds had given out."""


def known(
    named: Named, drawn: Sequence[Draw], length: int, coded: Sequence[Coded], given: Places
) -> Known:
    """Say what the learner may know when the ledger was so long; ``given`` was given out by then.

    A sealed message's turn has come when a round gave it out; until then it is ranked as unread.
    """
    so_far = [one for one in drawn if one.position < length]
    control = _places(named, so_far, Purpose.CONTROL)
    sealed = set(_places(named, so_far, Purpose.SEALED)) - set(control) - set(given.tolist())
    matter = replace(named.matter, control=np.array(control, np.int64))
    open_ = tuple(one for one in coded if one.message not in sealed)
    return Known(replace(named, matter=matter), open_, given)


def _places(named: Named, drawn: Sequence[Draw], purpose: Purpose) -> list[int]:
    """Name a purpose's messages in the order of their draw, by their places."""
    found = (
        named.find(message) for one in drawn if one.purpose is purpose for message in one.messages
    )
    return [place for place in dict.fromkeys(found) if place >= 0]
