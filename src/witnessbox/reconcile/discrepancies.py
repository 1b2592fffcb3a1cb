"""Where a copy differs from what the others show.  Each difference is a row; none is a verdict."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from witnessbox.evidence.schema import GROUNDS
from witnessbox.reconcile.differing import altered, other_times, running_back
from witnessbox.reconcile.lacking import lacking_and_alone
from witnessbox.reconcile.scene import Scene
from witnessbox.reconcile.told import told
from witnessbox.reconcile.windows import windows_table


@dataclass(frozen=True, slots=True)
class Differences:
    """The tables of a conversation's discrepancies."""

    discrepancies: Any
    grounds: Any
    windows: Any


def differences(scene: Scene) -> Differences:
    """Find where copies differ, and weigh it."""
    found = [
        *lacking_and_alone(scene),
        *altered(scene),
        *running_back(scene),
        *other_times(scene),
    ]
    every = told(found, scene)
    strength = np.zeros(len(every.kind), np.int64)
    return Differences(
        every.table(strength, [None] * len(strength)),
        GROUNDS.schema.empty_table(),
        windows_table(scene.planned, scene.laid, scene.woven, scene.windows),
    )
