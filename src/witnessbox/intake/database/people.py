"""Who the addresses in a database stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import numpy as np
import pyarrow as pa

from witnessbox.intake.sqlite.image import Ints

OWNER = "owner of this phone"
"""The sender of what was sent from the phone: the database does not name its owner."""
NOBODY = -1

_Made = TypeVar("_Made")


@dataclass(slots=True)
class People:
    """Addresses by their place in ``raw``; names are worked out once, when all are known."""

    contacts: Mapping[str, str]
    raw: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    rows: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    rows_place: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    subjects: dict[int, str] = field(default_factory=dict)  # of groups, by place
    phone_of: dict[str, str] = field(default_factory=dict)  # hidden address → known one
    _made: dict[object, tuple[tuple[int, ...], Any]] = field(default_factory=dict)

    def once(self, make: Callable[[Self], _Made]) -> _Made:
        """Give what follows from all addresses; it is made anew only where more are known."""
        known = len(self.raw), len(self.subjects), len(self.contacts)
        if make not in self._made or self._made[make][0] != known:
            self._made[make] = known, make(self)
        found: _Made = self._made[make][1]
        return found

    def place(self, raw: str) -> int:
        """Give an address's place, the known one for a hidden one."""
        known = self.phone_of.get(raw, raw)
        if known not in self.places:
            self.places[known] = len(self.raw)
            self.raw.append(known)
        return self.places[known]

    def by_row(self, rows: Ints) -> Ints:
        """Give the places of rows of the table of addresses; -1 where there is no such row."""
        if not len(self.rows):
            return np.full(len(rows), NOBODY, np.int64)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, self.rows_place[at], NOBODY)

    def by_text(self, texts: pa.Array) -> Ints:
        """Give the places of addresses that are written out; -1 where there is none."""
        encoded = texts.dictionary_encode()
        places = [self.place(raw) if raw else NOBODY for raw in encoded.dictionary.to_pylist()]
        lookup = np.array([*places, NOBODY], np.int64)
        indices = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
        found: Ints = lookup[indices.astype(np.int64)]
        return found

    def name(self, place: int) -> str:
        """Give the name to show for an address."""
        raw = self.raw[place]
        subject = self.subjects.get(place)
        if subject:
            return subject
        named = self.contacts.get(raw)
        if named:
            return named
        return self.shown(raw)

    def shown(self, raw: str) -> str:
        """Give what stands for an address that nobody has named."""
        return raw
