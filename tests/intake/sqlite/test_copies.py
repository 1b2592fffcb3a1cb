"""Copies of pages are told apart in little memory, however many there are."""

import tracemalloc
from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.sqlite.made import image
from witnessbox.intake.sqlite.copies import Copies
from witnessbox.intake.sqlite.image import Frames, Image

LAST_PAGE = (1 << 32) - 1
PAGES = st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 9, LAST_PAGE]), max_size=6), max_size=6)


def noted(several: list[list[int]]) -> Copies:
    copies = Copies()
    for pages in several:
        copies.add(np.array(pages, np.int64))
    return copies


@given(PAGES)
def test_the_first_and_the_last_copy_of_each_page_are_found(several: list[list[int]]) -> None:
    met = [(page, nth) for nth, page in enumerate([*chain(*several)]) if page]
    for found, expected in (
        (noted(several).last(), dict(met)),
        (noted(several).first(), dict(reversed(met))),
    ):
        assert dict(zip(*(one.tolist() for one in found), strict=True)) == expected
        assert found[0].tolist() == sorted(expected)
    assert noted(several).count == len([*chain(*several)])


@given(PAGES, st.lists(st.sampled_from([0, 1, 4, LAST_PAGE])))
def test_a_page_that_was_met_before_is_known(several: list[list[int]], asked: list[int]) -> None:
    met = {page for page in [*chain(*several)] if page}
    known = noted(several).any_of(np.array(asked, np.int64))
    assert known == (not met.isdisjoint(asked))


def test_a_copy_takes_few_bytes_while_it_is_told_apart() -> None:
    count, together = 1 << 18, 1 << 8
    tracemalloc.start()
    copies = Copies()
    for first in range(0, count, together):
        copies.add(np.arange(count - first, count - first - together, -1))
    pages, nth = copies.last()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pages) == len(nth) == count
    assert peak < 36 * count


def test_a_page_of_a_great_number_is_one_page_among_those_that_are_there() -> None:
    main = image(b"SQLite format 3\0" + bytes([2, 0, 1, 1, 0, 64, 32, 32]) + bytes(1000))
    frames = Frames(np.array([1, LAST_PAGE]), np.array([56, 592]))
    found = Image(main.header, main.main, np.zeros(2000, np.uint8), frames)
    assert [found.nth(number) for number in (0, 1, 2, 3, LAST_PAGE)] == [None, 0, 1, None, 3]
