from dataclasses import replace

import pytest

from tests.reconcile.chats import MINUTE
from tests.reconcile.why.kept import (
    ANA,
    BEN,
    CLOCK_SET,
    EARLY,
    LACKED,
    REWORDED,
    SAID,
    WITHDRAWN,
    Kept,
    alone,
)
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile.model import Discrepancy, MatchedBy
from witnessbox.reconcile.why import message as telling
from witnessbox.reconcile.why import reading
from witnessbox.reconcile.why.explaining import of_message
from witnessbox.reconcile.why.model import (
    Asked,
    MessageWhy,
    Sort,
    Stand,
    ToldSighting,
    WhyError,
    WindowStretch,
    Written,
)
from witnessbox.reconcile.why.words import milliseconds


def _of(told: MessageWhy, custodian: str) -> ToldSighting:
    (found,) = (one for one in told.sightings if one.copy.custodian == custodian)
    return found


def test_each_sighting_stands_with_its_bytes_its_time_and_its_sender_as_written(
    stored: Kept,
) -> None:
    told = of_message(stored.tables, stored.message(LACKED))
    assert [one.copy.number for one in told.sightings] == [1, 2]
    ben = _of(told, "Ben Marsh")
    assert (ben.sight.span.exhibit, ben.sight.span.start) == (BEN.exhibit, LACKED * 1000)
    assert ben.written is not None
    assert ben.written.stamp == str((SAID[LACKED].at_ms + BEN.skew_ms) // MINUTE * MINUTE)
    assert ben.written.precision == "minute"
    assert ben.sight.sender_name == BEN.names[SAID[LACKED].who]
    assert (ben.to_the_minute, _of(told, "Ana Holt").to_the_minute) == (True, False)
    assert ben.rule == "the same words by the same person at the same corrected time"


def test_the_piece_of_the_clock_in_force_is_that_of_the_row(stored: Kept) -> None:
    before = _of(of_message(stored.tables, stored.message(LACKED)), "Ben Marsh")
    after = _of(of_message(stored.tables, stored.message(CLOCK_SET + 60)), "Ben Marsh")
    assert before.piece is not None
    assert after.piece is not None
    assert before.piece.since_row == 0
    assert abs(after.piece.since_row - CLOCK_SET) <= 3
    apart = after.piece.offset_ms - before.piece.offset_ms
    assert abs(apart + 3_600_000) < MINUTE


@pytest.mark.parametrize("number", [EARLY, LACKED, CLOCK_SET - 5, CLOCK_SET + 5, 390])
def test_corrected_times_of_one_message_agree(stored: Kept, number: int) -> None:
    told = of_message(stored.tables, stored.message(number))
    times = [milliseconds(one.corrected_at) for one in told.sightings if one.corrected_at]
    assert len(times) == len(told.sightings) > 1
    assert max(times) - min(times) <= MINUTE


def test_other_words_are_told_and_those_that_most_copies_have_are_quoted(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(REWORDED))
    ben = _of(told, "Ben Marsh")
    assert (ben.quoted, ben.sight.same_text) == (False, False)
    assert ben.sight.matched_by is MatchedBy.LIKENESS
    assert ben.written is not None
    assert ben.written.text == BEN.altered[REWORDED]
    numbers = [one.copy.number for one in told.sightings if one.sight.same_text]
    assert told.quoting[0] == (
        f"no other words stand on more phones than these: copies {numbers[0]}, {numbers[1]}"
    )
    assert [one.kind for one in told.discrepancies] == ["text-differs"]


def test_a_mark_of_deletion_is_not_quoted_before_the_message(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(WITHDRAWN))
    cy = _of(told, "Cy Orr")
    assert cy.sight.matched_by is MatchedBy.PLACEHOLDER
    assert not cy.quoted
    assert told.quoting[0] == (
        f"a mark that a message stood here (copy {cy.copy.number}) is never quoted before the "
        "message"
    )
    assert told.message.text == SAID[WITHDRAWN].text
    sights = tuple(one.sight for one in told.sightings if one.quoted or one is cy)
    written = {one.sight.span: one.written for one in told.sightings if one.written}
    copies = tuple(one.copy for one in told.sightings)
    two = telling.Material(told.message, copies, sights, written, {}, {}, told.discrepancies)
    assert telling.explain(two).quoting == told.quoting[:1]


def test_of_rows_that_are_no_longer_there_only_the_copy_whose_time_it_is_is_told(
    stored: Kept,
) -> None:
    told = of_message(stored.tables, stored.message(LACKED))
    sights = tuple(one.sight for one in told.sightings)
    copies = tuple(one.copy for one in told.sightings)
    bare = telling.explain(telling.Material(told.message, copies, sights, {}, {}, {}, ()))
    ana = _of(told, "Ana Holt").copy.number
    assert bare.timing == (f"it is the corrected time of copy {ana}, to the second",)
    gone = replace(told.message, timed_by="01ff")
    bare = telling.explain(telling.Material(gone, copies, sights, {}, {}, {}, ()))
    assert bare.timing == ()


def _quoting(stored: Kept, *texts: tuple[str, bool]) -> tuple[str, ...]:
    """Tell why the first of some words is quoted; each says whether it is the same as that."""
    told = of_message(stored.tables, stored.message(LACKED + 1))
    sights = tuple(
        replace(
            told.sightings[0].sight,
            copy=copy.id,
            span=Span("e", number, number + 1),
            same_text=same,
        )
        for number, (copy, (_, same)) in enumerate(
            zip([one.copy for one in told.sightings], texts, strict=False)
        )
    )
    written = {
        Span("e", number, number + 1): Written("", "UTC", "second", text, False, None)  # noqa: FBT003
        for number, (text, _) in enumerate(texts)
    }
    return telling.explain(
        telling.Material(
            message=replace(told.message, span=Span("e", 0, 1)),
            copies=tuple(one.copy for one in told.sightings),
            sights=sights,
            written=written,
            clocks={},
            windows={},
            told=(),
        )
    ).quoting


def test_of_equals_the_longest_is_quoted_and_then_the_first(stored: Kept) -> None:
    longest = "of these it is the longest as written"
    first = "of these it is as long as any, and the first by its exhibit's hash and its place there"
    lone = "no other words stand on more phones than these"
    assert _quoting(stored, ("yes!", True), ("yes", True)) == ("all others say the same", longest)
    assert _quoting(stored, ("yes", True), ("yes", True)) == ("all others say the same", first)
    assert _quoting(stored, ("yes, all", True), ("no", False)) == (lone, longest)
    assert _quoting(stored, ("no", True), ("ok", False)) == (lone, first)


def test_the_time_comes_from_the_copies_that_know_it_most_finely(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(REWORDED))
    fine = sorted(one.copy.number for one in told.sightings if one.copy.custodian != "Ben Marsh")
    assert told.timing[0] == (
        f"copies {fine[0]}, {fine[1]} know times to the second, no other more finely; "
        "the middle one of their corrected times, one of each phone, is taken"
    )
    assert told.timing[1].startswith("it is the corrected time of cop")
    only = of_message(stored.tables, stored.message(EARLY))
    ana = _of(only, "Ana Holt").copy.number
    assert only.timing == (
        f"copy {ana} knows its time most finely, to the second",
        f"it is the corrected time of copy {ana}, to the second",
    )


def test_a_copy_that_lacks_a_message_inside_its_window_is_said_to_lack_it(stored: Kept) -> None:
    (lacks,) = of_message(stored.tables, stored.message(LACKED)).lacking
    assert (lacks.copy.custodian, lacks.stand) == ("Cy Orr", Stand.MISSING)
    assert "which does not" in lacks.why


def test_a_copy_that_begins_later_is_said_not_to_reach_that_far(stored: Kept) -> None:
    (lacks,) = of_message(stored.tables, stored.message(EARLY)).lacking
    assert (lacks.copy.custodian, lacks.stand) == ("Cy Orr", Stand.OUTSIDE)
    assert lacks.why.startswith("before the first message of this copy")


def test_no_copy_is_asked_for_a_notice(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(LACKED))
    notice = replace(told.message, kind="notice")
    lacks = telling.lacking(notice, told.lacking[0].copy, (), ())
    assert lacks.stand is Stand.OUTSIDE
    assert lacks.why.startswith("no copy is asked for a notice")


def test_of_a_lone_copy_there_is_nothing_to_compare(folder: Folder, sqlite_ledger: Ledger) -> None:
    only = alone(folder, sqlite_ledger)
    told = of_message(only.tables, only.message(EARLY, replace(ANA, name="alone")))
    assert told.quoting == ("it is the only sighting",)
    assert told.timing == ("it is the corrected time of copy 1, to the second",)
    assert (told.lacking, told.discrepancies) == ((), ())
    assert told.sightings[0].rule == "no other copy holds it"


def test_what_one_phone_alone_has_is_told_of_that_phone(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(LACKED))
    (lacks,) = told.lacking
    (missing,) = told.discrepancies
    alone = replace(missing, kind=Discrepancy.ONLY_HERE, copy=told.sightings[0].copy.id)
    elsewhere = replace(missing, message="01ff")
    found = telling.lacking(told.message, lacks.copy, (), (elsewhere, alone))
    assert found.stand is Stand.OUTSIDE
    assert found.why.startswith("it covers this place; that one phone alone has the message")


def test_a_window_that_says_something_of_files_alone_says_nothing_of_words(stored: Kept) -> None:
    told = of_message(stored.tables, stored.message(LACKED))
    (lacks,) = told.lacking
    position = told.message.position
    files = WindowStretch(
        lacks.copy.id,
        position,
        position + 1,
        inside=False,
        media_only=True,
        reason="media-only",
        words="files are left out here",
    )
    behind = replace(files, since=position + 1, until=position + 9, media_only=False)
    picture = replace(told.message, kind="media")
    assert telling.lacking(picture, lacks.copy, (behind, files), ()).why == files.words
    assert "covers this place" in telling.lacking(told.message, lacks.copy, (files,), ()).why


def test_a_sighting_that_was_quoted_and_is_gone_leaves_nothing_to_say(stored: Kept) -> None:
    assert _quoting(stored) == ()


def test_a_message_without_a_time_is_placed_by_its_neighbours(stored: Kept) -> None:
    asked = stored.message(LACKED)
    place = reading.position_of(stored.tables, stored.conversation, asked.id)
    assert place is not None
    bounds = (place, place + 1)
    (row,) = reading.messages(stored.tables, stored.conversation, bounds, "Team Blue")
    sights = reading.sights(stored.tables, stored.conversation, bounds)
    told = telling.explain(
        telling.Material(
            message=replace(row, sent_at=None, precision=None),
            copies=reading.copies(stored.tables)[stored.conversation],
            sights=tuple(replace(sight, sent_at=None) for sight in sights),
            written={},
            clocks={},
            windows={},
            told=(),
        )
    )
    assert told.timing == (
        "no copy has a time that could be read; it stands where its neighbours place it",
    )
    assert {one.corrected_at for one in told.sightings} == {None}
    assert {one.piece for one in told.sightings} == {None}
    assert told.lacking[0].why == "it covers this place, and is not held to lack the message"


def test_a_message_that_is_gone_is_said_to_be_gone(stored: Kept) -> None:
    with pytest.raises(WhyError, match="there is no message 01ff"):
        of_message(stored.tables, Asked(Sort.MESSAGE, "01ff", stored.conversation))
    with pytest.raises(WhyError, match="there is no message 01ff"):
        of_message(stored.tables, Asked(Sort.MESSAGE, "01ff", "nowhere"))
