"""Pieces cut out of a stretch's bytes, many at once and without an object each."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from witnessbox.intake.clock import Ints


def pieces(data: bytes, bounds: NDArray[np.int32], column: int) -> pa.Array:
    """Cut pieces out of bytes: column ``2k`` to ``2k + 1`` of each row of rising bounds."""
    rows, width = bounds.shape
    flat = np.ascontiguousarray(bounds)
    every = pa.Array.from_buffers(
        pa.binary(), rows * width - 1, [None, pa.py_buffer(flat), pa.py_buffer(data)]
    )
    return every.take(pa.array(np.arange(column, rows * width - 1, width, dtype=np.uint32)))


def distinct(data: bytes, start: Ints, end: Ints) -> tuple[Ints, tuple[bytes, ...]]:
    """Cut a piece for each row; give each row's place among those that differ, and these."""
    if not len(start):
        return np.zeros(0, np.int64), ()
    bounds = np.empty((len(start), 2), np.int32)
    bounds[:, 0] = start
    bounds[:, 1] = end
    found = pieces(data, bounds, 0).dictionary_encode()
    return np.asarray(found.indices, np.int64), tuple(found.dictionary.to_pylist())
