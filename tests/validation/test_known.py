"""Known data show every element, and the same seed makes the same bytes."""

import unicodedata

import pytest

from witnessbox.intake.sqlite.image import MAGIC
from witnessbox.validation.known import ELEMENTS, talks
from witnessbox.validation.writers import WRITERS, Writer

EVERY = [
    pytest.param(write, id=f"{name} {write.__name__}")
    for name, ways in WRITERS.items()
    for write in ways
]


def test_every_element_is_shown_by_somebody() -> None:
    shown = {known.element for talk in talks() for known in talk.said}
    assert shown == {element.code for element in ELEMENTS}


def test_each_element_belongs_to_one_conversation() -> None:
    about = [code for talk in talks() for code in talk.elements]
    assert sorted(about) == sorted(element.code for element in ELEMENTS)


def test_one_seed_makes_one_set_and_another_makes_another() -> None:
    assert talks(7) == talks(7)
    assert talks(7) != talks(8)


def test_a_thousand_people_have_a_thousand_names() -> None:
    (crowd,) = (talk for talk in talks() if "people-1000" in talk.elements)
    assert len(set(crowd.people)) == 1000
    assert {known.sender for known in crowd.said} == set(crowd.people)


def test_the_texts_hold_what_their_elements_promise() -> None:
    said = {known.element: known.text for known in talks()[0].said if known.element != "plain"}
    assert len(said["long"]) == 60_000
    assert "\u200d" in said["zwj"]
    assert {"\u2028", "\u2029", "\x85"} <= set(said["separators"])
    assert any(unicodedata.bidirectional(letter) == "AL" for letter in said["rtl"])
    assert unicodedata.normalize("NFC", said["combining"]) != said["combining"]
    assert max(map(ord, said["astral"])) > 0xFFFF


@pytest.mark.parametrize("write", EVERY)
def test_a_writer_writes_or_declares_every_element(write: Writer) -> None:
    for talk in talks():
        data_set = write(talk)
        written = {record.element for record in data_set.records}
        declared = {code for code, _ in data_set.unsupported}
        assert not written & declared
        assert written | declared == set(talk.elements) | written
        assert set(talk.elements) <= written | declared


@pytest.mark.parametrize("write", EVERY)
def test_a_writers_records_stand_in_order_and_do_not_overlap(write: Writer) -> None:
    for talk in talks():
        data_set = write(talk)
        ends = [0, *(record.end for record in data_set.records)]
        starts = [*(record.start for record in data_set.records), len(data_set.data)]
        assert all(end <= start for end, start in zip(ends, starts, strict=True))


@pytest.mark.parametrize("write", EVERY)
def test_what_stands_around_a_writers_records_says_nothing_of_them(write: Writer) -> None:
    data_set = write(talks()[0])
    around, reached = b"", 0
    for record in data_set.records:
        around += data_set.data[reached : record.start]
        reached = record.end
    around += data_set.data[reached:]
    assert b"kettle is on" in data_set.data
    assert b"kettle is on" not in around
    if not data_set.data.startswith(MAGIC):  # a database has indexes and empty pages besides
        assert len(around) < len(data_set.data) / 4


@pytest.mark.parametrize("write", EVERY)
def test_the_same_talk_makes_the_same_file(write: Writer) -> None:
    assert write(talks(7)[0]) == write(talks(7)[0])


def test_the_ways_of_one_format_have_names_that_tell_them_apart() -> None:
    for ways in WRITERS.values():
        named = [write(talks()[1]).way for write in ways]
        assert len(set(named)) == len(named)
        assert all(named) or len(named) == 1
