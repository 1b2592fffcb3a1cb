"""Texts of nearly the same words: forwards, copies with a word changed, the same joke again.  Pure.

Keys find candidates, shared words decide: two texts are *alike* when the words and pairs of words
they share are at least ``ALIKE`` of all they have.
"""

import numpy as np
import numpy.typing as npt

from witnessbox.screening.learning_rows import Keys, Rows
from witnessbox.screening.normalise import Places

ALIKE = 0.6
_FEWEST = 5
"""Features (words and pairs) from which on texts are compared: "ok" is like every other "ok"."""


def likeness(rows: Rows, one: int, others: Places) -> npt.NDArray[np.float64]:
    """Say how alike texts are to one: shared words and pairs over all of either (Jaccard)."""
    side = rows.words
    own = np.zeros(side.width, np.bool_)
    own[_features(rows, one)] = True
    first, count = side.ends[others], side.ends[others + 1] - side.ends[others]
    behind = np.cumsum(count)
    of = np.repeat(np.arange(len(others)), count)
    columns = side.columns[np.arange(count.sum()) + np.repeat(first - (behind - count), count)]
    # A text's features are in order, so what it says twice stands side by side.
    fresh = np.ones(len(columns), np.bool_)
    fresh[1:] = (columns[1:] != columns[:-1]) | (of[1:] != of[:-1])
    its = np.bincount(of[fresh], minlength=len(others))
    both = np.bincount(of[fresh & own[columns]], minlength=len(others))
    result: npt.NDArray[np.float64] = both / np.maximum(np.count_nonzero(own) + its - both, 1)
    return result


def alike(rows: Rows, one: int, among: Places) -> tuple[tuple[int, float], ...]:
    """Give the texts of ``among`` that are alike to one, with how much, the likest first."""
    keys = rows.alike[among]
    return _alike(rows, one, among[((keys == rows.alike[one]) & (keys != 0)).any(axis=1)])


def _alike(rows: Rows, one: int, near: Places) -> tuple[tuple[int, float], ...]:
    if len(_features(rows, one)) < _FEWEST:
        return ()
    shares = likeness(rows, one, near)
    kept = np.flatnonzero(shares >= ALIKE)
    found = zip(near[kept].tolist(), shares[kept].tolist(), strict=True)
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


class Neighbours:
    """All texts by their keys, to look for those alike to a few: what ``alike`` finds among all.

    The keys are gone through once, however many texts are asked for.
    """

    def __init__(self, rows: Rows, ones: Places) -> None:
        self._rows = rows
        self._near = [_by_key(rows.alike[:, side], np.asarray(ones)) for side in (0, 1)]

    def of(self, one: int, taken: npt.NDArray[np.bool_]) -> tuple[tuple[int, float], ...]:
        """Give the texts that are alike to one of the few, but for those that are ``taken``."""
        keys = self._rows.alike[one].tolist()
        near = [by_key[key] for by_key, key in zip(self._near, keys, strict=True) if key in by_key]
        if not near:
            return ()
        texts = np.unique(np.concatenate(near))
        return _alike(self._rows, one, texts[~taken[texts]])


def _by_key(keys: Keys, ones: Places) -> dict[int, Places]:
    """Give the texts that have the key of one of these, by key; 0 is no key."""
    wanted = np.unique(keys[ones])
    wanted = wanted[wanted != 0]
    if not len(wanted):
        return {}
    at = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
    texts = np.flatnonzero(wanted[at] == keys)
    texts = texts[np.argsort(at[texts], kind="stable")]
    parts = np.split(texts, np.cumsum(np.bincount(at[texts], minlength=len(wanted)))[:-1])
    return dict(zip(wanted.tolist(), parts, strict=True))


def _features(rows: Rows, text: int) -> npt.NDArray[np.int32]:
    side = rows.words
    return np.unique(side.columns[side.ends[text] : side.ends[text + 1]])
