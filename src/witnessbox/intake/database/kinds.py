"""Kinds of messages as numbers, so that a batch of rows holds them in one column."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.sqlite.image import Flags, Ints

KINDS = tuple(Kind)
Kinds = npt.NDArray[np.int32]
UNKNOWN = -1
"""A kind nobody has explained."""

_MOST_TYPE = 255
_PLACE = {kind: place for place, kind in enumerate(KINDS)}


def place_of(kind: Kind) -> int:
    """Give a kind's place among ``KINDS``."""
    return _PLACE[kind]


def kind_table(kind_of: Mapping[int, Kind]) -> Kinds:
    """Put into one array what each type means; the last place is that of every other type."""
    table = np.full(_MOST_TYPE + 2, UNKNOWN, np.int32)
    for one, kind in kind_of.items():
        table[one] = place_of(kind)
    return table


def kinds_of(types: Ints, table: Kinds) -> Kinds:
    """Give each message's kind as a place among ``KINDS``; UNKNOWN for a type nobody explained."""
    inside = (types >= 0) & (types <= _MOST_TYPE)
    found: Kinds = table[np.where(inside, types, _MOST_TYPE + 1)]
    return found


def plain_kinds(kinds: Kinds, text: pa.Array) -> tuple[Kinds, Ints]:
    """Tell texts from empty messages; an unknown kind is either.  Give also where it is unknown."""
    said: Flags = pc.greater(pc.binary_length(text).fill_null(0), 0).to_numpy(zero_copy_only=False)
    plain = (kinds == UNKNOWN) | (kinds == place_of(Kind.TEXT))
    told = np.where(said, place_of(Kind.TEXT), place_of(Kind.EMPTY))
    return np.where(plain, told, kinds).astype(np.int32), np.flatnonzero(kinds == UNKNOWN)
