"""Copies side by side: what each copy has beside each message of a stretch.  Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from witnessbox.evidence.model import Kind, Span
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import ClockStep, Discrepancy, MatchedBy
from witnessbox.reconcile.why.message import lacking
from witnessbox.reconcile.why.model import (
    Cell,
    Copy,
    Line,
    Message,
    Sight,
    Stand,
    WindowStretch,
    Written,
)
from witnessbox.reconcile.why.words import added_ms, milliseconds, moved, piece_at


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is stored of a stretch of a conversation."""

    messages: tuple[Message, ...]
    copies: tuple[Copy, ...]
    sights: tuple[Sight, ...]
    written: Mapping[Span, Written]  # of the sightings whose words are others than are quoted
    clocks: Mapping[str, tuple[ClockStep, ...]]  # by copy
    windows: Mapping[str, tuple[WindowStretch, ...]]  # by copy
    told: tuple[Grounded, ...]


def stand_of(
    kind: str, matched_by: str | None, noted: Collection[str], *, same_text: bool
) -> Stand:
    """Say how a copy stands to a message of a kind.

    ``matched_by`` is None where the copy has none, ``noted`` the kinds of its discrepancies there.
    """
    # What a copy should hold is reconciliation's judgement (it knows who had left); not made here.
    if matched_by is None:
        return Stand.MISSING if Discrepancy.MISSING in noted else Stand.OUTSIDE
    # A platform's id may have matched a placeholder: then the discrepancy alone says what it is.
    if matched_by == MatchedBy.PLACEHOLDER or Discrepancy.PLACEHOLDER in noted:
        return Stand.PLACEHOLDER
    return Stand.HELD if same_text or kind != Kind.TEXT else Stand.DIFFERS


def lay(of: Stretch) -> tuple[Line, ...]:
    """Lay the copies beside one another, message by message."""
    seen: dict[tuple[str, str], Sight] = {}
    for sight in of.sights:
        seen.setdefault((sight.message, sight.copy), sight)
    told: dict[str, list[Grounded]] = {}
    for one in of.told:
        told.setdefault(one.message, []).append(one)
    columns = [_Column(of, copy) for copy in of.copies]
    return tuple(
        Line(
            message,
            tuple(
                column.cell(message, seen.get((message.id, column.copy.id)), here)
                for column in columns
            ),
        )
        for message in of.messages
        for here in [told.get(message.id, [])]
    )


class _Column:
    """One copy, on the way down a stretch."""

    __slots__ = ("_above", "_piece", "_steps", "_windows", "_written", "copy")

    def __init__(self, of: Stretch, copy: Copy) -> None:
        self.copy = copy
        self._steps = of.clocks.get(copy.id, ())
        self._windows = of.windows.get(copy.id, ())
        self._written = of.written
        self._above: Cell | None = None
        self._piece: ClockStep | None = None

    def cell(self, message: Message, sight: Sight | None, told: Sequence[Grounded]) -> Cell:
        """Say what the copy has beside a message; ``told`` is of all copies there."""
        own = tuple(one for one in told if one.copy == self.copy.id)
        if sight is None:
            self._above = self._nothing(message, told, own)
        else:
            self._above = self._held(message, sight, own)
        return self._above

    def _nothing(
        self, message: Message, told: Sequence[Grounded], own: tuple[Grounded, ...]
    ) -> Cell:
        lacks = lacking(message, self.copy, self._windows, told)
        above = self._above
        return Cell(
            copy=self.copy,
            stand=lacks.stand,
            told=own,
            why=lacks.why,
            goes_on=above is not None and above.sight is None and above.why == lacks.why,
        )

    def _held(self, message: Message, sight: Sight, own: tuple[Grounded, ...]) -> Cell:
        written = self._written.get(sight.span)
        piece = piece_at(self._steps, sight.copy_row)
        corrected, set_by = sight.sent_at, None
        if sight.sent_at is not None and piece is not None:
            sent_ms = milliseconds(sight.sent_at)
            corrected = moved(sight.sent_at, added_ms(piece, sent_ms))
            set_by = self._set_by(piece, sight.copy_row, sent_ms)
            self._piece = piece
        return Cell(
            copy=self.copy,
            stand=stand_of(
                message.kind,
                sight.matched_by,
                {one.kind for one in own},
                same_text=sight.same_text,
            ),
            told=own,
            words=None if written is None or sight.same_text else written.text,
            sight=sight,
            corrected_at=corrected,
            set_by_ms=set_by,
        )

    def _set_by(self, piece: ClockStep, row: int, sent_ms: int) -> int | None:
        """Say by how much the clock was set between the row above and this one, if it was.

        The first row of a stretch has none above; there the clock was set where a piece begins.
        """
        before = self._piece
        if before is None:
            place = self._steps.index(piece)
            begins = place > 0 and piece.since_row == row
            before = self._steps[place - 1] if begins else piece
        if before.since_row == piece.since_row:
            return None
        return added_ms(piece, sent_ms) - added_ms(before, sent_ms)
