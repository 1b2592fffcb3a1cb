"""Which messages have the identities that other rows name.

What is asked for is laid in the order of a digest, and so is what a sieve of bits lets through as
all messages go by once; the two are held against one another, however many they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.quoted import Sieve, digests_of
from witnessbox.intake.numbered import Taken
from witnessbox.intake.ordered import KEY, Ordered, keys_of
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

GUID = "guid"
_FIELDS = (pa.field(KEY, pa.int64()), pa.field(GUID, pa.string()))
_MET = pa.schema([*_FIELDS, pa.field("row", pa.int64())])


def asking(numbers: Sequence[str], texts: Sequence[str] = ()) -> Ordered:
    """Set out to ask for identities, each with some numbers and texts of whoever names it."""
    fields = [pa.field(name, pa.int64()) for name in numbers]
    fields += [pa.field(name, pa.string()) for name in texts]
    return Ordered(pa.schema([*_FIELDS, *fields]))


def ask(asked: Ordered, guids: pa.Array, *columns: pa.Array | Ints) -> None:
    """Ask for some identities; where there is none, none is asked for."""
    arrays = [guids, *(pa.array(one) for one in columns)]
    if guids.null_count:
        there = guids.is_valid()
        arrays = [one.filter(there) for one in arrays]
    if len(arrays[0]):
        arrays.insert(0, pa.array(digests_of(arrays[0])))
        asked.add(pa.RecordBatch.from_arrays(arrays, schema=asked.schema))


@dataclass(frozen=True, slots=True)
class Identity:
    """By what the messages of a table are known, in which of its columns."""

    table: str
    columns: tuple[str, ...]
    of: Callable[[Rows], pa.Array]


class Identities:
    """The messages of the identities that were asked for, each by its row.

    ``sound`` are the rows that can be read; all of them, where it is not told.
    """

    def __init__(
        self,
        tables: Tables,
        identity: Identity,
        asked: Sequence[Ordered],
        sound: Taken | None = None,
    ) -> None:
        self._met = Ordered(_MET)
        sieve = Sieve(sum(map(len, asked)))
        for one in asked:
            for part in one.in_order():
                sieve.add(keys_of(part))
        if any(map(len, asked)):
            for rows in tables.rows(identity.table, identity.columns, shared=True):
                self._note(identity.of(rows), rows.rowid, sieve, sound)

    def _note(self, guids: pa.Array, numbers: Ints, sieve: Sieve, sound: Taken | None) -> None:
        if guids.null_count:
            there = guids.is_valid()
            guids, numbers = guids.filter(there), numbers[there.to_numpy(zero_copy_only=False)]
        digests = digests_of(guids)
        passed = np.flatnonzero(sieve.passes(digests))
        if sound is not None:
            passed = passed[sound.among(numbers[passed])]
        arrays = [digests[passed], guids.take(pa.array(passed)), numbers[passed]]
        self._met.add(pa.RecordBatch.from_arrays([*map(pa.array, arrays)], schema=_MET))

    def rows(self, part: pa.RecordBatch) -> tuple[Ints, Flags]:
        """Give for some of what was asked, in order, the row of the first message that has it."""
        digests = keys_of(part)
        met = self._met.near(digests)
        keys = keys_of(met)
        low = int(np.searchsorted(keys, digests[0], "left")) if len(digests) else 0
        high = int(np.searchsorted(keys, digests[-1], "right")) if len(digests) else 0
        met = met.slice(low, high - low)
        place = pc.index_in(part.column(GUID), value_set=met.column(GUID))
        there: Flags = place.is_valid().to_numpy(zero_copy_only=False)
        at = place.fill_null(0).to_numpy(zero_copy_only=False)
        numbers: Ints = met.column("row").to_numpy()
        return (numbers[at] if len(numbers) else at.astype(np.int64)), there
