"""The table of grounds as it comes about: whole columns at a time, no object for a row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import GROUNDS
from witnessbox.reconcile.canonical import named, places
from witnessbox.reconcile.model import Evidence, Explanation, Role, Standing
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.sorting import order_by
from witnessbox.reconcile.told import Told

ROLES = tuple(Role)
STANDINGS = tuple(Standing)
OPEN, UNLIKELY, EXCLUDED = range(len(STANDINGS))
_CODES = (*Evidence, *Explanation)
_EVIDENCE = len(tuple(Evidence))


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences, and which of them is said each time."""

    sentences: Sequence[str]
    which: Ints | None = None  # None: always the first


@dataclass(frozen=True, slots=True)
class At:
    """Of which copies, and at which rows; −1 for none."""

    copy: Ints | None = None
    row: Ints | None = None


@dataclass(slots=True)
class Grounds:
    """Grounds of discrepancies, in the order in which they are to be read."""

    told: Told
    _parts: list[Ints] = field(default_factory=list)
    _words: dict[str, int] = field(default_factory=dict)

    def shows(self, of: Ints, code: Evidence, said: Said, at: At | None = None) -> None:
        """Say what the data show about some discrepancies."""
        none = np.full(len(of), -1, np.int64)
        self._add(of, tuple(Evidence).index(code), none, said, at or At())

    def explains(self, of: Ints, code: Explanation, standing: Ints | int, said: Said) -> None:
        """Say how an explanation of some discrepancies stands."""
        stands = np.broadcast_to(np.asarray(standing, np.int64), len(of))
        self._add(of, _EVIDENCE + tuple(Explanation).index(code), stands, said, At())

    def _add(self, of: Ints, code: int, standing: Ints, said: Said, at: At) -> None:
        if not len(of):
            return
        numbers = np.array(
            [self._words.setdefault(one, len(self._words)) for one in said.sentences], np.int64
        )
        which = np.zeros(len(of), np.int64) if said.which is None else said.which
        nothing = np.full(len(of), -1, np.int64)
        part = [
            of,
            np.full(len(of), len(self._parts)),
            np.full(len(of), code),
            standing,
            numbers[which],
            nothing if at.copy is None else at.copy,
            nothing if at.row is None else at.row,
        ]
        self._parts.append(np.stack(part).astype(np.int64))

    def table(self) -> Any:
        """Give the table, by discrepancy."""
        scene = self.told.scene
        parts = np.concatenate([np.empty((7, 0), np.int64), *self._parts], axis=1)
        order = order_by(parts[0], parts[2] >= _EVIDENCE, parts[1])
        of, _, code, standing, words, copy, row = parts[:, order]
        columns = {
            "conversation": pa.repeat(scene.planned.conversation, len(of)),
            "discrepancy": pa.array(self.told.ids, pa.string()).take(pa.array(of)),
            "order": pa.array(_turns(of), pa.int32()),
            "role": named([one.value for one in ROLES], (code >= _EVIDENCE).astype(np.int64)),
            "code": named([one.value for one in _CODES], code),
            "standing": named([one.value for one in STANDINGS], standing, standing < 0),
            "words": named(list(self._words), words),
            "copy": named([one.source.copy for one in scene.planned.copies], copy, copy < 0),
            **places(scene.laid, row),
        }
        return pa.table(columns).cast(GROUNDS.schema)


def _turns(of: Ints) -> Ints:
    """Give the turn of each among those it belongs with, 0 for the first."""
    if not len(of):
        return of
    begin = np.flatnonzero(np.append(True, np.diff(of) != 0))
    return np.arange(len(of)) - np.repeat(begin, np.diff(np.append(begin, len(of))))
