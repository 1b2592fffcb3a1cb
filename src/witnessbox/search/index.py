"""The bulk step that makes the search index of an operation.

The index holds terms and numbers, no text: texts are read from the tables by position.  What a
machine read out of a file stands in fields of its own, with the message that carries it.  It is
made beside the one in use and put in its place whole, so readers always find one; the file
``current`` names it, and it names the hash of the tables it was made from.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import tantivy

from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, CARRIERS, MACHINE_TEXTS
from witnessbox.evidence.steps import Progress, StepRecord, Steps, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.media import run as media
from witnessbox.media import transcribe
from witnessbox.reconcile.normalise import fold
from witnessbox.search.analysis import RUNS, analyzer, grams
from witnessbox.search.model import SearchError

STEP = "index"
VERSION = 2
WHOLE = "operation"
NEVER_MS = -(1 << 62)
"""The time of a message whose time is not known: before every date."""
_HEAP_BYTES = 128_000_000
_COLUMNS = ("position", "sent_at", "sender", "normalised")


def run(folder: Folder, ledger: Ledger, *, progress: Progress = silent) -> int:
    """Make the index anew where canonical messages have changed; give 1 if so, else 0."""
    if not due(folder, ledger):
        return 0
    tables = Tables(folder.tables)
    inputs = _inputs(folder)
    _make(folder, tables, inputs, progress)
    Steps(folder).note(StepRecord(STEP, WHOLE, inputs, ()))
    return 1


def due(folder: Folder, _ledger: Ledger) -> int:
    """Say whether the index is to be made: 1 or 0."""
    inputs = _inputs(folder)
    stands = _place(folder) == folder.index / inputs and (folder.index / inputs).is_dir()
    return 0 if stands and Steps(folder).done(STEP, WHOLE, inputs) else 1


def _inputs(folder: Folder) -> str:
    tables, parts = Tables(folder.tables), [Steps(folder).outputs(transcribe.STEP)]
    if tables.shards(MACHINE_TEXTS):
        parts.append(Steps(folder).outputs(media.STEP))
    for shard in tables.shards(CANONICAL_MESSAGES):
        with tables.path(CANONICAL_MESSAGES, shard).open("rb") as stream:
            parts.append(f"{shard}:{sha256_of(pieces(stream))}")
    return inputs_of(VERSION, *parts)


def _place(folder: Folder) -> Path | None:
    try:
        return folder.index / (folder.index / "current").read_text().strip()
    except FileNotFoundError:
        return None


def opened(folder: Folder) -> tuple[tantivy.Index, list[str]]:
    """Open the index for reading, with the conversations its numbers stand for.

    Raises SearchError where none has been made.
    """
    place = _place(folder) or folder.index / "none"
    try:
        conversations = msgspec.json.decode(
            (place / "conversations.json").read_bytes(), type=list[str]
        )
        index = tantivy.Index.open(str(place / "terms"))
    except (FileNotFoundError, ValueError, msgspec.DecodeError) as error:
        raise SearchError(
            f"there is no search index in {folder.index}; run 'witnessbox index' to make it"
        ) from error
    return index, conversations


def schema() -> tantivy.Schema:
    """Give the fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="words")
    builder.add_text_field("grams", tokenizer_name="grams")
    builder.add_text_field("machine_words", tokenizer_name="words")
    builder.add_text_field("machine_grams", tokenizer_name="grams")
    builder.add_text_field("sender", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("conversation", indexed=True, fast=True)
    builder.add_integer_field("position", fast=True)
    builder.add_integer_field("sent_ms", indexed=True, fast=True)
    builder.add_integer_field("place", fast=True)  # 0, 1, 2 … by time over the whole operation
    return builder.build()


def _make(folder: Folder, tables: Tables, inputs: str, progress: Progress) -> None:
    shards = tables.shards(CANONICAL_MESSAGES)
    made = folder.index / f"{inputs}.partial"
    shutil.rmtree(made, ignore_errors=True)
    (made / "terms").mkdir(parents=True)
    index = tantivy.Index(schema(), path=str(made / "terms"))
    index.register_tokenizer("words", analyzer())
    index.register_tokenizer(
        "grams", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    places, read = _places(tables, shards), _machine_read(tables)
    writer = index.writer(_HEAP_BYTES, 1)
    for number, shard in enumerate(shards):
        for batch in tables.batches(CANONICAL_MESSAGES, shard, _COLUMNS):
            for document in _documents(batch, number, places[number], read.get(shard, {})):
                writer.add_document(document)
        progress(STEP, number + 1, len(shards))
    writer.commit()
    writer.wait_merging_threads()
    (made / "conversations.json").write_bytes(msgspec.json.encode(shards))
    _put_in_place(folder, made, inputs)


def _put_in_place(folder: Folder, made: Path, inputs: str) -> None:
    place = folder.index / inputs
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
    partial = folder.index / "current.partial"
    partial.write_text(inputs + "\n")
    partial.replace(folder.index / "current")
    for other in folder.index.iterdir():
        if other.is_dir() and other != place:
            shutil.rmtree(other, ignore_errors=True)


def _places(tables: Tables, shards: list[str]) -> list[Any]:
    """Give every message a place of its own, by time, then conversation and position."""
    times = [sent_ms(tables.read(CANONICAL_MESSAGES, [s], ["sent_at"])["sent_at"]) for s in shards]
    if not times:
        return []
    together = np.concatenate(times)
    places = np.empty(len(together), np.int64)
    places[np.argsort(together, kind="stable")] = np.arange(len(together))
    return np.split(places, np.cumsum([len(part) for part in times])[:-1])


def sent_ms(column: Any) -> Any:
    """Give times in ms since 1970 UTC; ``NEVER_MS`` where none is known."""
    return pc.fill_null(pc.cast(column, pa.int64()), NEVER_MS).to_numpy(zero_copy_only=False)


def _machine_read(tables: Tables) -> dict[str, dict[int, list[str]]]:
    """Give by conversation and position what machines read out of the files messages carry."""
    rows = tables.read(MACHINE_TEXTS, columns=["exhibit", "text"])
    folded = fold(rows["text"])
    texts = dict(zip(rows["exhibit"].to_pylist(), folded.to_pylist(), strict=True))
    found: dict[str, dict[int, list[str]]] = {}
    for shard in tables.shards(CARRIERS) if texts else ():
        columns = ["file", "conversation", "position"]
        for row in tables.read(CARRIERS, [shard], columns).to_pylist():
            if texts.get(row["file"]):
                places = found.setdefault(row["conversation"], {})
                places.setdefault(row["position"], []).append(texts[row["file"]])
    return found


def _documents(
    batch: Any, conversation: int, places: Any, read: dict[int, list[str]]
) -> Iterator[tantivy.Document]:
    normalised = pc.fill_null(batch["normalised"], "")
    unspaced = pc.match_substring_regex(normalised, RUNS).to_pylist()
    columns = (
        batch["position"].to_pylist(),
        sent_ms(batch["sent_at"]).tolist(),
        batch["sender"].cast(pa.string()).to_pylist(),
        normalised.to_pylist(),
        unspaced,
    )
    for position, sent, sender, text, has_runs in zip(*columns, strict=True):
        document = tantivy.Document(
            words=text,
            conversation=conversation,
            position=position,
            sent_ms=sent,
            place=int(places[position]),
        )
        if sender is not None:
            document.add_text("sender", sender)
        if has_runs:
            document.add_text("grams", grams(text))
        for one in read.get(position, ()):
            document.add_text("machine_words", one)
            document.add_text("machine_grams", grams(one))
        yield document
