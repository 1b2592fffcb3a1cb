"""What an encoder is: texts in; per text a probability for each head, and an embedding.

A *head* is a category the encoder was taught.  An *embedding* is a row of numbers in which texts
that say alike things lie near each other; the learner weighs it.  Which encoder is used is named in
the operation's settings; nothing is fetched, and no text leaves this machine.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.screening.model import Category

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

Weights = tuple[float, float, float]
"""Of both passes' log-odds of abuse, the first's first, and an offset."""

EVENLY: Weights = (0.5, 0.5, 0.0)
"""How the passes are put together where nobody measured it: the mean of their log-odds."""

_NEVER = 1e-6


class EncoderError(WitnessboxError):
    """An encoder cannot be used, or gave what makes no sense."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an encoder says of texts that the first pass has scored, in the order given."""

    probability: Floats  # texts × heads; NaN where the encoder gave no answer
    abuse: Doubles  # by text, both passes put together; NaN likewise
    embedding: Floats  # texts × d; zeros for a text that left early, d is 0 where there are none


class Encoder(Protocol):
    """Scores texts; the same texts give the same numbers, whatever they are given beside."""

    @property
    def version(self) -> str:
        """Name the encoder and its weights; what another version scored is scored again."""

    @property
    def heads(self) -> tuple[Category, ...]:
        """Name the categories, in the order of the columns of ``probability``."""

    def again(self, texts: pa.StringArray, before: Doubles) -> Answer:
        """Score texts of which the first pass says how likely abuse is.

        May leave off where both together say that a text is plainly harmless.
        """

    def probabilities(self, texts: pa.StringArray) -> Floats:
        """Score texts by the encoder alone and all the way, texts × heads; null counts as empty."""


def together(before: Doubles, said: Floats, weights: Weights) -> Doubles:
    """Put both passes' probabilities of abuse together: their log-odds, weighed and added."""
    first, further, offset = weights
    margin = first * logit(before) + further * logit(said) + offset
    result: Doubles = 1 / (1 + np.exp(-margin))
    return result


def logit(probability: Floats | Doubles) -> Doubles:
    """Give log-odds, kept within sense."""
    kept = np.clip(probability.astype(np.float64), _NEVER, 1 - _NEVER)
    result: Doubles = np.log(kept / (1 - kept))
    return result
