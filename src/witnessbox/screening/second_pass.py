"""The second pass: messages that are likely to be abuse are scored again by an encoder.

*Likely* is a first-pass score, of any category, from ``least`` up.  The two scores of abuse are put
together as a weighted sum of their log-odds (``encoder.together``).  Of the other categories,

- a score that the lexicon gave keeps its measure against the abuse score, whatever that is now;
- a score of a head of its own is averaged with the encoder's head, where it has that one;
- one that the encoder alone sees, from ``NAMED`` up, is added.

What the encoder changed has the source ``encoder``.  The words that made the first score stay with
it: they say what to look at, not why the encoder thinks so, which no encoder can say.  Pure but for
the encoder.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.screening import encoder_endpoint, encoder_onnx
from witnessbox.screening.encoder import Answer, Doubles, Encoder, Floats, logit
from witnessbox.screening.model import CATEGORIES, Category, Source

VERSION = 1
"""Of how the passes are put together."""

SHIPPED, NONE = "shipped", "none"
LEAST = 0.1
"""About half of ordinary chat has such a first-pass score; most of that leaves the encoder soon."""

NAMED = 0.6
"""A category the encoder alone sees is added from this probability up."""

_ABUSE = CATEGORIES.index(Category.ABUSE)
_NEVER = 1e-6


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table ``[second_pass]`` of an operation's settings."""

    encoder: str = SHIPPED  # "shipped", "none", a folder or an address of this machine
    model: str = ""  # at an address: the model asked for scores
    embeddings: str = ""  # at an address: the model asked for embeddings
    least: Annotated[float, msgspec.Meta(ge=0, le=1)] = LEAST  # first-pass score that is likely


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class SecondPass:
    """An encoder, and which messages it is asked about."""

    encoder: Encoder
    least: float = LEAST


@cache
def encoder_of(settings: Settings) -> Encoder | None:
    """Give the encoder an operation names, loaded once a process.  Raises EncoderError."""
    if settings.encoder == NONE:
        return None
    if settings.encoder == SHIPPED:
        return encoder_onnx.shipped()
    if "://" in settings.encoder:
        return _endpoint(settings)
    return encoder_onnx.load(Path(settings.encoder))


def version_of(settings: Settings) -> str:
    """Name all that the second pass's scores hang on, without loading anything."""
    if settings.encoder == NONE:
        return ""
    if settings.encoder == SHIPPED:
        encoder = encoder_onnx.shipped_version()
    elif "://" in settings.encoder:
        encoder = _endpoint(settings).version
    else:
        encoder = encoder_onnx.version_of(Path(settings.encoder))
    return f"{VERSION} {encoder} {settings.least} {NAMED}"


def _endpoint(settings: Settings) -> encoder_endpoint.Endpoint:
    return encoder_endpoint.at(settings.encoder, settings.model, settings.embeddings)


def of(settings: Settings) -> SecondPass | None:
    """Give the second pass an operation names, or none.  Raises EncoderError."""
    encoder = encoder_of(settings)
    return None if encoder is None else SecondPass(encoder, settings.least)


@dataclass(frozen=True, slots=True)
class Again:
    """Rows of scores as the first pass gave them, in its order, and the embeddings of some texts.

    Embeddings are of unit length.
    """

    rows: pa.RecordBatch
    text: npt.NDArray[np.int64]
    embedding: Floats  # of ``text``, in order


def again(scored: pa.RecordBatch, texts: pa.StringArray, second: SecondPass) -> Again:
    """Score the likely among ``texts`` again."""
    text, score = scored["text"].to_numpy(), scored["score"].to_numpy().astype(np.float64)
    likely = np.unique(text[score >= second.least])
    if len(likely) == 0:
        return Again(scored, likely.astype(np.int64), np.empty((0, 0), np.float32))
    table = _Table.read(scored, likely)
    said = second.encoder.again(texts.take(pa.array(likely)), score[table.abuse_row])
    answered = ~np.isnan(said.probability).any(axis=1)
    embedded, embedding = _embedded(said.embedding)
    changed = scored
    if answered.any():
        if not answered.all():
            table = _Table.read(scored, likely[answered])
            said = Answer(
                said.probability[answered], said.abuse[answered], said.embedding[answered]
            )
        changed = _with_named(table.together(said, second.encoder), table, said, second.encoder)
    return Again(changed, likely[embedded].astype(np.int64), embedding)


def _embedded(rows: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Bring embeddings to unit length; leave out what has none, and what is no number."""
    length = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1))
    there = np.flatnonzero(np.isfinite(length) & (length > 0))
    return there, (rows[there] / length[there, None]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of the first pass, and for each which of the likely texts it is of."""

    scored: pa.RecordBatch
    category: npt.NDArray[np.int64]
    likely: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]  # place among the likely; -1: not likely
    abuse_row: npt.NDArray[np.int64]  # by likely text

    @classmethod
    def read(cls, scored: pa.RecordBatch, likely: npt.NDArray[np.int64]) -> "_Table":
        names = pa.array([str(one) for one in CATEGORIES])
        category = pc.index_in(scored["category"].cast(pa.string()), value_set=names).to_numpy()
        text = scored["text"].to_numpy()
        place = np.minimum(np.searchsorted(likely, text), len(likely) - 1)
        of = np.where(likely[place] == text, place, -1)
        mine = np.flatnonzero((category == _ABUSE) & (of >= 0))
        abuse_row = np.zeros(len(likely), np.int64)
        abuse_row[of[mine]] = mine
        return cls(scored, category.astype(np.int64), likely, of, abuse_row)

    def together(self, said: Answer, encoder: Encoder) -> pa.RecordBatch:
        """Put both passes' scores together, row by row."""
        score = self.scored["score"].to_numpy().astype(np.float64)
        source = pc.equal(self.scored["source"].cast(pa.string()), str(Source.LEXICON))
        by_lexicon = source.to_numpy(zero_copy_only=False)
        before = score[self.abuse_row]
        mine = np.flatnonzero(self.of >= 0)
        at, category = self.of[mine], self.category[mine]
        made = np.where(category == _ABUSE, said.abuse[at], 0.0)
        # A score that hangs on the abuse score takes the same part of what that leaves open.
        left = (1 - score[mine]) / np.maximum(1 - before[at], _NEVER)
        hangs = (category != _ABUSE) & by_lexicon[mine]
        made[hangs] = (1 - (1 - said.abuse[at]) * np.minimum(left, 1.0))[hangs]
        own = _of_heads(said.probability, encoder)[at, category]
        apart = (category != _ABUSE) & ~by_lexicon[mine]
        known = apart & ~np.isnan(own)
        made[apart] = score[mine][apart]
        mean = (logit(score[mine][known]) + logit(own[known])) / 2
        made[known] = 1 / (1 + np.exp(-mean))
        score[mine] = np.clip(made, 0, 1)
        touched = np.zeros(len(score), np.bool_)
        touched[mine] = ~(apart & np.isnan(own))
        return _put(self.scored, score, touched)


def _of_heads(said: Floats, encoder: Encoder) -> Doubles:
    """Lay the encoder's probabilities out by category; NaN where it has no such head."""
    table = np.full((len(said), len(CATEGORIES)), np.nan)
    for column, head in enumerate(encoder.heads):
        table[:, CATEGORIES.index(head)] = said[:, column]
    return table


def _with_named(
    scored: pa.RecordBatch, table: _Table, said: Answer, encoder: Encoder
) -> pa.RecordBatch:
    """Add the categories that the encoder alone sees, scored no higher than abuse is."""
    there = np.zeros((len(table.likely), len(CATEGORIES)), np.bool_)
    rows = table.of >= 0
    there[table.of[rows], table.category[rows]] = True
    by_category = _of_heads(said.probability, encoder)
    # NaN, no such head, is not from any score up.
    at, category = np.nonzero(~there & (by_category >= NAMED))
    if len(at) == 0:
        return scored
    score = np.minimum(by_category[at, category], said.abuse[at])
    added = scored.take(pa.array(table.abuse_row[at]))
    names = pa.array([str(CATEGORIES[one]) for one in category], pa.string())
    added = _replaced(
        _put(added, score, np.ones(len(score), np.bool_)),
        {"category": names, "severity": pa.array(np.zeros(len(at), np.int8))},
    )
    both = pa.Table.from_batches([scored, added]).combine_chunks()
    text = both["text"].to_numpy()
    order = np.lexsort((np.r_[table.category, category], text))
    return both.take(pa.array(order)).combine_chunks().to_batches()[0]


def _put(rows: pa.RecordBatch, score: Doubles, touched: npt.NDArray[np.bool_]) -> pa.RecordBatch:
    source = pc.if_else(pa.array(touched), str(Source.ENCODER), rows["source"].cast(pa.string()))
    return _replaced(rows, {"score": pa.array(score.astype(np.float32)), "source": source})


def _replaced(rows: pa.RecordBatch, columns: dict[str, pa.Array]) -> pa.RecordBatch:
    """Give rows with some columns exchanged, each in the type it had."""
    arrays = []
    for one in rows.schema:
        if one.name not in columns:
            arrays.append(rows[one.name])
        elif pa.types.is_dictionary(one.type):
            arrays.append(columns[one.name].dictionary_encode().cast(one.type))
        else:
            arrays.append(columns[one.name].cast(one.type))
    return pa.RecordBatch.from_arrays(arrays, schema=rows.schema)
