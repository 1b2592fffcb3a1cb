"""What a copy is recognised by: a bounded sample of the texts it holds exactly once.

Each text is known by a hash, and the sample keeps the smallest hashes, so that two copies of one
conversation keep the same texts whatever else they lack (bottom-k sampling: E. Cohen, *Size-
estimation framework*, 1997).  Rare speakers keep a few texts of their own beyond the sample, so
that they too can be recognised from phone to phone.

Which texts are kept is decided by the upper half of the hash, out of a few of their bytes, which
costs next to nothing; the lower half, of the kept ones alone, is of all their bytes.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind, Precision
from witnessbox.reconcile.normalise import codes_of, flat, folded_texts

SAID = (Kind.TEXT, Kind.POLL, Kind.SHARE)
"""Kinds whose words people wrote."""
SAMPLE_TEXTS = 4096
SAMPLE_TEXTS_A_SENDER = 48
_UNIT_MS = {Precision.MINUTE: 60_000, Precision.SECOND: 1_000, Precision.MILLISECOND: 1}
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_UPPER = np.uint64(0xFFFFFFFF00000000)
COLUMNS = ("text", "sender", "sent_at", "kind", "precision", "platform_id", "edited")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of one copy.  Arrays run alike, by hash; senders are places in ``names``."""

    hashes: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int64]  # characters, folded
    places: npt.NDArray[np.int64]  # rows, in the copy's own order
    sent_ms: npt.NDArray[np.int64]
    senders: npt.NDArray[np.int64]
    names: tuple[str, ...]
    counts: tuple[int, ...]  # messages under each name
    platform_ids: npt.NDArray[np.uint64]
    rows: int
    first_ms: int
    last_ms: int
    unit_ms: int  # how finely the copy tells time
    numbers: tuple[frozenset[str], ...] = ()  # digits, by name, where they were looked for


def sketch(rows: Any) -> Sketch:
    """Take the sample of one copy's messages; ``rows`` has ``COLUMNS`` in the copy's order."""
    kinds = words(rows["kind"])
    names, senders = _names(rows["sender"])
    sent = times_ms(rows["sent_at"])
    texts, hashes, places, lengths = _distinct_texts(rows, kinds)
    chosen = _sample(hashes, senders[places])
    chosen, hashes = _named(chosen, hashes, texts.take(pa.array(chosen)).to_pylist())
    units = [
        _UNIT_MS.get(Precision(unit), 60_000) for unit in set(words(rows["precision"])) if unit
    ]
    return Sketch(
        hashes=hashes,
        lengths=lengths[chosen],
        places=places[chosen],
        sent_ms=sent[places[chosen]],
        senders=senders[places[chosen]],
        names=names,
        counts=tuple(int(n) for n in np.bincount(senders[senders >= 0], minlength=len(names))),
        platform_ids=_hash_all(pc.unique(pc.drop_null(rows["platform_id"])).to_pylist()),
        rows=rows.num_rows,
        first_ms=int(sent.min()) if sent.size else 0,
        last_ms=int(sent.max()) if sent.size else 0,
        unit_ms=max(units, default=60_000),
    )


def words(column: Any) -> npt.NDArray[Any]:
    """Give a repeating column as an array of Python strings, None for null."""
    return np.asarray(column.cast(pa.string()).to_numpy(zero_copy_only=False), object)


def times_ms(column: Any) -> npt.NDArray[np.int64]:
    """Give times in ms since 1970, UTC; an unreadable one gets the time of the row before it."""
    milliseconds = pc.cast(column, pa.int64())
    filled = pc.fill_null_backward(pc.fill_null_forward(milliseconds))
    return np.asarray(pc.fill_null(filled, 0).to_numpy(zero_copy_only=False), np.int64)


def units_ms(column: Any) -> npt.NDArray[np.int64]:
    """Say how finely each row knows its time, in ms; a minute where nothing is said."""
    units = np.full(len(column), _UNIT_MS[Precision.MINUTE], np.int64)
    named = words(column)
    for precision, unit in _UNIT_MS.items():
        units[named == precision.value] = unit
    return units


def _names(column: Any) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    merged = flat(column)
    coded = codes_of(merged)
    named = merged.dictionary.to_pylist()
    used = sorted({named[code] for code in np.unique(coded) if code >= 0})
    place = {name: i for i, name in enumerate(used)}
    table = np.array([place.get(name, -1) for name in named] + [-1], np.int64)
    return tuple(used), table[coded]


def _distinct_texts(
    rows: Any, kinds: npt.NDArray[Any]
) -> tuple[Any, npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give each text that people wrote and the copy holds once, by hash, with row and length."""
    edited = np.asarray(pc.fill_null(rows["edited"], fill_value=False))
    folded = folded_texts(rows["text"], kinds, edited)
    codes = np.where(np.isin(kinds, SAID), codes_of(folded), -1)
    counts = np.bincount(codes + 1, minlength=len(folded.dictionary) + 1)[1:]
    once = np.flatnonzero(counts == 1)
    row_of = np.empty(len(counts), np.int64)
    row_of[codes[codes >= 0]] = np.flatnonzero(codes >= 0)
    texts = folded.dictionary.take(pa.array(once))
    lengths = np.asarray(pc.utf8_length(texts), np.int64)
    hashes = quick_hashes(texts)
    order = np.argsort(hashes, kind="stable")
    order = order[lengths[order] > 0]
    return texts.take(pa.array(order)), hashes[order], row_of[once][order], lengths[order]


def quick_hashes(texts: Any) -> npt.NDArray[np.uint64]:
    """Hash strings by length and three times eight of their bytes: begin, middle, end."""
    _, offsets, data = texts.cast(pa.large_string()).buffers()
    ends = np.frombuffer(offsets, "<i8")[texts.offset : texts.offset + len(texts) + 1]
    begin, size = ends[:-1], np.diff(ends)
    raw = np.frombuffer(data or b"", np.uint8)
    padded = np.concatenate([np.zeros(8, np.uint8), raw, np.zeros(8, np.uint8)])
    eights = np.lib.stride_tricks.sliding_window_view(padded, 8)
    mixed = size.astype(np.uint64)
    for at in (begin, begin + np.maximum(size // 2 - 4, 0), np.maximum(begin, begin + size - 8)):
        eight = np.ascontiguousarray(eights[at + 8]).view("<u8").ravel()
        short = np.minimum(size, 8).astype(np.uint64)
        kept = eight & (_ALL >> (np.uint64(64) - np.uint64(8) * np.maximum(short, 1)))
        mixed = _mixed(mixed ^ np.where(short > 0, kept, np.uint64(0)))
    return mixed


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread every bit over all (the finaliser of S. Vigna's SplitMix64)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _named(
    chosen: npt.NDArray[np.int64], hashes: npt.NDArray[np.uint64], texts: list[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Put the hash of all bytes into the lower half; texts that no half tells apart are dropped."""
    upper = hashes[chosen] & _UPPER
    whole = upper | (_hash_all(texts) & ~_UPPER)
    found, first, counts = np.unique(whole, return_index=True, return_counts=True)
    return chosen[first[counts == 1]], found[counts == 1]


def _hash_all(texts: list[str]) -> npt.NDArray[np.uint64]:
    blob = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(blob, "<u8").astype(np.uint64)


def _sample(
    hashes: npt.NDArray[np.uint64], senders: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Choose rows out of arrays sorted by hash: the smallest, and the smallest of each sender."""
    order = np.argsort(senders, kind="stable")
    ranked = senders[order]
    first = np.searchsorted(ranked, ranked, side="left")
    of_sender = order[np.arange(len(order)) - first < SAMPLE_TEXTS_A_SENDER]
    return np.union1d(np.arange(min(len(hashes), SAMPLE_TEXTS)), of_sender).astype(np.int64)
