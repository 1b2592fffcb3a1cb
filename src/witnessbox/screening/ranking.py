"""Put messages in reading order and cut the order into batches.  Pure.

A message ranks by its best score in any category.  The best come in the first batch; inside a batch
messages stand by conversation and position, so that a reader meets what belongs together together.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.evidence.schema import BATCHES
from witnessbox.screening.model import Category

BATCH_MESSAGES = 100


def rank(scores: pa.Table, size: int = BATCH_MESSAGES) -> pa.RecordBatch:
    """Make the reading order out of score rows with their message's ``position``.

    Every message stands in it once.  Equal scores are parted by conversation and position; of a
    message's equal categories a named one goes before ``abuse``.  Batches and ranks count from 1.
    """
    score = _column(scores, "score")
    position = _column(scores, "position")
    conversation, message = (_codes(scores, name) for name in ("conversation", "message"))
    general = _codes(scores, "category", first=str(Category.ABUSE)) == 0
    best_first = np.lexsort((general, -score, message))
    first_of = np.ones(len(best_first), np.bool_)
    first_of[1:] = np.diff(message[best_first]) != 0
    best = best_first[first_of]
    order = best[np.lexsort((position[best], conversation[best], -score[best]))]
    batch = np.arange(len(order)) // size
    order = order[np.lexsort((position[order], conversation[order], batch))]
    taken = scores.take(order)
    places = {
        "batch": pa.array(batch + 1, pa.int32()),
        "rank": pa.array(np.arange(1, len(order) + 1)),
    }
    columns = [
        places[name] if name in places else taken[name].combine_chunks().cast(kind)
        for name, kind in zip(BATCHES.schema.names, BATCHES.schema.types, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=BATCHES.schema)


def _column(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    column: npt.NDArray[np.float64] = table[name].to_numpy()
    return column


def _codes(table: pa.Table, name: str, first: str | None = None) -> npt.NDArray[np.int64]:
    """Give a column's strings numbers in sorted order; ``first`` comes before all others."""
    plain = table[name].cast(pa.string()).combine_chunks().dictionary_encode()
    words = plain.dictionary.to_pylist()
    order = sorted(words, key=lambda word: (word != first, word))
    place = {word: at for at, word in enumerate(order)}
    codes = np.array([place[word] for word in words], np.int64)
    if first is not None and first not in place:
        codes += 1
    result: npt.NDArray[np.int64] = codes[plain.indices.to_numpy(zero_copy_only=False)]
    return result
