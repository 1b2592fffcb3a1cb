"""A database's tables: their columns out of its schema, their rows out of its pages."""

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.btree import Pages, Walk
from witnessbox.intake.sqlite.cells import Cells, Fault, cells
from witnessbox.intake.sqlite.columns import Stored, stored
from witnessbox.intake.sqlite.image import Flags, Image, Ints

_SCHEMA_COLUMNS = ("type", "name", "tbl_name", "rootpage", "sql")
SEQUENCE = "sqlite_sequence"
_MOST_SQL = 1 << 16
_ALLOWED = frozenset(
    (
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_PRAGMA,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_TRANSACTION,
    )
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: where its rows begin and what their columns are."""

    name: str
    root: int
    columns: tuple[str, ...]
    key: str | None  # the column that is the row id

    def place(self, name: str) -> int | None:
        """Give a column's place in a row; None where the table has no such column."""
        return self.columns.index(name) if name in self.columns else None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table; a column the table does not have is null throughout."""

    layout: Layout
    rowid: Ints
    start: Ints
    end: Ints
    from_wal: Flags
    columns: dict[int, Stored]
    keep: Flags | None  # which rows of the columns these are
    faults: tuple[Fault, ...]
    _read: dict[tuple[str, str], Any] = field(default_factory=dict)  # what was read once

    def __len__(self) -> int:
        return len(self.rowid)

    def only(self, chosen: Flags) -> "Rows":
        """Keep some of the rows, and of the faults those whose bytes lie in the log."""
        keep = chosen.copy() if self.keep is None else self.keep.copy()
        if self.keep is not None:
            keep[np.flatnonzero(self.keep)] = chosen
        return replace(
            self,
            rowid=self.rowid[chosen],
            start=self.start[chosen],
            end=self.end[chosen],
            from_wal=self.from_wal[chosen],
            keep=keep,
            faults=tuple(fault for fault in self.faults if fault.from_wal),
            _read={},
        )

    def stored(self, name: str) -> Stored | None:
        """Give a column as it is stored; None where the table has no such column."""
        place = self.layout.place(name)
        if place is None:
            return None
        column, keep = self.columns[place], self.keep
        if keep is None:
            return column
        found: Stored = self._once("stored", name, lambda: column.only(keep))
        return found

    def _once(self, what: str, name: str, read: Callable[[], Any]) -> Any:
        """Read a column the first time, and give what was read from then on."""
        if (what, name) not in self._read:
            self._read[what, name] = read()
        return self._read[what, name]

    def integers(self, name: str) -> tuple[Ints, Flags]:
        """Give whole numbers, and where there is one."""
        if name == self.layout.key:
            return self.rowid, np.ones(len(self), np.bool_)
        column = self.stored(name)
        if column is None:
            return np.zeros(len(self), np.int64), np.zeros(len(self), np.bool_)
        values, known = self._once("integers", name, column.integers)
        return values.copy(), known.copy()

    def numbers(self, name: str, absent: int = 0) -> Ints:
        """Give whole numbers, ``absent`` where there is none."""
        values, known = self.integers(name)
        if absent:
            values[~known] = absent
        return values

    def reals(self, name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        """Give real numbers, whole ones among them; NaN where there is none."""
        column = self.stored(name)
        if column is None:
            return np.full(len(self), np.nan)
        values = column.reals()
        whole, known = column.integers()
        return np.where(np.isnan(values) & known, whole, values)

    def blobs(self, name: str) -> pa.Array:
        """Give bytes, null where there are none."""
        column = self.stored(name)
        return pa.nulls(len(self), pa.binary()) if column is None else column.blobs()

    def texts(self, name: str) -> tuple[pa.Array, list[int]]:
        """Give texts, and the rows whose bytes are no sound text."""
        column = self.stored(name)
        if column is None:
            return pa.nulls(len(self), pa.string()), []
        values, bad = self._once("texts", name, column.texts)
        return values, list(bad)

    def text(self, name: str) -> pa.Array:
        """Give texts, whatever their bytes."""
        return self.texts(name)[0]


@dataclass(slots=True)
class Tables:
    """The tables of one state of a database."""

    image: Image
    layouts: dict[str, Layout] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unheld: list[str] = field(default_factory=list)  # tables of addresses beyond the limit
    seen: Pages = field(default_factory=Pages)
    leaves: dict[str, "array[int]"] = field(default_factory=dict)  # of tables read to their ends

    def has(self, name: str) -> bool:
        """Say whether there is a table of this name."""
        return name in self.layouts

    def rows(self, name: str, wanted: Sequence[str], *, shared: bool = False) -> Iterator[Rows]:
        """Read a table a stretch at a time, in the order of its row ids.

        Pages are visited once over all tables read, unless the reading is ``shared`` (again).
        """
        layout = self.layouts.get(name)
        if layout is None:
            return
        found = Walk(self.image, layout.root, Pages() if shared else self.seen)
        places = [place for name in wanted if (place := layout.place(name)) is not None]
        for part in chain(cells(self.image, self._noted(name, found)), self._astray(found)):
            yield _rows(layout, part, places, self.image.header.encoding)

    def _noted(self, name: str, found: Walk) -> Iterator[int]:
        """Give a table's leaves; keep their numbers where they are not known yet."""
        if name in self.leaves:
            yield from found.leaves()
            return
        met = array("I")
        for several in found.together():
            met.extend(several)
            yield from several
        self.leaves[name] = met

    def _astray(self, found: Walk) -> Iterator[Cells]:
        """Name the pages that are not there, once all of the table was walked."""
        size = self.image.header.page_bytes
        if found.faults:
            yield _none(
                tuple(
                    Fault(at, at, False, None, what)  # noqa: FBT003
                    for number, what in found.faults
                    for at in [min(max(number - 1, 0) * size, len(self.image.main))]
                )
            )


def _none(faults: tuple[Fault, ...]) -> Cells:
    nothing = np.empty(0, np.int64)
    flags = np.empty(0, np.bool_)
    data = np.zeros(64, np.uint8)
    return Cells(data, nothing, nothing, nothing, nothing, nothing, flags, faults)


def _rows(layout: Layout, part: Cells, places: Sequence[int], encoding: str) -> Rows:
    columns, sound = stored(part, places, encoding)
    faults = list(part.faults)
    for k in np.flatnonzero(~sound).tolist():
        what = "the row's columns run out of the row"
        faults.append(
            Fault(
                int(part.start[k]),
                int(part.end[k]),
                bool(part.from_wal[k]),
                int(part.rowid[k]),
                what,
            )
        )
    whole = bool(sound.all())
    return Rows(
        layout,
        part.rowid[sound],
        part.start[sound],
        part.end[sound],
        part.from_wal[sound],
        columns,
        None if whole else sound,
        tuple(faults),
    )


def tables_of(image: Image) -> Tables:
    """Read a database's schema; a table whose definition cannot be read is named in ``faults``."""
    found = Tables(image)
    layout = Layout("sqlite_schema", 1, _SCHEMA_COLUMNS, None)
    found.layouts["sqlite_schema"] = layout
    with closing(_parser()) as parser:
        for rows in found.rows("sqlite_schema", _SCHEMA_COLUMNS):
            found.faults += [fault.what for fault in rows.faults]
            roots = rows.numbers("rootpage").tolist()
            kinds, names, sql = (rows.text(name).to_pylist() for name in ("type", "name", "sql"))
            for kind, name, root, text in zip(kinds, names, roots, sql, strict=True):
                if kind == "table" and root and name and text and _ours(name):
                    one = _layout(parser, name, root, text)
                    if isinstance(one, Layout):
                        found.layouts.setdefault(name, one)
                    else:
                        found.faults.append(one)
    return found


def _ours(name: str) -> bool:
    """Leave out the tables SQLite keeps for itself, but for its counters of row ids."""
    return name == SEQUENCE or not name.startswith("sqlite_")


def _parser() -> sqlite3.Connection:
    """Open an empty database in memory, in which only tables can be declared.

    Columns may be declared as computed, by functions (``json_extract``) which SQLite lets only a
    trusted schema use.  No row is ever put in, so nothing is computed.
    """
    parser = sqlite3.connect(":memory:", isolation_level=None)
    parser.execute("PRAGMA trusted_schema=ON")
    parser.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _MOST_SQL)
    parser.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
    return parser


def _layout(parser: sqlite3.Connection, name: str, root: int, sql: str) -> Layout | str:
    """Read a table's definition by declaring it in the empty database."""
    if name == SEQUENCE:
        return Layout(name, root, ("name", "seq"), None)
    failure = f"the definition of table {name} cannot be read"
    if not sql[:12].upper().startswith("CREATE TABLE"):
        return failure
    try:
        parser.execute("BEGIN")
        parser.execute(sql)
        declared = parser.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        own = [one for (one,) in declared if not one.startswith("sqlite_")]
        info = parser.execute(
            "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", (own[0],)
        ).fetchall()
    except (sqlite3.Error, sqlite3.Warning, IndexError, ValueError):
        return failure
    finally:
        if parser.in_transaction:
            parser.execute("ROLLBACK")
    kept = [one for one in info if one[3] != 2]
    keys = [one for one in info if one[2]]
    key = keys[0][0] if len(keys) == 1 and keys[0][1].upper() == "INTEGER" else None
    return Layout(name, root, tuple(one[0] for one in kept), key)
