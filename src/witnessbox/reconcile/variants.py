"""The texts a message has had: what copies show that differs, and what exhibits keep from before.

A copy taken before an edit shows the text before it; a database may keep that text beside the new
one.  Texts that differ only in what is folded away are one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.schema import VARIANTS
from witnessbox.reconcile.alignment import TEXT
from witnessbox.reconcile.canonical import Woven, named, spans
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import PlannedConversation
from witnessbox.reconcile.normalise import flat, fold_word
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.united import NO_TIME, Groups, grouped, moments, rows_at


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts of messages, one a row of a copy; the arrays run alike."""

    row: Ints
    word: Ints  # equal for texts that are one
    earlier: npt.NDArray[np.bool_]
    replaced_ms: Ints  # ``NO_TIME`` where not known
    text: Any

    def at(self, places: Ints) -> "_Texts":
        """Choose some."""
        return _Texts(
            self.row[places],
            self.word[places],
            self.earlier[places],
            self.replaced_ms[places],
            self.text.take(pa.array(places)),
        )


def variants(planned: PlannedConversation, laid: Layer, woven: Woven, earlier: Any) -> Any:
    """Give the table of messages' texts where there are several, the earlier ones first.

    ``earlier`` has exhibit, start, text and replaced_at of texts that exhibits keep, or is None.
    """
    texts = _several(_shown(laid, woven, _kept(laid, earlier)), woven)
    position = woven.position[texts.row]
    if not len(position):
        return VARIANTS.schema.empty_table()
    found = grouped((position, texts.word), laid.rows.copy[texts.row], planned)
    heads = found.order[found.first]
    edited = _any(laid.rows.edited[texts.row] & ~texts.earlier, found)
    kept = _any(texts.earlier, found)
    quoted = texts.word[heads] == laid.rows.word[woven.quoted][position[heads]]
    replaced = np.minimum.reduceat(texts.replaced_ms[found.order], found.first)
    order = np.lexsort((quoted, edited, replaced, ~kept, position[heads]))
    heads, replaced = heads[order], replaced[order]
    columns = {
        "message": named(woven.ids, position[heads]).cast(pa.string()),
        "conversation": pa.array([planned.conversation] * len(heads), pa.string()),
        "position": pa.array(position[heads]),
        "text": texts.text.take(pa.array(heads)),
        "quoted": pa.array(quoted[order]),
        "edited": pa.array(edited[order]),
        "earlier": pa.array(kept[order]),
        "replaced_at": pa.array(replaced, mask=replaced == NO_TIME),
        "copies": found.copies.take(pa.array(order)),
        **spans(laid, texts.row[heads]),
    }
    return pa.table(columns).cast(VARIANTS.schema)


def _kept(laid: Layer, earlier: Any) -> _Texts:
    """Take the texts that exhibits keep, numbered behind the words that copies show."""
    nothing = np.empty(0, np.int64)
    if earlier is None:
        return _Texts(nothing, nothing, nothing > 0, nothing, pa.array([], pa.string()))
    row = rows_at(laid, earlier["exhibit"], earlier["start"])
    earlier, row = earlier.filter(pa.array(row >= 0)), row[row >= 0]
    folded = pa.array(
        [None if one is None else fold_word(one) for one in earlier["text"].to_pylist()],
        pa.string(),
    )
    known = pc.index_in(folded, value_set=laid.texts)
    further = pc.add(folded.dictionary_encode().indices.cast(pa.int64()), len(laid.texts))
    word = pc.coalesce(known.cast(pa.int64()), further)
    texts = _Texts(
        row,
        np.asarray(pc.fill_null(word, -1).to_numpy(zero_copy_only=False), np.int64),
        np.ones(len(row), bool),
        moments(laid, row, earlier["replaced_at"]),
        earlier["text"].combine_chunks(),
    )
    return texts.at(np.flatnonzero(texts.word >= 0))


def _shown(laid: Layer, woven: Woven, kept: _Texts) -> _Texts:
    """Add what copies show of the messages whose copies differ or that had an earlier text."""
    rows = laid.rows
    words = (rows.sort == TEXT) & (rows.word >= 0)
    differing = np.zeros(len(woven.quoted), bool)
    differing[woven.position[words & ~woven.same_text]] = True
    differing[woven.position[kept.row]] = True
    at = np.flatnonzero(words & differing[woven.position])
    return _Texts(
        np.concatenate([at, kept.row]),
        np.concatenate([rows.word[at], kept.word]),
        np.concatenate([np.zeros(len(at), bool), kept.earlier]),
        np.concatenate([np.full(len(at), NO_TIME, np.int64), kept.replaced_ms]),
        pa.concat_arrays(
            [flat(laid.table["text"]).take(pa.array(at)).cast(pa.string()), kept.text]
        ),
    )


def _several(texts: _Texts, woven: Woven) -> _Texts:
    """Leave out messages that have one text after all, and had no other."""
    position = woven.position[texts.row]
    pairs = np.unique(np.stack([position, texts.word]), axis=1)
    count = np.bincount(pairs[0], minlength=len(woven.quoted))
    count[position[texts.earlier]] += 1  # nothing may stand there now
    return texts.at(np.flatnonzero(count[position] > 1))


def _any(mask: npt.NDArray[np.bool_], found: Groups) -> npt.NDArray[np.bool_]:
    return np.asarray(np.logical_or.reduceat(mask[found.order], found.first))
