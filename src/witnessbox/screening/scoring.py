"""Score texts: how likely abuse is, of which category, and which words made the score.

- ``abuse`` is the classifier's probability, raised where the lexicon finds an abusive entry.
- ``misogyny`` and ``bullying-threat`` have heads of their own; they are given from ``FLOOR`` up, or
  where the lexicon names them.
- The other categories have no labelled training data fit for chats.  Their score is the ``abuse``
  score, given only where a lexicon entry names the category: a slur, a phrase, or the group that is
  spoken of.  A message that speaks kindly of a group gets a low score, not none.
- ``sexual-violence`` and ``domestic-abuse`` are hardly in what the classifier learned from, so an
  abusive entry there adds ``ENTRY_WEIGHT`` of what the classifier leaves open.  Set by hand.

Pure: texts, lexicon and model in; rows out; the same in gives the same out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.screening import classifier, lexicon
from witnessbox.screening.classifier import Doubles, Head, Model
from witnessbox.screening.features import Features, extract
from witnessbox.screening.lexicon import Hits, Lexicon
from witnessbox.screening.model import CATEGORIES, SCORED, Category, Source
from witnessbox.screening.normalise import Places, Stream, clean

BLOCK_TEXTS = 4096
"""Texts scored at a time: few enough to stay in a processor's cache."""

FLOOR = 0.25
"""A head's category is given from this probability up."""

MOST_REASONS = 5

ENTRY_WEIGHT = (0.0, 0.1, 0.25, 0.5)
"""By severity: how much of the doubt an entry of a hardly-learned category takes away."""

_ABUSE = CATEGORIES.index(Category.ABUSE)
_HARDLY_LEARNED = (Category.SEXUAL_VIOLENCE, Category.DOMESTIC_ABUSE)
_HEADS = (Category.MISOGYNY, Category.BULLYING_THREAT)
_LEXICON, _CLASSIFIER = 0, 1
_LEXICON_FIRST = 1000.0
_SOURCES = (Source.LEXICON, Source.CLASSIFIER)


@dataclass(frozen=True, slots=True)
class Screener:
    """What scores: a lexicon and a model."""

    lexicon: Lexicon
    model: Model

    @property
    def version(self) -> str:
        """Name the model and the lexicon; scores of another version are made again."""
        return self.model.version


def shipped() -> Screener:
    """Load what comes with the package."""
    return Screener(lexicon.shipped(), classifier.shipped())


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one block: the text of the block, the category's place, and the score."""

    text: Places
    category: Places
    score: Doubles
    severity: npt.NDArray[np.int8]
    source: Places


def score_texts(texts: pa.StringArray, screener: Screener) -> pa.RecordBatch:
    """Score a column of texts; rows as ``SCORED``, by text and then category, ``abuse`` first.

    Every text has an ``abuse`` row, null and empty ones too.  Equal texts are scored once each time
    they are given: give each distinct text once.
    """
    texts = texts.cast(pa.string())
    blocks = [
        _score_block(texts.slice(first, BLOCK_TEXTS), first, screener)
        for first in range(0, len(texts), BLOCK_TEXTS)
    ]
    if not blocks:
        return pa.RecordBatch.from_pylist([], SCORED)
    return pa.Table.from_batches(blocks, SCORED).combine_chunks().to_batches()[0]


def _score_block(texts: pa.StringArray, first: int, screener: Screener) -> pa.RecordBatch:
    stream = clean(texts)
    features = extract(stream)
    hits = screener.lexicon.find(stream, features.words)
    rows = _rows(stream, features, hits, screener)
    reasons = _reasons(rows, stream, features, hits, screener)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(rows.text + first),
            pa.DictionaryArray.from_arrays(
                rows.category.astype(np.int32), [str(one) for one in CATEGORIES]
            ),
            pa.array(rows.score.astype(np.float32)),
            pa.array(rows.severity),
            pa.DictionaryArray.from_arrays(
                rows.source.astype(np.int32), [str(one) for one in _SOURCES]
            ),
            reasons,
        ],
        schema=SCORED,
    )


def _rows(stream: Stream, features: Features, hits: Hits, screener: Screener) -> _Rows:
    """Decide which categories each message gets a score for, and the scores."""
    found, heads = screener.lexicon, screener.model.heads
    shape = stream.messages, len(CATEGORIES)
    named, severity = np.zeros(shape, np.bool_), np.zeros(shape, np.int8)
    category = found.category[hits.entry]
    of = stream.message[hits.first][category >= 0], category[category >= 0]
    named[of] = True
    np.maximum.at(severity, of, found.severity[hits.entry][category >= 0])
    severity[:, _ABUSE] = severity.max(axis=1)

    def probability(name: Category) -> Doubles:
        margin = classifier.margins(heads[name], features, stream.messages)
        return heads[name].calibration.probability(margin, severity[:, CATEGORIES.index(name)])

    abuse = probability(Category.ABUSE)
    score = np.repeat(abuse[:, None], len(CATEGORIES), axis=1)
    source = np.full(shape, _LEXICON)
    source[:, _ABUSE] = _CLASSIFIER
    named[:, _ABUSE] = True
    for name in _HARDLY_LEARNED:
        at = CATEGORIES.index(name)
        score[:, at] += (1 - abuse) * np.asarray(ENTRY_WEIGHT)[severity[:, at]]
    for name in _HEADS:
        at = CATEGORIES.index(name)
        own, slur = probability(name), severity[:, at] > 0
        by_lexicon = slur & (abuse > own)
        score[:, at] = np.where(by_lexicon, abuse, own)
        source[:, at] = np.where(by_lexicon, _LEXICON, _CLASSIFIER)
        named[:, at] = slur | (own >= FLOOR)
    text, given = np.nonzero(named)
    return _Rows(text, given, score[text, given], severity[text, given], source[text, given])


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of the text as written that speak for a row; the lowest ``key`` comes first."""

    row: Places
    key: Doubles
    first_byte: Places
    end_byte: Places


def _reasons(
    rows: _Rows, stream: Stream, features: Features, hits: Hits, screener: Screener
) -> pa.ListArray:
    """Give each row the words that made its score, as written, weightiest first."""
    found = [_lexicon_reasons(rows, stream, hits, screener.lexicon)]
    own_head = np.isin(rows.category, [CATEGORIES.index(name) for name in _HEADS])
    own_head &= rows.source == _CLASSIFIER
    found.append(_word_reasons(rows, ~own_head, screener.model.heads["abuse"], stream, features))
    for name in _HEADS:
        mine = own_head & (rows.category == CATEGORIES.index(name))
        if mine.any():
            head = screener.model.heads[name]
            found.append(_word_reasons(rows, mine, head, stream, features))
    row, key, first, end = (
        np.concatenate([getattr(part, name) for part in found])
        for name in ("row", "key", "first_byte", "end_byte")
    )
    order = np.lexsort((key, row))
    _, kept = np.unique(row[order] * len(stream.written) + first[order], return_index=True)
    order = order[np.sort(kept)]
    row, first, end = row[order], first[order], end[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    row, first, end = (array[rank < MOST_REASONS] for array in (row, first, end))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows.text)))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), _cut(stream.written, first, end))


def _lexicon_reasons(rows: _Rows, stream: Stream, hits: Hits, found: Lexicon) -> _Stretches:
    """Give the entries that name a row's category; for ``abuse``, all that are no mere groups."""
    row_of = np.full((stream.messages, len(CATEGORIES)), -1)
    row_of[rows.text, rows.category] = np.arange(len(rows.text))
    message, category = stream.message[hits.first], found.category[hits.entry]
    general = found.abusive[hits.entry] | (category < 0)
    row = np.concatenate([row_of[message, category], row_of[message, _ABUSE]])
    used = (row >= 0) & np.concatenate([category >= 0, general])
    hit = np.tile(np.arange(len(message)), 2)[used]
    return _Stretches(
        row=row[used],
        key=-_LEXICON_FIRST - (10.0 * found.severity[hits.entry] + hits.words)[hit],
        first_byte=stream.first_byte[hits.first][hit],
        end_byte=stream.end_byte[hits.first + hits.words - 1][hit],
    )


def _word_reasons(
    rows: _Rows, mine: npt.NDArray[np.bool_], head: Head, stream: Stream, features: Features
) -> _Stretches:
    """Give the words that add most to a head's margin, for the rows that are this head's."""
    parts = classifier.word_parts(head, stream, features)
    wanted = np.zeros(stream.messages, np.bool_)
    wanted[rows.text[mine]] = True
    adding = np.flatnonzero((parts > 0) & wanted[stream.message])
    order = adding[np.lexsort((-parts[adding], stream.message[adding]))]
    first_word = np.searchsorted(stream.message[adding], np.arange(stream.messages + 1))
    rank = np.arange(len(order)) - first_word[stream.message[order]]
    top = order[rank < MOST_REASONS]
    first_top = np.searchsorted(stream.message[top], np.arange(stream.messages + 1))
    row = np.flatnonzero(mine)
    text = rows.text[row]
    count = first_top[text + 1] - first_top[text]
    before = np.repeat(np.cumsum(count) - count, count)
    word = top[np.repeat(first_top[text], count) + np.arange(count.sum()) - before]
    return _Stretches(
        row=np.repeat(row, count),
        key=-parts[word],
        first_byte=stream.first_byte[word],
        end_byte=stream.end_byte[word],
    )


def _cut(written: npt.NDArray[np.uint8], first: Places, end: Places) -> pa.StringArray:
    """Cut stretches out of UTF-8 bytes, all at once."""
    sizes = end - first
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(offsets[-1]) + np.repeat(first - offsets[:-1], sizes)
    buffers = [pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(written[at])]
    return pa.StringArray.from_buffers(len(first), *buffers)
