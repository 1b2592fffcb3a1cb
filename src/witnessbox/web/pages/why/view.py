"""What the pages of explanation show beside what is told: columns, steps between them.  Pure."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from witnessbox.reconcile.why.model import Copy, Line

NARROW = 2
"""How many copies a small screen shows beside the conversation."""


@dataclass(frozen=True, slots=True)
class Column:
    """One copy that can be shown beside the conversation."""

    copy: Copy
    shown: bool
    narrow: bool  # on a small screen too


@dataclass(frozen=True, slots=True)
class Beside:
    """A stretch of a conversation with the copies that are shown beside it."""

    conversation: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    mark: str  # the id of the message that is pointed out, or nothing

    @property
    def narrow(self) -> frozenset[str]:
        """Name the copies that a small screen shows."""
        return frozenset(column.copy.id for column in self.columns if column.narrow)

    @property
    def shown(self) -> tuple[Column, ...]:
        """Give the columns that are drawn."""
        return tuple(column for column in self.columns if column.shown)


def chosen(copies: Sequence[Copy], numbers: Collection[int]) -> tuple[Copy, ...]:
    """Give the copies that were asked for, all where none was."""
    found = tuple(copy for copy in copies if copy.number in numbers)
    return found or tuple(copies)


def columns(
    copies: Sequence[Copy], asked: Collection[int], lines: Sequence[Line], first: str = ""
) -> tuple[Column, ...]:
    """Say which copies are shown, and which of them on a small screen too.

    Of copies nobody asked for these are ``first`` and those that differ most in the stretch.
    """
    shown = chosen(copies, asked)
    differing = Counter(cell.copy.id for line in lines for cell in line.cells if cell.told)
    asked_for = len(shown) < len(copies)
    ranked = sorted(
        shown,
        key=lambda copy: (
            copy.id != first,
            0 if asked_for else -differing[copy.id],
            copy.number,
        ),
    )
    narrow = {copy.id for copy in ranked[:NARROW]}
    return tuple(Column(copy, copy in shown, copy.id in narrow) for copy in copies)


def before(places: Sequence[int], first: int) -> int | None:
    """Give the last of some positions, in order, before a stretch."""
    at = bisect_left(places, first)
    return places[at - 1] if at else None


def behind(places: Sequence[int], last: int) -> int | None:
    """Give the first of some positions, in order, from ``last`` on."""
    at = bisect_right(places, last - 1)
    return places[at] if at < len(places) else None


def address(
    conversation: str, start: int, asked: Collection[int], position: int | None = None
) -> str:
    """Write the address of a stretch with the same copies beside it."""
    query = urlencode([("start", max(start, 0)), *(("show", one) for one in sorted(asked))])
    anchor = "" if position is None else f"#m{position}"
    return f"/conversations/{conversation}/copies?{query}{anchor}"
