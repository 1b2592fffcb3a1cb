"""Words and phrases that name a category, each with severity, source and licence.

Lexicons explain; they do not find: alone they miss most abuse and mark much that is none.  An entry
is matched on cleaned words, so one plain form finds ``r3tard`` and ``r e t a r d`` too.  ``(a|b)``
in an entry stands for either; the forms are made on loading.

A phrase's hash is its words' hashes paired up from the left, so phrases of every length are looked
up together, over whole columns, and only where a phrase's beginning stands.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.errors import WitnessboxError
from witnessbox.screening import data
from witnessbox.screening.features import Hashes, pair_hash, words_of
from witnessbox.screening.model import Category, Entry, EntryKind
from witnessbox.screening.normalise import Places, Stream, clean

FILES = ("lexicon-surge.tsv", "lexicon-own.tsv")
MOST_WORDS = 7

_CHOICE = re.compile(r"\(([^()]*)\)")
_COLUMNS = 6
_FILTER_BITS = 18


class LexiconError(WitnessboxError):
    """A lexicon file holds a line that cannot be read."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Where entries stand in a stream: the entry, its first word and how many words it has."""

    entry: Places
    first: Places
    words: Places


@dataclass(frozen=True, slots=True)
class Level:
    """Phrases of one number of words: sorted hashes, their entries, and a quick filter."""

    hashes: Hashes
    entry: Places  # -1: only the beginning of longer phrases
    near: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, ready to be looked for."""

    entries: tuple[Entry, ...]
    levels: tuple[Level, ...]
    category: npt.NDArray[np.int8]  # by entry: place in CATEGORIES; -1 for coarse words
    severity: npt.NDArray[np.int8]
    abusive: npt.NDArray[np.bool_]

    def find(self, stream: Stream, words: Hashes) -> Hits:
        """Find every entry in a stream whose words have these hashes."""
        at = np.arange(len(words))
        hashes = words
        found: list[tuple[Places, Places, int]] = []
        for length, level in enumerate(self.levels, start=1):
            if length > 1:
                fits = at + length - 1 < len(words)
                at, hashes = at[fits], hashes[fits]
                last = at + length - 1
                same = stream.message[at] == stream.message[last]
                at, hashes, last = at[same], hashes[same], last[same]
                hashes = pair_hash(hashes, words[last])
            close = np.flatnonzero(level.near[_short(hashes)])
            place = np.searchsorted(level.hashes, hashes[close])
            place = np.minimum(place, len(level.hashes) - 1)
            right = level.hashes[place] == hashes[close]
            at, hashes = at[close[right]], hashes[close[right]]
            entry = level.entry[place[right]]
            found.append((entry[entry >= 0], at[entry >= 0], length))
        return Hits(
            entry=np.concatenate([entry for entry, _, _ in found]),
            first=np.concatenate([first for _, first, _ in found]),
            words=np.concatenate([np.full(len(entry), size) for entry, _, size in found]),
        )


def _short(hashes: Hashes) -> Places:
    return (hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)


def forms(pattern: str) -> Iterator[str]:
    """Write an entry's choices out."""
    parts = _CHOICE.split(pattern)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        yield " ".join("".join(chosen).split())


def read(name: str, lines: Iterable[str]) -> Iterator[Entry]:
    """Read the entries of a lexicon file.  Raises LexiconError."""
    for number, line in enumerate(lines, start=1):
        if line.startswith(("#", "entry\t")):
            continue
        fields = line.rstrip("\n").split("\t")
        if len(fields) != _COLUMNS:
            raise LexiconError(f"{name} line {number} has {len(fields)} columns, not {_COLUMNS}")
        pattern, category, kind, severity, source, licence = fields
        try:
            made = Category(category), EntryKind(kind), int(severity)
        except ValueError as error:
            raise LexiconError(f"{name} line {number}: {error}; mend the line") from error
        for form in forms(pattern):
            yield Entry(form, *made, source, licence)


def build(entries: Iterable[Entry]) -> Lexicon:
    """Make a lexicon; of entries that clean to the same words the last one given stands."""
    given = list(entries)
    stream = clean(pa.array([entry.form for entry in given], pa.string()))
    hashes = words_of(stream)
    bounds = np.searchsorted(stream.message, np.arange(len(given) + 1))
    levels: list[dict[int, int]] = [{} for _ in range(MOST_WORDS)]
    for place, (first, end) in enumerate(itertools.pairwise(bounds)):
        if not 0 < end - first <= MOST_WORDS:
            raise LexiconError(
                f"lexicon entry {given[place].form!r} cleans to {end - first} words; "
                f"write one of 1 to {MOST_WORDS}"
            )
        phrase = hashes[first : first + 1]
        for at in range(first + 1, end):
            levels[at - first - 1].setdefault(int(phrase[0]), -1)
            phrase = pair_hash(phrase, hashes[at : at + 1])
        levels[end - first - 1][int(phrase[0])] = place
    order = list(Category)
    coarse = EntryKind.COARSE
    return Lexicon(
        entries=tuple(given),
        levels=tuple(_level(level) for level in levels),
        category=np.array(
            [-1 if e.kind is coarse else order.index(e.category) for e in given], np.int8
        ),
        severity=np.array([entry.severity for entry in given], np.int8),
        abusive=np.array([entry.kind is EntryKind.ABUSIVE for entry in given], np.bool_),
    )


def _level(phrases: dict[int, int]) -> Level:
    hashes = np.array(sorted(phrases) or [0], np.uint64)
    near = np.zeros(1 << _FILTER_BITS, np.bool_)
    near[_short(hashes)] = bool(phrases)
    return Level(hashes, np.array([phrases.get(int(key), -1) for key in hashes], np.int64), near)


@cache
def shipped() -> Lexicon:
    """Load the lexicon that comes with the package."""
    entries: list[Entry] = []
    for name in FILES:
        text = resources.files(data).joinpath(name).read_text("utf-8")
        entries.extend(read(name, text.splitlines()))
    return build(entries)
