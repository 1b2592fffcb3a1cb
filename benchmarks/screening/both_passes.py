"""Score the simulated reviews' messages with both passes, for ``reviews --scores``.

    python -m benchmarks.screening.both_passes DATA FILE [--embeddings]

Writes a NumPy archive: ``texts`` (UTF-8, one behind another), ``probability`` (texts x each
category's score, as an operation's table of scores has them) and ``embedding`` (texts x
dimensions, unit length; zeros for texts that were not likely enough for the second pass; without
``--embeddings`` no dimension).
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.screening.reviews import MESSAGES, SEPARATOR, corpus

from witnessbox.screening import second_pass
from witnessbox.screening.scoring import by_category, score_texts, shipped


def scored(texts: list[str], *, embeddings: bool) -> dict[str, npt.NDArray[np.generic]]:
    """Score texts as the screening step does; keep the embeddings, which it does not, if wanted."""
    column, second = pa.array(texts, pa.string()), second_pass.of(second_pass.DEFAULT)
    if second is None:
        raise SystemExit("the shipped encoder is missing; train and export one")
    first = score_texts(column, shipped())
    table = by_category(second_pass.again(first, column, second), len(texts))
    embedding = np.zeros((len(texts), 0), np.float16)
    if embeddings:
        likely = pc.unique(first["text"].filter(pc.greater_equal(first["score"], second.least)))
        said = second.encoder.encode(column.take(likely)).embedding
        size = np.linalg.norm(said, axis=1, keepdims=True)
        embedding = np.zeros((len(texts), said.shape[1]), np.float16)
        embedding[likely.to_numpy()] = said / np.maximum(size, 1e-6)
    return {
        "texts": np.frombuffer(SEPARATOR.join(texts).encode(), np.uint8),
        "probability": table.astype(np.float32),
        "embedding": embedding,
    }


def main() -> None:
    """Score and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--embeddings", action="store_true")
    given = arguments.parse_args()
    rates = (MESSAGES // 100, MESSAGES // 500)
    texts = dict.fromkeys(text for rate in rates for text in corpus(given.data, rate, None).texts)
    found = scored(list(texts), embeddings=given.embeddings)
    np.savez(given.file, allow_pickle=False, **found)


if __name__ == "__main__":
    main()
