"""The linear classifier: what weighs how much, and which words made a score.

A *head* is one question asked of a message ("is it abuse?").  Its *margin* is a bias plus the mean
weight of the message's words and pairs and of its character runs, each mean times the square root
of how many there are.  The margin is a plain sum, so each word's part in it is a plain sum too: its
own weight, half of each pair it stands in, and its runs.  What a word adds by itself is worked out
once for each distinct word of a stream.

Weights are plain arrays read without pickle.  The features are hashed, so two may share a weight;
what a word adds is shown as it was used, shared weights and all.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from witnessbox.screening import data
from witnessbox.screening.features import Features, runs_of
from witnessbox.screening.normalise import Places, Stream
from witnessbox.screening.weights import HEADS, STEP, Steps, Table, of_head, sums, table

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FILE = "weights.npz"


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
    """The heads that come with the package, and the version their scores carry."""

    version: str
    words: Table  # of words and pairs
    runs: Table  # of character runs
    bias: Floats
    calibration: dict[str, Calibration]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the words and pairs of a stream add to each head, before it is set to their number."""

    features: Features
    word: Steps  # by distinct word, packed
    runs: Steps  # heads x distinct words: the sum over a word's runs
    run_count: Places
    pairs: Steps  # by pair, packed


def weigh(model: Model, stream: Stream, features: Features) -> Weighed:
    """Look every distinct word up once, with its runs, and every pair."""
    runs = runs_of(stream, features.first)
    summed = np.zeros((len(HEADS), len(features.first)), np.int64)
    count = np.zeros(len(features.first), np.int64)
    for hashes, bounds in zip(runs.hashes, runs.bounds, strict=True):
        rows = model.runs.rows(hashes)
        for head in range(len(HEADS)):
            summed[head] += sums(of_head(rows, head), bounds)
        count += np.diff(bounds)
    return Weighed(
        features=features,
        word=model.words.rows(features.words[features.first]),
        runs=summed,
        run_count=count,
        pairs=model.words.rows(features.pairs),
    )


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
    return Sizes(
        words=words,
        pairs=pairs,
        word_root=_root(has + np.diff(pairs)),
        run_root=_root(sums(weighed.run_count[weighed.features.of], words)),
    )


def _root(count: Places) -> Doubles:
    root: Doubles = np.sqrt(np.maximum(count, 1))
    return root


def margins(model: Model, weighed: Weighed, sizes: Sizes) -> Doubles:
    """Give each message's margin in each head, a column a head."""
    of = weighed.features.of
    word, result = weighed.word[of], np.empty((len(sizes.word_root), len(HEADS)))
    for head in range(len(HEADS)):
        words = sums(of_head(word, head), sizes.words)
        words += sums(of_head(weighed.pairs, head), sizes.pairs)
        runs = sums(weighed.runs[head][of], sizes.words)
        result[:, head] = words * STEP / sizes.word_root + runs * STEP / sizes.run_root
    result += model.bias
    return result


def word_parts(weighed: Weighed, sizes: Sizes, head: int) -> Floats:
    """Give each word's part in its message's margin: its own, its runs', half of each pair's."""
    features = weighed.features
    halves, word = _floats(of_head(weighed.pairs, head)) / 2, of_head(weighed.word, head)
    parts = _floats(word)[features.of]
    parts[features.pair_first] += halves
    parts[features.pair_first + 1] += halves
    words = np.diff(sizes.words)
    parts /= np.repeat(sizes.word_root.astype(np.float32), words)
    runs = _floats(weighed.runs[head])[features.of]
    runs /= np.repeat(sizes.run_root.astype(np.float32), words)
    parts += runs
    return parts


def _floats(steps: Steps) -> Floats:
    return steps.astype(np.float32) * np.float32(STEP)


@cache
def shipped() -> Model:
    """Load the model that comes with the package."""
    with resources.files(data).joinpath(FILE).open("rb") as stream:
        arrays = np.load(stream, allow_pickle=False)
        return Model(
            version=str(arrays["version"]),
            words=table([arrays[f"{name}.words"] for name in HEADS]),
            runs=table([arrays[f"{name}.runs"] for name in HEADS]),
            bias=np.array([arrays[f"{name}.bias"] for name in HEADS], np.float32),
            calibration={name: _calibration(arrays[f"{name}.calibration"]) for name in HEADS},
        )


def _calibration(numbers: Doubles) -> Calibration:
    slope, offset, none, mild, strong, severe = (float(number) for number in numbers)
    return Calibration(slope, offset, (none, mild, strong, severe))
