from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from witnessbox.evidence.model import Span
from witnessbox.reconcile.why.model import Copy, Stand
from witnessbox.web.bubbles import Bubble, Discrepancy, Note, Row, Sighting, bubbles

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2017, 6, 1, 12, 0, tzinfo=UTC)


def _row(place: int, at: datetime | None, sender: str | None = "p1", kind: str = "text") -> Row:
    return Row(
        message=f"m{place}",
        position=place,
        sent_at=at,
        precision="minute",
        sender=sender,
        name=sender,
        kind=kind,
        text="words",
        edited=False,
        deleted=False,
        span=Span("e1", place, place + 1),
    )


def _copy(number: int) -> Copy:
    return Copy(f"c{number}", number, "Nights", f"PC {number}", ("e1",), 1, 1, NOON, NOON, 0, None)


def _draw(*rows: Row) -> list[Bubble]:
    return bubbles(rows, [], [], [], LONDON)


def _mark(sighting: Sighting | None, *noted: Discrepancy, kind: str = "text") -> Stand:
    (bubble,) = bubbles(
        [_row(0, NOON, kind=kind)],
        [_copy(1)],
        [] if sighting is None else [sighting],
        noted,
        LONDON,
    )
    return bubble.marks[0].stand


HELD = Sighting("m0", "c1", "text", same_text=True)
DIFFERS = Sighting("m0", "c1", "text", same_text=False)
MISSING = Discrepancy("d0", "m0", "c1", "missing", "supported", "not there", 0)


def test_a_copy_stands_to_a_message_in_one_of_five_ways() -> None:
    assert _mark(HELD) is Stand.HELD
    assert _mark(DIFFERS) is Stand.DIFFERS
    assert _mark(Sighting("m0", "c1", "placeholder", same_text=False)) is Stand.PLACEHOLDER
    assert _mark(None, MISSING) is Stand.MISSING
    assert _mark(None) is Stand.OUTSIDE


def test_other_words_for_an_omitted_picture_are_no_difference() -> None:
    assert _mark(DIFFERS, kind="media") is Stand.HELD


def test_what_no_mark_shows_is_said_as_a_doubt() -> None:
    alone = Discrepancy("d1", "m0", "c1", "only-here", "noted", "no other copy holds it", 0)
    (bubble,) = bubbles([_row(0, NOON)], [_copy(1)], [HELD], [alone], LONDON)
    assert bubble.notes == (Note((1,), "no other copy holds it (noted)", "d1"),)
    assert bubble.marks[0].what == ""


def test_copies_that_differ_alike_are_named_together() -> None:
    copies = [_copy(number) for number in (1, 2, 3, 4)]
    missing = [
        Discrepancy(f"d{number}", "m0", f"c{number}", "missing", "supported", "not there", 0)
        for number in (2, 4)
    ]
    (bubble,) = bubbles([_row(0, NOON)], copies, [HELD], missing, LONDON)
    (note,) = bubble.notes
    assert note == Note((2, 4), "no such message, though that time is covered (supported)", "d2")
    assert note.who == "Copies 2, 4"
    assert Note((3,), "").who == "Copy 3"


def test_copies_whose_discrepancies_are_not_equally_strong_are_named_apart() -> None:
    grades = {1: "noted", 2: "documented"}
    missing = [
        Discrepancy(f"d{number}", "m0", f"c{number}", "missing", grade, "not there", 0)
        for number, grade in grades.items()
    ]
    (bubble,) = bubbles([_row(0, NOON)], [_copy(1), _copy(2)], [], missing, LONDON)
    assert [note.copies for note in bubble.notes] == [(1,), (2,)]
    label = "2 PC 2: lacks it inside its window (not there; documented)"
    assert bubble.marks[1].label == label


def test_a_message_that_all_who_reach_it_hold_is_not_disputed() -> None:
    (bubble,) = bubbles([_row(0, NOON)], [_copy(1), _copy(2)], [HELD], [], LONDON)
    assert bubble.notes == ()
    assert [mark.label for mark in bubble.marks] == [
        "1 PC 1: holds it",
        "2 PC 2: does not reach this time, or it is not sure that it should",
    ]


def test_a_discrepancy_belongs_to_its_own_copy_and_message() -> None:
    other = Discrepancy("d9", "m9", "c1", "missing", "supported", "not there", 9)
    assert _mark(None, other) is Stand.OUTSIDE


@pytest.mark.parametrize(
    ("minutes", "sender", "goes_on"),
    [(0, "p1", True), (9, "p1", True), (10, "p1", False), (1, "p2", False), (1, None, False)],
)
def test_a_sender_is_not_named_again_within_ten_minutes(
    minutes: int,
    sender: str | None,
    goes_on: bool,  # noqa: FBT001 - a row of the table above
) -> None:
    after = _draw(_row(0, NOON), _row(1, NOON + timedelta(minutes=minutes), sender))[1]
    assert after.goes_on is goes_on


def test_a_new_day_is_one_in_the_operations_zone_and_names_the_sender_anew() -> None:
    late = datetime(2017, 6, 1, 22, 58, tzinfo=UTC)  # 23:58 in London
    drawn = _draw(_row(0, late), _row(1, late + timedelta(minutes=3)))
    assert [one.new_day for one in drawn] == [True, True]
    assert not drawn[1].goes_on


def test_a_message_without_a_time_begins_no_day_and_continues_nobody() -> None:
    drawn = _draw(_row(0, NOON), _row(1, None), _row(2, NOON + timedelta(minutes=1)))
    assert [one.new_day for one in drawn] == [True, False, True]
    assert not drawn[1].goes_on
