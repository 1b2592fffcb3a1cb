"""Score the simulated reviews' messages with both passes, for ``reviews --scores``.

    python -m benchmarks.screening.both_passes DATA FILE

Writes a NumPy archive: ``texts`` (UTF-8, one behind another), ``probability`` (texts x the best
score and each category's, as an operation's table of scores has them) and ``embedding`` (texts x
dimensions, unit length; zeros for texts that were not likely enough for the second pass).
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.screening.reviews import MESSAGES, SEPARATOR, corpus

from witnessbox.screening import second_pass
from witnessbox.screening.encoder import Encoded, Encoder
from witnessbox.screening.model import Category
from witnessbox.screening.scoring import by_category, score_texts, shipped

Table = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """An encoder that was asked already: it says again what it said."""

    encoder: Encoder
    said: Encoded

    @property
    def version(self) -> str:
        """Name the encoder."""
        return self.encoder.version

    @property
    def heads(self) -> tuple[Category, ...]:
        """Name its heads."""
        return self.encoder.heads

    @property
    def together(self) -> tuple[float, float, float]:
        """Give the weights of the two passes."""
        return self.encoder.together

    def probabilities(self, _texts: pa.StringArray) -> Table:
        """Give what was said."""
        return self.said.probability

    def encode(self, _texts: pa.StringArray) -> Encoded:
        """Give what was said."""
        return self.said


def scored(texts: list[str]) -> dict[str, npt.NDArray[np.generic]]:
    """Score texts as the screening step does, and keep the embeddings it does not."""
    column, second = pa.array(texts, pa.string()), second_pass.of(second_pass.DEFAULT)
    if second is None:
        raise SystemExit("the shipped encoder is missing; train and export one")
    first = score_texts(column, shipped())
    likely = pc.unique(first["text"].filter(pc.greater_equal(first["score"], second.least)))
    likely = likely.take(pc.sort_indices(likely))
    said = second.encoder.encode(column.take(likely))
    asked = replace(second, encoder=Asked(second.encoder, said))
    table = by_category(second_pass.again(first, column, asked), len(texts))
    embedding = np.zeros((len(texts), said.embedding.shape[1]), np.float16)
    size = np.linalg.norm(said.embedding, axis=1, keepdims=True)
    embedding[likely.to_numpy()] = said.embedding / np.maximum(size, 1e-6)
    return {
        "texts": np.frombuffer(SEPARATOR.join(texts).encode(), np.uint8),
        "probability": np.c_[table.max(axis=1), table].astype(np.float32),
        "embedding": embedding,
    }


def main() -> None:
    """Score and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("file", type=Path)
    given = arguments.parse_args()
    rates = (MESSAGES // 100, MESSAGES // 500)
    texts = dict.fromkeys(text for rate in rates for text in corpus(given.data, rate, None).texts)
    found = scored(list(texts))
    np.savez(given.file, allow_pickle=False, **found)


if __name__ == "__main__":
    main()
