"""The words of cases."""

from dataclasses import replace

import pytest

from tests.cases.builders import (
    ALLEGED,
    ASKED,
    BEGAN,
    CREW,
    FIRST,
    FOUND,
    MATTER,
    OFFICER,
    PAGE,
    RULE,
    WARNED,
)
from witnessbox.cases.model import CaseError, Fact, Record, Role, Statement, Status, stated

EVERY: tuple[Record, ...] = (
    MATTER,
    PAGE,
    RULE,
    FIRST,
    OFFICER,
    ALLEGED,
    FOUND,
    WARNED,
    ASKED,
    BEGAN,
)


@pytest.mark.parametrize("record", EVERY, ids=lambda record: type(record).__name__)
def test_every_record_needs_an_id(record: Record) -> None:
    with pytest.raises(CaseError, match="without an id"):
        replace(record, id=" ")


@pytest.mark.parametrize("day", ["2018", "2018-03", "2018-03-14"])
def test_a_date_may_be_known_in_part(day: str) -> None:
    assert replace(PAGE, published=day).published == day


@pytest.mark.parametrize(
    "day", ["", "March 2018", "2018-13", "2018-03-32", "2018-3", "18", "2018-"]
)
def test_what_is_no_date_is_refused(day: str) -> None:
    with pytest.raises(CaseError, match=r"source 'page': .* is no date"):
        replace(PAGE, published=day)


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (MATTER, "conduct_until"),
        (FIRST, "closed"),
        (ALLEGED, "raised"),
        (FOUND, "made"),
        (WARNED, "dated"),
        (ASKED, "delivered"),
        (Role("constable"), "until"),
    ],
)
def test_every_date_is_checked(record: Record, key: str) -> None:
    changes = {key: "soon"}
    with pytest.raises(CaseError, match="'soon' is no date"):
        replace(record, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "status", [status for status in Status if status is not Status.PROVEN], ids=str
)
def test_an_allegation_that_is_not_proven_is_never_stated_as_a_fact(status: Status) -> None:
    words = stated(replace(ALLEGED, status=status))
    assert words.startswith("Mocked a colleague (alleged")
    assert "proven" not in words or "not proven" in words


def test_a_proven_allegation_says_so() -> None:
    assert stated(replace(ALLEGED, status=Status.PROVEN)) == "Mocked a colleague (found proven)"


def test_a_statement_has_a_source_or_is_ours_and_not_both() -> None:
    assert Statement("14", ours=True).source == ""
    for source, ours in (("", False), ("page", True)):
        with pytest.raises(CaseError, match="needs a source, or 'ours = true'"):
            Statement("14", source=source, ours=ours)


def test_a_fact_is_disputed_only_where_answers_differ() -> None:
    march = Statement("March", source="page")
    assert BEGAN.disputed
    assert not Fact("f", "When?", (march, replace(march, source="letter"))).disputed


@pytest.mark.parametrize(
    ("record", "changes", "says"),
    [
        (CREW, {"people": 0}, "subject 'crew': people is how many"),
        (WARNED, {"number": 0}, "outcome 'o1': number is for how many"),
        (ASKED, {"count": 0}, "recommendation 'r1': count is how many"),
        (ASKED, {"count": 2}, "a number names one recommendation, not 2"),
        (BEGAN, {"statements": ()}, "fact 'origin': it needs at least one statement"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    record: Record, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(CaseError, match=says):
        replace(record, **changes)  # type: ignore[arg-type]
