"""Where a copy differs from what the others show.  Each difference is a row; none is a verdict."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from witnessbox.evidence.schema import DISCREPANCIES, GROUNDS
from witnessbox.reconcile.absent import Absent
from witnessbox.reconcile.absent_evidence import evidence, strength
from witnessbox.reconcile.absent_explained import explanations
from witnessbox.reconcile.differing import altered, other_times, running_back
from witnessbox.reconcile.differing_weighed import weigh
from witnessbox.reconcile.grounding import Grounds
from witnessbox.reconcile.lacking import lacking_and_alone
from witnessbox.reconcile.scene import Scene
from witnessbox.reconcile.told import told
from witnessbox.reconcile.window_rows import windows_table


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
    told_windows = windows_table(scene.planned, scene.laid, scene.woven, scene.windows)
    if not any(len(one.positions) for one in found):  # as in nearly every conversation of one copy
        nothing = DISCREPANCIES.schema.empty_table(), GROUNDS.schema.empty_table()
        return Differences(*nothing, told_windows)
    every = told(found, scene)
    grounds = Grounds(every)
    grades = np.zeros(len(every.kind), np.int64)
    absent = Absent(every)
    if len(absent.of):
        evidence(absent, grounds)
        explanations(absent, grounds)
        grades[absent.of] = strength(absent)
    weigh(every, grounds, grades)
    return Differences(
        every.table(grades, absent.runs(every)),
        grounds.table(),
        told_windows,
    )
