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


class EncoderError(WitnessboxError):
    """An encoder cannot be used, or gave what makes no sense."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What an encoder says of texts, in the order they were given."""

    probability: Floats  # texts × heads; NaN where the encoder gave no answer
    embedding: Floats  # texts × d; d is 0 where the encoder has none


class Encoder(Protocol):
    """Scores texts; the same texts give the same numbers, whatever they are given beside."""

    @property
    def version(self) -> str:
        """Name the encoder and its weights; what another version scored is scored again."""

    @property
    def heads(self) -> tuple[Category, ...]:
        """Name the categories, in the order of the columns of ``probability``."""

    @property
    def together(self) -> tuple[float, float, float]:
        """Give the weights of both passes' log-odds of abuse, the first's first, and an offset."""

    def probabilities(self, texts: pa.StringArray) -> Floats:
        """Give the probabilities alone; may leave off early where a text is plainly harmless."""

    def encode(self, texts: pa.StringArray) -> Encoded:
        """Give probabilities and embeddings.  Null texts count as empty ones."""


EVENLY = (0.5, 0.5, 0.0)
"""How the passes are put together where nobody measured it: the mean of their log-odds."""
