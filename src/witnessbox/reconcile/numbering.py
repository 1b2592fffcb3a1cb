"""Numbers that are missing in a copy's own database, at the places where others hold messages.

Databases number what they store.  Where a message is deleted, its number stays empty, and intake
has noted every gap.  A number that no row has proves little by itself: a reaction or a message of
another conversation may have had it.  So the gaps at the places where a copy lacks something are
held against those at places where it lacks nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import PlannedCopy
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.order import Ints

COLUMNS = ("exhibit", "table", "row", "kind", "what")
"""The columns of traces that are needed."""
_NUMBERS = r"^(?:rows?|sort keys?) (?P<low>\d{1,18})(?: to (?P<high>\d{1,18}))? (?:is|are) missing"
_BY_ROW = ("whatsapp-android", "imessage", "signal-desktop")
_BY_CHAT = ("whatsapp-ios",)
"""Parsers that note all gaps: in row ids, or in the places each conversation counts by itself."""
UNKNOWN = -1
_MOST = 1 << 40
"""A gap with more numbers than this counts as one of so many, so that sums stay in bounds."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """For each row of a conversation, how many numbers were missing up to it.

    The counts grow along a copy in the order of its numbers; they are comparable within one exhibit
    only, and are ``UNKNOWN`` where the exhibit does not count.
    """

    missing: Ints
    number: Ints  # what the rows are ordered by
    exhibit: Ints

    def span(self, before: Ints, after: Ints) -> Ints:
        """Count the numbers from one row to another."""
        return self.number[np.maximum(after, 0)] - self.number[np.maximum(before, 0)]

    def between(self, before: Ints, after: Ints) -> Ints:
        """Count the numbers missing between pairs of rows; UNKNOWN where that cannot be said."""
        first, last = np.maximum(before, 0), np.maximum(after, 0)
        sound = (before >= 0) & (after >= 0) & (self.exhibit[first] == self.exhibit[last])
        sound &= (self.missing[first] >= 0) & (self.missing[last] >= 0)
        sound &= self.number[first] < self.number[last]
        return np.where(sound, self.missing[last] - self.missing[first], UNKNOWN)


def numbering(laid: Layer, copies: Sequence[PlannedCopy], traces: Any) -> Numbering:
    """Count the missing numbers along every copy, as traces of its exhibits tell them."""
    row = np.asarray(pc.fill_null(laid.table["row"], -1).to_numpy(), np.int64)
    missing = np.full(len(row), UNKNOWN, np.int64)
    gaps = _gaps(traces)
    tables = flat(laid.table["table"])
    names, table = tables.dictionary.to_pylist(), codes_of(tables)
    by_row = np.array([_starts(one, _BY_ROW) for one in copies], bool)[laid.rows.copy]
    by_chat = np.array([_starts(one, _BY_CHAT) for one in copies], bool)[laid.rows.copy]
    counts = (row >= 0) & (by_row | by_chat)
    for code in np.unique(laid.exhibit[counts]).tolist():
        own = counts & (laid.exhibit == code)
        for place in np.unique(table[own]).tolist():
            here = np.flatnonzero(own & (table == place))
            key = laid.exhibits[code], names[place]
            if by_chat[here[0]]:
                missing[here] = _before_rows(gaps, (*key, "sort-gap"), row[here])
            else:
                missing[here] = _below(gaps, (*key, "row-gap"), row[here])
    number = np.where(by_chat, np.arange(len(row)), row)
    return Numbering(missing, number, laid.exhibit)


def _starts(copy: PlannedCopy, parsers: tuple[str, ...]) -> bool:
    return copy.source.parser.startswith(parsers)


_Gaps = dict[tuple[str, str, str], tuple[Ints, Ints]]
"""By exhibit, table and kind: the row each gap is noted at, and how many numbers it has."""


def _gaps(traces: Any) -> _Gaps:
    wanted = pc.is_in(traces["kind"].cast(pa.string()), pa.array(["row-gap", "sort-gap"]))
    found = traces.filter(wanted)
    read = pc.extract_regex(found["what"], _NUMBERS)
    low = _number(pc.struct_field(read, "low"))
    high = np.maximum(_number(pc.struct_field(read, "high")), low)
    row = np.asarray(pc.fill_null(found["row"], -1).to_numpy(), np.int64)
    columns = [flat(found[name]) for name in ("exhibit", "table", "kind")]
    names = [one.dictionary.to_pylist() for one in columns]
    codes = np.stack([codes_of(one) for one in columns])
    sound = (codes >= 0).all(axis=0) & (low >= 0)
    gaps: _Gaps = {}
    for key in np.unique(codes[:, sound], axis=1).T.tolist():
        own = np.flatnonzero(sound & (codes == np.array(key)[:, np.newaxis]).all(axis=0))
        order = own[np.argsort(row[own], kind="stable")]
        exhibit, table, kind = (each[code] for each, code in zip(names, key, strict=True))
        gaps[exhibit, table, kind] = row[order], np.minimum((high - low)[order], _MOST) + 1
    return gaps


def _number(texts: Any) -> Ints:
    digits = pc.if_else(pc.equal(texts, ""), None, texts)
    return np.asarray(pc.fill_null(digits.cast(pa.int64()), -1).to_numpy(), np.int64)


def _below(gaps: _Gaps, key: tuple[str, str, str], row: Ints) -> Ints:
    """Count the missing numbers below each row; a gap of rows is noted at its first number."""
    at, size = gaps.get(key, (np.empty(0, np.int64), np.empty(0, np.int64)))
    return np.concatenate([[0], np.cumsum(size)])[np.searchsorted(at, row)]


def _before_rows(gaps: _Gaps, key: tuple[str, str, str], row: Ints) -> Ints:
    """Count the missing places up to each row, in order; a gap is noted at the row behind it."""
    at, size = gaps.get(key, (np.empty(0, np.int64), np.empty(0, np.int64)))
    found = np.zeros(len(row), np.int64)
    if len(at):
        place = np.minimum(np.searchsorted(at, row), len(at) - 1)
        found = np.where(at[place] == row, size[place], 0)
    return np.cumsum(found)
