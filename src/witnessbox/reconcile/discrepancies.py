"""Where a copy differs from what the others show.  Each difference is a row; none is a verdict.

A copy is asked only about its own *window*: from the first to the last message it holds, less the
time between a notice that its owner left or was removed and the one that they came back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.evidence.schema import DISCREPANCIES
from witnessbox.reconcile.alignment import DELETED, NOTICE, TEXT
from witnessbox.reconcile.canonical import Woven, named, spans
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import Discrepancy, PlannedConversation
from witnessbox.reconcile.order import Ints

_BACK_MS = 120_000


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which a copy's owner was not in the conversation: rows of the copy, bounds."""

    left_row: int
    back_row: int


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Discrepancy
    what: str
    copy: int
    positions: Ints
    rows: Ints  # where it shows


def discrepancies(
    planned: PlannedConversation, laid: Layer, woven: Woven, absences: Sequence[Absence]
) -> Any:
    """Give the table of a conversation's discrepancies, by position and copy."""
    windows = [_window(laid, woven, copy) for copy in range(len(planned.copies))]
    found = [
        *_missing_and_alone(laid, woven, windows, absences),
        *_altered(laid, woven, len(windows)),
        *_running_back(laid, woven, len(windows)),
    ]
    kinds = list(Discrepancy)
    whats = sorted({one.what for one in found})
    sizes = [len(one.positions) for one in found]
    kind = np.repeat([kinds.index(one.kind) for one in found], sizes).astype(np.int64)
    what = np.repeat([whats.index(one.what) for one in found], sizes).astype(np.int64)
    copy = np.repeat([one.copy for one in found], sizes).astype(np.int64)
    position = _joined([one.positions for one in found])
    shown = _joined([one.rows for one in found])
    order = np.lexsort((what, shown, kind, copy, position))
    columns = {
        "conversation": pa.array([planned.conversation] * len(order), pa.string()),
        "message": named(woven.ids, position[order]).cast(pa.string()),
        "copy": named([c.source.copy for c in planned.copies], copy[order]).cast(pa.string()),
        "kind": named([one.value for one in kinds], kind[order]),
        "what": named(whats, what[order]).cast(pa.string()),
        "position": pa.array(position[order]),
        **spans(laid, shown[order]),
    }
    return pa.table(columns).cast(DISCREPANCIES.schema)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64)


def _window(laid: Layer, woven: Woven, copy: int) -> tuple[int, int]:
    """Give the positions of the first and last message a copy shows, in its own order.

    Its own order, since a line with a false date may sort far outside.
    """
    own = np.flatnonzero(laid.rows.copy == copy)
    if not len(own):
        return 0, -1
    ends = woven.position[own[[0, -1]]]
    return int(ends.min()), int(ends.max())


def _missing_and_alone(
    laid: Layer,
    woven: Woven,
    windows: Sequence[tuple[int, int]],
    absences: Sequence[Absence],
) -> Iterator[_Found]:
    count = len(woven.quoted)
    notice = laid.rows.sort[woven.quoted] == NOTICE
    told = (woven.sightings > 1) | ~notice  # a notice on one phone only is that phone's business
    covering = np.zeros(count, np.int64)
    for copy, (first, last) in enumerate(windows):
        own = np.flatnonzero(laid.rows.copy == copy)
        covered = np.zeros(count, bool)
        covered[first : last + 1] = True
        _leave_out(covered, laid, woven, absences, copy)
        held = np.zeros(count, bool)
        held[woven.position[own]] = True
        covering += covered | held
        for holders in np.unique(woven.sightings[covered & ~held & told]).tolist():
            lacking = np.flatnonzero(covered & ~held & told & (woven.sightings == holders))
            what = "one other copy holds" if holders == 1 else f"{holders} other copies hold"
            sentence = f"{what} this message inside the window of this copy, which does not"
            yield _Found(Discrepancy.MISSING, sentence, copy, lacking, woven.quoted[lacking])
    alone = np.flatnonzero((woven.sightings == 1) & ~notice & (covering > 1))
    for others in np.unique(covering[alone]).tolist():
        for copy in range(len(windows)):
            here = alone[
                (covering[alone] == others) & (laid.rows.copy[woven.quoted[alone]] == copy)
            ]
            cover = "one other copy covers" if others == 2 else f"{others - 1} other copies cover"
            sentence = f"only this copy holds this message; {cover} its time"
            yield _Found(Discrepancy.ONLY_HERE, sentence, copy, here, woven.quoted[here])


def _leave_out(
    covered: npt.NDArray[np.bool_],
    laid: Layer,
    woven: Woven,
    absences: Sequence[Absence],
    copy: int,
) -> None:
    for absence in absences:
        if laid.rows.copy[absence.left_row] == copy:
            left, back = woven.position[[absence.left_row, absence.back_row]]
            covered[left + 1 : back] = False


def _altered(laid: Layer, woven: Woven, copies: int) -> Iterator[_Found]:
    rows = laid.rows
    quoted_sort = rows.sort[woven.quoted][woven.position]
    shared = woven.sightings[woven.position] > 1
    behind = (rows.sort == DELETED) & (quoted_sort != DELETED)
    differs = shared & (rows.sort == TEXT) & (quoted_sort == TEXT) & ~woven.same_text
    edited = rows.edited | rows.edited[woven.quoted][woven.position]
    cases = (
        (Discrepancy.PLACEHOLDER, behind, "this copy holds only a mark that a message stood here"),
        (Discrepancy.TEXT_DIFFERS, differs & ~edited, "this copy has other words than are quoted"),
        (
            Discrepancy.TEXT_DIFFERS,
            differs & edited,
            "this copy has other words than are quoted; the message is marked as edited",
        ),
    )
    for kind, mask, what in cases:
        for copy in range(copies):
            at = np.flatnonzero(mask & (rows.copy == copy))
            yield _Found(kind, what, copy, woven.position[at], at)


def _running_back(laid: Layer, woven: Woven, copies: int) -> Iterator[_Found]:
    back = np.zeros(len(laid.sent_ms), bool)
    back[1:] = (np.diff(laid.sent_ms) < -_BACK_MS) & (np.diff(laid.rows.copy) == 0)
    for copy in range(copies):
        at = np.flatnonzero(back & (laid.rows.copy == copy))
        what = "the time written here is earlier than that of the message before it"
        yield _Found(Discrepancy.TIME_RUNS_BACK, what, copy, woven.position[at], at)
