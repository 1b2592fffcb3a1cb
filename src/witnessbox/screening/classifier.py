"""The linear classifier: what weighs how much, and which words made a score.

A *head* is one question asked of a message ("is it abuse?").  Its *margin* is a bias plus the mean
weight of the message's words and pairs and of its character runs, each mean times the square root
of how many there are.  The margin is a plain sum, so each word's part in it is a plain sum too: its
own weight, half of each pair it stands in, and the share of each run that lies in it.

Weights are plain arrays read without pickle.  The features are hashed, so two may share a weight;
what a word adds is shown as it was used, shared weights and all.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from witnessbox.screening import data
from witnessbox.screening.features import RUN_LENGTHS, Features, Hashes
from witnessbox.screening.normalise import Places, Stream

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FILE = "weights.npz"
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
class Head:
    """One question's weights.  A hash's first bits choose its weight; tables are powers of two."""

    words: Floats
    runs: Floats
    bias: float
    calibration: Calibration

    def word_weights(self, hashes: Hashes) -> Floats:
        """Give the weights of words or pairs."""
        return self.words[bucket(hashes, len(self.words))]

    def run_weights(self, hashes: Hashes) -> Floats:
        """Give the weights of character runs."""
        return self.runs[bucket(hashes, len(self.runs))]


@dataclass(frozen=True, slots=True)
class Model:
    """The heads that come with the package, by name, and the version their scores carry."""

    version: str
    heads: dict[str, Head]


def bucket(hashes: Hashes, size: int) -> Places:
    """Choose a place in a table of ``size`` (a power of two) by a hash's first bits."""
    return (hashes >> np.uint64(64 - (size.bit_length() - 1))).astype(np.int64)


def margins(head: Head, features: Features, messages: int) -> Doubles:
    """Give each message's margin."""
    word_sum, word_count = np.zeros(messages), np.zeros(messages)
    of_pair = features.word_message[features.pair_first]
    for hashes, message in ((features.words, features.word_message), (features.pairs, of_pair)):
        word_sum += _sums(message, head.word_weights(hashes), messages)
        word_count += _sums(message, None, messages)
    run_sum, run_count = np.zeros(messages), np.zeros(messages)
    for hashes, message in zip(features.runs, features.run_message, strict=True):
        run_sum += _sums(message, head.run_weights(hashes), messages)
        run_count += _sums(message, None, messages)
    result: Doubles = (
        head.bias
        + word_sum / np.sqrt(np.maximum(word_count, 1))
        + run_sum / np.sqrt(np.maximum(run_count, 1))
    )
    return result


def _sums(message: Places, weights: Floats | Doubles | None, messages: int) -> Doubles:
    return np.bincount(message, weights, messages).astype(np.float64)


def word_parts(head: Head, stream: Stream, features: Features) -> Doubles:
    """Give each word's part in its message's margin."""
    messages = stream.messages
    first = features.pair_first
    pair_weights = head.word_weights(features.pairs)
    parts = head.word_weights(features.words).astype(np.float64)
    parts += _sums(first, pair_weights, len(parts)) / 2
    parts += _sums(first + 1, pair_weights, len(parts)) / 2
    word_count = _sums(features.word_message, None, messages)
    word_count += _sums(features.word_message[first], None, messages)
    parts /= np.sqrt(np.maximum(word_count, 1))[stream.message]
    return parts + _run_parts(head, stream, features)


def _run_parts(head: Head, stream: Stream, features: Features) -> Doubles:
    """Spread each run's weight evenly over its characters and sum what lies in each word."""
    size = len(stream.codes)
    slope = np.zeros(size + 1)
    count = np.zeros(stream.messages)
    for length, hashes, starts, message in zip(
        RUN_LENGTHS, features.runs, features.run_starts, features.run_message, strict=True
    ):
        count += _sums(message, None, stream.messages)
        share = head.run_weights(hashes) / length
        slope[:size] += _sums(starts, share, size)
        slope += _sums(starts + length, -share, size + 1)
    along = np.concatenate([[0.0], np.cumsum(np.cumsum(slope[:size]))])
    parts: Doubles = along[stream.ends] - along[stream.starts]
    return parts / np.sqrt(np.maximum(count, 1))[stream.message]


@cache
def shipped() -> Model:
    """Load the model that comes with the package."""
    with resources.files(data).joinpath(FILE).open("rb") as stream:
        arrays = np.load(stream, allow_pickle=False)
        heads = {name: _head(name, arrays) for name in HEADS}
        return Model(str(arrays["version"]), heads)


def _head(name: str, arrays: "np.lib.npyio.NpzFile") -> Head:
    slope, offset, *severity = (float(number) for number in arrays[f"{name}.calibration"])
    none, mild, strong, severe = severity
    return Head(
        words=arrays[f"{name}.words"].astype(np.float32),
        runs=arrays[f"{name}.runs"].astype(np.float32),
        bias=float(arrays[f"{name}.bias"]),
        calibration=Calibration(slope, offset, (none, mild, strong, severe)),
    )
