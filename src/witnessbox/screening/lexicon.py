"""Words and phrases that name a category, each with severity, senses, source and licence.  Pure.

Lexicons explain; they do not find: alone they miss most abuse and mark much that is none.  An entry
is matched on cleaned words, so one plain form finds ``r3tard`` and ``r e t a r d`` too.

One form may have several senses.  What names a category is the last abusive, coarse or group entry
that was given for it; where the form is innocent or reclaimed in other uses, it counts one step
less severe (never less than mild).  A phrase that is only innocent or reclaimed ("fag break")
speaks for the words in it: entries that lie wholly inside it are not counted.

A phrase's hash is its words' hashes paired up from the left, so phrases of every length are looked
up together, over whole columns, and only where a phrase's beginning stands.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.screening.features import Features, Hashes, pair_hash, words_of
from witnessbox.screening.lexicon_file import LexiconError
from witnessbox.screening.model import Category, Entry, EntryKind
from witnessbox.screening.normalise import Places, Stream, clean

MOST_WORDS = 7

_FILTER_BITS = 18
_ABSENT = -2
_MILD_USES = (EntryKind.INNOCENT, EntryKind.RECLAIMED)


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

    def look_up(self, hashes: Hashes) -> Places:
        """Give each phrase's entry, -1 where longer ones begin so, ``_ABSENT`` where none does."""
        result = np.full(len(hashes), _ABSENT)
        close = np.flatnonzero(self.near[_short(hashes)])
        place = np.searchsorted(self.hashes, hashes[close])
        place = np.minimum(place, len(self.hashes) - 1)
        right = self.hashes[place] == hashes[close]
        result[close[right]] = self.entry[place[right]]
        return result


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, ready to be looked for."""

    entries: tuple[Entry, ...]
    levels: tuple[Level, ...]
    category: npt.NDArray[np.int8]  # by entry: place in CATEGORIES; -1 for coarse words
    severity: npt.NDArray[np.int8]
    abusive: npt.NDArray[np.bool_]
    mild: npt.NDArray[np.bool_]  # innocent or reclaimed in every sense
    innocent: npt.NDArray[np.bool_]
    senses: dict[int, tuple[int, ...]]  # by hash of a form: all entries that were given for it
    version: str = ""  # of an operation's own lexicons

    def find(self, stream: Stream, features: Features) -> Hits:
        """Find every entry in a stream with these words."""
        words = features.words
        # Chat repeats its words: each distinct one is looked up once.
        entry = self.levels[0].look_up(words[features.first])[features.of]
        at = np.flatnonzero(entry != _ABSENT)
        entry, hashes = entry[at], words[at]
        found = [(entry[entry >= 0], at[entry >= 0], 1)]
        for length, level in enumerate(self.levels[1:], start=2):
            last = np.minimum(at + length - 1, len(words) - 1)
            longer = (at + length <= len(words)) & (stream.message[at] == stream.message[last])
            at, hashes = at[longer], pair_hash(hashes[longer], words[last[longer]])
            entry = level.look_up(hashes)
            there = entry != _ABSENT
            at, hashes, entry = at[there], hashes[there], entry[there]
            found.append((entry[entry >= 0], at[entry >= 0], length))
        hits = Hits(
            entry=np.concatenate([entry for entry, _, _ in found]),
            first=np.concatenate([first for _, first, _ in found]),
            words=np.concatenate([np.full(len(entry), size) for entry, _, size in found]),
        )
        return self._counted(hits, len(words))

    def _counted(self, hits: Hits, words: int) -> Hits:
        """Leave out what lies inside a mild phrase, and innocent entries, which name nothing."""
        mild = self.mild[hits.entry]
        if not mild.any():
            return hits
        bounds = np.zeros(words + 1, np.int64)
        ends = hits.first + hits.words
        np.add.at(bounds, hits.first[mild], 1)
        np.add.at(bounds, ends[mild], -1)
        within = np.concatenate([[0], np.cumsum(np.cumsum(bounds[:-1]) > 0)])
        inside = within[ends] - within[hits.first] == hits.words
        kept = np.flatnonzero(np.where(mild, ~self.innocent[hits.entry], ~inside))
        return Hits(hits.entry[kept], hits.first[kept], hits.words[kept])

    def meanings(self, written: str) -> tuple[Entry, ...]:
        """Give every sense of a word or phrase, as it was written; none where it is no entry."""
        hashes = words_of(clean(pa.array([written], pa.string())))
        if not len(hashes):
            return ()
        phrase = hashes[:1]
        for at in range(1, len(hashes)):
            phrase = pair_hash(phrase, hashes[at : at + 1])
        return tuple(self.entries[place] for place in self.senses.get(int(phrase[0]), ()))


def _short(hashes: Hashes) -> Places:
    return (hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)


def build(entries: Iterable[Entry], version: str = "") -> Lexicon:
    """Make a lexicon of entries; later ones stand before earlier ones of the same words."""
    given = list(entries)
    stream = clean(pa.array([entry.form for entry in given], pa.string()))
    hashes = words_of(stream)
    bounds = np.searchsorted(stream.message, np.arange(len(given) + 1))
    levels: list[dict[int, int]] = [{} for _ in range(MOST_WORDS)]
    senses: dict[int, list[int]] = {}
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
        senses.setdefault(int(phrase[0]), []).append(place)
    severity = np.array([entry.severity for entry in given], np.int8)
    for level in levels:
        for key, place in level.items():
            if place >= 0:
                level[key] = _naming(given, senses[key])
                severity[level[key]] = _severity(given, senses[key], level[key])
    return Lexicon(
        entries=tuple(given),
        levels=tuple(_level(level) for level in levels),
        category=np.array([_category(entry) for entry in given], np.int8),
        severity=severity,
        abusive=np.array([entry.kind is EntryKind.ABUSIVE for entry in given], np.bool_),
        mild=np.array([entry.kind in _MILD_USES for entry in given], np.bool_),
        innocent=np.array([entry.kind is EntryKind.INNOCENT for entry in given], np.bool_),
        senses={key: tuple(places) for key, places in senses.items()},
        version=version,
    )


def _naming(given: list[Entry], senses: list[int]) -> int:
    """Choose the entry that stands for a form: the last that names something, else the last."""
    naming = [place for place in senses if given[place].kind not in _MILD_USES]
    return (naming or senses)[-1]


def _severity(given: list[Entry], senses: list[int], naming: int) -> int:
    """Give an entry's severity, one step less where its form has a mild sense too."""
    severity = given[naming].severity
    mild = any(given[place].kind in _MILD_USES for place in senses)
    return max(severity - 1, 1) if mild and severity else severity


def _category(entry: Entry) -> int:
    if entry.kind is EntryKind.COARSE:
        return -1
    return list(Category).index(entry.category)


def _level(phrases: dict[int, int]) -> Level:
    hashes = np.array(sorted(phrases) or [0], np.uint64)
    near = np.zeros(1 << _FILTER_BITS, np.bool_)
    near[_short(hashes)] = bool(phrases)
    return Level(hashes, np.array([phrases.get(int(key), -1) for key in hashes], np.int64), near)
