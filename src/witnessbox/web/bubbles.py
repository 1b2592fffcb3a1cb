"""What the reader shows of a stretch of a conversation.  Pure: rows in, bubbles out.

A *bubble* is one canonical message as the page draws it.  A *mark* says how one copy stands to it:
every copy gives each message exactly one mark, so that silence is as visible as speech.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from witnessbox.evidence.model import Span
from witnessbox.reconcile.why.beside import stand_of
from witnessbox.reconcile.why.model import Copy, Stand

_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Mark:
    """How one copy stands to the message, and what a discrepancy adds to that."""

    copy: Copy
    stand: Stand
    what: str
    strength: str = ""  # of the discrepancy, where there is one
    discrepancy: str = ""  # its id

    @property
    def label(self) -> str:
        """Say it in words, for the tooltip and for those who do not see the mark."""
        words = {
            Stand.HELD: "holds it",
            Stand.PLACEHOLDER: "holds only a placeholder",
            Stand.DIFFERS: "holds it with other words",
            Stand.MISSING: "lacks it inside its window",
            Stand.OUTSIDE: "does not reach this time, or it is not sure that it should",
        }[self.stand]
        return f"{self.copy.number} {self.copy.custodian}: {words}" + (
            f" ({self.what}; {self.strength})" if self.what else ""
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the canonical messages."""

    message: str
    position: int
    sent_at: datetime | None
    precision: str
    sender: str | None
    name: str | None
    kind: str
    text: str | None
    edited: bool
    deleted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Sighting:
    """That one copy holds one message."""

    message: str
    copy: str
    matched_by: str
    same_text: bool


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One way in which a copy differs, at one message."""

    id: str
    message: str | None
    copy: str
    kind: str
    strength: str
    what: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """What one or several copies, by number, show about a message."""

    copies: tuple[int, ...]
    what: str
    discrepancy: str = ""  # id, of the first of them

    @property
    def who(self) -> str:
        """Name the copies: ``Copy 2``, ``Copies 2, 3``."""
        numbers = ", ".join(str(number) for number in self.copies)
        return f"{'Copy' if len(self.copies) == 1 else 'Copies'} {numbers}"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the page draws it."""

    row: Row
    marks: tuple[Mark, ...]
    new_day: bool  # the line with the date stands above it
    goes_on: bool  # the same sender, soon after: the name is not said again
    doubts: tuple[Note, ...]  # discrepancies that no mark shows

    @property
    def notes(self) -> tuple[Note, ...]:
        """Put into words, copies that agree together, how copies differ about the message."""
        alike: dict[str, list[Mark]] = {}
        for mark in self.marks:
            if mark.stand in _NOTED:
                alike.setdefault(_told(_NOTED[mark.stand], mark.strength), []).append(mark)
        return (
            *self.doubts,
            *(
                Note(tuple(mark.copy.number for mark in marks), words, marks[0].discrepancy)
                for words, marks in alike.items()
            ),
        )


_SHOWN_BY_MARK = {"missing", "placeholder", "text-differs", "edited"}
_NOTED = {
    Stand.MISSING: "no such message, though that time is covered",
    Stand.PLACEHOLDER: "only a placeholder",
    Stand.DIFFERS: "other words",
}


def _told(words: str, strength: str) -> str:
    return f"{words} ({strength})" if strength else words


def bubbles(
    rows: Sequence[Row],
    copies: Sequence[Copy],
    sightings: Iterable[Sighting],
    discrepancies: Iterable[Discrepancy],
    zone: tzinfo,
) -> list[Bubble]:
    """Draw a stretch of a conversation, each message with every copy's mark."""
    seen = {(one.message, one.copy): one for one in sightings}
    noted: dict[tuple[str | None, str], list[Discrepancy]] = {}
    for one in discrepancies:
        noted.setdefault((one.message, one.copy), []).append(one)
    drawn: list[Bubble] = []
    above: Row | None = None
    for row in rows:
        here = [(copy, found) for copy in copies for found in noted.get((row.message, copy.id), ())]
        drawn.append(
            Bubble(
                row=row,
                marks=tuple(
                    _mark(row, copy, seen.get((row.message, copy.id)), noted) for copy in copies
                ),
                new_day=_new_day(row, above, zone),
                goes_on=_goes_on(row, above, zone),
                doubts=tuple(
                    Note((copy.number,), _told(one.what, one.strength), one.id)
                    for copy, one in here
                    if one.kind not in _SHOWN_BY_MARK
                ),
            )
        )
        above = row
    return drawn


def _mark(
    row: Row,
    copy: Copy,
    sighting: Sighting | None,
    noted: dict[tuple[str | None, str], list[Discrepancy]],
) -> Mark:
    shown = [one for one in noted.get((row.message, copy.id), ()) if one.kind in _SHOWN_BY_MARK]
    stand = stand_of(
        row.kind,
        None if sighting is None else sighting.matched_by,
        {one.kind for one in shown},
        same_text=sighting is not None and sighting.same_text,
    )
    return Mark(
        copy,
        stand,
        "; ".join(one.what for one in shown),
        ", ".join(dict.fromkeys(one.strength for one in shown)),
        shown[0].id if shown else "",
    )


def _day(row: Row, zone: tzinfo) -> object:
    return None if row.sent_at is None else row.sent_at.astimezone(zone).date()


def _new_day(row: Row, above: Row | None, zone: tzinfo) -> bool:
    return row.sent_at is not None and (above is None or _day(above, zone) != _day(row, zone))


def _goes_on(row: Row, above: Row | None, zone: tzinfo) -> bool:
    if above is None or row.sender is None or _new_day(row, above, zone):
        return False
    if row.sent_at is None or above.sent_at is None:
        return False
    return above.sender == row.sender and row.sent_at - above.sent_at < _PAUSE
