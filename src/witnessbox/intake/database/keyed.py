"""Rows that belong to messages: read whole, sorted by the message, found for a batch at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Tables


@dataclass(frozen=True, slots=True)
class Keyed:
    """Rows of one table, in the order of the messages they belong to."""

    table: str
    key: Ints  # row id of the message
    row: Ints
    start: Ints
    end: Ints
    numbers: dict[str, Ints]
    texts: dict[str, pa.Array]

    def first(self, messages: Ints) -> tuple[Ints, Flags]:
        """Give for each message the place of its first row here, and whether it has one."""
        if not len(self.key):
            return np.zeros(len(messages), np.int64), np.zeros(len(messages), np.bool_)
        at = np.minimum(np.searchsorted(self.key, messages), len(self.key) - 1)
        return at, self.key[at] == messages

    def has(self, messages: Ints) -> Flags:
        """Say of each message whether it has a row here."""
        return self.first(messages)[1]

    def text(self, name: str, messages: Ints) -> pa.Array:
        """Give for each message a text of its first row here; null where it has none."""
        at, there = self.first(messages)
        if not there.any():
            return pa.nulls(len(messages), pa.string())
        return self.texts[name].take(pa.array(at, mask=~there))

    def of(self, messages: Ints) -> tuple[Ints, Ints]:
        """Give the places of all rows of these messages, and which message each is of."""
        low = np.searchsorted(self.key, messages, "left")
        count = np.searchsorted(self.key, messages, "right") - low
        owner = np.repeat(np.arange(len(messages)), count)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        return low[owner] + nth, owner

    def orphans(self, messages: Ints) -> Ints:
        """Give the places of rows whose message is not among these (sorted) row ids."""
        if not len(messages):
            return np.arange(len(self.key))
        at = np.minimum(np.searchsorted(messages, self.key), len(messages) - 1)
        return np.flatnonzero(messages[at] != self.key)


def keyed(
    tables: Tables,
    table: str,
    key: str = "message_row_id",
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Keyed:
    """Read a table that belongs to messages; one the database does not have has no rows.

    Rows that cannot be read are named among the faults of the tables.
    """
    parts = list(tables.rows(table, (key, *numbers, *texts), shared=True))
    tables.faults += {f"{table}: {fault.what}": None for part in parts for fault in part.faults}
    nothing = [np.empty(0, np.int64)]
    keys = np.concatenate([part.numbers(key, -1) for part in parts] or nothing)
    order = np.argsort(keys, kind="stable")

    def whole(columns: list[Ints]) -> Ints:
        return np.concatenate(columns or nothing)[order]

    return Keyed(
        table,
        keys[order],
        whole([part.rowid for part in parts]),
        whole([part.start for part in parts]),
        whole([part.end for part in parts]),
        {name: whole([part.numbers(name) for part in parts]) for name in numbers},
        {
            name: pa.concat_arrays(
                [pa.array([], pa.string()), *(part.text(name) for part in parts)]
            ).take(pa.array(order))
            for name in texts
        },
    )
