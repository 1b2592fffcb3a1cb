"""What stands of reviewers' decisions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.evidence.model import Span
from witnessbox.review.coding import (
    Coding,
    Decision,
    ReviewError,
    Standing,
    Withdrawal,
    disputed,
    standing,
)

SPANS = [Span("a" * 64, start, start + 10) for start in (0, 10, 20)] + [Span("b" * 64, 0, 10)]
# The last place shows the message of the first; the third is in no message.
MESSAGES = {
    (SPANS[0].exhibit, 0): "m1",
    (SPANS[1].exhibit, 10): "m2",
    (SPANS[3].exhibit, 0): "m1",
}


def coding(span: int = 0, reviewer: str = "ana", *categories: str, severity: int = 0) -> Coding:
    return Coding("", SPANS[span], reviewer, categories, severity)


def withdrawal(span: int = 0, reviewer: str = "ana") -> Withdrawal:
    return Withdrawal("", SPANS[span], reviewer)


def by_reviewer(words: Standing, message: str) -> dict[str, tuple[str, ...]]:
    return {one.reviewer: one.categories for one in words.of(message)}


def test_the_last_word_of_each_reviewer_stands() -> None:
    words = standing(
        [coding(0, "ana", "racism"), coding(0, "bo", "ableism"), coding(0, "ana")], MESSAGES
    )
    assert by_reviewer(words, "m1") == {"ana": (), "bo": ("ableism",)}


def test_a_coding_of_another_copy_is_about_the_same_message() -> None:
    words = standing([coding(0, "ana", "racism"), coding(3, "ana", "ableism")], MESSAGES)
    assert by_reviewer(words, "m1") == {"ana": ("ableism",)}
    assert words.word("m1", "ana") == replace(coding(3, "ana", "ableism"), message="m1")


def test_a_coding_follows_its_bytes_into_a_new_message() -> None:
    later = {(SPANS[0].exhibit, 0): "m7"}
    words = standing([coding(0, "ana", "racism")], later)
    assert by_reviewer(words, "m7") == {"ana": ("racism",)}
    assert words.of("m1") == ()


def test_a_coding_whose_bytes_are_in_no_message_is_kept_apart() -> None:
    words = standing([coding(2, "ana", "racism"), coding(2, "bo"), withdrawal(2, "bo")], MESSAGES)
    assert words.codings == ()
    assert words.unplaced == (coding(2, "ana", "racism"),)


def test_a_withdrawn_coding_does_not_stand_and_may_be_made_again() -> None:
    steps: list[Decision] = [coding(0, "ana", "racism"), withdrawal(3, "ana")]
    assert standing(steps, MESSAGES).word("m1", "ana") is None
    assert standing([*steps, coding()], MESSAGES).messages() == {"m1"}


def test_withdrawing_what_was_never_said_changes_nothing() -> None:
    assert standing([coding(0, "bo"), withdrawal()], MESSAGES).messages("bo") == {"m1"}


def test_messages_read_are_told_by_reviewer() -> None:
    words = standing([coding(0, "ana"), coding(1, "bo")], MESSAGES)
    assert words.messages() == {"m1", "m2"}
    assert words.messages("ana") == {"m1"}


@pytest.mark.parametrize(
    "other",
    [
        coding(0, "bo", "racism", severity=2),
        coding(0, "bo", "ableism", severity=1),
        replace(coding(0, "bo", "racism", severity=1), banter=True),
        coding(0, "bo"),
    ],
)
def test_reviewers_who_differ_are_noticed(other: Coding) -> None:
    assert disputed(standing([coding(0, "ana", "racism", severity=1), other], MESSAGES)) == ("m1",)


def test_a_note_or_the_order_of_categories_is_no_difference() -> None:
    ana = replace(coding(0, "ana", "racism", "ableism"), note="twice")
    words = standing([ana, coding(0, "bo", "ableism", "racism")], MESSAGES)
    assert disputed(words) == ()


def test_a_repetition_says_nothing_new_but_another_note_does() -> None:
    said = coding(0, "ana", "racism", "ableism")
    assert coding(3, "ana", "ableism", "racism").repeats(said)
    assert not replace(said, note="seen again").repeats(said)
    assert not replace(said, reviewer="bo").repeats(said)


def test_only_a_coding_with_a_category_is_relevant() -> None:
    assert coding(0, "ana", "racism").relevant
    assert not coding().relevant


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reviewer": " "}, "needs its reviewer"),
        ({"severity": 5, "categories": ("racism",)}, "severity is 0 to 4, not 5"),
        ({"severity": -1}, "severity is 0 to 4, not -1"),
        ({"severity": 2}, "needs a category"),
        ({"categories": ("racism", "racism")}, "named twice"),
    ],
)
def test_a_coding_that_makes_no_sense_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ReviewError, match=says):
        replace(coding(), **changes)  # type: ignore[arg-type]


decisions = st.lists(
    st.one_of(
        st.builds(
            coding,
            st.integers(0, 3),
            st.sampled_from(["ana", "bo", "cy"]),
            st.sampled_from(["racism", "ableism", "misogyny"]),
        ),
        st.builds(withdrawal, st.integers(0, 3), st.sampled_from(["ana", "bo", "cy"])),
    ),
    max_size=20,
)


@given(decisions)
def test_what_stands_is_what_each_reviewer_said_last(said: list[Decision]) -> None:
    words = standing(said, MESSAGES)
    for message in ("m1", "m2"):
        for reviewer in ("ana", "bo", "cy"):
            about = [
                one
                for one in said
                if MESSAGES.get(one.place) == message and one.reviewer == reviewer
            ]
            last = about[-1] if about else None
            found = words.word(message, reviewer)
            if isinstance(last, Coding):
                assert found == replace(last, message=message)
            else:
                assert found is None


@given(decisions)
def test_saying_what_stands_again_changes_nothing(said: list[Decision]) -> None:
    words = standing(said, MESSAGES)
    assert standing([*said, *words.codings, *words.unplaced], MESSAGES) == words


@given(decisions, st.randoms(use_true_random=False))
def test_only_the_order_within_one_reviewer_counts(said: list[Decision], chance: object) -> None:
    by_person = {
        name: [one for one in said if one.reviewer == name] for name in ("ana", "bo", "cy")
    }
    names = [one.reviewer for one in said]
    chance.shuffle(names)  # type: ignore[attr-defined]
    mixed = [by_person[name].pop(0) for name in names]
    assert standing(mixed, MESSAGES) == standing(said, MESSAGES)


@given(decisions)
def test_no_decision_is_lost_from_sight(said: list[Decision]) -> None:
    words = standing(said, MESSAGES)
    assert {one.message for one in words.codings} <= {"m1", "m2"}
    assert {one.place for one in words.unplaced} <= {(SPANS[2].exhibit, 20)}
