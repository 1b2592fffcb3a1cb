"""Rows that no words match: what joins them, and what keeps them apart."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.reconcile.alignment import (
    CALL,
    DELETED,
    EVENT,
    LOCATION,
    MEDIA,
    NOTICE,
    OWN,
    TEXT,
    Between,
    Rows,
)
from witnessbox.reconcile.leftovers import place

MINUTE, SECOND = 60_000, 1_000
FAR = 100_000
WORDS = (
    "ok",
    "bring the tall ladder to the shed",
    "bring the tall ladder to the shed please",
    "never mind",
    "lantern.jpg bring the tall ladder to the shed",
)


@dataclass(frozen=True)
class Row:
    """One row; times in seconds."""

    copy: int
    second: int
    sort: int = TEXT
    word: int = -1
    person: int = 0
    event: int = -1
    about: int = -1
    poll: bool = False
    edited: bool = False
    unit_ms: int = SECOND
    after: int = -1
    before: int = 100


def placed(*given: Row) -> list[set[int]]:
    """Place rows, none of which words have matched; gives the rows of each message.

    Every copy begins long before and ends long after, with rows that resemble nobody's.
    """
    copies = sorted({row.copy for row in given})
    ends = [Row(copy, at, EVENT, person=50 + copy) for copy in copies for at in (-FAR, FAR)]
    every = [*given, *ends]
    listed = sorted(range(len(every)), key=lambda at: every[at].copy)
    ordered = [every[at] for at in listed]

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([getattr(row, name) for row in ordered], np.int64)

    rows = Rows(
        copy=column("copy"),
        sent_ms=column("second") * 1000,
        unit_ms=column("unit_ms"),
        person=column("person"),
        word=column("word"),
        sort=column("sort"),
        event=column("event"),
        about=column("about"),
        poll=column("poll") == 1,
        edited=column("edited") == 1,
        telling=np.zeros(len(ordered), bool),
        platform_id=np.full(len(ordered), -1, np.int64),
    )
    between = Between(column("after"), column("before"))
    group = place(rows, between, np.full(len(ordered), -1, np.int64), pa.array(WORDS))
    found: dict[int, set[int]] = {}
    for at, message in zip(listed, group.tolist(), strict=True):
        if at < len(given):
            found.setdefault(message, set()).add(at)
    return sorted(found.values(), key=min)


def together(*given: Row) -> bool:
    return len(placed(*given)) == 1


GONE = Row(1, 3, DELETED)
SAID = Row(0, 0, word=1)


@pytest.mark.parametrize("sort", [TEXT, MEDIA, LOCATION, CALL, DELETED])
def test_a_placeholder_stands_for_whatever_its_sender_sent(sort: int) -> None:
    assert together(Row(0, 0, sort), GONE)


@pytest.mark.parametrize(
    "other",
    [
        Row(0, 0, NOTICE, person=-1),
        replace(SAID, person=1),
        replace(SAID, second=200),
        replace(SAID, copy=1),
        replace(SAID, before=5, after=3),
    ],
)
def test_a_placeholder_stands_for_no_notice_nor_what_is_elsewhere(other: Row) -> None:
    assert not together(other, replace(GONE, after=8, before=9))


def test_two_placeholders_are_one_before_either_stands_for_something_else() -> None:
    here, sorry = replace(GONE, copy=0, second=0), Row(1, 1, word=0)
    assert placed(here, sorry, GONE) == [{0, 2}, {1}]


def test_three_copies_placeholder_and_words_are_one() -> None:
    assert together(SAID, GONE, replace(GONE, copy=2, second=9))


@pytest.mark.parametrize("sort", [MEDIA, LOCATION, CALL])
def test_what_has_no_words_is_matched_by_its_sort(sort: int) -> None:
    assert together(Row(0, 0, sort), Row(1, 10, sort))
    assert not together(Row(0, 0, sort), Row(1, 10, sort, person=1))


def test_words_that_go_on_or_resemble_are_one_message() -> None:
    assert together(SAID, replace(SAID, copy=1, word=2))


def test_unlike_words_are_one_message_only_where_one_was_edited() -> None:
    other = Row(1, 5, word=3)
    assert not together(SAID, other)
    assert together(SAID, replace(other, edited=True))
    assert not together(replace(SAID, before=6), replace(other, edited=True, after=6))


def test_what_is_alike_goes_before_what_is_only_edited() -> None:
    edited = Row(1, 0, word=2, edited=True)
    assert placed(Row(0, 0, word=3), replace(SAID, second=9), edited) == [{0}, {1, 2}]


def test_a_caption_by_itself_belongs_to_its_picture() -> None:
    assert together(Row(0, 0, MEDIA, word=4), replace(SAID, copy=1))
    assert not together(Row(0, 0, MEDIA, word=4), Row(1, 0, word=0))


def test_a_poll_without_its_question_is_the_poll_of_that_time() -> None:
    asked = replace(SAID, poll=True)
    assert together(asked, Row(1, 4, poll=True))
    assert not together(SAID, Row(1, 4, poll=True))
    assert not together(asked, Row(1, 4, word=3, poll=True))


def test_a_changed_time_does_not_part_equal_words_in_one_place() -> None:
    moved = replace(SAID, copy=1, second=20_000, after=4, before=6)
    assert together(replace(SAID, after=4, before=6), moved)
    short = replace(moved, word=0)
    assert together(replace(short, copy=0, second=0), short)
    assert not together(replace(short, copy=0, second=0, before=60), short)


def test_a_doubled_hour_parts_no_equal_words() -> None:
    short = Row(0, 0, word=0)
    assert together(short, Row(1, 3600, word=0))
    assert not together(short, Row(1, 1800, word=0))


def notice(copy: int, second: int = 0, event: int = 1, about: int = 7) -> Row:
    return Row(copy, second, NOTICE, person=-1, event=event, about=about)


def test_notices_of_one_event_are_one_however_worded() -> None:
    assert together(notice(0), replace(notice(1, 20), word=0), notice(2, 5, about=-1))


@pytest.mark.parametrize("other", [notice(1, about=8), notice(1, event=2), notice(1, 90, about=-1)])
def test_notices_of_two_events_stay_two(other: Row) -> None:
    assert not together(notice(0), other)


def test_an_event_of_one_person_is_one_even_where_clocks_differ_by_much() -> None:
    assert together(notice(0), notice(1, 30_000))
    assert not together(replace(notice(0), before=3), replace(notice(1, 30_000), after=3))


def test_an_event_before_a_copy_seems_to_begin_is_found_where_its_clock_is_wrong() -> None:
    early, late = notice(0, -FAR), notice(1, 600 - FAR)
    assert together(early, late)


def test_each_phone_keeps_the_notices_it_makes_for_itself() -> None:
    own = Row(0, 0, NOTICE, word=0, person=-1, event=OWN)
    assert not together(own, replace(own, copy=1))


def test_a_notice_in_unknown_words_is_the_one_of_its_time_and_one_without_any_is_none() -> None:
    unknown = Row(0, 0, NOTICE, word=0, person=-1)
    assert together(unknown, notice(1, 10))
    assert together(unknown, replace(unknown, copy=1, word=3))
    assert not together(replace(unknown, word=-1), replace(unknown, copy=1, word=-1))


def test_a_poll_question_and_a_placeholder_do_not_pull_two_messages_into_one() -> None:
    first, second = SAID, Row(2, 0, word=3)
    assert len(placed(first, second, GONE)) == 2


def test_notices_taken_for_one_by_their_time_are_told_apart_by_whom_they_concern() -> None:
    assert placed(notice(0, 0, about=7), notice(0, 1, about=8), notice(1, 0, about=8)) == [
        {0},
        {1, 2},
    ]


rows = st.builds(
    Row,
    copy=st.integers(0, 3),
    second=st.integers(0, 200),
    sort=st.sampled_from([TEXT, TEXT, MEDIA, NOTICE, DELETED, DELETED]),
    word=st.integers(-1, len(WORDS) - 1),
    person=st.integers(0, 1),
    event=st.integers(OWN, 1),
    about=st.integers(-1, 1),
    poll=st.booleans(),
    edited=st.booleans(),
    unit_ms=st.sampled_from([SECOND, MINUTE]),
    after=st.integers(-1, 2),
    before=st.integers(3, 5),
)


@given(st.lists(rows, max_size=10))
def test_no_message_has_two_rows_of_one_copy(some: list[Row]) -> None:
    for message in placed(*some):
        copies = [some[at].copy for at in message]
        assert len(copies) == len(set(copies))


@given(st.lists(rows, max_size=10, unique_by=lambda row: row.second), st.permutations(range(4)))
def test_it_does_not_matter_which_copy_comes_first(some: list[Row], order: list[int]) -> None:
    assert placed(*(replace(row, copy=order[row.copy]) for row in some)) == placed(*some)
