"""Texts of nearly the same words: forwards, copies with a word changed, the same joke again.  Pure.

Keys find candidates, shared words decide: two texts are *alike* when the words and pairs of words
they share are at least ``ALIKE`` of all they have.
"""

import numpy as np
import numpy.typing as npt

from witnessbox.screening.learning_rows import Rows
from witnessbox.screening.normalise import Places

ALIKE = 0.6
_FEWEST = 5
"""Features (words and pairs) from which on texts are compared: "ok" is like every other "ok"."""


def likeness(rows: Rows, one: int, others: Places) -> npt.NDArray[np.float64]:
    """Say how alike texts are to one: shared words and pairs over all of either (Jaccard)."""
    own = _features(rows, one)
    result = np.zeros(len(others))
    for place, other in enumerate(others):
        its = _features(rows, int(other))
        both = len(np.intersect1d(own, its, assume_unique=True))
        result[place] = both / max(len(own) + len(its) - both, 1)
    return result


def alike(rows: Rows, one: int, among: Places) -> tuple[tuple[int, float], ...]:
    """Give the texts of ``among`` that are alike to one, with how much, the likest first."""
    if len(_features(rows, one)) < _FEWEST:
        return ()
    keys = rows.alike[among]
    near = among[((keys == rows.alike[one]) & (keys != 0)).any(axis=1)]
    found = [
        (int(text), float(share))
        for text, share in zip(near, likeness(rows, one, near), strict=True)
        if share >= ALIKE
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _features(rows: Rows, text: int) -> npt.NDArray[np.int32]:
    side = rows.words
    return np.unique(side.columns[side.ends[text] : side.ends[text + 1]])
