"""Freed rows of a message-bearing table: what they show, held against the rows that are there.

A freed row is never a message.  It may be one that was deleted, or an earlier state of one that is
there; a copy of a row that is there, such as pages leave when they are split, shows nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.sqlite.freed import Scrap, Value, scraps
from witnessbox.intake.sqlite.tables import Layout, Rows, Tables

_FIRST_MS, _LAST_MS = 1_230_768_000_000, 4_102_444_800_000  # 2009 to 2100
_IDENTITY = re.compile(r"[A-Za-z0-9@._:-]{4,128}")
_FIRST_BLOB, _FIRST_TEXT = 12, 13
_MOST_FOUND = 5_000


@dataclass(frozen=True, slots=True)
class Contents:
    """A column that holds more than a value; it gives the words where the row has none."""

    column: str
    opened: Callable[[bytes], tuple[str | None, bool]]  # the words, and whether it is sound


@dataclass(frozen=True, slots=True)
class Sign:
    """By which columns a row of a table is known for a message."""

    identity: str  # a text by which every phone knows it
    said: str
    at: str  # a number; ``at_ms`` reads it
    whole: tuple[str, ...]  # whole numbers, or nothing
    flags: tuple[str, ...]  # 0 or 1
    at_ms: Callable[[float], float] = float  # gives a time in milliseconds since 1970
    contents: Contents | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Name every column that is looked at."""
        more = () if self.contents is None else (self.contents.column,)
        return (self.identity, self.said, self.at, *self.whole, *self.flags, *more)


@dataclass(frozen=True, slots=True)
class _Freed:
    """A scrap that holds up: how it is known, when it was sent, what it says."""

    scrap: Scrap
    identity: str
    at: float
    said: str | None


def freed_rows(tables: Tables, table: str, sign: Sign) -> Iterator[Trace]:
    """Find rows of a table in freed space that are not there, or not so.

    The table has to have been read: freed space lies on the pages that were found then.
    """
    found = _held_up(tables, table, sign)
    living = _living(tables, table, sign, {one.identity for one in found}) if found else {}
    for one in found:
        alike = living.get(one.identity, {})
        if (one.at, one.said or None) not in alike.values():
            yield _trace(one, table, sign, sorted(alike))
    if len(found) == _MOST_FOUND:
        what = f"more rows may stand in freed space than the {_MOST_FOUND} that were looked at"
        yield 0, 0, table, None, "freed-row", what


def _held_up(tables: Tables, table: str, sign: Sign) -> list[_Freed]:
    """Give the rows in freed space that hold up, each once."""
    layout = tables.layouts.get(table)
    places = [] if layout is None else [layout.place(name) for name in sign.columns]
    known = [place for place in places if place is not None]
    if layout is None or len(known) < len(sign.columns):
        return []
    found: dict[tuple[str, float, str | None], _Freed] = {}
    leaves = tables.leaves.get(table, ())
    for scrap in scraps(tables.image, layout, leaves, max(known) + 1):
        one = _judged(scrap, layout, sign, tables.image.header.encoding)
        if one is not None and len(found) < _MOST_FOUND:
            found.setdefault((one.identity, one.at, one.said), one)
    return list(found.values())


def _judged(scrap: Scrap, layout: Layout, sign: Sign, encoding: str) -> _Freed | None:
    held = dict(zip(layout.columns, zip(scrap.kinds, scrap.values, strict=True), strict=False))
    numbers = [held[name] for name in sign.whole]
    if not all(value is None or (isinstance(value, int) and kind < 10) for kind, value in numbers):
        return None
    if not all(held[name][1] in (0, 1) and held[name][0] < 10 for name in sign.flags):
        return None
    at = held[sign.at][1]
    if not isinstance(at, int | float) or not _FIRST_MS <= sign.at_ms(at) < _LAST_MS:
        return None
    identity, sound = _text(*held[sign.identity], encoding)
    said, clear = _text(*held[sign.said], encoding)
    if not sound or not clear or not identity or _IDENTITY.fullmatch(identity) is None:
        return None
    if sign.contents is not None:
        words, whole = _opened(*held[sign.contents.column], sign.contents, encoding)
        if not whole:
            return None
        said = said or words
    return _Freed(scrap, identity, float(at), said)


def _opened(kind: int, value: Value, contents: Contents, encoding: str) -> tuple[str | None, bool]:
    """Give the words in a row's contents, and whether those are sound ones or nothing."""
    if isinstance(value, bytes) and kind % 2 == 0:
        return contents.opened(value)
    text, sound = _text(kind, value, encoding)
    return contents.opened(text.encode()) if text is not None else (None, sound)


def _text(kind: int, value: Value, encoding: str) -> tuple[str | None, bool]:
    """Give a text, and whether it is a sound one or nothing."""
    if kind == 0:
        return None, True
    if not isinstance(value, bytes) or kind % 2 == 0:
        return None, False
    try:
        return value.decode(encoding), True
    except UnicodeDecodeError:
        return None, False


def _living(
    tables: Tables, table: str, sign: Sign, wanted: set[str]
) -> dict[str, dict[int, tuple[float, str | None]]]:
    """Find the rows that are there and known by one of these, by their row ids."""
    known = pa.array(sorted(wanted), pa.string())
    living: dict[str, dict[int, tuple[float, str | None]]] = {}
    for rows in tables.rows(table, sign.columns, shared=True):
        keys = rows.text(sign.identity)
        there = pc.is_in(keys, value_set=known).to_numpy(zero_copy_only=False)
        chosen = np.flatnonzero(there)
        if len(chosen):
            place = pa.array(chosen)
            said = _said(rows.only(there), sign)
            at = rows.reals(sign.at)[chosen].tolist()
            ids = rows.rowid[chosen].tolist()
            for key, row, *told in zip(keys.take(place).to_pylist(), ids, at, said, strict=True):
                living.setdefault(key, {})[row] = (told[0], told[1] or None)
    return living


def _said(rows: Rows, sign: Sign) -> list[str | None]:
    """Give what rows that are there say."""
    said: list[str | None] = rows.text(sign.said).to_pylist()
    if sign.contents is None:
        return said
    name, opened = sign.contents.column, sign.contents.opened
    held = pc.coalesce(rows.blobs(name), rows.text(name).cast(pa.binary())).to_pylist()
    return [
        words or (None if inside is None else opened(inside)[0])
        for words, inside in zip(said, held, strict=True)
    ]


def _trace(one: _Freed, table: str, sign: Sign, alike: list[int]) -> Trace:
    at = datetime.fromtimestamp(sign.at_ms(one.at) / 1000, UTC).isoformat(timespec="seconds")
    words = f"“{one.said[:MOST_SHOWN]}”" if one.said else "without words"
    told = f"{one.identity}, {at.replace('+00:00', 'Z')}, {words}"
    if alike:
        what = f"freed space still holds row {alike[0]} as it was: {told}"
    else:
        what = f"freed space still holds a row that is not there: {told}"
    row = one.scrap.row
    return one.scrap.start, one.scrap.end, table, row, "freed-row", what
