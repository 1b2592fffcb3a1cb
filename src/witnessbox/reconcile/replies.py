"""Which message each message answers, by the platform's ids that its copies quote.  Pure."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.order import Ints


def answered(laid: Layer, position: Ints, count: int) -> Ints:
    """Give the position of the message that each answers; −1 where none, or none that is held.

    Where copies quote different messages, the one that most phones quote counts; then the earliest.
    """
    found = np.full(count, -1, np.int64)
    quoting = laid.table["reply_to"]
    if quoting.null_count == len(quoting):
        return found
    rows = np.flatnonzero(np.asarray(quoting.is_valid().to_numpy(), bool))
    ids = laid.table["platform_id"]
    held = np.flatnonzero(np.asarray(ids.is_valid().to_numpy(), bool))
    values = ids.take(pa.array(held)).combine_chunks()
    known = pc.index_in(quoting.take(pa.array(rows)), value_set=values)  # the first that has it
    at = np.asarray(pc.fill_null(known, -1).to_numpy(), np.int64)
    rows, target = rows[at >= 0], position[held[at[at >= 0]]]
    answers = np.stack([position[rows], target, laid.phones[laid.rows.copy[rows]]])
    answers = np.unique(answers[:, answers[0] != answers[1]], axis=1)
    pairs, votes = np.unique(answers[:2], axis=1, return_counts=True)
    order = np.lexsort((-pairs[1], votes, pairs[0]))  # the last of each message counts
    found[pairs[0][order]] = pairs[1][order]
    return found
