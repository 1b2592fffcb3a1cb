"""The screening step: canonical messages in; scores, one shard a conversation, and batches out.

Each distinct text of a conversation is scored once, and those that are likely to be abuse once more
by an encoder; what it makes of those it reads to the end is kept for the learner.  A shard is made
again when its messages, the model, the lexicon, the encoder or its settings change; the batches
when any shard does.
"""

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import table_hashes
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, CANONICAL_MESSAGES, EMBEDDINGS, SCORES
from witnessbox.evidence.steps import Progress, StepRecord, Steps, as_made, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import lexicons, ranking, scoring, second_pass
from witnessbox.screening.model import Source
from witnessbox.screening.scoring import Screener, score_texts

STEP = "screen"
VERSION = 3
"""Of this step's code; scores made by another version are made again."""

BATCHES_SHARD = "all"

_MADE = (SCORES, EMBEDDINGS)
"""Tables with a shard for each conversation."""

_NO_SPEECH = pa.array(["deleted", "empty"])


@dataclass(frozen=True, slots=True)
class _Shard:
    """One conversation to score, and the hash of what it is made from."""

    name: str
    inputs: str


def run(
    folder: Folder,
    _ledger: Ledger,
    *,
    words: lexicons.Settings = lexicons.DEFAULT,
    second: second_pass.Settings = second_pass.DEFAULT,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> int:
    """Score the conversations that are due and rank all messages; say how many shards were made."""
    steps, tables = Steps(folder), Tables(folder.tables)
    shards = _shards(folder, words, second)
    names = [shard.name for shard in shards]
    waiting = [shard for shard in shards if not steps.done(STEP, shard.name, shard.inputs)]
    made = len(shards) - len(waiting)
    progress(STEP, made, len(shards))
    for record in as_made(partial(_score, folder, words, second), waiting, executor):
        steps.note(record)
        made += 1
        progress(STEP, made, len(shards))
    for table in _MADE:
        tables.remove(table, names)
    steps.keep_only(STEP, [*names, BATCHES_SHARD])
    return len(waiting) + _rank(folder, names)


def due(
    folder: Folder,
    _ledger: Ledger,
    *,
    words: lexicons.Settings = lexicons.DEFAULT,
    second: second_pass.Settings = second_pass.DEFAULT,
) -> int:
    """Count the shards still to be made: conversations' scores, and the batches."""
    steps = Steps(folder)
    shards = _shards(folder, words, second)
    waiting = sum(not steps.done(STEP, shard.name, shard.inputs) for shard in shards)
    return waiting + (not steps.done(STEP, BATCHES_SHARD, _batch_inputs(steps)) or waiting > 0)


def _shards(folder: Folder, words: lexicons.Settings, second: second_pass.Settings) -> list[_Shard]:
    """Name the conversations and what each one's scores are made from."""
    version, encoder = scoring.of(folder, words).version, second_pass.version_of(second)
    return [
        _Shard(name, inputs_of(VERSION, version, encoder, digest))
        for _, name, digest in table_hashes.parts(folder, (CANONICAL_MESSAGES,), ("reconcile",))
    ]


def _score(
    folder: Folder, words: lexicons.Settings, second: second_pass.Settings, shard: _Shard
) -> StepRecord:
    """Score one conversation's messages and write its shards."""
    tables, screener = Tables(folder.tables), scoring.of(folder, words)
    further = second_pass.of(second)
    columns = ["message", "conversation", "kind", "text"]
    with (
        tables.writer(SCORES, shard.name) as scores,
        tables.writer(EMBEDDINGS, shard.name) as embeddings,
    ):
        for batch in tables.batches(CANONICAL_MESSAGES, shard.name, columns):
            made = score_messages(batch, screener, further)
            scores.add(made.scores)
            embeddings.add(made.embeddings)
    written = (scores.written(), embeddings.written())
    return StepRecord(STEP, shard.name, shard.inputs, written)


@dataclass(frozen=True, slots=True)
class Made:
    """Rows of the tables ``scores`` and ``embeddings``."""

    scores: pa.RecordBatch
    embeddings: pa.RecordBatch


def score_messages(
    messages: pa.RecordBatch, screener: Screener, second: second_pass.SecondPass | None = None
) -> Made:
    """Score messages that say something; placeholders and empty ones have no score."""
    silence = pc.is_in(messages["kind"].cast(pa.string()), value_set=_NO_SPEECH)
    speaks = pc.and_not(pc.is_valid(messages["text"]), silence)
    spoken = messages.filter(speaks)
    encoded = spoken["text"].dictionary_encode()
    of = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    scored = score_texts(encoded.dictionary, screener)
    if second is None:
        none = pa.RecordBatch.from_pylist([], EMBEDDINGS.schema)
        return Made(_by_message(scored, spoken, of, screener.version), none)
    further = second_pass.again(scored, encoded.dictionary, second)
    versions = screener.version, f"{screener.version} {second.encoder.version}"
    rows = _by_message(further.rows, spoken, of, *versions)
    return Made(rows, _embeddings(further, spoken, of, second.encoder.version))


def _by_message(
    scored: pa.RecordBatch, spoken: pa.RecordBatch, of: npt.NDArray[np.int64], *versions: str
) -> pa.RecordBatch:
    """Give each message the rows of its text: they stand together, in the order of the texts."""
    text = scored["text"].to_numpy()
    first = np.searchsorted(text, of)
    count = np.searchsorted(text, of, side="right") - first
    before = np.repeat(np.cumsum(count) - count, count)
    rows = np.repeat(first, count) + np.arange(count.sum()) - before
    message = np.repeat(np.arange(len(of)), count)
    taken, whose = scored.take(pa.array(rows)), spoken.take(pa.array(message))
    version = _version(taken["source"], versions)
    columns = [
        version
        if name == "version"
        else (whose if name in {"message", "conversation"} else taken)[name]
        for name in SCORES.schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCORES.schema)


def _embeddings(
    further: second_pass.Again, spoken: pa.RecordBatch, of: npt.NDArray[np.int64], version: str
) -> pa.RecordBatch:
    """Give each embedding to the first message that says so."""
    said, first = np.unique(of, return_index=True)
    whose = spoken.take(pa.array(first[np.searchsorted(said, further.text)]))
    count, size = further.embedding.shape
    numbers = pa.array(further.embedding.astype(np.float16).ravel())
    ends = pa.array(np.arange(count + 1, dtype=np.int32) * size)
    columns = [
        whose["message"],
        whose["conversation"],
        pa.ListArray.from_arrays(ends, numbers),
        pa.array([version] * count, pa.string()).dictionary_encode(),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=EMBEDDINGS.schema)


def _version(source: pa.DictionaryArray, versions: tuple[str, ...]) -> pa.DictionaryArray:
    """Name for each score the version of what made it: the last where the encoder had a say."""
    twice = pc.equal(source.cast(pa.string()), str(Source.ENCODER))
    return pa.DictionaryArray.from_arrays(twice.cast(pa.int32()), [versions[0], versions[-1]])


def _rank(folder: Folder, shards: list[str]) -> int:
    """Put all scored messages in reading order, where that is not done; say whether it was due."""
    steps, tables = Steps(folder), Tables(folder.tables)
    inputs = _batch_inputs(steps)
    if steps.done(STEP, BATCHES_SHARD, inputs):
        return 0
    scores = tables.read(SCORES, shards, ["message", "conversation", "category", "score"])
    places = tables.read(CANONICAL_MESSAGES, shards, ["message", "position"])
    joined = scores.append_column("position", _positions(scores["message"], places))
    written = tables.write(BATCHES, BATCHES_SHARD, [ranking.rank(joined)])
    steps.note(StepRecord(STEP, BATCHES_SHARD, inputs, (written,)))
    return 1


def _batch_inputs(steps: Steps) -> str:
    """Name what the batches are made from: every shard of scores as it was written."""
    parts = [
        f"{part.path}:{part.sha256}"
        for record in steps.records(STEP)
        if record.shard != BATCHES_SHARD
        for part in record.written
    ]
    return inputs_of(VERSION, ranking.BATCH_MESSAGES, *sorted(parts))


def _positions(messages: pa.ChunkedArray, places: pa.Table) -> pa.ChunkedArray:
    found = pc.index_in(messages, value_set=places["message"].combine_chunks())
    return places["position"].take(found)
