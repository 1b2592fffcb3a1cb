from datetime import UTC, datetime

import pytest

from witnessbox.evidence.model import Span
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import Discrepancy, Strength
from witnessbox.reconcile.why.model import Cell, Copy, Line, Message, Stand
from witnessbox.web.pages.why.view import Beside, address, before, behind, chosen, columns

NOON = datetime(2017, 6, 1, 12, 0, tzinfo=UTC)
SPAN = Span("e", 0, 1)
COPIES = tuple(
    Copy(f"c{number}", number, "Nights", f"PC {number}", ("e",), 1, 1, NOON, NOON, 0, None)
    for number in range(1, 14)
)
MESSAGE = Message(
    id="m",
    conversation="n",
    title="Nights",
    position=0,
    sent_at=NOON,
    precision="minute",
    timed_by="c1",
    sender="p",
    sender_name="Sam",
    kind="text",
    text="tea",
    edited=False,
    deleted=False,
    sightings=1,
    span=SPAN,
)


def _line(*differing: int) -> Line:
    told = Grounded(
        "d", "n", "m", "c", Discrepancy.MISSING, Strength.NOTED, "", 0, None, SPAN, (), ()
    )
    return Line(
        MESSAGE,
        tuple(
            Cell(copy, Stand.HELD, (told,) if copy.number in differing else ()) for copy in COPIES
        ),
    )


def _narrow(asked: list[int], *lines: Line, first: str = "") -> list[int]:
    found = columns(COPIES, asked, lines, first)
    return [column.copy.number for column in found if column.narrow]


def test_all_of_thirteen_copies_are_shown_where_nobody_chose() -> None:
    found = Beside("n", columns(COPIES, (), [_line()]), (_line(),), "")
    assert [column.copy.number for column in found.shown] == list(range(1, 14))
    assert found.narrow == {"c1", "c2"}


def test_those_that_were_chosen_are_shown_and_the_others_can_be() -> None:
    found = columns(COPIES, {12, 3, 40}, [])
    assert [column.copy.number for column in found if column.shown] == [3, 12]
    assert len(found) == len(COPIES)
    assert [copy.number for copy in chosen(COPIES, {12, 3})] == [3, 12]


def test_a_small_screen_shows_the_copies_that_differ_most() -> None:
    assert _narrow([], _line(7, 9), _line(9)) == [7, 9]
    assert _narrow([], _line(7, 9), _line(9), first="c4") == [4, 9]
    assert _narrow([], _line()) == [1, 2]


def test_a_small_screen_shows_the_first_two_of_those_that_were_chosen() -> None:
    assert _narrow([11, 5, 9], _line(9, 11)) == [5, 9]
    assert _narrow([5]) == [5]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(0, 3, (None, 7)), (3, 7, (2, 7)), (7, 8, (2, 9)), (8, 9, (7, 9)), (10, 60, (9, None))],
)
def test_the_nearest_differences_outside_a_stretch_are_found(
    first: int, last: int, found: tuple[int | None, int | None]
) -> None:
    places = [2, 7, 9]
    assert (before(places, first), behind(places, last)) == found


def test_an_address_keeps_the_copies_that_were_chosen() -> None:
    assert address("n", -4, ()) == "/conversations/n/copies?start=0"
    assert address("n", 50, {3, 1}, 60) == "/conversations/n/copies?start=50&show=1&show=3#m60"
