"""Messages that a copy holds otherwise than the others do: marks, other words, other times."""

from collections.abc import Iterator

import numpy as np

from witnessbox.reconcile.alignment import DELETED, TEXT
from witnessbox.reconcile.model import Discrepancy
from witnessbox.reconcile.scene import Found, Scene
from witnessbox.reconcile.sorting import order_by
from witnessbox.reconcile.timers import Flags

_BACK_MS = 120_000


def altered(scene: Scene) -> Iterator[Found]:
    """Find marks of deletion where others hold a message, and other words."""
    rows, woven = scene.laid.rows, scene.woven
    quoted_sort = scene.sort[woven.position]
    shared = woven.sightings[woven.position] > 1
    behind = (rows.sort == DELETED) & (quoted_sort != DELETED)
    differs = shared & (rows.sort == TEXT) & (quoted_sort == TEXT) & ~woven.same_text
    edited = rows.edited | rows.edited[woven.quoted][woven.position]
    yield from _each(
        scene,
        Discrepancy.PLACEHOLDER,
        behind,
        "this copy holds only a mark that a message stood here",
    )
    yield from _each(
        scene,
        Discrepancy.TEXT_DIFFERS,
        differs & ~edited,
        "this copy has other words than are quoted",
    )
    yield from _each(
        scene,
        Discrepancy.EDITED,
        differs & edited,
        "this copy has other words than are quoted; the message is marked as edited",
    )


def running_back(scene: Scene) -> Iterator[Found]:
    """Find rows whose time is earlier than that of the row before them."""
    laid = scene.laid
    back = np.zeros(len(laid.sent_ms), bool)
    back[1:] = (np.diff(laid.sent_ms) < -_BACK_MS) & (np.diff(laid.rows.copy) == 0)
    what = "the time written here is earlier than that of the message before it"
    return _each(scene, Discrepancy.TIME_RUNS_BACK, back, what)


def other_times(scene: Scene) -> Iterator[Found]:
    """Find rows whose time fits neither their own copy nor the other copies of the message.

    A clock that is off moves all of a copy's rows, and a message that came late bears the same
    time everywhere: what is left is a time that was changed, or a phone that noted another one.
    """
    rows, woven = scene.laid.rows, scene.woven
    middle, position = rows.middle_ms, woven.position
    astray = np.flatnonzero(~rows.in_turn & (woven.sightings[position] > 1))
    shown = np.zeros(scene.messages, bool)
    shown[position[astray]] = True
    some = np.flatnonzero(shown[position])  # all rows of their messages
    order = some[order_by(position[some], middle[some])]
    begin = np.searchsorted(position[order], position[astray])
    by_time = np.empty(len(position), np.int64)
    by_time[order] = np.arange(len(order))
    # The middle one of the others: one farther where the row itself stands before the middle.
    others = woven.sightings[position[astray]] - 1
    place = (others - 1) // 2
    place += by_time[astray] - begin <= place
    apart = np.abs(middle[astray] - middle[order[begin + place]])
    differing = np.zeros(len(position), bool)
    differing[astray[apart > 2 * rows.allowed_ms[astray] + _BACK_MS]] = True
    what = "the time written here fits neither those around it nor that of the other copies"
    return _each(scene, Discrepancy.TIME_DIFFERS, differing, what)


def _each(scene: Scene, kind: Discrepancy, rows: Flags, what: str) -> Iterator[Found]:
    """Tell of some rows, copy by copy."""
    at = np.flatnonzero(rows)
    copies = scene.laid.rows.copy[at]
    for copy in np.unique(copies).tolist():
        here = at[copies == copy]
        yield Found(kind, what, copy, scene.woven.position[here], here)
