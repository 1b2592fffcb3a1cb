"""Batches of texts on their way through an encoder: of about one length, refilled between parts.

A text shorter than the longest of its batch is filled up with pieces that are not seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

BATCH_TEXTS = 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of about one length: which they are, and what a part is given of them."""

    texts: npt.NDArray[np.int64]
    given: npt.NDArray[Any]  # text x piece: ids; or text x piece x number: what a part gave
    seen: npt.NDArray[np.int64]  # text x piece: 1 where there is one


def batches(pieces: Sequence[Sequence[int]]) -> Iterator[Batch]:
    """Cut texts, given as pieces, into batches by length, the shortest first."""
    order = np.argsort([len(one) for one in pieces], kind="stable")
    for first in range(0, len(order), BATCH_TEXTS):
        mine = order[first : first + BATCH_TEXTS]
        longest = len(pieces[mine[-1]])
        ids = np.zeros((len(mine), longest), np.int64)
        seen = np.zeros_like(ids)
        for row, at in enumerate(mine):
            ids[row, : len(pieces[at])] = pieces[at]
            seen[row, : len(pieces[at])] = 1
        yield Batch(mine, ids, seen)


def gathered(flow: Iterator[Batch]) -> Iterator[Batch]:
    """Put batches that have grown small together with those that come after them."""
    waiting: list[Batch] = []
    for batch in flow:
        waiting.append(batch)
        if sum(len(one.texts) for one in waiting) >= BATCH_TEXTS:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(parts: Sequence[Batch]) -> Batch:
    """Make one batch of several; the last is the longest."""
    if len(parts) == 1:
        return parts[0]
    longest = parts[-1].seen.shape[1]
    return Batch(
        np.concatenate([one.texts for one in parts]),
        np.concatenate([_filled(one.given, longest) for one in parts]),
        np.concatenate([_filled(one.seen, longest) for one in parts]),
    )


def _filled(array: npt.NDArray[Any], longest: int) -> npt.NDArray[Any]:
    more = [(0, 0), (0, longest - array.shape[1]), (0, 0)]
    return np.pad(array, more[: array.ndim])


def laid_out(ended: Sequence[Batch], texts: int) -> npt.NDArray[np.float32]:
    """Give what the last part made of each text; zeros for those that did not come there."""
    width = ended[0].given.shape[1] if ended else 0
    result = np.zeros((texts, width), np.float32)
    for batch in ended:
        result[batch.texts] = batch.given
    return result
