"""Which word on a doubt stands, and what a settled doubt looks like."""

from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.intake.settlement import (
    AS_READ,
    OPEN,
    Settled,
    choices,
    decided,
    idle,
    settle,
    settleable,
    standing,
)

WHY = "Ana Okoro, 2026-03-02: the phone's settings say so"


def doubt(start: int = 0, code: str = "date-order", severity: Severity = Severity.DOUBT) -> Problem:
    what = "dates can be day/month/year or month/day/year"
    return Problem(Span("e" * 64, start, start), "whatsapp-text/1", code, what, severity)


def word(decision: str, start: int | None = None, code: str = "date-order") -> Settled:
    return Settled(code, decision, start, WHY)


def test_a_settled_doubt_is_a_note_that_keeps_what_was_in_doubt() -> None:
    (note,) = settle([doubt()], [word("month/day/year")])
    assert note.severity is Severity.NOTE
    assert note.what == f"settled as month/day/year; what was in doubt: {doubt().what}"


def test_other_doubts_stay_as_they_are() -> None:
    others = [doubt(7), doubt(code="half-day")]
    assert list(settle(others, [word(AS_READ, 0)])) == others


def test_lost_bytes_cannot_be_settled() -> None:
    lost = doubt(severity=Severity.LOSS)
    assert list(settle([lost], [word(AS_READ)])) == [lost]


def test_the_last_word_stands_and_a_doubt_can_be_opened_again() -> None:
    first, second = word("day/month/year"), word("month/day/year", 0)
    assert standing([first, second], "date-order", 0) == second
    assert standing([first, second], "date-order", 5) == first
    assert standing([first, second, word(OPEN)], "date-order", 0) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([AS_READ, OPEN, "body"]), st.none() | st.integers(0, 3))))
def test_what_stands_at_a_byte_is_the_last_word_that_covers_it(
    words: list[tuple[str, int | None]],
) -> None:
    settled = [word(decision, start, "header-in-body") for decision, start in words]
    covering = [one for one in settled if one.start in {None, 2}]
    last = covering[-1] if covering else None
    expected = None if last is None or last.decision == OPEN else last
    assert standing(settled, "header-in-body", 2) == expected


def test_the_bytes_of_one_decision_are_given_as_it_stands() -> None:
    words = [word("body", 3, "header-in-body"), word("body", 9, "header-in-body")]
    assert decided(words, "header-in-body", "body") == {3, 9}
    assert decided([*words, word("message", 3, "header-in-body")], "header-in-body", "body") == {9}
    assert decided(words, "header-in-body", "message") == frozenset()


def test_only_the_readings_a_doubt_names_can_be_chosen() -> None:
    assert choices("date-order", doubt().what) == ("day/month/year", "month/day/year", AS_READ)
    assert choices("header-in-body", "any words") == ("message", "body", AS_READ)
    assert choices("time-runs-back", "any words") == (AS_READ,)


def test_doubts_can_be_settled_and_notes_only_where_another_reading_is_possible() -> None:
    assert settleable("doubt", "time-runs-back", "x")
    assert not settleable("note", "envelope", "x")
    assert settleable("note", "zone-assumed", "x")
    assert settleable("note", "time-runs-back", "settled as as-read; what was in doubt: x")
    assert settleable("note", "date-order", doubt().what)
    assert not settleable("loss", "no-head", "x")


def test_a_settlement_without_its_doubt_is_idle() -> None:
    met = frozenset({("date-order", 0)})
    at_another = word(AS_READ, 5)
    assert idle([word(AS_READ), word(AS_READ, 0), at_another], met) == [at_another]
    assert idle([word(AS_READ, None, "half-day")], met) == [word(AS_READ, None, "half-day")]
    assert idle([at_another, word(OPEN, 5)], met) == []
