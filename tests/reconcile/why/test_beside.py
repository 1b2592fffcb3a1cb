from dataclasses import replace

import pytest

from tests.reconcile.why.kept import (
    ANA,
    BEN,
    CLOCK_SET,
    CY,
    CY_BEGINS,
    EARLY,
    LACKED,
    REWORDED,
    WITHDRAWN,
    Kept,
)
from witnessbox.evidence.schema import CANONICAL_MESSAGES, SIGHTINGS
from witnessbox.reconcile.why import reading
from witnessbox.reconcile.why.beside import Stretch, lay, stand_of
from witnessbox.reconcile.why.explaining import side_by_side
from witnessbox.reconcile.why.model import Cell, Line, Stand


def _at(stored: Kept, number: int) -> int:
    found = reading.position_of(stored.tables, stored.conversation, stored.message(number).id)
    assert found is not None
    return found


def _line(stored: Kept, number: int) -> Line:
    place = _at(stored, number)
    (line,) = side_by_side(stored.tables, stored.conversation, (place, place + 1))
    return line


def _cell(line: Line, custodian: str) -> Cell:
    (found,) = (cell for cell in line.cells if cell.copy.custodian == custodian)
    return found


def test_what_a_copy_has_beside_a_message_is_one_of_five_things() -> None:
    def stand(kind: str, matched_by: str | None, *noted: str, same: bool) -> Stand:
        return stand_of(kind, matched_by, noted, same_text=same)

    assert stand("text", "text", same=True) is Stand.HELD
    assert stand("media", "kind", same=False) is Stand.HELD
    assert stand("text", "likeness", same=False) is Stand.DIFFERS
    assert stand("text", "placeholder", same=False) is Stand.PLACEHOLDER
    assert stand("text", "platform-id", "placeholder", same=False) is Stand.PLACEHOLDER
    assert stand("text", None, "missing", same=False) is Stand.MISSING
    assert stand("text", None, same=False) is Stand.OUTSIDE


def test_the_same_words_are_not_said_again_and_other_words_are(stored: Kept) -> None:
    line = _line(stored, REWORDED)
    assert [(_cell(line, who).stand, _cell(line, who).words) for who in ("Ana Holt", "Cy Orr")] == [
        (Stand.HELD, None),
        (Stand.HELD, None),
    ]
    ben = _cell(line, "Ben Marsh")
    assert (ben.stand, ben.words) == (Stand.DIFFERS, BEN.altered[REWORDED])
    assert [one.kind for one in ben.told] == ["text-differs"]
    assert line.flagged


def test_a_mark_of_deletion_stands_with_its_words(stored: Kept) -> None:
    cell = _cell(_line(stored, WITHDRAWN), "Cy Orr")
    assert (cell.stand, cell.words) == (Stand.PLACEHOLDER, "This message was deleted")


def test_a_message_that_is_missing_is_a_gap_with_its_discrepancy(stored: Kept) -> None:
    cell = _cell(_line(stored, LACKED), "Cy Orr")
    assert (cell.stand, cell.sight, cell.goes_on) == (Stand.MISSING, None, False)
    assert [(one.kind, one.copy) for one in cell.told] == [("missing", cell.copy.id)]


def test_what_a_copy_does_not_reach_is_one_band_with_its_reason(stored: Kept) -> None:
    place = _at(stored, EARLY)
    lines = side_by_side(stored.tables, stored.conversation, (place, place + 5))
    cells = [_cell(line, "Cy Orr") for line in lines]
    assert {cell.stand for cell in cells} == {Stand.OUTSIDE}
    assert {cell.why for cell in cells} == {cells[0].why}
    assert cells[0].why.startswith("before the first message of this copy")
    assert [cell.goes_on for cell in cells] == [False, True, True, True, True]
    assert not any(line.flagged for line in lines)


def test_the_row_from_which_a_clock_was_set_is_marked_with_how_far(stored: Kept) -> None:
    around = _at(stored, CLOCK_SET - 8), _at(stored, CLOCK_SET + 8)
    lines = side_by_side(stored.tables, stored.conversation, around)
    marked = [cell for line in lines for cell in line.cells if cell.set_by_ms is not None]
    (ben,) = marked
    assert ben.copy.custodian == "Ben Marsh"
    assert ben.set_by_ms is not None
    assert abs(ben.set_by_ms + 3_600_000) < 60_000
    assert ben.sight is not None
    only = next(n for n, line in enumerate(lines) if ben in line.cells) + around[0]
    (first,) = side_by_side(stored.tables, stored.conversation, (only, only + 1))
    assert _cell(first, "Ben Marsh").set_by_ms == ben.set_by_ms
    (after,) = side_by_side(stored.tables, stored.conversation, (only + 1, only + 2))
    assert _cell(after, "Ben Marsh").set_by_ms is None


def test_copies_may_be_left_out(stored: Kept) -> None:
    copies = reading.copies(stored.tables)[stored.conversation]
    wanted = [copies[2].id, copies[0].id]
    lines = side_by_side(stored.tables, stored.conversation, (0, 3), wanted)
    assert {tuple(cell.copy.number for cell in line.cells) for line in lines} == {(1, 3)}


@pytest.mark.parametrize("bounds", [(0, 1), (3, 9), (100, 140), (390, 10_000), (399, 400)])
def test_the_sightings_of_a_stretch_are_those_of_its_messages(
    stored: Kept, bounds: tuple[int, int]
) -> None:
    first, beyond = bounds
    rows = stored.tables.read(CANONICAL_MESSAGES, [stored.conversation]).to_pylist()
    ids = {row["message"] for row in rows[first:beyond]}
    every = stored.tables.read(SIGHTINGS, [stored.conversation]).to_pylist()
    wanted = [(row["message"], row["copy"]) for row in every if row["message"] in ids]
    found = reading.sights(stored.tables, stored.conversation, bounds)
    assert [(one.message, one.copy) for one in found] == wanted


def test_every_sighting_knows_its_row_in_the_copys_own_order(stored: Kept) -> None:
    rows = stored.tables.read(SIGHTINGS, [stored.conversation]).to_pylist()
    for phone, first in ((ANA, 0), (CY, CY_BEGINS)):
        own = sorted(
            (row["copy_row"], row["start"]) for row in rows if row["exhibit"] == phone.exhibit
        )
        assert [place for place, _ in own] == list(range(len(own)))
        assert own[0][1] == first * 1000
        assert [start for _, start in own] == sorted(start for _, start in own)


def test_a_conversation_that_is_not_there_has_no_lines(stored: Kept) -> None:
    assert side_by_side(stored.tables, "nowhere", (0, 5)) == ()
    assert reading.differing(stored.tables, "nowhere") == []


def test_a_row_without_a_time_stands_beside_its_message_without_one(stored: Kept) -> None:
    place = _at(stored, LACKED)
    bounds = (place, place + 1)
    sights = reading.sights(stored.tables, stored.conversation, bounds)
    stretch = Stretch(
        messages=reading.messages(stored.tables, stored.conversation, bounds, "Team Blue"),
        copies=reading.copies(stored.tables)[stored.conversation],
        sights=tuple(replace(sight, sent_at=None) for sight in sights),
        written={},
        clocks=reading.clocks(stored.tables, stored.conversation),
        windows={},
        told=(),
    )
    (line,) = lay(stretch)
    assert {cell.corrected_at for cell in line.cells} == {None}
    assert {cell.set_by_ms for cell in line.cells} == {None}


def test_the_places_where_copies_differ_are_known_in_order(stored: Kept) -> None:
    found = reading.differing(stored.tables, stored.conversation)
    assert found == sorted(set(found))
    assert {_at(stored, number) for number in (LACKED, WITHDRAWN, REWORDED)} <= set(found)
