"""All messages of a database by their identity."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.sqlite.image import Flags, Ints

NOT_THERE = -1


@dataclass(frozen=True, slots=True)
class Identities:
    """Identities, and the row of each."""

    guids: pa.Array
    numbers: Ints

    def rows(self, wanted: pa.Array) -> Ints:
        """Give the row of each identity; NOT_THERE where no message has it."""
        if not len(wanted):
            return np.empty(0, np.int64)
        places = pc.index_in(wanted, value_set=self.guids, skip_nulls=True)
        found = np.full(len(wanted), NOT_THERE, np.int64)
        there = places.is_valid().to_numpy(zero_copy_only=False)
        found[there] = self.numbers[places.drop_null().to_numpy(zero_copy_only=False)]
        return found

    def present(self, wanted: pa.Array) -> Flags:
        """Say of each identity whether some message has it."""
        found: Flags = self.rows(wanted) != NOT_THERE
        return found


def among(rows: Ints, ascending: Ints) -> Flags:
    """Say which rows are among others."""
    if not len(ascending):
        return np.zeros(len(rows), np.bool_)
    at = np.minimum(np.searchsorted(ascending, rows), len(ascending) - 1)
    found: Flags = ascending[at] == rows
    return found
