"""Score the simulated reviews' messages with both passes, for ``reviews --scores``.

    python -m benchmarks.screening.both_passes DATA FILE

Writes a NumPy archive: ``texts`` (UTF-8, one behind another), ``probability`` (texts x each
category's score, as an operation's table of scores has them) and ``embedding`` (texts x
dimensions, as an operation's table of embeddings has them; zeros for texts that have none).
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from benchmarks.screening.reviews import MESSAGES, SEPARATOR, corpus

from witnessbox.screening import second_pass
from witnessbox.screening.scoring import by_category, score_texts, shipped


def scored(texts: list[str]) -> dict[str, npt.NDArray[np.generic]]:
    """Score texts as the screening step does."""
    column, second = pa.array(texts, pa.string()), second_pass.of(second_pass.DEFAULT)
    if second is None:
        raise SystemExit("the shipped encoder is missing; train and export one")
    made = second_pass.again(score_texts(column, shipped()), column, second)
    embedding = np.zeros((len(texts), made.embedding.shape[1]), np.float16)
    embedding[made.text] = made.embedding
    return {
        "texts": np.frombuffer(SEPARATOR.join(texts).encode(), np.uint8),
        "probability": by_category(made.rows, len(texts)).astype(np.float32),
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
