import pytest

from witnessbox.reconcile.model import ClockStep, JoinedBy, MatchedBy
from witnessbox.reconcile.why.words import clock, copies_named, led, odds, off_by, piece_at, rule

MOST = "more than a thousand million times"
STEPS = (ClockStep(0, 0), ClockStep(10, 500), ClockStep(20, 900))


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "nothing"),
        (40, "+0.04 s"),
        (-1_192, "−1.2 s"),
        (754_239, "+12 min 34 s"),
        (-3_600_000, "−1 h"),
        (90_000_500, "+1 d 1 h 1 s"),
    ],
)
def test_what_is_added_to_a_clock_is_written_no_finer_than_it_matters(ms: int, words: str) -> None:
    assert off_by(ms) == words


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.0, "as likely if they are one person as if they are two"),
        (1.0, "about 2.0 times likelier if they are one person than if they are two"),
        (10.0, "about 1,000 times likelier if they are one person than if they are two"),
        (-6.6, "about 97 times likelier if they are two people than if they are one"),
        (40.0, f"{MOST} likelier if they are one person than if they are two"),
        (-9_000.0, f"{MOST} likelier if they are two people than if they are one"),
    ],
)
def test_a_weight_is_told_as_how_much_likelier(weight: float, words: str) -> None:
    assert odds(weight) == words


def test_a_clock_says_what_it_adds_how_it_drifts_how_sure_and_on_what() -> None:
    drifting = ClockStep(0, 61_000, ppb=20_000, within_ms=2_000, texts=1)
    assert clock(drifting, 61_000) == (
        "+1 min 1 s added, drifting by +1.7 s a day, sure within 2 s, on 1 text"
    )
    assert clock(ClockStep(0, 0), 0) == ("nothing added, on no text that another copy holds too")
    assert clock(ClockStep(0, 0, texts=1_200), 0) == "nothing added, on 1,200 texts"


@pytest.mark.parametrize(("row", "offset"), [(0, 0), (9, 0), (10, 500), (19, 500), (2_000, 900)])
def test_the_piece_in_force_is_the_last_that_began(row: int, offset: int) -> None:
    found = piece_at(STEPS, row)
    assert found is not None
    assert found.offset_ms == offset


def test_without_a_clock_no_piece_is_in_force() -> None:
    assert piece_at((), 5) is None


def test_every_rule_has_words_of_its_own() -> None:
    said = {rule(one, "text") for one in MatchedBy} | {rule(MatchedBy.KIND, "notice")}
    assert len(said) == len(MatchedBy) + 1
    assert len({led(one) for one in JoinedBy}) == len(JoinedBy)


def test_copies_are_named_by_their_numbers() -> None:
    assert copies_named([2]) == "copy 2"
    assert copies_named([3, 1]) == "copies 1, 3"
