"""Notices of timers, in every form, and what a timer accounts for."""

from dataclasses import replace

import numpy as np
import pytest

from tests.reconcile.chats import Phone, Said, chat
from tests.reconcile.outcomes import Outcome, together
from witnessbox.reconcile.timers import Setting, gone_until, setting

DAY_S = 86_400
WEEK_MS = 7 * DAY_S * 1000
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"))
BEN = Phone("ben", ("A", "B", "C", "D", "E"))
CY = Phone("cy", ("1", "2", "3", "4", "5"))
ON = (
    "Ana turned on disappearing messages. New messages will disappear from this chat 7 days after "
    "they're sent, except when kept."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ON, Setting(on=True, after_s=7 * DAY_S)),
        ("Ana turned off disappearing messages.", Setting(on=False)),
        ("You updated the message timer to 24 hours.", Setting(on=True, after_s=DAY_S)),
        ("Ana turned on disappearing messages", Setting(on=True)),
        ("Ana hat selbstlöschende Nachrichten aktiviert", Setting(on=True)),
        ("Ana hat selbstlöschende Nachrichten deaktiviert", Setting(on=False)),
        ("Ana desactivó los mensajes temporales", Setting(on=False)),
        ("disappearing messages: 0 s → 604800 s", Setting(on=True, after_s=7 * DAY_S)),
        ("disappearing messages: 604800 s → 0 s", Setting(on=False)),
        ("disappearing messages: 60 s", Setting(on=True, after_s=60)),
        ("disappearing messages after 3600 seconds", Setting(on=True, after_s=3600)),
        ("disappearing messages off", Setting(on=False)),
        (
            "+44 7700 900001 (1) turned on disappearing messages, 90 days",
            Setting(on=True, after_s=90 * DAY_S),
        ),
        ("disappearing messages: 999999999999 s", Setting(on=True, after_s=10**9)),
        (f"disappearing messages: {'9' * 5000} s", None),
        ("Ana added Ben", None),
    ],
)
def test_a_notice_of_a_timer_is_read_in_every_form(text: str, expected: Setting | None) -> None:
    assert setting(text) == expected


@pytest.mark.parametrize(
    ("lacking", "gone"),
    [("", 0), ("111000", 3), ("000111", 0), ("111110111111111111000", 18), ("100100", 1)],
)
def test_a_timer_takes_the_oldest_first(lacking: str, gone: int) -> None:
    flags = np.array([one == "1" for one in lacking], bool)
    assert gone_until(flags, np.ones(len(flags), bool)) == gone


def timed(*phones: Phone, off: int | None = None) -> Outcome:
    """Lay copies together of a chat whose messages disappear from the hundredth on."""
    said = chat(300)
    said[100] = Said(100, said[100].at_ms, -1, "notice", ON)
    if off is not None:
        said[off] = Said(off, said[off].at_ms, -1, "notice", "Ana turned off disappearing messages")
    return together(said, *phones)


def test_what_a_timer_took_is_outside_the_window_and_told_as_nothing() -> None:
    gone = frozenset(range(101, 140))
    early = replace(ANA, last=180)
    outcome = timed(early, replace(BEN, drops=gone), replace(CY, drops=gone))
    assert not outcome.missing(BEN) | outcome.missing(CY)
    (stretch,) = [row for row in outcome.window(BEN) if row["reason"] == "timer"]
    assert not stretch["inside"]
    assert stretch["start"] == 100_000
    assert stretch["since_position"] == 101


def test_a_message_that_is_lacking_while_older_ones_are_there_was_not_taken_by_the_timer() -> None:
    said = chat(300)
    lacked = next(one.number for one in said[150:] if one.kind == "text" and len(one.text) > 12)
    outcome = timed(ANA, replace(BEN, drops=frozenset([lacked])), CY)
    (told,) = outcome.told("missing", BEN)
    (timer,) = [one for one in told.explanations if one.code == "timer"]
    assert timer.standing == "unlikely"
    assert "holds older ones" in timer.words


def test_what_another_copy_has_for_longer_was_not_under_the_timer() -> None:
    gone = frozenset(range(101, 110))
    said = chat(300)
    said[100] = Said(100, said[100].at_ms, -1, "notice", ON)
    said[200:] = [replace(one, at_ms=one.at_ms + 2 * WEEK_MS) for one in said[200:]]
    outcome = together(said, ANA, replace(BEN, drops=gone), CY)
    expected = {one.number for one in said[101:110] if one.kind != "notice"}
    assert outcome.missing(BEN) == expected


def test_what_was_sent_after_the_timer_was_off_is_missing() -> None:
    gone = frozenset(range(151, 190))
    outcome = timed(replace(ANA, last=220), replace(BEN, drops=gone), CY, off=150)
    said = chat(300)
    assert outcome.missing(BEN) == {n for n in gone if said[n].kind != "notice"}
    assert not [row for row in outcome.window(BEN) if row["reason"] == "timer"]
