"""The code-book that ships with us."""

import pytest

from witnessbox.evidence.model import Span
from witnessbox.review.codebook import read, shipped
from witnessbox.review.coding import GRAVEST, Coding, ReviewError
from witnessbox.screening.model import Category

SCREENED = {str(category) for category in Category if category is not Category.ABUSE}
SMALL = """
[[severity]]
level = 0
title = "None"
definition = "Nothing."
[[characteristic]]
id = "sex"
title = "Sex"
[[behaviour]]
id = "derogation"
title = "Derogation"
[[category]]
id = "misogyny"
title = "Misogyny"
behaviour = "derogation"
characteristics = ["sex"]
definition = "Demeans."
"""


def coded(*categories: str) -> Coding:
    return Coding("m1", Span("a" * 64, 0, 1), "ana", categories)


def test_every_screening_category_can_be_coded() -> None:
    assert len(SCREENED) >= 9
    shipped().check(coded(*sorted(SCREENED)))


def test_every_severity_is_defined_once() -> None:
    assert [level.level for level in shipped().severity] == list(range(GRAVEST + 1))
    assert all(level.title and level.definition for level in shipped().severity)


def test_ids_are_unique_and_every_category_is_defined() -> None:
    book = shipped()
    for terms in (book.category, book.behaviour, book.characteristic):
        ids = [term.id for term in terms]
        assert len(set(ids)) == len(ids)
    assert all(category.definition for category in book.category)


def test_the_characteristic_is_kept_apart_from_the_behaviour() -> None:
    racism = shipped().find("racism")
    threat = shipped().find("bullying-threat")
    assert racism is not None
    assert threat is not None
    assert (racism.behaviour, racism.characteristics) == ("derogation", ("race",))
    assert (threat.behaviour, threat.characteristics) == ("violence", ())


def test_a_category_the_code_book_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(ReviewError, match=r"no category 'rudeness'; use one of: racism"):
        shipped().check(coded("racism", "rudeness"))


def test_a_category_is_shown_by_its_title_and_an_unknown_one_by_its_id() -> None:
    assert shipped().title("misogyny") == "Misogyny and sexism"
    assert shipped().title("old-category") == "old-category"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[category]", "cannot be read"),
        (SMALL.replace('title = "Sex"', ""), "cannot be read"),
        (SMALL.replace('behaviour = "derogation"', 'behaviour = "x"'), "names x"),
        (SMALL.replace('["sex"]', '["sex", "y"]'), "names y"),
    ],
)
def test_a_code_book_that_does_not_hold_together_is_refused(text: str, says: str) -> None:
    with pytest.raises(ReviewError, match=says):
        read(text)


def test_a_code_book_of_ones_own_is_read() -> None:
    assert read(SMALL).title("misogyny") == "Misogyny"
