"""The screening step: canonical messages in; scores, one shard a conversation, and batches out.

Each distinct text of a conversation is scored once, and those that are likely to be abuse once more
by an encoder.  A shard is made again when its messages, the model, the lexicon, the encoder or its
settings change; the batches when any shard does.
"""

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import table_hashes
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, CANONICAL_MESSAGES, SCORES
from witnessbox.evidence.steps import Progress, StepRecord, Steps, as_made, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import lexicons, ranking, scoring, second_pass
from witnessbox.screening.model import Source
from witnessbox.screening.scoring import Screener, score_texts

STEP = "screen"
VERSION = 2
"""Of this step's code; scores made by another version are made again."""

BATCHES_SHARD = "all"

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
    tables.remove(SCORES, names)
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
    """Score one conversation's messages and write its shard of scores."""
    tables, screener = Tables(folder.tables), scoring.of(folder, words)
    further = second_pass.of(second)
    columns = ["message", "conversation", "kind", "text"]
    with tables.writer(SCORES, shard.name) as writer:
        for batch in tables.batches(CANONICAL_MESSAGES, shard.name, columns):
            writer.add(score_messages(batch, screener, further))
    return StepRecord(STEP, shard.name, shard.inputs, (writer.written(),))


def score_messages(
    messages: pa.RecordBatch, screener: Screener, second: second_pass.SecondPass | None = None
) -> pa.RecordBatch:
    """Score messages that say something; placeholders and empty ones have no score."""
    silence = pc.is_in(messages["kind"].cast(pa.string()), value_set=_NO_SPEECH)
    speaks = pc.and_not(pc.is_valid(messages["text"]), silence)
    spoken = messages.filter(speaks)
    encoded = spoken["text"].dictionary_encode()
    scored = score_texts(encoded.dictionary, screener)
    if second is not None:
        scored = second_pass.again(scored, encoded.dictionary, second)
    # Each message takes the rows of its text: they stand together, in the order of the texts.
    text = scored["text"].to_numpy()
    of = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    first = np.searchsorted(text, of)
    count = np.searchsorted(text, of, side="right") - first
    before = np.repeat(np.cumsum(count) - count, count)
    rows = np.repeat(first, count) + np.arange(count.sum()) - before
    message = np.repeat(np.arange(len(of)), count)
    taken, whose = scored.take(pa.array(rows)), spoken.take(pa.array(message))
    versions = _versions(taken["source"], screener, second)
    columns = [
        versions
        if name == "version"
        else (whose if name in {"message", "conversation"} else taken)[name]
        for name in SCORES.schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCORES.schema)


def _versions(
    source: pa.DictionaryArray, screener: Screener, second: second_pass.SecondPass | None
) -> pa.DictionaryArray:
    """Name for each score the version of what made it."""
    further = screener.version if second is None else f"{screener.version} {second.encoder.version}"
    twice = pc.equal(source.cast(pa.string()), str(Source.ENCODER))
    which = twice.cast(pa.int32())
    return pa.DictionaryArray.from_arrays(which, [screener.version, further])


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
