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

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.screening import classifier, language, lexicons
from witnessbox.screening.classifier import Doubles, Model, Sizes, Weighed
from witnessbox.screening.features import extract
from witnessbox.screening.lexicon import Hits, Lexicon
from witnessbox.screening.model import CATEGORIES, SCORED, Category, Source
from witnessbox.screening.normalise import Places, Stream, clean
from witnessbox.screening.weights import HEADS

BLOCK_TEXTS = 4096
"""Texts scored at a time: enough to share their words, few enough to stay near the processor."""

BLOCK_BYTES = 1 << 20
"""Of texts scored at a time, unless a single one is longer."""

FLOOR = 0.25
"""A head's category is given from this probability up."""

MOST_REASONS = 5

ENTRY_WEIGHT = (0.0, 0.1, 0.25, 0.5)
"""By severity: how much of the doubt an entry of a hardly-learned category takes away."""

_ABUSE = CATEGORIES.index(Category.ABUSE)
_HARDLY_LEARNED = (Category.SEXUAL_VIOLENCE, Category.DOMESTIC_ABUSE)
_HEADS = (Category.MISOGYNY, Category.BULLYING_THREAT)
_LEXICON, _CLASSIFIER = 0, 1
_SOURCES = (Source.LEXICON, Source.CLASSIFIER)


@dataclass(frozen=True, slots=True)
class Screener:
    """What scores: a lexicon and a model."""

    lexicon: Lexicon
    model: Model

    @property
    def version(self) -> str:
        """Name the model and the lexicons; scores of another version are made again."""
        own = self.lexicon.version
        return f"{self.model.version}+{own}" if own else self.model.version


def shipped() -> Screener:
    """Load what comes with the package."""
    return Screener(lexicons.shipped(), classifier.shipped())


def of(folder: Folder, words: lexicons.Settings = lexicons.DEFAULT) -> Screener:
    """Load what scores an operation's messages: its own lexicons too.  Raises LexiconError."""
    return Screener(lexicons.of(folder, words), classifier.shipped())


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
    if not len(texts):
        return pa.RecordBatch.from_pylist([], SCORED)
    texts = pc.fill_null(texts.cast(pa.string()), "")
    # Plain ASCII is cleaned faster where nothing else stands among it.
    plain = pc.string_is_ascii(texts).to_numpy(zero_copy_only=False)
    order = np.argsort(~plain, kind="stable")
    ordered = texts if plain.all() else texts.take(pa.array(order))
    blocks = [
        _score_block(ordered.slice(first, count), order[first : first + count], screener)
        for first, count in _blocks(pc.binary_length(ordered).to_numpy())
    ]
    whole = pa.Table.from_batches(blocks, SCORED).combine_chunks().to_batches()[0]
    if plain.all():
        return whole
    return whole.take(pa.array(np.argsort(whole["text"].to_numpy(), kind="stable")))


def _blocks(sizes: npt.NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Cut a column into blocks of ``BLOCK_TEXTS`` texts, fewer where they are long."""
    ends = np.cumsum(sizes, dtype=np.int64)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        fits = int(np.searchsorted(ends, before + BLOCK_BYTES, side="right")) - first
        count = min(max(fits, 1), BLOCK_TEXTS, len(sizes) - first)
        yield first, count
        first += count


@dataclass(frozen=True, slots=True)
class _Block:
    """Texts of one block as they are weighed."""

    stream: Stream
    weighed: Weighed
    sizes: Sizes
    hits: Hits


def by_category(rows: pa.RecordBatch, texts: int) -> Doubles:
    """Lay score rows out, texts x ``CATEGORIES``; 0 where a text has no score."""
    names = pa.array([str(one) for one in CATEGORIES])
    category = pc.index_in(rows["category"].cast(pa.string()), value_set=names)
    table = np.zeros((texts, len(CATEGORIES)))
    table[rows["text"].to_numpy(), category.to_numpy()] = rows["score"].to_numpy()
    return table


def _score_block(texts: pa.StringArray, which: Places, screener: Screener) -> pa.RecordBatch:
    stream = clean(texts)
    features = extract(stream)
    weighed = classifier.weigh(screener.model, stream, features)
    sizes = classifier.sizes(stream, weighed)
    hits = screener.lexicon.find(stream, features)
    block = _Block(stream, weighed, sizes, hits)
    rows = _rows(block, screener)
    tag = language.identify(stream, features, sizes)[rows.text]
    return pa.RecordBatch.from_arrays(
        [
            pa.array(which[rows.text]),
            pa.DictionaryArray.from_arrays(
                rows.category.astype(np.int32), [str(one) for one in CATEGORIES]
            ),
            pa.array(rows.score.astype(np.float32)),
            pa.array(rows.severity),
            pa.DictionaryArray.from_arrays(
                rows.source.astype(np.int32), [str(one) for one in _SOURCES]
            ),
            pa.DictionaryArray.from_arrays(tag.astype(np.int32), list(language.profiles().tags)),
            _reasons(rows, block, screener.lexicon),
        ],
        schema=SCORED,
    )


def _rows(block: _Block, screener: Screener) -> _Rows:
    """Decide which categories each message gets a score for, and the scores."""
    found, hits, stream = screener.lexicon, block.hits, block.stream
    shape = stream.messages, len(CATEGORIES)
    named, severity = np.zeros(shape, np.bool_), np.zeros(shape, np.int8)
    category = found.category[hits.entry]
    of = stream.message[hits.first][category >= 0], category[category >= 0]
    named[of] = True
    np.maximum.at(severity, of, found.severity[hits.entry][category >= 0])
    severity[:, _ABUSE] = severity.max(axis=1)
    margins = classifier.margins(screener.model, block.weighed, block.sizes)

    def probability(name: Category) -> Doubles:
        raised = severity[:, CATEGORIES.index(name)]
        margin = margins[:, HEADS.index(name)]
        return screener.model.calibration[name].probability(margin, raised)

    abuse = probability(Category.ABUSE)
    named[:, _ABUSE] = True
    heads: dict[int, Doubles] = {}
    for name in _HEADS:
        at = CATEGORIES.index(name)
        heads[at] = probability(name)
        named[:, at] = (severity[:, at] > 0) | (heads[at] >= FLOOR)
    text, given = np.nonzero(named)
    score, raised = abuse[text], severity[text, given]
    source = np.where(given == _ABUSE, _CLASSIFIER, _LEXICON)
    for name in _HARDLY_LEARNED:
        mine = np.flatnonzero(given == CATEGORIES.index(name))
        score[mine] += (1 - score[mine]) * np.asarray(ENTRY_WEIGHT)[raised[mine]]
    for at, own in heads.items():
        mine = np.flatnonzero(given == at)
        by_lexicon = (raised[mine] > 0) & (score[mine] > own[text[mine]])
        score[mine] = np.where(by_lexicon, score[mine], own[text[mine]])
        source[mine] = np.where(by_lexicon, _LEXICON, _CLASSIFIER)
    return _Rows(text, given, score, raised, source)


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Words in a row that speak for a score; in each row the lowest ``rank`` comes first."""

    row: Places
    rank: Places
    first: Places  # the first word's place in the stream
    last: Places


def _reasons(rows: _Rows, block: _Block, found: Lexicon) -> pa.ListArray:
    """Give each row the words that made its score, as written, weightiest first."""
    entries = _lexicon_reasons(rows, block, found)
    own_head = np.isin(rows.category, [CATEGORIES.index(name) for name in _HEADS])
    own_head &= rows.source == _CLASSIFIER
    words = [_word_reasons(rows, np.flatnonzero(~own_head), Category.ABUSE, block)]
    for name in _HEADS:
        mine = own_head & (rows.category == CATEGORIES.index(name))
        if mine.any():
            words.append(_word_reasons(rows, np.flatnonzero(mine), name, block))
    row, rank, first, last = (
        np.concatenate([getattr(part, name) for part in (entries, *words)])
        for name in ("row", "rank", "first", "last")
    )
    # A word that an entry begins with is shown once, in the entry.
    place = row * (len(block.stream.starts) + 1) + first
    has_entry = np.zeros(len(rows.text), np.bool_)
    has_entry[entries.row] = True
    among = np.flatnonzero(has_entry[row[len(entries.row) :]]) + len(entries.row)
    fresh = np.ones(len(row), np.bool_)
    fresh[among] = np.isin(place[among], place[: len(entries.row)], invert=True)
    row, rank, first, last = (array[fresh] for array in (row, rank, first, last))
    order = np.argsort(row * (2 * MOST_REASONS) + rank, kind="stable")
    row, first, last = row[order], first[order], last[order]
    kept = np.arange(len(row)) - np.searchsorted(row, np.arange(len(rows.text)))[row]
    kept = kept < MOST_REASONS
    row, first, last = row[kept], first[kept], last[kept]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows.text)))])
    cut = _cut(block.stream.written, block.stream.first_byte[first], block.stream.end_byte[last])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), cut)


def _lexicon_reasons(rows: _Rows, block: _Block, found: Lexicon) -> _Stretches:
    """Give the entries that name a row's category; for ``abuse``, all that are no mere groups."""
    stream, hits = block.stream, block.hits
    row_of = np.full((stream.messages, len(CATEGORIES)), -1)
    row_of[rows.text, rows.category] = np.arange(len(rows.text))
    message, category = stream.message[hits.first], found.category[hits.entry]
    general = found.abusive[hits.entry] | (category < 0)
    row = np.concatenate([row_of[message, category], row_of[message, _ABUSE]])
    used = (row >= 0) & np.concatenate([category >= 0, general])
    hit = np.tile(np.arange(len(message)), 2)[used]
    row, first = row[used], hits.first[hit]
    # The severest first, of those the longest; of entries that begin with one word, one.
    order = np.lexsort((first, -hits.words[hit], -found.severity[hits.entry[hit]], row))
    _, once = np.unique((row * (len(stream.starts) + 1) + first)[order], return_index=True)
    order = order[np.sort(once)]
    row, hit = row[order], hit[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    row, hit, rank = (array[rank < MOST_REASONS] for array in (row, hit, rank))
    first = hits.first[hit]
    return _Stretches(row=row, rank=rank, first=first, last=first + hits.words[hit] - 1)


def _word_reasons(rows: _Rows, mine: Places, name: Category, block: _Block) -> _Stretches:
    """Give the words that add most to a head's margin, for the rows that are this head's."""
    stream = block.stream
    parts = classifier.word_parts(block.weighed, block.sizes, HEADS.index(name))
    wanted = np.zeros(stream.messages, np.bool_)
    wanted[rows.text[mine]] = True
    adding = np.flatnonzero((parts > 0) & wanted[stream.message])
    # Sorted by message, then by part downward, then by place: all three in one number.
    bits = np.uint64(max(len(stream.starts).bit_length(), 1))
    downward = np.uint64(0x7F800000) - parts[adding].view(np.uint32)
    key = stream.message[adding].astype(np.uint64) << np.uint64(31) | downward
    key = np.sort(key << bits | adding.astype(np.uint64))
    word = (key & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    message = stream.message[word]
    bounds = np.searchsorted(message, np.arange(stream.messages + 1))
    word = word[np.arange(len(word)) - bounds[message] < MOST_REASONS]
    bounds = np.concatenate([[0], np.cumsum(np.minimum(np.diff(bounds), MOST_REASONS))])
    text = rows.text[mine]
    count = bounds[text + 1] - bounds[text]
    rank = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    word = word[np.repeat(bounds[text], count) + rank]
    return _Stretches(row=np.repeat(mine, count), rank=rank + MOST_REASONS, first=word, last=word)


def _cut(written: npt.NDArray[np.uint8], first: Places, end: Places) -> pa.StringArray:
    """Cut stretches out of UTF-8 bytes, all at once."""
    sizes = end - first
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(offsets[-1]) + np.repeat(first - offsets[:-1], sizes)
    buffers = [pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(written[at])]
    return pa.StringArray.from_buffers(len(first), *buffers)
