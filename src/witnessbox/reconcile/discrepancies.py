"""Where a copy differs from what the others show.  Each difference is a row; none is a verdict.

A copy is asked only about its own *window*: from the first to the last message it holds, less the
time between a notice that its owner left or was removed and the one that they came back.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.evidence.digest import derive
from witnessbox.evidence.schema import DISCREPANCIES
from witnessbox.reconcile.alignment import DELETED, NOTICE, TEXT
from witnessbox.reconcile.canonical import Woven, named, spans
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import Discrepancy, PlannedConversation, Strength
from witnessbox.reconcile.order import Ints, steadied

_BACK_MS = 120_000
_AT_STEP = 3
"""Rows on either side of a step of a clock about which nothing is asked."""
_MOST_LINES = 20
"""More lines than this that one phone alone has are no forgery but copies that did not match."""


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
    copies = len(planned.copies)
    covered = [_covered(laid, woven, absences, copy) for copy in range(copies)]
    found = [
        *_missing_and_alone(laid, woven, covered, _phones(planned)),
        *_altered(laid, woven, copies),
        *_running_back(laid, woven, copies),
        *_other_times(laid, woven, copies),
    ]
    return _table(planned, laid, woven, found)


def _table(planned: PlannedConversation, laid: Layer, woven: Woven, found: Sequence[_Found]) -> Any:
    kinds = list(Discrepancy)
    whats = sorted({one.what for one in found})
    sizes = [len(one.positions) for one in found]
    kind = np.repeat([kinds.index(one.kind) for one in found], sizes).astype(np.int64)
    what = np.repeat([whats.index(one.what) for one in found], sizes).astype(np.int64)
    copy = np.repeat([one.copy for one in found], sizes).astype(np.int64)
    position = _joined([one.positions for one in found])
    shown = _joined([one.rows for one in found])
    order = np.lexsort((what, shown, kind, copy, position))
    names = [c.source.copy for c in planned.copies]
    keys = list(
        zip(
            [names[one] for one in copy[order].tolist()],
            [woven.ids[one] for one in position[order].tolist()],
            [kinds[one].value for one in kind[order].tolist()],
            strict=True,
        )
    )
    columns = {
        "discrepancy": pa.array(_ids(keys), pa.string()),
        "conversation": pa.array([planned.conversation] * len(order), pa.string()),
        "message": named(woven.ids, position[order]).cast(pa.string()),
        "copy": named(names, copy[order]).cast(pa.string()),
        "kind": named([one.value for one in kinds], kind[order]),
        "strength": pa.array([Strength.NOTED.value] * len(order), pa.string()),
        "what": named(whats, what[order]).cast(pa.string()),
        "position": pa.array(position[order]),
        "run": pa.nulls(len(order), pa.string()),
        **spans(laid, shown[order]),
    }
    return pa.table(columns).cast(DISCREPANCIES.schema)


def _ids(keys: Sequence[tuple[str, str, str]]) -> list[str]:
    """Name discrepancies by copy, message and kind; of several that are alike, by their turn."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for key in keys:
        turn = (str(seen[key]),) if key in seen else ()
        seen[key] += 1
        found.append(derive("discrepancy", *key, *turn))
    return found


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
    covered: Sequence[npt.NDArray[np.bool_]],
    phones: Ints,
) -> Iterator[_Found]:
    """Find what a copy lacks, and what one phone alone has.

    A phone's own exports are one witness.  A line of a text that at least two other phones cover
    and none has is told of the copy that has it, where such lines are more than the other phones'
    losses explain: it is more likely put in than lost everywhere else.
    """
    rows, quoted = laid.rows, woven.quoted
    count = len(quoted)
    notice = rows.sort[quoted] == NOTICE  # a notice on one phone only is that phone's business
    held = [_at(woven.position[rows.copy == copy], count) for copy in range(len(covered))]
    numbers = np.unique(phones)
    holds = [_any(held, phones == phone) for phone in numbers]
    covers = [_any(covered, phones == phone) for phone in numbers]
    holding = np.sum(holds, axis=0)
    others = np.sum(covers | np.array(holds), axis=0) - holding
    single = (holding == 1) & (others > 1) & ~notice & (rows.platform_id[quoted] < 0)
    by_loss = _lost_elsewhere(np.array(holds), np.array(covers), ~notice)
    doubted = _doubted(single, holds, by_loss)
    for copy, inside in enumerate(covered):
        lacking = inside & ~held[copy] & ~notice & ~doubted
        for holders in np.unique(holding[lacking]).tolist():
            here = np.flatnonzero(lacking & (holding == holders))
            what = "one other phone holds" if holders == 1 else f"{holders} other phones hold"
            sentence = f"{what} this message inside the window of this copy, which does not"
            yield _Found(Discrepancy.MISSING, sentence, copy, here, quoted[here])
    alone = np.flatnonzero((holding == 1) & (others > 0) & _inserted(laid, woven, holding))
    yield from _only_here(laid, woven, alone, others)


def _doubted(
    single: npt.NDArray[np.bool_],
    holds: Sequence[npt.NDArray[np.bool_]],
    by_loss: npt.NDArray[np.float64],
) -> npt.NDArray[np.bool_]:
    """Say which lines that one phone alone has the others' losses do not explain."""
    doubted = np.zeros(len(single), bool)
    for own, expected in zip(holds, by_loss.tolist(), strict=True):
        suspects = single & own
        found = int(suspects.sum())
        if found > 2 * expected and found - expected <= _MOST_LINES:
            doubted |= suspects
    return doubted


def _only_here(laid: Layer, woven: Woven, alone: Ints, others: Ints) -> Iterator[_Found]:
    """Tell of messages that one phone alone has; ``others`` counts the phones that cover each."""
    copy = laid.rows.copy[woven.quoted[alone]]
    for many in np.unique(others[alone]).tolist():
        cover = "one other phone covers" if many == 1 else f"{many} other phones cover"
        sentence = f"only this phone holds this message; {cover} its time"
        for whose in np.unique(copy).tolist():
            here = alone[(others[alone] == many) & (copy == whose)]
            yield _Found(Discrepancy.ONLY_HERE, sentence, whose, here, woven.quoted[here])


def _inserted(laid: Layer, woven: Woven, holding: Ints) -> npt.NDArray[np.bool_]:
    """Say which messages, if one phone alone holds them, stand there like a line put in.

    Their words are such as nobody says twice by chance (a short "ok" or a picture without its file
    may be there and not have been matched), and other phones hold what stands around them: a run
    that only one phone has tells of a window or a setting of the others.
    """
    rows = laid.rows
    shared = holding[woven.position] > 1
    within = rows.copy[1:] == rows.copy[:-1]
    between = np.ones(len(shared), bool)
    between[1:] &= shared[:-1] | ~within
    between[:-1] &= shared[1:] | ~within
    telling = rows.telling & (rows.sort == TEXT)
    return np.asarray((between & telling)[woven.quoted])


def _lost_elsewhere(
    holds: npt.NDArray[np.bool_], covers: npt.NDArray[np.bool_], asked: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Estimate how many of each phone's messages at least two others cover and all of them lost.

    How often a phone loses a message shows where at least two others hold it.
    """
    covering = covers | holds
    known = asked & covering & (holds.sum(axis=0) - holds > 1)
    lost = (known & ~holds).sum(axis=1)
    rate = (lost + 1) / (known.sum(axis=1) + 50)  # of few messages little is known
    chance = np.where(covering, np.log(rate)[:, np.newaxis], 0.0)
    several = covering.sum(axis=0) > 2
    elsewhere = np.exp(chance.sum(axis=0) - chance)
    return np.asarray((elsewhere * (holds & asked & several)).sum(axis=1))


def _at(positions: Ints, count: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(count, bool)
    found[positions] = True
    return found


def _any(
    masks: Sequence[npt.NDArray[np.bool_]], which: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    return np.asarray(np.any([masks[i] for i in np.flatnonzero(which).tolist()], axis=0))


def _phones(planned: PlannedConversation) -> Ints:
    """Say by number which phone each copy comes from; one of nobody's is a phone of its own."""
    names = [copy.source.custodian or f"\0{at}" for at, copy in enumerate(planned.copies)]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _covered(
    laid: Layer, woven: Woven, absences: Sequence[Absence], copy: int
) -> npt.NDArray[np.bool_]:
    """Say which messages a copy should show: inside its window, by place and by time.

    What was sent so near to either end that clocks cannot tell on which side is not asked for, nor
    what stands where the copy's clock was set: there its rows are the hardest to match.
    """
    first, last = _window(laid, woven, copy)
    covered = np.zeros(len(woven.quoted), bool)
    covered[first : last + 1] = True
    own = np.flatnonzero(laid.rows.copy == copy)
    if len(own):
        middle, allowed = laid.rows.middle_ms, laid.rows.allowed_ms
        at, slack = middle[woven.quoted], allowed[woven.quoted] + allowed[own[0]]
        ends = middle[own[[0, -1]]]
        covered &= (at > ends.min() + slack) & (at < ends.max() - slack)
    for step in laid.clocks[copy].steps[1:]:
        around = own[max(step.since_row - _AT_STEP, 0) : step.since_row + _AT_STEP]
        if len(around):
            covered[woven.position[around].min() : woven.position[around].max() + 1] = False
    _leave_out(covered, laid, woven, absences, copy)
    return covered


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
            Discrepancy.EDITED,
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


def _other_times(laid: Layer, woven: Woven, copies: int) -> Iterator[_Found]:
    """Find rows whose time fits neither their own copy nor the other copies of the message.

    A clock that is off moves all of a copy's rows, and a message that came late bears the same
    time everywhere: what is left is a time that was changed, or a phone that noted another one.
    """
    middle, position = laid.rows.middle_ms, woven.position
    astray = ~steadied(laid.rows.copy, laid.rows.sent_ms)[1] & (woven.sightings[position] > 1)
    order = np.lexsort((middle, position))
    begin = np.searchsorted(position[order], np.arange(len(woven.quoted)))
    by_time = np.empty(len(order), np.int64)
    by_time[order] = np.arange(len(order)) - begin[position[order]]
    # The middle one of the others: one farther where the row itself stands before the middle.
    others = woven.sightings[position] - 1
    place = (others - 1) // 2
    place += by_time <= place
    apart = np.abs(middle - middle[order[begin[position] + place * astray]])
    differing = astray & (apart > 2 * laid.rows.allowed_ms + _BACK_MS)
    for copy in range(copies):
        at = np.flatnonzero(differing & (laid.rows.copy == copy))
        what = "the time written here fits neither those around it nor that of the other copies"
        yield _Found(Discrepancy.TIME_DIFFERS, what, copy, position[at], at)
