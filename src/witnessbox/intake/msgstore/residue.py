"""Words the search index keeps of messages that are gone or say something else now.

Index and messages are read side by side, both in the order of their row ids.  The index holds words
in its own spelling, so only letters and digits are compared, without case and accents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.msgstore.keyed import Kept
from witnessbox.intake.msgstore.traces import MOST_SHOWN, Trace
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

_INDEXES = ("message_ftsv2_content", "messages_fts_content")
_NO_WORD = r"[^\p{L}\p{N}]+"
_RESIDUE, _DIFFERS = "index-residue", "index-differs"


@dataclass(slots=True)
class _Messages:
    """A reader of messages' words that only goes forward."""

    batches: Iterator[Rows]
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
            texts.append(more.text("text_data"))
        self.rows, self.texts = np.concatenate(parts), pa.concat_arrays(texts)


def index_residue(tables: Tables, edits: Kept) -> Iterator[Trace]:
    """Compare each search index with the messages."""
    for table in _INDEXES:
        messages = _Messages(tables.rows("message", ("text_data",), shared=True))
        for rows in tables.rows(table, ("c0content",), shared=True):
            if len(rows):
                yield from _compare(rows, messages, edits)


def _compare(rows: Rows, messages: _Messages, edits: Kept) -> Iterator[Trace]:
    messages.up_to(int(rows.rowid[0]), int(rows.rowid[-1]))
    at = np.minimum(np.searchsorted(messages.rows, rows.rowid), max(len(messages.rows) - 1, 0))
    there = np.zeros(len(rows), np.bool_)
    if len(messages.rows):
        there = messages.rows[at] == rows.rowid
    kept = pc.coalesce(rows.text("c0content"), pa.scalar(""))
    now = pc.coalesce(messages.texts.take(pa.array(at, mask=~there)), pa.scalar(""))
    # Nearly all are alike but for case; only the others are folded.
    unlike = np.flatnonzero(pc.not_equal(kept, pc.utf8_lower(now)).to_numpy(zero_copy_only=False))
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
