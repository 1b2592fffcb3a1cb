"""All discrepancies of a conversation, in arrays that run alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.digest import derive, derive_each
from witnessbox.evidence.schema import DISCREPANCIES
from witnessbox.reconcile.canonical import named, spans
from witnessbox.reconcile.model import Discrepancy, Strength
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.scene import Found, Scene
from witnessbox.reconcile.sorting import order_by

KINDS = tuple(Discrepancy)
STRENGTHS = tuple(Strength)


@dataclass(frozen=True)
class Told:
    """Discrepancies, by position and copy."""

    scene: Scene
    kind: Ints  # place in KINDS
    copy: Ints
    position: Ints
    row: Ints  # where it shows: in the copy itself, else in one that holds the message
    what: Ints
    whats: tuple[str, ...]

    def of(self, *kinds: Discrepancy) -> Ints:
        """Give the places of all discrepancies of some kinds."""
        return np.flatnonzero(np.isin(self.kind, [KINDS.index(kind) for kind in kinds]))

    @cached_property
    def ids(self) -> list[str]:
        """Name each by copy, message and kind; of several that are alike, by their turn too."""
        sources = [one.source.copy for one in self.scene.planned.copies]
        copies = [sources[copy] for copy in self.copy.tolist()]
        messages = [self.scene.woven.ids[position] for position in self.position.tolist()]
        names = [one.value for one in KINDS]
        kinds = [names[kind] for kind in self.kind.tolist()]
        found = list(derive_each("discrepancy", copies, messages, kinds))
        fresh = np.ones(len(found), bool)
        fresh[1:] = np.any([np.diff(it) != 0 for it in (self.position, self.copy, self.kind)], 0)
        places = np.arange(len(found))
        turns = places - np.maximum.accumulate(np.where(fresh, places, 0))
        for at in np.flatnonzero(turns).tolist():
            found[at] = derive("discrepancy", copies[at], messages[at], kinds[at], int(turns[at]))
        return found

    def table(self, strength: Ints, runs: Sequence[str | None]) -> Any:
        """Give the table of discrepancies."""
        scene = self.scene
        columns = {
            "discrepancy": pa.array(self.ids, pa.string()),
            "conversation": pa.repeat(scene.planned.conversation, len(self.kind)),
            "message": named(scene.woven.ids, self.position).cast(pa.string()),
            "copy": named([one.source.copy for one in scene.planned.copies], self.copy).cast(
                pa.string()
            ),
            "kind": named([one.value for one in KINDS], self.kind),
            "strength": named([one.value for one in STRENGTHS], strength),
            "what": named(self.whats, self.what).cast(pa.string()),
            "position": pa.array(self.position),
            "run": pa.array(runs, pa.string()),
            **spans(scene.laid, self.row),
        }
        return pa.table(columns).cast(DISCREPANCIES.schema)


def told(found: Sequence[Found], scene: Scene) -> Told:
    """Put what was found into order."""
    whats = sorted({one.what for one in found})
    sizes = [len(one.positions) for one in found]
    kind = np.repeat([KINDS.index(one.kind) for one in found], sizes).astype(np.int64)
    what = np.repeat([whats.index(one.what) for one in found], sizes).astype(np.int64)
    copy = np.repeat([one.copy for one in found], sizes).astype(np.int64)
    position = _joined([one.positions for one in found])
    row = _joined([one.rows for one in found])
    order = order_by(position, copy, kind, row, what)
    return Told(
        scene, kind[order], copy[order], position[order], row[order], what[order], tuple(whats)
    )


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64)
