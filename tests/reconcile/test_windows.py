"""What each copy could know, and why not the rest."""

from dataclasses import replace

import pytest

from tests.reconcile.chats import MINUTE, Phone, Said, chat, source
from tests.reconcile.outcomes import Beside, Outcome, together
from witnessbox.reconcile.model import GivenWindow

HOUR = 3_600_000
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), custodian="Ana Holt")
BEN = Phone("ben", ("A", "Benny Marsh", "C", "D", "E"), custodian="Benny Marsh")
CY = Phone("cy", ("1", "2", "3", "4", "5"), custodian="Cyrus Vale")
SAID = chat(400)


def stretches(outcome: Outcome, phone: Phone, reason: str) -> list[tuple[int, int]]:
    return [
        (row["since_position"], row["until_position"])
        for row in outcome.window(phone)
        if row["reason"] == reason
    ]


def test_the_stretches_of_each_copy_follow_one_another_from_beginning_to_end() -> None:
    outcome = together(SAID, ANA, replace(BEN, first=50, last=300), CY)
    for phone in (ANA, BEN, CY):
        found = [row for row in outcome.window(phone) if row["only"] is None]
        at = 0
        for row in found:
            assert row["since_position"] == at
            at = row["until_position"]
        assert at == len(outcome.messages)
        assert all(row["words"] for row in found)
        assert all(row["since_at"] <= row["until_at"] for row in found)


def test_a_copy_whose_owner_wrote_before_it_begins_was_cleared_or_begun_anew() -> None:
    outcome = together(SAID, ANA, replace(BEN, first=100), CY)
    ((since, until),) = stretches(outcome, BEN, "cleared")
    assert (since, until) == (0, 100)
    (row,) = [row for row in outcome.window(BEN) if row["reason"] == "cleared"]
    assert row["start"] == 100_000  # the first message of the copy
    assert not outcome.missing(BEN)


def test_a_copy_of_whose_owner_nothing_is_known_just_begins() -> None:
    late = replace(CY, first=100)
    assert stretches(together(SAID, ANA, BEN, late), late, "start") == [(0, 100)]


@pytest.mark.parametrize("event", ["added", "joined"])
def test_a_copy_that_begins_with_its_owner_coming_says_so(event: str) -> None:
    said = [*SAID]
    said[100] = Said(100, said[100].at_ms, -1, "notice", "")
    change = {"exhibit": BEN.exhibit, "start": 100_000, "event": event, "actor": "A"}
    member = {"member": "Benny Marsh"} if event == "added" else {}
    change |= {"actor": "Benny Marsh"} if event == "joined" else {}
    beside = Beside(memberships=[change | member])
    outcome = together(said, ANA, replace(BEN, first=100), CY, beside=beside)
    (row,) = [row for row in outcome.window(BEN) if row["reason"] == "joined"]
    assert (row["until_position"], row["start"]) == (100, 100_000)


def test_a_copy_that_ends_with_its_owner_leaving_says_so() -> None:
    said = [*SAID]
    said[300] = Said(300, said[300].at_ms, -1, "notice", "")
    change = {"exhibit": BEN.exhibit, "start": 300_000, "event": "left"}
    ended = replace(BEN, last=300)
    outcome = together(said, ANA, ended, CY, beside=Beside(memberships=[change]))
    assert stretches(outcome, BEN, "left") == [(301, 400)]
    assert stretches(together(said, ANA, ended, CY), BEN, "end") == [(301, 400)]


def test_the_time_an_owner_was_out_is_told_by_the_notice() -> None:
    said = [*SAID]
    said[100] = Said(100, said[100].at_ms, -1, "notice", "")
    change = {"exhibit": BEN.exhibit, "start": 100_000, "event": "removed", "member": "Benny Marsh"}
    out = replace(BEN, drops=frozenset(range(101, 180)))
    outcome = together(said, ANA, out, CY, beside=Beside(memberships=[change]))
    (row,) = [row for row in outcome.window(BEN) if row["reason"] == "left"]
    assert (row["since_position"], row["until_position"]) == (101, 180)
    assert row["start"] == 100_000


def test_what_stood_between_two_files_of_one_export_is_asked_of_nobody() -> None:
    kept = replace(BEN, drops=frozenset(range(150, 170)))
    assert together(SAID, ANA, kept, CY).missing(BEN)
    outcome = together(SAID, ANA, replace(kept, second_file=170), CY)
    assert stretches(outcome, BEN, "between-files") == [(150, 170)]
    assert not outcome.missing(BEN)


def test_files_that_are_lacking_one_after_another_are_a_setting() -> None:
    files = [one.number for one in SAID[50:350] if one.kind == "media"]
    lacked = frozenset(files[2:14])
    outcome = together(SAID, ANA, replace(BEN, drops=lacked), CY)
    assert not outcome.missing(BEN)
    (row,) = [row for row in outcome.window(BEN) if row["only"] == "media"]
    assert (row["reason"], row["inside"]) == ("media-only", False)
    assert row["since_position"] <= files[2]
    assert row["until_position"] > files[13]


def test_files_that_are_lacking_with_all_around_them_are_missing() -> None:
    lacked = frozenset(range(100, 260))
    outcome = together(SAID, ANA, replace(BEN, drops=lacked), CY)
    assert not [row for row in outcome.window(BEN) if row["only"] == "media"]
    assert len(outcome.missing(BEN)) > 140


def test_what_is_kept_of_a_cleared_chat_is_not_its_beginning() -> None:
    said = chat(900)
    kept = next(one.number for one in said[20:] if one.kind == "text" and len(one.text) > 12)
    cleared = replace(BEN, drops=frozenset(range(500)) - {kept})
    outcome = together(said, ANA, cleared, CY)
    assert not outcome.missing(BEN)
    reasons = [row["reason"] for row in outcome.window(BEN)]
    assert reasons.count("cleared") >= 1


def test_a_text_export_of_as_many_messages_as_a_limit_leaves_was_cut() -> None:
    said = chat(10_200, pace_ms=MINUTE)
    cut = replace(CY, first=200)
    outcome = together(said, ANA, cut)
    assert stretches(outcome, cut, "limit") == [(0, 200)]


def test_where_a_clock_was_set_nothing_is_asked() -> None:
    outcome = together(SAID, ANA, replace(BEN, steps=((200, HOUR),)), CY)
    assert stretches(outcome, BEN, "clock-set")


def test_a_given_window_takes_the_place_of_what_was_found() -> None:
    lacked = replace(BEN, first=100, drops=frozenset(range(200, 220)))
    found = together(SAID, ANA, lacked, CY)
    assert found.missing(BEN) <= set(range(200, 220))
    copy, since, until = source(BEN).copy, SAID[50].at_ms, SAID[210].at_ms - MINUTE
    given = (GivenWindow(copy, since, until),)
    outcome = together(SAID, ANA, lacked, CY, beside=Beside(windows=given))
    told = outcome.missing(BEN)
    assert {one.number for one in SAID[55:95] if one.kind != "notice"} <= told
    assert not told & set(range(210, 400))
    reasons = {(row["reason"], row["inside"]) for row in outcome.window(BEN)}
    assert reasons == {("given", True), ("given", False)}


def test_a_given_window_without_bounds_is_the_whole_conversation() -> None:
    short = replace(BEN, first=100)
    given = (GivenWindow(source(BEN).copy),)
    outcome = together(SAID, ANA, short, CY, beside=Beside(windows=given))
    assert outcome.missing(BEN) == {one.number for one in SAID[:100] if one.kind != "notice"}
