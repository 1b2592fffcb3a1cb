"""Which of screening's batches each of the learner's messages is in, kept beside its other files.

How far batches have been read is asked for with every page; this says it without going through the
whole reading order.  The files are made again when the batches, or the learner's messages, change.
"""

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
from witnessbox.evidence.schema import BATCHES
from witnessbox.evidence.tables import Tables
from witnessbox.screening.learning_store import MADE_BY, Named
from witnessbox.screening.normalise import Places

VERSION = 1
"""Of these files; others are made again."""

_STAMP, _BATCH, _COUNT = "batches-made-from.txt", "batch.npy", "batch_messages.npy"
_COLUMNS = ("batch", "message", "conversation", "position")

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ColdOrder:
    """Screening's batches, counted and looked up by the learner's messages."""

    batch: Numbers  # of each of the learner's messages; 0 where it is in none
    messages: Places  # in each batch, whether the learner has them or not, from batch 0 on


def cold_order(folder: Folder, named: Named) -> ColdOrder:
    """Give the batches of the learner's messages, made anew where either changed."""
    batches = table_hashes.named(folder, (BATCHES,), MADE_BY)
    made_from = derive("cold-order", VERSION, named.inputs, batches)
    place = folder.learner
    stamp = place / _STAMP
    if not stamp.is_file() or stamp.read_text() != made_from:
        stamp.unlink(missing_ok=True)
        made = _made(Tables(folder.tables), named)
        _save(place / _BATCH, made.batch)
        _save(place / _COUNT, made.messages)
        stamp.write_text(made_from)
    return ColdOrder(*(np.asarray(_load(place / name)) for name in (_BATCH, _COUNT)))


def _load(place: Path) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(place, mmap_mode="r", allow_pickle=False)
    return array


def _save(place: Path, array: Numbers | Places) -> None:
    partial = place.with_suffix(".partial.npy")
    np.save(partial, array)
    partial.replace(place)


def _made(tables: Tables, named: Named) -> ColdOrder:
    lookup = _Lookup(named)
    batch = np.zeros(named.matter.messages, np.int32)
    count = np.zeros(1, np.int64)
    for shard in tables.shards(BATCHES):
        for rows in tables.batches(BATCHES, shard, _COLUMNS):
            numbers = rows["batch"].to_numpy()
            before, count = count, np.bincount(numbers, minlength=len(count))
            count[: len(before)] += before
            place, row = lookup.find(rows)
            batch[place] = numbers[row]
    return ColdOrder(batch, count)


class _Lookup:
    """Finds messages among the learner's by where they stand."""

    def __init__(self, named: Named) -> None:
        self._message = named.message
        self._conversations = pa.array(named.conversations, pa.string())
        # Messages stand by conversation and position, so these numbers ascend.
        self._keys = _key(named.matter.setting.conversation, named.position)

    def find(self, rows: pa.RecordBatch) -> tuple[Places, Places]:
        """Give the places of the messages that are among them, and their rows."""
        conversation = pc.index_in(rows["conversation"], value_set=self._conversations)
        number = conversation.fill_null(-1).to_numpy(zero_copy_only=False)
        keys = _key(number, rows["position"].to_numpy())
        order = np.argsort(keys)  # neighbours are looked up one after the other, which is quicker
        place = np.minimum(np.searchsorted(self._keys, keys[order]), len(self._keys) - 1)
        held = np.flatnonzero(self._keys[place] == keys[order]) if len(self._keys) else order[:0]
        place, row = place[held], order[held]
        # What stands at a place now may be another message than when the batches were made.
        same = pc.equal(self._message.take(pa.array(place)), rows["message"].take(pa.array(row)))
        kept = np.flatnonzero(same.to_numpy(zero_copy_only=False))
        return place[kept], row[kept]


def _key(conversation: Places, position: Places) -> Places:
    key: Places = (conversation.astype(np.int64) << 40) | position.astype(np.int64)
    return key
