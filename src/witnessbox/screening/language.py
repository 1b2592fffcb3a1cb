"""Which language a message is written in, by its letters and its little words.  Pure.

Told only where enough speaks for it: chat is short, and "ok" is every language's.  A message in
Latin letters needs two words, longer than a letter, that one language has and English has not, a
quarter of its words at least, and more words of that language than of any other; what has too few
is ``und``, undetermined.  Where at least half of the words are in other letters and the little
words do not settle which language it is, the tag names the letters: ``und-Cyrl``.  Tags are as in
BCP 47.

A model that has learned English says little of other languages; ``has_model`` is asked wherever a
score is shown or counted.  An undetermined message in Latin letters is taken for English.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.screening import data
from witnessbox.screening.alphabet import LETTER, alphabet
from witnessbox.screening.classifier import Sizes
from witnessbox.screening.features import Features, Hashes, words_of
from witnessbox.screening.normalise import Places, Stream, clean
from witnessbox.screening.weights import sums

ENGLISH, UNDETERMINED = "en", "und"
LEARNED = (ENGLISH,)
"""What the linear model has learned from."""

LEAST_WORDS = 2
LEAST_SHARE = 0.25

_FILE = "languages.toml"
_SCRIPTS = (
    (0x0370, 0x03FF, "el", "Greek"),
    (0x0400, 0x052F, "und-Cyrl", "a language in Cyrillic letters"),
    (0x0530, 0x058F, "hy", "Armenian"),
    (0x0590, 0x05FF, "und-Hebr", "a language in Hebrew letters"),
    (0x0600, 0x077F, "und-Arab", "a language in Arabic letters"),
    (0x0900, 0x097F, "und-Deva", "a language in Devanagari letters"),
    (0x0980, 0x09FF, "und-Beng", "a language in Bengali letters"),
    (0x0A00, 0x0A7F, "und-Guru", "a language in Gurmukhi letters"),
    (0x0A80, 0x0AFF, "gu", "Gujarati"),
    (0x0B80, 0x0BFF, "ta", "Tamil"),
    (0x0D80, 0x0DFF, "si", "Sinhala"),
    (0x0E00, 0x0E7F, "th", "Thai"),
    (0x10A0, 0x10FF, "ka", "Georgian"),
    (0x1200, 0x139F, "und-Ethi", "a language in Ethiopic letters"),
    (0x3040, 0x30FF, "ja", "Japanese"),
    (0x3400, 0x9FFF, "und-Hani", "a language in Chinese characters"),
    (0xAC00, 0xD7AF, "ko", "Korean"),
)
_SPOKEN_IN = {
    "ru": "und-Cyrl",
    "uk": "und-Cyrl",
    "ar": "und-Arab",
    "ur": "und-Arab",
    "fa": "und-Arab",
}


@dataclass(frozen=True, slots=True)
class Profiles:
    """The little words of every language, ready to be looked for."""

    tags: tuple[str, ...]  # what a message may be tagged: languages, scripts, undetermined
    names: dict[str, str]
    hashes: Hashes  # sorted
    listed: Places  # by word and language: 1 where the language has the word
    english: npt.NDArray[np.bool_]  # by word


def has_model(language: str) -> bool:
    """Say whether the linear model can speak of a message with this tag."""
    return language in LEARNED or language == UNDETERMINED


def name(language: str) -> str:
    """Give a tag's name in English."""
    return profiles().names.get(language, language)


@cache
def profiles() -> Profiles:
    """Load the profiles that come with the package."""
    languages = tomllib.loads(resources.files(data).joinpath(_FILE).read_text("utf-8"))
    tags = tuple(languages)
    words = sorted({word for one in languages.values() for word in one["words"].split()})
    hashes = words_of(clean(pa.array(words, pa.string())))
    known = np.unique(hashes)
    listed = np.zeros((len(known), len(tags)), np.int64)
    place = dict(zip(words, np.searchsorted(known, hashes), strict=True))
    for column, tag in enumerate(tags):
        listed[[place[word] for word in languages[tag]["words"].split()], column] = 1
    return Profiles(
        tags=(*tags, *(tag for *_, tag, _ in _SCRIPTS), UNDETERMINED),
        names={tag: languages[tag]["name"] for tag in tags}
        | {tag: name for *_, tag, name in _SCRIPTS}
        | {UNDETERMINED: "undetermined"},
        hashes=known,
        listed=listed,
        english=listed[:, tags.index(ENGLISH)] > 0,
    )


def identify(stream: Stream, features: Features, sizes: Sizes) -> Places:
    """Tag every message of a stream: places in ``profiles().tags``."""
    known, at = profiles(), stream.starts[features.first]
    hashes = features.words[features.first]
    entry = np.minimum(np.searchsorted(known.hashes, hashes), len(known.hashes) - 1)
    listed = known.hashes[entry] == hashes
    script = _scripts(stream, at)
    facts = (
        alphabet().kind[np.minimum(stream.codes[at], np.int64(alphabet().last))] == LETTER,
        listed & known.english[entry],
        (listed & ~known.english[entry]) | (script >= 0),
    )
    letters, english, foreign = (sums(fact[features.of], sizes.words) for fact in facts)
    result = np.full(stream.messages, len(known.tags) - 1)
    result[(english >= LEAST_WORDS) & (english >= LEAST_SHARE * letters)] = 0
    enough = (foreign >= LEAST_WORDS) | ((foreign > 0) & (letters <= LEAST_WORDS))
    doubtful = np.flatnonzero(enough & (foreign >= LEAST_SHARE * letters))
    if len(doubtful):
        found = np.zeros((len(at), known.listed.shape[1]), np.int64)
        found[listed] = known.listed[entry[listed]]
        long = stream.ends[features.first] - at > 1
        own = found * (long & ~known.english[entry])[:, None]
        rows = _Rows(features.of, sizes.words, doubtful)
        points, apart = rows.sums(found), rows.sums(own)
        best = _latin(points, apart, letters[doubtful])
        lettered = rows.sums(script[:, None] == np.arange(len(_SCRIPTS)))
        best = _by_script(best, points, lettered, letters[doubtful])
        result[doubtful[best >= 0]] = best[best >= 0]
    return result


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some of a stream's messages, with the words they hold."""

    of: Places
    bounds: Places
    messages: Places

    def sums(self, by_word: Places) -> Places:
        """Add up, over each message's words, what stands by distinct word."""
        first = self.bounds[self.messages]
        count = self.bounds[self.messages + 1] - first
        bounds = np.concatenate([[0], np.cumsum(count)])
        at = np.arange(bounds[-1]) + np.repeat(first - bounds[:-1], count)
        return sums(by_word[self.of[at]], bounds)


def _latin(points: Places, apart: Places, letters: Places) -> Places:
    """Give the language that leads in little words, where it has enough of its own; else -1."""
    rows = np.arange(len(points))
    best = points.argmax(axis=1)
    leads = (points == points[rows, best][:, None]).sum(axis=1) == 1
    own = apart[rows, best]
    return np.where(leads & (own >= LEAST_WORDS) & (own >= LEAST_SHARE * letters), best, -1)


def _by_script(best: Places, points: Places, lettered: Places, letters: Places) -> Places:
    """Give the script's tag where half of the words are in it, unless a language of it leads."""
    tags = profiles().tags
    script = lettered.argmax(axis=1)
    ours = lettered.max(axis=1) * 2 >= np.maximum(letters, 1)
    tag = script + points.shape[1]
    spoken = np.array([tags.index(_SPOKEN_IN[one]) if one in _SPOKEN_IN else -1 for one in tags])
    fits = (best >= 0) & (spoken[best] == tag)
    return np.where(ours & ~fits, tag, best)


def _scripts(stream: Stream, at: Places) -> Places:
    """Give the script each word begins in, -1 for Latin letters and all others."""
    if stream.codes.dtype == np.uint8:
        return np.full(len(at), -1)
    codes = stream.codes[at]
    firsts, lasts = (np.array([one[side] for one in _SCRIPTS]) for side in (0, 1))
    place = np.searchsorted(firsts, codes, side="right") - 1
    inside = (place >= 0) & (codes <= lasts[np.maximum(place, 0)])
    return np.where(inside, place, -1)
