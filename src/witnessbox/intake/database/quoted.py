"""Quotations of messages that are not in the database.

Which keys are quoted is known before the messages are read, and is far too much to hold for a long
table.  So a sieve of bits lets nearly only quoted keys through as the messages go by; those, and
the quotations, are laid in the order of a digest of the key and held against one another.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.keyed import Kept
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.ordered import KEY, Ordered, is_among, keys_of
from witnessbox.intake.sqlite.image import Flags, Ints

_BY_DIGEST = pa.schema(
    [pa.field(KEY, pa.int64()), pa.field("nth", pa.int64()), pa.field("id", pa.string())]
)
_NTH = pa.schema([pa.field(KEY, pa.int64())])
_LEAST_BITS, _MOST_BITS, _BITS_A_KEY = 1 << 13, 1 << 28, 16
_FACTOR, _PLACES, _TOP = 0x9E3779B97F4A7C15, 256, 1 << 64


class Quoted:
    """Which quoted messages are there, learnt batch by batch."""

    def __init__(self, quotes: Kept) -> None:
        self._quotes = quotes
        self._asked, self._met = Ordered(_BY_DIGEST), Ordered(_BY_DIGEST)
        count = 0
        for part in quotes.parts():
            keys, nth = part.texts["key_id"], np.arange(count, count + len(part.key))
            self._asked.add(_by_digest(keys, nth))
            count += len(part.key)
        self._sieve = Sieve(count)
        for rows in self._asked.in_order():
            self._sieve.add(keys_of(rows))
        self._any = count > 0

    def note(self, keys: pa.Array) -> None:
        """Tell the keys of a batch of messages."""
        if self._any:
            rows = _by_digest(keys, np.zeros(len(keys), np.int64))
            self._met.add(rows.filter(pa.array(self._sieve.passes(keys_of(rows)))))

    def absent(self) -> Iterator[Trace]:
        """Find quotations of messages that are not there, with the words they keep."""
        absent, count = self._absent(), 0
        for part in self._quotes.parts():
            nth = np.arange(count, count + len(part.key))
            count += len(part.key)
            for k in np.flatnonzero(is_among(nth, keys_of(absent.near(nth)))).tolist():
                text, key = part.texts["text_data"][k].as_py(), part.texts["key_id"][k].as_py()
                words = f": “{text[:MOST_SHOWN]}”" if text else ", without its words"
                what = f"message {int(part.key[k])} quotes {key}, which is not there{words}"
                place = int(part.start[k]), int(part.end[k]), part.table, int(part.row[k])
                yield *place, "quote-of-absent", what

    def _absent(self) -> Ordered:
        """Say of which quotations, by their places, no key was met."""
        found = Ordered(_NTH)
        for rows in self._asked.in_order():
            met = self._met.near(keys_of(rows)).column("id")
            gone = pc.invert(pc.is_in(rows.column("id"), value_set=met))
            nth = rows.column("nth").filter(gone)
            found.add(pa.RecordBatch.from_arrays([nth], schema=_NTH))
        return found


class Sieve:
    """Lets every digest through that was added, and few others."""

    def __init__(self, count: int) -> None:
        wanted = max(_LEAST_BITS, min(_MOST_BITS, count * _BITS_A_KEY))
        self._mask = (1 << (wanted - 1).bit_length()) - 1
        self._bits = np.zeros((self._mask + 1) // 8, np.uint8)

    def add(self, digests: Ints) -> None:
        """Let these through."""
        byte, bit = self._place(digests)
        np.bitwise_or.at(self._bits, byte, bit)

    def passes(self, digests: Ints) -> Flags:
        """Say which of these are let through."""
        byte, bit = self._place(digests)
        found: Flags = (self._bits[byte] & bit) != 0
        return found

    def _place(self, digests: Ints) -> "tuple[Ints, npt.NDArray[np.uint8]]":
        at = (digests ^ digests >> 32) & self._mask
        return at >> 3, np.left_shift(1, at & 7).astype(np.uint8)


def _by_digest(keys: pa.Array, nth: Ints) -> pa.RecordBatch:
    """Put the keys there are beside their digests and places."""
    if keys.null_count:
        nth = nth[keys.is_valid().to_numpy(zero_copy_only=False)]
        keys = keys.drop_null()
    arrays = [pa.array(digests_of(keys)), pa.array(nth), keys]
    return pa.RecordBatch.from_arrays(arrays, schema=_BY_DIGEST)


def digests_of(texts: pa.Array) -> Ints:
    """Give a number for each text, the same for the same text: a polynomial of its bytes."""
    count = len(texts)
    if not count:
        return np.empty(0, np.int64)
    _, places, data = texts.buffers()
    offsets = np.frombuffer(places, np.int32)[texts.offset : texts.offset + count + 1]
    offsets = offsets.astype(np.int64)
    sizes = np.diff(offsets)
    letters = np.frombuffer(data or b"", np.uint8)[offsets[0] : offsets[-1]].astype(np.uint64) + 1
    if (sizes == sizes[0]).all() and sizes[0]:
        factors = _FACTORS[np.arange(sizes[0]) % _PLACES]
        sums = (letters.reshape(count, -1) * factors).sum(axis=1, dtype=np.uint64)
    else:
        nth = np.arange(len(letters)) - np.repeat(offsets[:-1] - offsets[0], sizes)
        letters = np.append(letters * _FACTORS[nth % _PLACES], np.uint64(0))
        sums = np.add.reduceat(letters, offsets[:-1] - offsets[0])
        sums[sizes == 0] = 0
    found: Ints = sums.view(np.int64)
    return found


_FACTORS = np.array([pow(_FACTOR, n, _TOP) for n in range(1, _PLACES + 1)], np.uint64)
