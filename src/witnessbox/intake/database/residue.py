"""Words the search index keeps of messages that are gone or say something else now.

Index and messages are read side by side, both in the order of their row ids.  The index holds words
in its own spelling, so only letters and digits are compared, without case and accents.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.keyed import Kept, Keyed
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_NO_WORD = r"[^\p{L}\p{N}]+"
_RESIDUE, _DIFFERS = "index-residue", "index-differs"


@dataclass(frozen=True, slots=True)
class Index:
    """A table that keeps what a search index was given, and the messages it was made from."""

    table: str
    column: str
    messages: str
    wanted: tuple[str, ...]
    text: Callable[[Rows], pa.Array]  # of a batch of messages: what the index should hold


@dataclass(slots=True)
class _Messages:
    """A reader of messages' words that only goes forward."""

    batches: Iterator[Rows]
    text: Callable[[Rows], pa.Array]
    rows: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    texts: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))

    def up_to(self, first: int, last: int) -> None:
        """Hold the messages of these row ids."""
        keep = int(np.searchsorted(self.rows, first))
        parts, texts = [self.rows[keep:]], [self.texts.slice(keep)]
        while not len(parts[-1]) or int(parts[-1][-1]) < last:
            more = next(self.batches, None)
            if more is None:
                break
            parts.append(more.rowid)
            texts.append(self.text(more))
        self.rows, self.texts = np.concatenate(parts), pa.concat_arrays(texts)


def index_residue(tables: Tables, index: Index, edits: Kept | Keyed) -> Iterator[Trace]:
    """Compare a search index with the messages."""
    messages = _Messages(tables.rows(index.messages, index.wanted, shared=True), index.text)
    for rows in tables.rows(index.table, (index.column,), shared=True):
        if len(rows):
            yield from _compare(rows, rows.text(index.column), messages, edits)


def _compare(
    rows: Rows, indexed: pa.Array, messages: _Messages, edits: Kept | Keyed
) -> Iterator[Trace]:
    messages.up_to(int(rows.rowid[0]), int(rows.rowid[-1]))
    at = np.minimum(np.searchsorted(messages.rows, rows.rowid), max(len(messages.rows) - 1, 0))
    there = np.zeros(len(rows), np.bool_)
    if len(messages.rows):
        there = messages.rows[at] == rows.rowid
    kept = pc.coalesce(indexed, pa.scalar(""))
    now = pc.coalesce(messages.texts.take(pa.array(at, mask=~there)), pa.scalar(""))
    # Nearly all are alike but for case; only the others are folded.
    alike = pc.or_(pc.equal(kept, now), pc.equal(kept, pc.utf8_lower(now)))
    unlike = np.flatnonzero(~alike.to_numpy(zero_copy_only=False))
    kept, now = kept.take(pa.array(unlike)), now.take(pa.array(unlike))
    edited = edits.near(rows.rowid)
    folded_kept, folded_now = _folded(kept), _folded(now)
    differ = pc.and_(pc.not_equal(folded_kept, folded_now), pc.not_equal(folded_kept, ""))
    for k in np.flatnonzero(differ.to_numpy(zero_copy_only=False)).tolist():
        place = int(unlike[k])
        row = int(rows.rowid[place])
        kind, state = _RESIDUE, "is not there"
        if there[place]:
            changed = bool(edited.has(rows.rowid[place : place + 1])[0])
            lost = not folded_now[k].as_py()
            kind = _RESIDUE if changed or lost else _DIFFERS
            state = "has no words now" if lost else "says something else now"
        words = kept[k].as_py()[:MOST_SHOWN]
        what = f"the search index holds words of message {row}, which {state}: “{words}”"
        yield int(rows.start[place]), int(rows.end[place]), rows.layout.name, row, kind, what


def _folded(texts: pa.Array) -> pa.Array:
    plain = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKD"))
    return pc.replace_substring_regex(plain, _NO_WORD, "")
