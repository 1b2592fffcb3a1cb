"""What the classifier weighs: words, pairs of neighbouring words, and runs of characters.  Pure.

Each feature is a 64-bit hash.  A word's hash is a difference of running sums, each of
``value · BASE^place`` modulo 2^64, moved back to place 0 by the inverse of ``BASE^start``: words
and runs of any length cost the same few passes over the stream (Karp & Rabin 1987).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.screening.alphabet import SPACE
from witnessbox.screening.normalise import Codes, Places, Stream

Hashes = npt.NDArray[np.uint64]

RUN_LENGTHS = (3, 4, 5)
"""Characters in a run; runs lie within a word and one space before and after it."""

_BASE = 0x9E3779B97F4A7C15
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_TABLE_SIZE = 0x20000
_FIRST_POWERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Features:
    """The words and pairs of a stream's messages: hash, and the message each is of.

    ``of`` says which distinct word each word is; ``first`` where each distinct one first stands.
    """

    words: Hashes
    of: Places
    first: Places
    word_message: Places
    pairs: Hashes
    pair_first: Places  # the first word of each pair


@dataclass(frozen=True, slots=True)
class Runs:
    """The character runs of some words: hash, and where each word's begin, by length of run."""

    hashes: tuple[Hashes, ...]
    bounds: tuple[Places, ...]  # one more than there are words


def mix(values: Hashes) -> Hashes:
    """Spread every bit over all others (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def pair_hash(first: Hashes, second: Hashes) -> Hashes:
    """Hash two neighbours, order told apart; phrases are pairs of a phrase and a word."""
    return mix(first * _PAIR + second)


@cache
def _values() -> Hashes:
    return mix(np.arange(1, _TABLE_SIZE + 1, dtype=np.uint64) * np.uint64(_BASE))


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Give the powers of the base and of its inverse modulo 2^64, from 0 on."""
    inverse = pow(_BASE, -1, 1 << 64)
    made = []
    for base in (_BASE, inverse):
        steps = np.full(size, base, dtype=np.uint64)
        steps[0] = 1
        made.append(np.cumprod(steps))
    return made[0], made[1]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums over a stream, from which any stretch's hash is one subtraction."""

    sums: Hashes
    inverse: Hashes

    def stretch(self, starts: Places, ends: Places) -> Hashes:
        return mix((self.sums[ends] - self.sums[starts]) * self.inverse[starts])


def _sums(codes: Codes) -> _Sums:
    size = _FIRST_POWERS
    while size < len(codes) + 1:
        size *= 2
    powers, inverse = _powers(size)
    known = codes if codes.dtype == np.uint8 else np.minimum(codes, _TABLE_SIZE - 1)
    # Codes as they are NumPy would look up in a slower way.
    values = _values()[known.astype(np.intp)]
    values *= powers[: len(values)]
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=sums[1:])
    return _Sums(sums, inverse)


def words_of(stream: Stream) -> Hashes:
    """Hash every word of a stream."""
    return _sums(stream.codes).stretch(stream.starts, stream.ends)


def extract(stream: Stream) -> Features:
    """Give the words and pairs of a stream's messages."""
    words = words_of(stream)
    of, first = _distinct(words)
    together = np.flatnonzero(stream.message[1:] == stream.message[:-1])
    return Features(
        words=words,
        of=of,
        first=first,
        word_message=stream.message,
        pairs=pair_hash(words[together], words[together + 1]),
        pair_first=together,
    )


def _distinct(words: Hashes) -> tuple[Places, Places]:
    known = pa.array(words).dictionary_encode()
    of = known.indices.to_numpy().astype(np.int64)
    first = np.zeros(len(known.dictionary), np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]
    return of, first


def runs_of(stream: Stream, words: Places) -> Runs:
    """Give the character runs of some of a stream's words, a space set before and after each.

    They depend on the word alone, and chat repeats its words: ask once for each distinct one.
    """
    sizes = stream.ends[words] - stream.starts[words]
    begins = np.concatenate([[0], np.cumsum(sizes + 2)])
    codes = np.full(begins[-1], SPACE, dtype=stream.codes.dtype)
    from_word = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes[from_word + np.repeat(begins[:-1] + 1, sizes)] = stream.codes[
        from_word + np.repeat(stream.starts[words], sizes)
    ]
    sums = _sums(codes)
    hashes, bounds = [], []
    for length in RUN_LENGTHS:
        count = np.maximum(sizes + 3 - length, 0)
        bound = np.concatenate([[0], np.cumsum(count)])
        starts = np.arange(bound[-1]) + np.repeat(begins[:-1] - bound[:-1], count)
        hashes.append(sums.stretch(starts, starts + length))
        bounds.append(bound)
    return Runs(tuple(hashes), tuple(bounds))
