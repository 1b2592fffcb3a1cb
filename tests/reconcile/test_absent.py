"""Missing messages: what is shown of them, what would explain them, and how strong they are."""

from dataclasses import replace
from typing import Any

import pytest

from tests.reconcile.chats import SECOND, Phone, Said, chat, source
from tests.reconcile.outcomes import Beside, Outcome, laid, together
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import GivenWindow

HOUR = 3_600_000
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), custodian="Ana Holt")
BEN = Phone("ben", ("A", "Benny Marsh", "C", "D", "E"), custodian="Benny Marsh")
CY = Phone("cy", ("1", "2", "3", "4", "5"), custodian="Cyrus Vale")
DATABASE = replace(BEN, parser="whatsapp-android/2", numbered=True)
SAID = chat(400, pace_ms=1_200_000)
LONG = [one.number for one in SAID[120:300] if one.kind == "text" and len(one.text) > 14]
"""Messages that cannot be mistaken, far from both ends."""


def snug(said: list[Said], number: int) -> bool:
    """Say whether the messages around one cannot be mistaken either."""
    return all(
        said[at].kind == "text" and len(said[at].text) > 14 for at in (number - 1, number + 1)
    )


SNUG = [number for number in LONG if snug(SAID, number)]
SURE = [number for number in SNUG if SAID[number].who != 1]
"""Such whose neighbours cannot be mistaken either, and that the owner of BEN did not write."""


def the(outcome: Outcome, phone: Phone = BEN) -> Grounded:
    (told,) = outcome.told("missing", phone)
    return told


def standing(told: Grounded, code: str) -> str | None:
    return next((str(one.standing) for one in told.explanations if one.code == code), None)


def shown(told: Grounded, code: str) -> list[str]:
    return [one.words for one in told.evidence if one.code == code]


def test_what_two_phones_hold_between_sure_neighbours_is_corroborated() -> None:
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset(SURE[:1])), CY))
    assert told.strength == "corroborated"
    held = [one for one in told.evidence if one.code == "held-by"]
    assert {one.copy for one in held} == {source(ANA).copy, source(CY).copy}
    assert all(one.span and one.span.start == SURE[0] * 1000 for one in held)
    before, after = (
        one.span for code in ("before", "after") for one in told.evidence if one.code == code
    )
    assert before
    assert after
    assert (before.exhibit, before.start) == (BEN.exhibit, (SURE[0] - 1) * 1000)
    assert (after.exhibit, after.start) == (BEN.exhibit, (SURE[0] + 1) * 1000)


def test_what_one_other_phone_holds_is_at_most_supported() -> None:
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset(SURE[:1]))))
    assert told.strength == "supported"
    assert shown(told, "phones") == [
        "one phone holds the message; one that was to hold it does not"
    ]


def test_every_explanation_stands_in_order_and_none_alone_says_deleted() -> None:
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset(SURE[:1])), CY))
    stands = [(one.code, str(one.standing)) for one in told.explanations]
    assert stands == [
        ("window", "excluded"),
        ("limit", "excluded"),
        ("timer", "unlikely"),
        ("cleared", "excluded"),
        ("not-delivered", "open"),
        ("late", "unlikely"),
        ("clock", "unlikely"),
        ("matching", "unlikely"),
        ("deleted-here", "open"),
        ("file-altered", "open"),
    ]


def test_short_words_may_have_been_mistaken() -> None:
    said = [*SAID]
    at = SURE[0]
    said[at] = replace(said[at], text="right then")
    told = the(together(said, ANA, replace(BEN, drops=frozenset([at])), CY))
    assert standing(told, "matching") == "open"
    assert told.strength == "supported"


def test_the_same_words_elsewhere_in_the_copy_may_be_the_message() -> None:
    at = SURE[0]
    moved = replace(SAID[at], number=1000, at_ms=SAID[320].at_ms + 1_000, who=3)
    own = [*SAID[:321], moved, *SAID[321:]]
    each = [(ANA, SAID), (replace(BEN, drops=frozenset([at])), own), (CY, SAID)]
    (told,) = laid(each, Beside()).told("missing", BEN)
    assert standing(told, "matching") == "open"
    assert told.strength == "supported"


def test_a_message_the_owner_wrote_was_hardly_not_delivered() -> None:
    at = next(number for number in SNUG if SAID[number].who == 1)
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset([at])), CY))
    assert standing(told, "not-delivered") == "unlikely"
    assert shown(told, "own-message")


def test_a_mark_on_another_phone_speaks_for_its_writer_having_deleted_it() -> None:
    marked = replace(CY, placeholders=frozenset(SURE[:1]))
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset(SURE[:1])), marked))
    assert standing(told, "withdrawn") == "open"
    assert shown(told, "marked-elsewhere")
    assert told.strength == "supported"


def test_another_export_of_the_same_phone_documents_what_this_one_lacks() -> None:
    again = replace(BEN, name="ben again", drops=frozenset(SURE[:1]))
    told = the(together(SAID, ANA, BEN, again, CY), again)
    assert told.strength == "documented"
    assert standing(told, "not-delivered") == "excluded"
    assert shown(told, "same-phone")
    assert told.what.startswith("another export of this phone and 2 other phones hold")


def test_messages_in_a_row_are_one_stretch_that_says_how_many_and_by_whom() -> None:
    said = [*SAID]
    first = SURE[0]
    for number in range(first, first + 30):
        said[number] = replace(said[number], who=2, kind="text", text=f"bring the van {number}")
    gone = replace(BEN, drops=frozenset(range(first, first + 30)))
    outcome = together(said, ANA, gone, CY)
    found = outcome.told("missing", BEN)
    assert len(found) == 30
    (run,) = {one.run for one in found}
    assert run
    (words,) = {shown(one, "run")[0] for one in found}
    assert words.startswith("it is one of 30 messages in a row that this copy lacks, sent within")
    assert words.endswith("all by one person")


def test_one_message_alone_is_no_stretch() -> None:
    assert the(together(SAID, ANA, replace(BEN, drops=frozenset(SURE[:1])), CY)).run is None


@pytest.mark.parametrize(("who", "expected"), [(2, "open"), (1, "unlikely")])
def test_a_long_stretch_of_which_the_owner_wrote_nothing_may_be_an_absence(
    who: int, expected: str
) -> None:
    said = [*SAID]
    for number in range(150, 190):
        said[number] = replace(said[number], who=who, kind="text", text=f"bring the van {number}")
    outcome = together(said, ANA, replace(BEN, drops=frozenset(range(150, 190))), CY)
    assert {standing(one, "away") for one in outcome.told("missing", BEN)} == {expected}


def gap(first: int, last: int, kind: str = "row-gap") -> dict[str, Any]:
    low, high = first + 1, last + 1
    numbers = f"row {low} is" if low == high else f"rows {low} to {high} are"
    return {
        "exhibit": BEN.exhibit,
        "table": "message",
        "row": low,
        "kind": kind,
        "what": f"{numbers} missing between rows {low - 1} and {high + 1}",
    }


def lacking(phone: Phone, *numbers: int, gaps: list[dict[str, Any]]) -> list[Grounded]:
    phone = replace(phone, drops=frozenset(numbers), unit_ms=SECOND)
    return together(SAID, ANA, phone, CY, beside=Beside(traces=gaps)).told("missing", phone)


def test_numbers_missing_in_the_database_at_that_place_document_it() -> None:
    at = SURE[0]
    (told,) = lacking(DATABASE, at, gaps=[gap(at, at)])
    assert told.strength == "documented"
    (words,) = shown(told, "database-gap")
    assert "one number is missing at this place, where other phones hold one message" in words
    assert "that is so at 0 of" in words
    assert standing(told, "not-delivered") == "excluded"
    assert standing(told, "file-altered") is None


def test_a_database_without_a_gap_speaks_for_a_message_that_never_came() -> None:
    (told,) = lacking(DATABASE, SURE[0], gaps=[])
    assert shown(told, "database-whole")
    assert standing(told, "deleted-here") == "unlikely"
    assert standing(told, "not-delivered") == "open"
    assert told.strength == "supported"


def test_numbers_missing_everywhere_prove_little() -> None:
    other = [number for number in range(20, 380, 4) if number != SURE[0]]
    holes = frozenset(other)
    gaps = [gap(number, number) for number in sorted({*holes, SURE[0]})]
    said = [one for one in SAID if one.number not in holes]
    phone = replace(DATABASE, drops=frozenset(SURE[:1]), unit_ms=SECOND)
    outcome = together(said, ANA, phone, CY, beside=Beside(traces=gaps))
    told = the(outcome, phone)
    assert shown(told, "database-loose")
    assert told.strength != "documented"


def test_more_numbers_missing_than_messages_do_not_agree() -> None:
    at = SURE[0]
    (told,) = lacking(DATABASE, at, gaps=[gap(at, at + 5)])
    assert shown(told, "database-loose")


def test_a_file_that_is_lacking_may_have_been_cleaned_away() -> None:
    files = [one.number for one in SAID[60:340] if one.kind == "media"]
    few = together(SAID, ANA, replace(BEN, drops=frozenset(files[3:4])), CY)
    assert {standing(one, "media-setting") for one in few.told("missing", BEN)} == {"unlikely"}
    most = [number for place, number in enumerate(files) if place % 5]
    many = together(SAID, ANA, replace(BEN, drops=frozenset(most)), CY)
    assert {standing(one, "media-setting") for one in many.told("missing", BEN)} == {"open"}


def test_near_the_end_of_a_copy_a_message_may_still_have_been_on_its_way() -> None:
    at = next(number for number in range(385, 360, -1) if len(SAID[number].text) > 14)
    told = the(together(SAID, ANA, replace(BEN, drops=frozenset([at])), CY))
    assert standing(told, "late") == "open"


def test_near_a_step_of_the_clock_the_clock_is_an_explanation() -> None:
    stepping = replace(BEN, steps=((200, HOUR),))
    at = next(number for number in SURE if 210 < number < 240)
    told = the(together(SAID, ANA, replace(stepping, drops=frozenset([at])), CY), stepping)
    assert standing(told, "clock") == "open"
    assert told.strength in {"noted", "supported"}


def test_in_a_conversation_of_two_the_writer_may_be_blocked() -> None:
    said = chat(300, people=2)
    one = replace(ANA, names=("Ana", "Ben"))
    other = replace(BEN, names=("A", "Benny Marsh"))
    at = next(
        it.number for it in said[60:] if it.kind == "text" and len(it.text) > 14 and it.who == 0
    )
    told = the(together(said, one, replace(other, drops=frozenset([at]))), other)
    assert standing(told, "blocked") == "open"


def test_beyond_the_end_of_a_copy_it_is_somebodys_word_that_it_could_have_known() -> None:
    given = (GivenWindow(source(BEN).copy),)
    outcome = together(SAID, ANA, replace(BEN, first=100), CY, beside=Beside(windows=given))
    found = outcome.told("missing", BEN)
    assert {one.strength for one in found} == {"noted"}
    for code, stands in (("window", "unlikely"), ("limit", "open"), ("cleared", "open")):
        assert {standing(one, code) for one in found} == {stands}


def test_a_timer_of_a_window_that_somebody_decided_stays_an_explanation() -> None:
    said = [*SAID]
    words = "Ana turned on disappearing messages"
    said[100] = Said(100, said[100].at_ms, -1, "notice", words)
    given = (GivenWindow(source(BEN).copy),)
    gone = replace(BEN, drops=frozenset(range(101, 110)))
    outcome = together(said, ANA, gone, CY, beside=Beside(windows=given))
    assert {standing(one, "timer") for one in outcome.told("missing", BEN)} == {"open"}


def test_a_stretch_before_which_a_copy_has_next_to_nothing_may_have_been_cleared() -> None:
    gone = replace(BEN, drops=frozenset(range(4, 60)))
    found = together(SAID, ANA, gone, CY).told("missing", BEN)
    assert {standing(one, "cleared") for one in found} == {"open"}
    assert "corroborated" not in {one.strength for one in found}


def test_where_the_platform_gives_ids_a_mistake_in_matching_is_excluded() -> None:
    phones = [replace(phone, platform_ids=True) for phone in (ANA, BEN, CY)]
    phones[1] = replace(phones[1], drops=frozenset(SURE[:1]))
    told = the(together(SAID, *phones), phones[1])
    assert standing(told, "matching") == "excluded"
