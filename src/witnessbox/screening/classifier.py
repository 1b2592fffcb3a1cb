"""The linear classifier: what weighs how much, and which words made a score.

A *head* is one question asked of a message ("is it abuse?").  Its *margin* is a bias plus the mean
weight of the message's words and pairs and of its character runs, each mean times the square root
of how many there are.  The margin is a plain sum, so each word's part in it is a plain sum too: its
own weight, half of each pair it stands in, and its runs.  What a word adds by itself is worked out
once for each distinct word of a stream.

Weights are multiples of ``STEP``, so that their sums (up to 4,096) are exact and the same in any
order, on any machine.  They are plain arrays read without pickle.  The features are hashed, so two
may share a weight; what a word adds is shown as it was used, shared weights and all.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from witnessbox.screening import data
from witnessbox.screening.features import Features, Hashes, distinct, runs_of
from witnessbox.screening.normalise import Places, Stream

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FILE = "weights.npz"
STEP = 2.0**-12
HEADS = ("abuse", "misogyny", "bullying-threat")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a margin into a probability (Platt 1999), raised by what the lexicon found.

    ``severity[n]`` is added where the message's severest entry is of severity n.  The probability
    is that of the held-out mix it was fitted on, where about three texts in ten are abuse; in a
    real chat far fewer are, so it compares messages and is no estimate of how many are abuse.
    """

    slope: float
    offset: float
    severity: tuple[float, float, float, float]

    def probability(self, margin: Doubles, severity: npt.NDArray[np.int8]) -> Doubles:
        """Give the probability of each message."""
        added = np.asarray(self.severity)[severity]
        logit = np.clip(self.slope * margin + self.offset + added, -30, 30)
        result: Doubles = 1.0 / (1.0 + np.exp(-logit))
        return result


@dataclass(frozen=True, slots=True)
class Model:
    """The heads that come with the package, and the version their scores carry.

    A hash's first bits choose its row of a table, whose size is a power of two; a row holds the
    weight in each head, in the order of ``HEADS``, and a last column that is empty.
    """

    version: str
    words: Floats  # of words and pairs
    runs: Floats  # of character runs
    bias: Floats
    calibration: dict[str, Calibration]

    def word_rows(self, hashes: Hashes) -> Floats:
        """Give the rows of words or pairs."""
        return np.take(self.words, bucket(hashes, len(self.words)), axis=0)

    def run_rows(self, hashes: Hashes) -> Floats:
        """Give the rows of character runs."""
        return np.take(self.runs, bucket(hashes, len(self.runs)), axis=0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the words and pairs of a stream add to each head, before it is set to their number.

    ``of`` says which distinct word each word is; ``first`` where each distinct one first stands.
    """

    of: Places
    first: Places
    word: Floats  # by distinct word
    runs: Floats  # by distinct word: the sum over its runs
    run_count: Places
    pairs: Floats  # by pair


def bucket(hashes: Hashes, size: int) -> Places:
    """Choose a place in a table of ``size`` (a power of two) by a hash's first bits."""
    return (hashes >> np.uint64(64 - (size.bit_length() - 1))).astype(np.int64)


def weigh(model: Model, stream: Stream, features: Features) -> Weighed:
    """Look every distinct word up once, with its runs, and every pair."""
    of, first = distinct(features.words)
    runs = runs_of(stream, first)
    summed = np.zeros((len(first), model.runs.shape[1]), np.float32)
    count = np.zeros(len(first), np.int64)
    for hashes, bounds in zip(runs.hashes, runs.bounds, strict=True):
        summed += sums(model.run_rows(hashes), bounds)
        count += np.diff(bounds)
    return Weighed(
        of=of,
        first=first,
        word=model.word_rows(features.words[first]),
        runs=summed,
        run_count=count,
        pairs=model.word_rows(features.pairs),
    )


def sums(rows: Floats, bounds: Places) -> Floats:
    """Add up the rows between each two bounds."""
    result = np.zeros((len(bounds) - 1, rows.shape[1]), np.float32)
    some = np.flatnonzero(bounds[1:] > bounds[:-1])  # of none, reduceat would give the next row
    if len(some):
        result[some] = np.add.reduceat(rows, bounds[some], axis=0)
    return result


@dataclass(frozen=True, slots=True)
class Sizes:
    """By message: where its words and pairs begin, and the roots of how many features it has."""

    words: Places  # bounds
    pairs: Places
    word_root: Doubles
    run_root: Doubles


def sizes(stream: Stream, weighed: Weighed) -> Sizes:
    """Count the features of every message."""
    words = np.searchsorted(stream.message, np.arange(stream.messages + 1))
    # A message of n words has n - 1 pairs.
    has = np.diff(words)
    pairs = words - np.concatenate([[0], np.cumsum(has > 0)])
    along = np.concatenate([[0], np.cumsum(weighed.run_count[weighed.of])])
    return Sizes(
        words=words,
        pairs=pairs,
        word_root=_root(has + np.diff(pairs)),
        run_root=_root(np.diff(along[words])),
    )


def _root(count: Places) -> Doubles:
    root: Doubles = np.sqrt(np.maximum(count, 1))
    return root


def margins(model: Model, weighed: Weighed, sizes: Sizes) -> Doubles:
    """Give each message's margin in each head, a column a head."""
    by_word = np.concatenate([weighed.word, weighed.runs], axis=1)
    summed = sums(np.take(by_word, weighed.of, axis=0), sizes.words)
    words, runs = summed[:, : model.words.shape[1]], summed[:, model.words.shape[1] :]
    words = words + sums(weighed.pairs, sizes.pairs)
    whole = words / sizes.word_root[:, None] + runs / sizes.run_root[:, None]
    result: Doubles = whole[:, : len(HEADS)] + model.bias
    return result


def word_parts(
    weighed: Weighed, sizes: Sizes, message: Places, pair_first: Places, head: int
) -> Floats:
    """Give each word's part in its message's margin: its own, its runs', half of each pair's."""
    halves = weighed.pairs[:, head] / 2
    parts = np.take(weighed.word[:, head], weighed.of)
    parts[pair_first] += halves
    parts[pair_first + 1] += halves
    roots = sizes.word_root.astype(np.float32), sizes.run_root.astype(np.float32)
    parts /= roots[0][message]
    parts += np.take(weighed.runs[:, head], weighed.of) / roots[1][message]
    return parts


@cache
def shipped() -> Model:
    """Load the model that comes with the package."""
    with resources.files(data).joinpath(FILE).open("rb") as stream:
        arrays = np.load(stream, allow_pickle=False)
        return Model(
            version=str(arrays["version"]),
            words=_table([arrays[f"{name}.words"] for name in HEADS]),
            runs=_table([arrays[f"{name}.runs"] for name in HEADS]),
            bias=np.array([arrays[f"{name}.bias"] for name in HEADS], np.float32),
            calibration={name: _calibration(arrays[f"{name}.calibration"]) for name in HEADS},
        )


def _table(columns: "list[npt.NDArray[np.float16]]") -> Floats:
    """Lay the heads' weights side by side, so that a feature's weights are read together."""
    table = np.zeros((len(columns[0]), len(columns) + 1), np.float32)
    for place, column in enumerate(columns):
        table[:, place] = np.repeat(column, len(table) // len(column))
    return table


def _calibration(numbers: Doubles) -> Calibration:
    slope, offset, none, mild, strong, severe = (float(number) for number in numbers)
    return Calibration(slope, offset, (none, mild, strong, severe))
