"""The bulk step after reconcile: which messages carry which files, and which pictures are one."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    ATTACHMENTS,
    CANONICAL_MESSAGES,
    CARRIERS,
    MOTIFS,
    PICTURES,
    SIGHTINGS,
)
from witnessbox.evidence.steps import Progress, StepRecord, Steps, inputs_of, silent
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.media.motif import ALIKE_BITS, differing, motifs

STEP = "pictures"
VERSION = 1
WHOLE = "operation"
_MADE_FROM = (
    ("extract", (ATTACHMENTS, PICTURES)),
    ("reconcile", (SIGHTINGS, CANONICAL_MESSAGES)),
)


def run(
    folder: Folder,
    ledger: Ledger,
    *,
    alike_bits: int = ALIKE_BITS,
    progress: Progress = silent,
) -> int:
    """Make both tables anew where what they are made from has changed; give 1 if so, else 0."""
    if not due(folder, ledger, alike_bits=alike_bits):
        return 0
    tables = Tables(folder.tables)
    carried = _carriers(tables, progress)
    written = (
        tables.write(CARRIERS, WHOLE, carried.to_batches()),
        tables.write(MOTIFS, WHOLE, _motifs(tables, carried, alike_bits).to_batches()),
    )
    inputs = _inputs(Steps(folder), alike_bits)
    Steps(folder).note(StepRecord(STEP, WHOLE, inputs, written))
    return 1


def due(folder: Folder, _ledger: Ledger, *, alike_bits: int = ALIKE_BITS) -> int:
    """Say whether the tables are to be made: 1 or 0."""
    steps = Steps(folder)
    return 0 if steps.done(STEP, WHOLE, _inputs(steps, alike_bits)) else 1


def _inputs(steps: Steps, alike_bits: int) -> str:
    parts = [
        f"{part.path}:{part.sha256}"
        for step, tables in _MADE_FROM
        for record in steps.records(step)
        for part in record.written
        if part.path.partition("/")[0] in {table.name for table in tables}
    ]
    return inputs_of(VERSION, alike_bits, *sorted(parts))


def _carriers(tables: Tables, progress: Progress) -> pa.Table:
    """Say of each file that came which messages it is attached to, file after file."""
    shards = tables.shards(SIGHTINGS)
    found = [_plain(CARRIERS.schema.empty_table())]
    for done, shard in enumerate(shards, 1):
        found.extend(_of_conversation(tables, shard))
        progress(STEP, done, len(shards))
    order = [("file", "ascending"), ("conversation", "ascending"), ("position", "ascending")]
    return pa.concat_tables(found).sort_by(order).cast(CARRIERS.schema)


def _of_conversation(tables: Tables, shard: str) -> Iterator[pa.Table]:
    seen = _plain(tables.read(SIGHTINGS, [shard], ["message", "exhibit", "start"]))
    known = set(tables.shards(ATTACHMENTS))
    exhibits = [one for one in pc.unique(seen["exhibit"]).to_pylist() if one in known]
    named = _plain(tables.read(ATTACHMENTS, exhibits, ["exhibit", "start", "file"]))
    named = named.filter(pc.is_valid(named["file"]))
    if named.num_rows == 0:
        return
    columns = ["message", "position", "sent_at"]
    messages = tables.read(CANONICAL_MESSAGES, [shard], columns)
    held = seen.join(named, ["exhibit", "start"], join_type="inner").select(["message", "file"])
    whole = held.group_by(["message", "file"]).aggregate([]).join(messages, "message")
    whole = whole.append_column("conversation", pa.array([shard] * whole.num_rows, pa.string()))
    yield whole.select(CARRIERS.schema.names)


def _plain(rows: pa.Table) -> pa.Table:
    """Give words as strings: what is to be joined must be of one type."""
    words = [
        pa.field(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type)
        for one in rows.schema
    ]
    return rows.cast(pa.schema(words))


def _motifs(tables: Tables, carried: pa.Table, alike_bits: int) -> pa.Table:
    seen = _plain(tables.read(PICTURES, columns=["exhibit", "phash"])).sort_by("exhibit")
    exhibits = seen["exhibit"].to_pylist()
    hashes = [None if one is None else int(one, 16) for one in seen["phash"].to_pylist()]
    hashed = [place for place, one in enumerate(hashes) if one is not None]
    stands = list(range(len(exhibits)))
    known = [one for one in hashes if one is not None]
    for place, first in zip(hashed, motifs(known, alike_bits), strict=True):
        stands[place] = hashed[first]
    counts = _counts(exhibits, stands, carried)
    rows: list[dict[str, Any]] = [
        {
            "motif": exhibits[first],
            "exhibit": exhibits[place],
            "bits": differing(hashes[place] or 0, hashes[first] or 0),
            **counts[exhibits[first]],
        }
        for place, first in sorted(enumerate(stands), key=lambda one: (one[1], one[0]))
    ]
    return pa.Table.from_pylist(rows, schema=MOTIFS.schema)


def _counts(exhibits: list[str], stands: list[int], carried: pa.Table) -> dict[str, dict[str, int]]:
    """Count each motif's pictures, the messages that carry one, and their conversations."""
    of = {exhibit: exhibits[first] for exhibit, first in zip(exhibits, stands, strict=True)}
    pictures = Counter(of.values())
    messages: dict[str, set[str]] = {}
    conversations: dict[str, set[str]] = {}
    for row in carried.select(["file", "message", "conversation"]).to_pylist():
        if row["file"] in of:
            motif = of[row["file"]]
            messages.setdefault(motif, set()).add(row["message"])
            conversations.setdefault(motif, set()).add(row["conversation"])
    return {
        motif: {
            "pictures": count,
            "messages": len(messages.get(motif, ())),
            "conversations": len(conversations.get(motif, ())),
        }
        for motif, count in pictures.items()
    }
