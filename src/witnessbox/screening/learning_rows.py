"""What the learner weighs of a text: words, neighbouring words and character runs, kept small.

Each feature is a column of one of two tables, ``WORDS`` and ``RUNS`` wide: four bytes a feature, so
that the rows of ten million texts can lie in files and be weighed over and over.  A row's weight
sum is divided by the square root of how many features it has, so that long texts do not win by
length.  Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp  # type: ignore[import-untyped]

from witnessbox.screening.features import RUN_LENGTHS, Features, extract, mix, runs_of
from witnessbox.screening.normalise import Places, Stream, clean
from witnessbox.screening.weights import bucket

Columns = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint64]

WORDS = RUNS = 1 << 18
"""Columns of the table of words and pairs, and of the table of runs."""

RUN_LENGTH = 4
BLOCK_TEXTS = 4096
_STEP_FEATURES = 1 << 20
"""Features weighed at a time: few enough for a processor's cache."""


@dataclass(frozen=True, slots=True)
class Side:
    """One table's features of many texts: text ``n`` has ``columns[ends[n]:ends[n + 1]]``."""

    columns: Columns
    ends: Places  # one more than there are texts, from 0 on
    width: int

    @property
    def texts(self) -> int:
        """Count the texts."""
        return len(self.ends) - 1

    def matrix(self, texts: Places) -> sp.csr_matrix:
        """Give these texts' rows as a matrix, each divided by the root of its features."""
        first, count = self.ends[texts], self.ends[texts + 1] - self.ends[texts]
        ends = np.concatenate([[0], np.cumsum(count)])
        at = np.arange(ends[-1]) + np.repeat(first - ends[:-1], count)
        values = np.repeat(1 / np.sqrt(np.maximum(count, 1)), count)
        return sp.csr_matrix((values, self.columns[at], ends), (len(texts), self.width))

    def weigh(self, weights: Floats, texts: slice | None = None) -> Floats:
        """Give every text's weight sum over the root of its features, or a range of texts'.

        ``weights`` are one column, or several: a row then has a sum for each.
        """
        first, last = (0, self.texts) if texts is None else (texts.start, texts.stop)
        # One column after the other lies in the cache; side by side they do not fit.
        columns = np.asfortranarray(weights)
        result = np.empty((last - first, *weights.shape[1:]), np.float32, order="F")
        at = first
        while at < last:
            beyond = self._step(at, last)
            matrix = self._counting(at, beyond)
            part = result[at - first : beyond - first]
            if weights.ndim == 1:
                part[:] = matrix @ columns
            else:
                for one in range(weights.shape[1]):
                    part[:, one] = matrix @ columns[:, one]
            at = beyond
        root: Floats = np.sqrt(np.maximum(np.diff(self.ends[first : last + 1]), 1)).astype(
            np.float32
        )
        result /= root.reshape(-1, *(1 for _ in weights.shape[1:]))
        return result

    def _step(self, first: int, last: int) -> int:
        """Say how far to weigh at a time: some features' worth of texts, but one at least."""
        reach = np.searchsorted(self.ends, self.ends[first] + _STEP_FEATURES, side="right") - 1
        return min(max(int(reach), first + 1), last)

    def _counting(self, first: int, last: int) -> sp.csr_matrix:
        """Give a range of texts as a matrix, each feature counting 1."""
        begin, end = int(self.ends[first]), int(self.ends[last])
        parts = (
            _ones(max(_STEP_FEATURES, end - begin))[: end - begin],
            self.columns[begin:end],
            self.ends[first : last + 1] - begin,
        )
        return sp.csr_matrix(parts, (last - first, self.width))


@lru_cache(maxsize=1)
def _ones(count: int) -> Floats:
    """Give so many ones, for every thread the same: making them anew costs as much as summing."""
    return np.ones(count, np.float32)


@dataclass(frozen=True, slots=True)
class Rows:
    """The features of many texts, and for each the keys by which near-duplicates are found."""

    words: Side
    runs: Side
    alike: Keys  # texts x 2

    @property
    def texts(self) -> int:
        """Count the texts."""
        return self.words.texts


def rows_of(texts: pa.StringArray) -> Rows:
    """Give the features of a column of texts, a block at a time."""
    column = texts.cast(pa.string())
    blocks = [
        _block(column.slice(first, BLOCK_TEXTS)) for first in range(0, len(column), BLOCK_TEXTS)
    ]
    return joined(blocks)


def joined(parts: Sequence[Rows]) -> Rows:
    """Lay rows end to end."""
    alike = [part.alike for part in parts] or [np.empty((0, 2), np.uint64)]
    return Rows(
        _together([part.words for part in parts], WORDS),
        _together([part.runs for part in parts], RUNS),
        np.concatenate(alike),
    )


def _together(sides: Sequence[Side], width: int) -> Side:
    columns = [side.columns for side in sides] or [np.empty(0, np.int32)]
    counts = [np.diff(side.ends) for side in sides] or [np.empty(0, np.int64)]
    ends = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Side(np.concatenate(columns), ends, width)


def _block(texts: pa.StringArray) -> Rows:
    stream = clean(texts)
    features = extract(stream)
    of_pair = features.word_message[features.pair_first]
    words = _side(
        np.concatenate([features.word_message, of_pair]),
        bucket(np.concatenate([features.words, features.pairs]), WORDS),
        stream.messages,
        WORDS,
    )
    runs = _side(*_runs(stream, features), stream.messages, RUNS)
    return Rows(words, runs, _alike(features.words, features.word_message, stream.messages))


def _runs(stream: Stream, features: Features) -> tuple[Places, Places]:
    """Give each run's text and column; a word's runs are worked out once for all its places."""
    of = features.of
    found, at = runs_of(stream, features.first), RUN_LENGTHS.index(RUN_LENGTH)
    columns, bounds = bucket(found.hashes[at], RUNS), found.bounds[at]
    count = np.diff(bounds)[of]
    begins = np.repeat(bounds[of] - (np.cumsum(count) - count), count)
    return np.repeat(features.word_message, count), columns[begins + np.arange(count.sum())]


def _side(text: Places, column: Places, texts: int, width: int) -> Side:
    order = np.lexsort((column, text))
    ends = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=texts))])
    return Side(column[order].astype(np.int32), ends, width)


def _alike(words: Keys, text: Places, texts: int) -> Keys:
    """Give two keys a text: the least hash of its words under either of two mixings, and how many.

    Texts of nearly the same words share one of them most of the time (min-hash, Broder 1997).  A
    text without words has keys of 0 and is like no other.
    """
    result = np.zeros((texts, 2), np.uint64)
    if not len(words):
        return result
    first = np.flatnonzero(np.diff(text, prepend=-1))
    for place, turn in enumerate((np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))):
        lowest = np.minimum.reduceat(mix(words ^ turn), first)
        second = np.minimum.reduceat(mix(mix(words) + turn), first)
        result[text[first], place] = mix(lowest * turn + second)
    return result
