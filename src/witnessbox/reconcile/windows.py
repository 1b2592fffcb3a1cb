"""What each copy could know of its conversation, and why it could not know the rest.

A copy is asked only about what lies inside: between its first message and its last, less the time
its owner was out, what a timer, a limit or a setting accounts for, and what lies so near to a bound
that clocks cannot tell.  What somebody decided takes the place of all that but the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from witnessbox.reconcile.absence import Moves
from witnessbox.reconcile.alignment import MEDIA, NOTICE, TEXT
from witnessbox.reconcile.canonical import Woven
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import GivenWindow, PlannedConversation, Reach
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.timers import Flags, Timer, gone_until, under_timer

_AT_STEP = 3
"""Rows on either side of a step of a clock about which nothing is asked."""
_AT_BEGIN = 10
"""Rows at the beginning of a copy among which the notice that its owner came may stand."""
_CLEARED, _KEPT_AGAINST = 300, 99
"""So many messages lacking at the beginning, of which a hundredth may be there (starred, kept)."""
_FILES, _FILES_TEXTS, _TEXTS_HELD = 8, 8, 0.9
"""So many files lacking one after another, while this share of so many texts between is there."""
_LIMITS = ((9_900, 10_010), (39_600, 40_010))
"""How many messages text exports of WhatsApp are cut to: with and without files."""
_REACHES = tuple(Reach)


@dataclass(frozen=True, slots=True)
class Window:
    """What one copy could know, message by message of the conversation."""

    reach: Ints  # place in ``tuple(Reach)``
    row: Ints  # the row that shows it, −1 for none
    inside: Flags
    media_only: tuple[tuple[int, int], ...]  # stretches whose files are not asked for: first, last
    asked: Flags  # inside, and no file that is not asked for
    begins: int  # position of the copy's first message, and of its last
    ends: int


def windows(
    planned: PlannedConversation,
    laid: Layer,
    woven: Woven,
    moves: Moves,
    timers: Sequence[Timer],
) -> list[Window]:
    """Say of every copy what it could know."""
    found = [(timer, under_timer(laid, woven, timer)) for timer in timers]
    return [
        _Making(planned, laid, woven, copy).window(moves, found)
        for copy in range(len(planned.copies))
    ]


class _Making:
    """One copy's window as it comes about: each reason overwrites what was found before it."""

    def __init__(self, planned: PlannedConversation, laid: Layer, woven: Woven, copy: int) -> None:
        self._planned, self._laid, self._woven = planned, laid, woven
        self._copy = copy
        self._own = np.flatnonzero(laid.rows.copy == copy)
        count = len(woven.quoted)
        self._reach = np.full(count, _REACHES.index(Reach.HELD), np.int64)
        self._row = np.full(count, -1, np.int64)
        self._inside = np.ones(count, bool)
        self._held = np.zeros(count, bool)
        self._held[woven.position[self._own]] = True

    def window(self, moves: Moves, found: Sequence[tuple[Timer, Flags]]) -> Window:
        """Give the window."""
        given = [one for one in self._planned.windows if one.copy == self._id]
        alone: tuple[tuple[int, int], ...] = ()
        first, last = self._ends()
        if given:
            self._give(given)
        else:
            self._bounds(first, last, moves)
            self._between_files()
            for absence in moves.out:
                if self._laid.rows.copy[absence.left_row] == self._copy:
                    left, back = self._woven.position[[absence.left_row, absence.back_row]].tolist()
                    self._outside(Reach.LEFT, slice(left + 1, back), absence.left_row)
            self._cleared()
            for timer, under in found:
                self._gone_by(timer, under)
        self._clock_set()
        if not given:
            alone = tuple(self._media_only())
        asked = self._inside.copy()
        media = self._laid.rows.sort[self._woven.quoted] == MEDIA
        for begin, end in alone:
            asked[begin : end + 1] &= ~media[begin : end + 1]
        return Window(self._reach, self._row, self._inside, alone, asked, first, last)

    @property
    def _id(self) -> str:
        return self._planned.copies[self._copy].source.copy

    def _outside(self, why: Reach, where: slice | Flags, row: int = -1) -> None:
        self._reach[where] = _REACHES.index(why)
        self._row[where] = row
        self._inside[where] = False

    def _ends(self) -> tuple[int, int]:
        """Give the positions of the first and last message the copy shows, in its own order.

        Its own order, since a line with a false date may sort far outside.
        """
        if not len(self._own):
            return 0, -1
        ends = self._woven.position[self._own[[0, -1]]]
        return int(ends.min()), int(ends.max())

    def _bounds(self, first: int, last: int, moves: Moves) -> None:
        rows, quoted, own = self._laid.rows, self._woven.quoted, self._own
        if not len(own):
            self._outside(Reach.END, slice(None))
            return
        middle, allowed = rows.middle_ms, rows.allowed_ms
        at, slack = middle[quoted], allowed[quoted] + allowed[own[0]]
        ends = middle[own[[0, -1]]]
        self._outside(Reach.EDGE, (at <= ends.min() + slack) | (at >= ends.max() - slack))
        why, row = self._why_begins(first, moves)
        self._outside(why, slice(0, first), row)
        left = [row for row in moves.left if row == own[-1]]
        why = Reach.LEFT if left else Reach.END
        self._outside(why, slice(last + 1, None), int(own[-1]))

    def _why_begins(self, first: int, moves: Moves) -> tuple[Reach, int]:
        """Say why the copy begins where it does, and which row shows it."""
        own, planned = self._own, self._planned.copies[self._copy]
        came = [row for row in moves.came if row in own[:_AT_BEGIN]]
        if came:
            return Reach.JOINED, came[0]
        text = "whatsapp-text" in planned.source.parser
        if text and any(low <= len(own) <= high for low, high in _LIMITS):
            return Reach.LIMIT, int(own[0])
        owners = {name.person for name in planned.names if name.owner}
        numbers = [at for at, person in enumerate(self._laid.persons) if person in owners]
        before = self._laid.rows.person[self._woven.quoted[:first]]
        return (Reach.CLEARED if np.isin(before, numbers).any() else Reach.START), int(own[0])

    def _between_files(self) -> None:
        """Ask nothing between two files of one copy: what stood between may be in a third."""
        exhibit, own = self._laid.exhibit[self._own], self._own
        for at in np.flatnonzero(np.diff(exhibit)).tolist():
            before = self._woven.position[own[: at + 1]].max()
            after = self._woven.position[own[at + 1 :]].min()
            self._outside(
                Reach.BETWEEN_FILES, slice(before + 1, max(after, before + 1)), int(own[at + 1])
            )

    def _asked(self) -> Ints:
        """Give the positions of all messages that are inside so far."""
        notice = self._laid.rows.sort[self._woven.quoted] == NOTICE
        return np.flatnonzero(self._inside & ~notice)

    def _cleared(self) -> None:
        """Take a beginning of which the copy has next to nothing for a chat that was cleared.

        What is starred or kept stays when a chat is cleared, and seems to be the copy's beginning.
        """
        asked = self._asked()
        lacking = ~self._held[asked]
        gain = np.cumsum(np.where(lacking, 1, -_KEPT_AGAINST))
        best = int(gain.argmax()) if len(gain) else 0
        if len(gain) and gain[best] > 0 and int(lacking[: best + 1].sum()) >= _CLEARED:
            end = int(asked[best]) + 1
            begin = int(asked[0])
            where = np.zeros(len(self._inside), bool)
            where[begin:end] = self._inside[begin:end]
            after = self._own[self._woven.position[self._own] >= end]
            self._outside(Reach.CLEARED, where, int(after[0]) if len(after) else -1)

    def _gone_by(self, timer: Timer, under: Flags) -> None:
        asked = self._asked()
        asked = asked[(asked >= timer.since) & (asked < timer.until)]
        gone = gone_until(~self._held[asked], under[asked])
        if gone:
            where = np.zeros(len(self._inside), bool)
            end = int(asked[gone - 1]) + 1
            where[timer.since : end] = self._inside[timer.since : end]
            self._outside(Reach.TIMER, where, timer.row)

    def _clock_set(self) -> None:
        """Ask nothing where the copy's clock was set: there its rows are the hardest to match."""
        position, own = self._woven.position, self._own
        for step in self._laid.clocks[self._copy].steps[1:]:
            around = own[max(step.since_row - _AT_STEP, 0) : step.since_row + _AT_STEP]
            if len(around):
                where = np.zeros(len(self._inside), bool)
                begin, end = int(position[around].min()), int(position[around].max()) + 1
                where[begin:end] = self._inside[begin:end]
                row = min(step.since_row, len(own) - 1)
                self._outside(Reach.CLOCK_SET, where, int(own[row]))

    def _media_only(self) -> list[tuple[int, int]]:
        """Find stretches in which files alone are lacking: left out, or cleaned away."""
        sort = self._laid.rows.sort[self._woven.quoted]
        media = np.flatnonzero(self._inside & (sort == MEDIA))
        texts = np.flatnonzero(self._inside & (sort == TEXT))
        lacking = np.concatenate([[False], ~self._held[media], [False]])
        begins = np.flatnonzero(~lacking[:-1] & lacking[1:])
        ends = np.flatnonzero(lacking[:-1] & ~lacking[1:]) - 1
        found = []
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if end - begin + 1 < _FILES:
                continue
            first, last = int(media[begin]), int(media[end])
            between = texts[np.searchsorted(texts, first) : np.searchsorted(texts, last)]
            if len(between) >= _FILES_TEXTS and self._held[between].mean() >= _TEXTS_HELD:
                found.append((first, last))
        return found

    def _give(self, given: Sequence[GivenWindow]) -> None:
        at = self._laid.rows.middle_ms[self._woven.quoted]
        known = np.zeros(len(at), bool)
        for one in given:
            within = np.ones(len(at), bool)
            if one.since_ms is not None:
                within &= at >= one.since_ms
            if one.until_ms is not None:
                within &= at < one.until_ms
            known |= within
        self._outside(Reach.GIVEN, slice(None))
        self._inside[known] = True
