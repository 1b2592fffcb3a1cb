"""What a copy is recognised by: a bounded sample of the texts it holds exactly once.

Each text is known by a hash, and the sample keeps the smallest hashes, so that two copies of one
conversation keep the same texts whatever else they lack (bottom-k sampling: E. Cohen, *Size-
estimation framework*, 1997).  Rare speakers keep a few texts of their own beyond the sample, so
that they too can be recognised from phone to phone.

Which texts are kept is decided by the upper half of the hash, out of a few of their bytes, which
costs next to nothing; the lower half, of the kept ones alone, is of all their bytes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.reconcile.columns import KINDS, flags, kinds_of, said, times_ms, unit_ms_of
from witnessbox.reconcile.hashes import quick_hashes, whole_hashes
from witnessbox.reconcile.normalise import codes_of, flat, folded_texts
from witnessbox.reconcile.octets import octets
from witnessbox.reconcile.sorting import Ints, by_hash, distinct

SAMPLE_TEXTS = 2048
SAMPLE_TEXTS_A_SENDER = 48
SAMPLE_PLATFORM_IDS = 1 << 13
_UPPER = np.uint64(0xFFFFFFFF00000000)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of one copy.  Arrays run alike, by hash; senders are places in ``names``."""

    hashes: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int32]  # characters, folded
    places: npt.NDArray[np.int32]  # rows, in the copy's own order
    sent_ms: npt.NDArray[np.int64]
    senders: npt.NDArray[np.int32]
    names: tuple[str, ...]
    counts: tuple[int, ...]  # messages under each name
    platform_ids: npt.NDArray[np.uint64]
    rows: int
    first_ms: int
    last_ms: int
    unit_ms: int  # how finely the copy tells time
    numbers: tuple[frozenset[str], ...] = ()  # digits, by name, where they were looked for


def sketch(rows: Any) -> Sketch:
    """Take the sample of one copy's messages, out of its rows made ready."""
    names, senders = _names(rows["sender"])
    sent = times_ms(rows["sent_at"])
    texts, once = _distinct_texts(rows)
    chosen = _sample(once.hashes, senders[once.places])
    sampled = texts.take(pa.array(once.texts[chosen]))
    kept, hashes = _named(once.hashes[chosen], sampled)
    places = once.places[chosen[kept]]
    return Sketch(
        hashes=hashes,
        lengths=np.asarray(pc.utf8_length(sampled), np.int32)[kept],
        places=places.astype(np.int32),
        sent_ms=sent[places],
        senders=senders[places].astype(np.int32),
        names=names,
        counts=tuple(np.bincount(senders[senders >= 0], minlength=len(names)).tolist()),
        platform_ids=_platform_ids(rows["platform_id"]),
        rows=rows.num_rows,
        first_ms=int(sent.min()) if sent.size else 0,
        last_ms=int(sent.max()) if sent.size else 0,
        unit_ms=unit_ms_of(rows["precision"]),
    )


def _names(column: Any) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    merged = flat(column)
    coded = codes_of(merged)
    named = merged.dictionary.to_pylist()
    counts = np.bincount(coded + 1, minlength=1)[1:]
    used = sorted({named[code] for code in np.flatnonzero(counts).tolist()})
    place = {name: i for i, name in enumerate(used)}
    table = np.array([place.get(name, -1) for name in named] + [-1], np.int64)
    return tuple(used), table[coded]


@dataclass(frozen=True, slots=True)
class _Once:
    """The texts a copy holds once, by hash.  Arrays run alike."""

    hashes: npt.NDArray[np.uint64]
    texts: Ints  # places among the folded texts
    places: Ints  # rows


def _distinct_texts(rows: Any) -> tuple[Any, _Once]:
    """Give the folded texts, and which of those that people wrote the copy holds once."""
    kinds = kinds_of(rows["kind"])
    folded = folded_texts(rows["text"], kinds == KINDS.index(Kind.POLL), flags(rows["edited"]))
    codes = np.where(said(kinds), codes_of(folded), -1)
    texts = folded.dictionary
    counts = np.bincount(codes + 1, minlength=len(texts) + 1)[1:]
    row_of = np.empty(len(texts) + 1, np.int64)  # one more, for "no words"
    row_of[codes] = np.arange(len(codes))
    once = np.flatnonzero((counts == 1) & (octets(texts)[1] > 0))
    hashes = quick_hashes(texts)[once]
    order = by_hash(hashes)
    return texts, _Once(hashes[order], once[order], row_of[once][order])


def _platform_ids(column: Any) -> npt.NDArray[np.uint64]:
    """Give the smallest hashes of a copy's platform ids, each once."""
    known = pc.drop_null(column)
    if not len(known):
        return np.empty(0, np.uint64)
    return distinct(whole_hashes(known.cast(pa.string()).combine_chunks()))[:SAMPLE_PLATFORM_IDS]


def _named(
    hashes: npt.NDArray[np.uint64], texts: Any
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Put the hash of all bytes into the lower half; texts that no half tells apart are dropped.

    Gives the places of those kept, by hash, and their hashes.
    """
    whole = (hashes & _UPPER) | (whole_hashes(texts) & ~_UPPER)
    order = np.argsort(whole, kind="stable")
    found = whole[order]
    alike = found[1:] == found[:-1]
    alone = ~(np.append(alike, False) | np.append(False, alike))[: len(found)]
    return order[alone], found[alone]


def _sample(
    hashes: npt.NDArray[np.uint64], senders: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Choose rows out of arrays sorted by hash: the smallest, and the smallest of each sender."""
    order = np.argsort(senders, kind="stable")
    ranked = senders[order]
    first = np.searchsorted(ranked, ranked, side="left")
    of_sender = order[np.arange(len(order)) - first < SAMPLE_TEXTS_A_SENDER]
    smallest = np.arange(min(len(hashes), SAMPLE_TEXTS))
    return distinct(np.concatenate([smallest, of_sender]))
