"""The numbers of a case file."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.cases.builders import ALLEGED, ASKED, CREW, WARNED, case_file
from witnessbox.cases.casefile import fold
from witnessbox.cases.model import Outcome, Register, Response, Stage, Status, Subject
from witnessbox.cases.statistics import OutcomeCount, RecommendationCounts, statistics
from witnessbox.cases.vocabulary import outcome_kinds


def outcome(subject: str, kind: str, number: int | None = None) -> Outcome:
    return Outcome(f"{subject}-{kind}-{number}", kind, subject, number=number)


def test_allegations_investigations_people_and_appearances_are_counted_apart() -> None:
    more = (
        replace(ALLEGED, id="a2", subjects=("a", "b"), investigations=("i1", "i2")),
        replace(ALLEGED, id="a3", subjects=(), status=Status.NOT_PROVEN),
    )
    numbers = statistics(case_file(*more, CREW))
    assert (numbers.investigations, numbers.people, numbers.allegations) == (2, 7, 3)
    assert numbers.appearances == 4
    assert [(one.status, one.allegations) for one in numbers.by_status] == [
        (Status.OPEN, 2),
        (Status.NOT_PROVEN, 1),
    ]
    assert numbers.by_status[1].words == "alleged, not proven"


def test_a_person_is_counted_once_under_their_gravest_final_result() -> None:
    more = (
        outcome("a", "dismissed"),
        outcome("a", "no-further-action"),
        replace(outcome("b", "dismissed"), stage=Stage.OPINION),
        outcome("b", "final-written-warning"),
    )
    numbers = statistics(case_file(*more))
    assert [(one.title, one.people) for one in numbers.results.counts] == [
        ("dismissed", 1),
        ("final written warning", 1),
    ]
    assert numbers.results.in_words == "2 − 1 − 1 = 0 not stated"


def test_people_of_whom_nothing_is_stated_are_counted_as_such() -> None:
    numbers = statistics(case_file())
    assert numbers.results.in_words == "2 − 1 = 1 not stated"
    assert numbers.service.in_words == "2 = 2 not stated"
    assert (numbers.results.stated, numbers.results.unstated) == (1, 1)


def test_a_result_that_is_not_published_is_not_stated() -> None:
    numbers = statistics(case_file(outcome("b", "not-published")))
    assert numbers.results.unstated == 1


def test_numbers_without_a_number_are_said_and_not_added() -> None:
    several = replace(outcome("crew", "disciplined"), wording="several", sources=("page",))
    numbers = statistics(
        case_file(CREW, outcome("crew", "dismissed", 2), several, outcome("crew", "retired"))
    )
    assert numbers.results.in_words == (
        "7 − 2 − 1 = 4 not stated (some, no number published: retired; "
        "several: disciplined, in a way that is not published)"
    )
    assert OutcomeCount(
        "disciplined", "disciplined, in a way that is not published", None, "several", ("page",)
    ) in (numbers.outcomes)


def test_registers_are_counted_apart() -> None:
    more = (
        CREW,
        replace(outcome("crew", "dismissed", 2), register=Register.BARRED),
        outcome("crew", "dismissed", 1),
        replace(outcome("crew", "resigned", 1), register=Register.ADVISORY),
    )
    titles = {one.title: one.people for one in statistics(case_file(*more)).service.counts}
    assert titles == {
        "dismissed": 1,
        "dismissed and barred": 2,
        "resigned and on the advisory list": 1,
    }


def test_one_who_is_dismissed_twice_is_counted_once_and_as_barred() -> None:
    more = (
        outcome("a", "dismissed"),
        replace(outcome("a", "dismissed"), id="again", register=Register.BARRED),
    )
    counts = statistics(case_file(*more)).results.counts
    assert [(one.title, one.people) for one in counts] == [("dismissed and barred", 1)]


def test_sources_of_one_count_are_joined() -> None:
    more = (
        replace(WARNED, sources=("page",)),
        replace(WARNED, id="o2", subject="b", sources=("letter", "page")),
    )
    (count,) = statistics(case_file(*more)).results.counts
    assert (count.people, count.sources) == (2, ("page", "letter"))


def test_recommendations_are_counted_by_what_is_known_of_them() -> None:
    more = (
        replace(ASKED, answered="2023-06", response=Response.ACCEPTED, delivered="2024"),
        replace(ASKED, id="r2", number=None, count=3, subject="", answered="2023"),
    )
    numbers = statistics(case_file(*more)).recommendations
    assert numbers == RecommendationCounts(4, with_subject=1, answered=4, accepted=1, delivered=1)
    assert numbers.without_subject == 3


def test_disputed_facts_and_what_is_not_published_are_carried_along() -> None:
    numbers = statistics(case_file())
    assert [fact.id for fact in numbers.disputed] == ["origin"]
    assert numbers.not_published == ("hearing dates",)


def test_an_empty_case_file_has_numbers_too() -> None:
    numbers = statistics(fold(()))
    assert (numbers.people, numbers.outcomes, numbers.not_published) == (0, (), ())
    assert numbers.results.in_words == "0 = 0 not stated"


_KINDS = [kind.id for kind in outcome_kinds()]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(_KINDS)), max_size=20))
def test_whatever_is_entered_the_sum_makes_all_people(said: list[tuple[str, str]]) -> None:
    people = [Subject(name, name.upper()) for name in "abcde"]
    outcomes = [
        replace(outcome(name, kind), id=str(number)) for number, (name, kind) in enumerate(said)
    ]
    numbers = statistics(fold((*people, *outcomes)))
    for check in (numbers.results, numbers.service):
        assert check.stated + check.unstated == check.people == 5
        assert check.unstated >= 0
    asked = {kind.id for kind in outcome_kinds() if kind.result}
    assert numbers.results.stated == len({name for name, kind in said if kind in asked})


def test_outcomes_that_end_service_are_the_gravest() -> None:
    order = list(outcome_kinds())
    ending = [one for one in order if one.result and one.service]
    assert order[: len(ending)] == ending
