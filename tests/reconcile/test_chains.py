"""Which copies are worth comparing: those that share texts said at like times, or a platform id."""

from dataclasses import replace
from typing import Any

from tests.reconcile.chats import DAWN, MINUTE, SECOND, Phone, Said, chat, rows
from witnessbox.reconcile.chains import HOUR_MS, linked
from witnessbox.reconcile.sketch import Sketch, sketch

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)
BEN = Phone("ben", ("A", "B", "C", "D", "E"), MINUTE)
CY = Phone("cy", ("Anna", "Benny", "Cyrus", "D", "El"), MINUTE)
BLUE = chat(300, seed=1)


def sketched(*copies: tuple[list[Said], Phone]) -> list[Sketch]:
    return [sketch(rows(*copy)) for copy in copies]


def test_copies_of_one_chat_hang_together_whatever_their_clocks_are_off_by() -> None:
    off = replace(BEN, skew_ms=7 * HOUR_MS + 120_000)
    found = linked(sketched((BLUE, ANA), (BLUE, off), (BLUE, CY)))
    assert {place for pair in found for place in pair} == {0, 1, 2}
    assert min(found.values()) > 20


def test_sayings_that_two_chats_share_at_unlike_times_tie_nothing() -> None:
    elsewhere = sorted(
        (replace(one, at_ms=DAWN + one.number * 7_919 % 300 * 5 * HOUR_MS) for one in BLUE),
        key=lambda one: one.at_ms,
    )
    assert linked(sketched((BLUE, ANA), (elsewhere, BEN))) == {}


def test_one_long_text_that_few_hold_is_worth_a_look() -> None:
    forwarded: dict[str, Any] = {
        "kind": "text",
        "text": "who left the van keys on the kettle again",
    }
    one, other = chat(40, seed=3), chat(40, seed=4)
    one[9], other[30] = replace(one[9], **forwarded), replace(other[30], **forwarded)
    assert linked(sketched((one, ANA), (other, BEN))) == {(0, 1): 1}


def test_a_shared_platform_id_ties_what_has_no_words() -> None:
    pictures = [replace(one, kind="media") for one in chat(5)]
    phones = [replace(phone, platform_ids=True) for phone in (ANA, BEN)]
    assert linked(sketched(*((pictures, phone) for phone in phones))) == {(0, 1): 5}


def test_a_single_copy_and_none_are_tied_to_nothing() -> None:
    assert linked([]) == linked(sketched((BLUE, ANA))) == {}
    assert linked(sketched(([], ANA), ([], BEN))) == {}
