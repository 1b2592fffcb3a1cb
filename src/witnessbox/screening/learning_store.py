"""What the learner weighs, made out of the tables once and kept in files that are read in place.

The files lie in the operation's ``learner`` folder.  They hold nothing that the tables do not, and
are made again when the tables, or the way of making them, change.
"""

import shutil
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import table_hashes
from witnessbox.evidence.digest import derive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CANONICAL_REACTIONS,
    EMBEDDINGS,
    SCORES,
)
from witnessbox.evidence.tables import Tables
from witnessbox.screening.context import LAUGHTER, Floats, Setting, standing_signs
from witnessbox.screening.learner import Matter
from witnessbox.screening.learning import Embeddings, Material, cold_signs
from witnessbox.screening.learning_rows import RUNS, WORDS, Rows, Side, rows_of
from witnessbox.screening.model import CATEGORIES
from witnessbox.screening.normalise import Places

VERSION = 2
"""Of these files; others are made again."""

SEED = 20_240_229
"""Of what is explored; it stands in every round's entry."""

_STAMP, _MESSAGES = "made-from.txt", "messages.arrow"
_COLUMNS = ("message", "conversation", "position", "sent_at", "sender", "text", "reply_to")
_FILES = ("words", "word_ends", "runs", "run_ends", "alike", "cold", "text", "signs")
_EMBEDDINGS = ("embedded", "embedding")
_PLACES = ("conversation", "sender", "answers", "laughs", "reactions", "hour", "position", "by_id")

MADE_BY = ("reconcile", "screen")
"""The steps that make the tables which are read for a review."""

_READ = (CANONICAL_MESSAGES, CANONICAL_REACTIONS, SCORES, EMBEDDINGS)

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Named:
    """The learner's messages with their ids, and the hash of the tables they were made from."""

    matter: Matter
    message: pa.StringArray
    by_id: Places  # the messages' places in the order of their ids
    position: Places
    conversations: tuple[str, ...]
    inputs: str

    def find(self, message: str) -> int:
        """Say where a message stands; -1 where it is not among them."""

        def at(place: int) -> str:
            return str(self.message[int(place)])

        found = bisect_left(self.by_id, message, key=at)
        if found == len(self.by_id) or at(self.by_id[found]) != message:
            return -1
        return int(self.by_id[found])

    def conversation(self, place: int) -> str:
        """Name the conversation of the message at a place."""
        return self.conversations[int(self.matter.setting.conversation[place])]


def inputs_of(folder: Folder) -> str:
    """Name the tables that the learner reads, by their hashes."""
    return derive("learner", VERSION, table_hashes.named(folder, _READ, MADE_BY))


def ready(folder: Folder) -> Named:
    """Give the learner's messages, made anew where the tables changed."""
    inputs, place = inputs_of(folder), folder.learner
    stamp = place / _STAMP
    if not stamp.is_file() or stamp.read_text() != inputs:
        partial = place.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _write(partial, *_made(Tables(folder.tables)))
        (partial / _STAMP).write_text(inputs)
        shutil.rmtree(place, ignore_errors=True)
        partial.rename(place)
    return _opened(place, inputs)


def _write(place: Path, arrays: Arrays, names: pa.Table) -> None:
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array)
    with (
        pa.OSFile(str(place / _MESSAGES), "wb") as sink,
        pa.ipc.new_file(sink, names.schema) as out,
    ):
        out.write_table(names.combine_chunks(), max_chunksize=max(names.num_rows, 1))


def _opened(place: Path, inputs: str) -> Named:
    arrays = {
        name: np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in (*_FILES, *_EMBEDDINGS, *_PLACES)
    }
    with pa.memory_map(str(place / _MESSAGES)) as source:
        names = pa.ipc.open_file(source).read_all()
    metadata = names.schema.metadata or {}
    listed = metadata.get(b"conversations", b"").decode()
    ids = names["message"].combine_chunks()
    matter = Matter(
        Material(
            Rows(
                Side(arrays["words"], arrays["word_ends"], WORDS),
                Side(arrays["runs"], arrays["run_ends"], RUNS),
                arrays["alike"],
            ),
            arrays["cold"],
            arrays["text"],
            arrays["signs"],
            Embeddings(arrays["embedded"], arrays["embedding"])
            if len(arrays["embedded"])
            else None,
        ),
        Setting(
            arrays["conversation"],
            arrays["sender"],
            arrays["text"],
            arrays["answers"],
            arrays["laughs"],
            arrays["reactions"],
            arrays["hour"],
        ),
        np.empty(0, np.int64),
    )
    return Named(
        matter, ids, arrays["by_id"], arrays["position"], tuple(listed.split("\n")), inputs
    )


def _made(tables: Tables) -> tuple[Arrays, pa.Table]:
    """Make all arrays, and the messages' ids."""
    shards = [shard for shard in tables.shards(CANONICAL_MESSAGES) if _spoken(tables, shard)]
    parts = [_conversation(tables, shard) for shard in shards]
    spoken = pa.concat_tables(parts) if parts else _nothing()
    ids = spoken["message"].combine_chunks()
    encoded = spoken["text"].combine_chunks().dictionary_encode()
    text = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    rows = rows_of(encoded.dictionary)
    nothing = np.empty((0, len(CATEGORIES)), np.float32)
    messages = [part["message"].combine_chunks() for part in parts]
    spoken_in = list(zip(shards, messages, strict=True))
    colds: Floats = np.concatenate([nothing, *(_colds(tables, *one) for one in spoken_in)])
    _, first = np.unique(text, return_index=True)
    cold = cold_signs(colds[first])
    setting = _setting(tables, shards, spoken, text)
    best = 1 / (1 + np.exp(-cold[:, 0][text])) if len(text) else np.empty(0)
    embedded, embedding = _embeddings(tables, spoken_in, text)
    arrays: Arrays = {
        "words": rows.words.columns,
        "word_ends": rows.words.ends,
        "runs": rows.runs.columns,
        "run_ends": rows.runs.ends,
        "alike": rows.alike,
        "cold": cold,
        "embedded": embedded,
        "embedding": embedding,
        "text": text,
        "signs": standing_signs(setting, best.astype(np.float32)),
        "conversation": setting.conversation,
        "sender": setting.sender,
        "answers": setting.answers,
        "laughs": setting.laughs,
        "reactions": setting.reactions,
        "hour": setting.hour,
        "position": spoken["position"].to_numpy(),
        "by_id": pc.sort_indices(ids).to_numpy().astype(np.int32),
    }
    names = pa.table({"message": ids}).replace_schema_metadata({"conversations": "\n".join(shards)})
    return arrays, names


def _spoken(tables: Tables, shard: str) -> bool:
    return tables.shard_rows(SCORES, shard) > 0


def _nothing() -> pa.Table:
    return CANONICAL_MESSAGES.stored.empty_table().select(_COLUMNS)


def _conversation(tables: Tables, shard: str) -> pa.Table:
    """Give a conversation's scored messages in order: those that say something."""
    rows = tables.read(CANONICAL_MESSAGES, [shard], list(_COLUMNS))
    scored = tables.read(SCORES, [shard], ["message"])["message"]
    rows = rows.filter(pc.is_in(rows["message"], value_set=scored.combine_chunks()))
    return rows.sort_by("position").combine_chunks()


def _colds(tables: Tables, shard: str, messages: pa.StringArray) -> Floats:
    """Give a conversation's scores, messages in order x categories; 0 where there is none."""
    scores = tables.read(SCORES, [shard], ["message", "category", "score"])
    at = pc.index_in(scores["message"].combine_chunks(), value_set=messages).to_numpy()
    names = pa.array([str(one) for one in CATEGORIES])
    category = pc.index_in(scores["category"].cast(pa.string()).combine_chunks(), value_set=names)
    result = np.zeros((len(messages), len(CATEGORIES)), np.float32)
    column = category.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    np.maximum.at(result, (at, column), scores["score"].to_numpy())
    return result


def _embeddings(
    tables: Tables, spoken_in: Sequence[tuple[str, pa.StringArray]], text: Places
) -> tuple[Places, npt.NDArray[np.float16]]:
    """Give the texts that have an embedding, in order, and their embeddings."""
    place, rows, before = [np.empty(0, np.int64)], list[npt.NDArray[np.float16]](), 0
    there = set(tables.shards(EMBEDDINGS))
    for shard, messages in spoken_in:
        if shard in there and tables.shard_rows(EMBEDDINGS, shard):
            found = tables.read(EMBEDDINGS, [shard], ["message", "embedding"])
            at = pc.index_in(found["message"].combine_chunks(), value_set=messages)
            place.append(before + at.to_numpy())
            numbers = found["embedding"].combine_chunks().flatten().to_numpy()
            rows.append(numbers.reshape(found.num_rows, -1))
        before += len(messages)
    texts, first = np.unique(text[np.concatenate(place)], return_index=True)
    vectors = np.concatenate(rows) if rows else np.empty((0, 0), np.float16)
    return texts, vectors[first]


def _setting(tables: Tables, shards: list[str], spoken: pa.Table, text: Places) -> Setting:
    ids = spoken["message"].combine_chunks()
    laughs, reactions = np.zeros(len(ids), np.float32), np.zeros(len(ids), np.float32)
    for laughing, every in _reactions(tables, shards, ids):
        laughs += laughing
        reactions += every
    hour = pc.hour(spoken["sent_at"]).combine_chunks().cast(pa.int8()).fill_null(-1)
    return Setting(
        conversation=_codes(spoken["conversation"]),
        sender=_codes(spoken["sender"]),
        text=text,
        answers=_index(spoken["reply_to"].combine_chunks(), ids).astype(np.int32),
        laughs=laughs,
        reactions=reactions,
        hour=hour.to_numpy(zero_copy_only=False),
    )


def _reactions(tables: Tables, shards: list[str], ids: pa.Array) -> Iterator[tuple[Floats, Floats]]:
    """Count each conversation's reactions by message: those that laugh, and all."""
    for shard in shards:
        if not tables.shard_rows(CANONICAL_REACTIONS, shard):
            continue
        rows = tables.read(CANONICAL_REACTIONS, [shard], ["message", "reaction"])
        at = _index(rows["message"].combine_chunks(), ids)
        said = rows["reaction"].to_pylist()
        stands = np.array([bool(one) for one in said]) & (at >= 0)
        laughing = np.array([bool(LAUGHTER & set(one or "")) for one in said]) & stands
        yield (
            np.bincount(at[laughing], minlength=len(ids)).astype(np.float32),
            np.bincount(at[stands], minlength=len(ids)).astype(np.float32),
        )


def _index(values: pa.Array, ids: pa.Array) -> Places:
    found: Places = (
        pc.index_in(values.cast(pa.string()), value_set=ids)
        .fill_null(-1)
        .to_numpy(zero_copy_only=False)
        .astype(np.int64)
    )
    # Nothing is found for what is null, even where an id could be.
    return np.where(pc.is_null(values).to_numpy(zero_copy_only=False), -1, found)


def _codes(column: pa.ChunkedArray) -> Places:
    """Give each word of a column a number; -1 where there is none."""
    plain = column.cast(pa.string()).combine_chunks().dictionary_encode()
    codes: Places = plain.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return codes
