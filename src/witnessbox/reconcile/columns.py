"""Columns of messages as numbers: kinds, times, and how finely these are known."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind, Precision
from witnessbox.reconcile.normalise import codes_of, flat
from witnessbox.reconcile.sorting import Ints

KINDS = tuple(Kind)
COARSEST_MS = 60_000
_SAID = (Kind.TEXT, Kind.POLL, Kind.SHARE)
_UNITS_MS = {Precision.MINUTE: COARSEST_MS, Precision.SECOND: 1_000, Precision.MILLISECOND: 1}


def codes_in(column: Any, names: Sequence[str]) -> Ints:
    """Give a repeating column as places in ``names``, −1 for null and whatever is not there."""
    return _by_name(column, {name: at for at, name in enumerate(names)}, -1)


def _by_name(column: Any, numbers: dict[str, int], other: int) -> Ints:
    coded = flat(column)
    table = [numbers.get(name, other) for name in coded.dictionary.to_pylist()]
    return np.array([*table, other], np.int64)[codes_of(coded)]


def kinds_of(column: Any) -> Ints:
    """Give kinds as places in ``KINDS``."""
    return codes_in(column, KINDS)


def said(kinds: Ints) -> npt.NDArray[np.bool_]:
    """Say of places in ``KINDS`` which are of words that people wrote."""
    return np.array([kind in _SAID for kind in KINDS] + [False])[kinds]


def times_ms(column: Any) -> Ints:
    """Give times in ms since 1970, UTC; an unreadable one gets the time of the row before it."""
    milliseconds = pc.cast(column, pa.int64())
    filled = pc.fill_null_backward(pc.fill_null_forward(milliseconds))
    return np.asarray(pc.fill_null(filled, 0).to_numpy(zero_copy_only=False), np.int64)


def units_ms(column: Any) -> Ints:
    """Say how finely each row knows its time, in ms; a minute where nothing is said."""
    return _by_name(column, {it.value: unit for it, unit in _UNITS_MS.items()}, COARSEST_MS)


def unit_ms_of(column: Any) -> int:
    """Say how finely a copy knows its times: as its coarsest row that says so; else a minute."""
    stated = np.bincount(codes_in(column, tuple(_UNITS_MS)) + 1, minlength=len(_UNITS_MS) + 1)[1:]
    units = zip(_UNITS_MS.values(), stated.tolist(), strict=True)
    return max((unit for unit, rows in units if rows), default=COARSEST_MS)


def flags(column: Any) -> npt.NDArray[np.bool_]:
    """Give a column of yes and no; null is no."""
    return np.asarray(pc.fill_null(column, fill_value=False).to_numpy(zero_copy_only=False), bool)
