"""Rows that belong to messages: in the order of the messages, found for a batch at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from witnessbox.intake.ordered import KEY, Ordered
from witnessbox.intake.sqlite.image import Flags, Ints
from witnessbox.intake.sqlite.tables import Rows, Tables

PLACE = (KEY, "row", "start", "end")
"""What is known of every such row: the message's row id, its own, and its bytes."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """Some rows of one table, in the order of the messages they belong to."""

    table: str
    key: Ints  # row id of the message
    row: Ints
    start: Ints
    end: Ints
    numbers: dict[str, Ints]
    texts: dict[str, pa.Array]

    def near(self, messages: Ints) -> "Keyed":
        """Give the rows of these messages among others: all that are held."""
        del messages
        return self

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


@dataclass(frozen=True, slots=True)
class Kept:
    """All rows of one table that belong to messages, however many there are."""

    table: str
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    rows: Ordered

    def add(self, places: Sequence[Ints], texts: Sequence[pa.Array]) -> None:
        """Take some rows: their places and numbers, and their texts."""
        arrays = [*map(pa.array, places), *texts]
        self.rows.add(pa.RecordBatch.from_arrays(arrays, schema=self.rows.schema))

    def __len__(self) -> int:
        return len(self.rows)

    def near(self, messages: Ints) -> Keyed:
        """Give the rows of these messages, and where they are few, others among them."""
        return self._keyed(self.rows.near(messages))

    def parts(self) -> Iterator[Keyed]:
        """Give all rows, some at a time."""
        return map(self._keyed, self.rows.in_order())

    def whole(self) -> Keyed:
        """Give all rows at once."""
        rows = pa.Table.from_batches(self.rows.in_order(), self.rows.schema).combine_chunks()
        return self._keyed(rows)

    def _keyed(self, rows: pa.RecordBatch | pa.Table) -> Keyed:
        def number(name: str) -> Ints:
            found: Ints = rows.column(name).to_numpy()
            return found

        return Keyed(
            table=self.table,
            key=number(KEY),
            row=number("row"),
            start=number("start"),
            end=number("end"),
            numbers={name: number(name) for name in self.numbers},
            texts={name: _one(rows.column(name)) for name in self.texts},
        )


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def kept(table: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> Kept:
    """Set out to keep rows of a table: their places, some numbers, some texts."""
    fields = [pa.field(name, pa.int64()) for name in (*PLACE, *numbers)]
    fields += [pa.field(name, pa.string()) for name in texts]
    return Kept(table, tuple(numbers), tuple(texts), Ordered(pa.schema(fields)))


def keyed(
    tables: Tables,
    table: str,
    key: str = "message_row_id",
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Kept:
    """Read a table that belongs to messages; one the database does not have has no rows.

    Rows that cannot be read are named among the faults of the tables.
    """
    return _filled(tables, table, key, kept(table, numbers, texts), few=False)


def _filled(tables: Tables, table: str, key: str, found: Kept, *, few: bool) -> Kept:
    numbers, texts = found.numbers, found.texts
    wanted = (key, *numbers, *texts)
    several = addresses(tables, table, wanted) if few else tables.rows(table, wanted, shared=True)
    for part in several:
        tables.faults += [f"{table}: {what}" for what in {one.what: None for one in part.faults}]
        places = [part.numbers(key, -1), part.rowid, part.start, part.end]
        found.add(
            [*places, *(part.numbers(name) for name in numbers)],
            [part.text(name) for name in texts],
        )
    return found


def held(
    tables: Tables,
    table: str,
    key: str = "message_row_id",
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Keyed:
    """Read such a table and hold all of it.

    That is for formats whose databases do not reach the size at which it tells.
    """
    return keyed(tables, table, key, numbers, texts).whole()


def listed(
    tables: Tables,
    table: str,
    key: str,
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Keyed:
    """Read a table of addresses and hold it, up to the limit."""
    return _filled(tables, table, key, kept(table, numbers, texts), few=True).whole()


def addresses(tables: Tables, table: str, wanted: Sequence[str]) -> Iterator[Rows]:
    """Read a table of addresses, contacts or members, whose rows are held, up to the limit.

    A table that goes on beyond it is named among those of which not all is held.
    """
    most = left = tables.image.limits.database_addresses
    for rows in tables.rows(table, wanted, shared=True):
        if len(rows) > left:
            what = f"{table} has more than {most:,} rows, and only those are held; names, members "
            what += "and places in the order of messages that need others are not told"
            tables.unheld.append(what)
            if left:
                yield rows.only(np.arange(len(rows)) < left)
            return
        left -= len(rows)
        yield rows
