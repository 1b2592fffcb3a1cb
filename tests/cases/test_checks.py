"""What must hold between the records of a case file."""

from dataclasses import replace

import pytest

from tests.cases.builders import (
    ALLEGED,
    BEGAN,
    CREW,
    FIRST,
    FOUND,
    WARNED,
    case_file,
)
from witnessbox.cases.casefile import Strike
from witnessbox.cases.checks import breaches
from witnessbox.cases.model import Finding, Outcome, Record, Stage, Statement, Status

PROVEN = replace(ALLEGED, status=Status.PROVEN)


def test_the_small_case_file_holds() -> None:
    assert breaches(case_file()) == ()


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (replace(FIRST, sources=("x",)), "investigation 'i1', key 'sources': there is no source"),
        (replace(ALLEGED, subjects=("x",)), "allegation 'a1', key 'subjects': there is no subject"),
        (replace(ALLEGED, investigations=("x",)), "key 'investigations': there is no investig"),
        (replace(ALLEGED, standards=("x",)), "key 'standards': there is no standard 'x'"),
        (replace(ALLEGED, grew_from="x"), "key 'grew_from': there is no allegation 'x'"),
        (replace(FOUND, allegation="x"), "assessment 'f1', key 'allegation': there is no all"),
        (replace(FOUND, subject="x"), "assessment 'f1', key 'subject': there is no subject 'x'"),
        (replace(WARNED, subject="x"), "outcome 'o1', key 'subject': there is no subject 'x'"),
        (replace(BEGAN, investigation="x"), "fact 'origin', key 'investigation': there is no inv"),
        (
            replace(BEGAN, statements=(Statement("May", source="x"),)),
            "fact 'origin', key 'statements': there is no source 'x'",
        ),
        (replace(WARNED, kind="scolded"), "outcome 'o1', key 'kind': there is no outcome 'scolded"),
        (replace(WARNED, number=2), "outcome 'o1', key 'number': subject 'a' is one person"),
        (
            replace(PROVEN, id="a2"),
            "allegation 'a2', key 'status': it is proven only with a final assessment",
        ),
    ],
)
def test_a_breach_names_table_id_and_key(record: Record, says: str) -> None:
    (breach,) = breaches(case_file(record))
    assert says in breach


def test_one_person_may_be_counted_as_one() -> None:
    assert breaches(case_file(replace(WARNED, number=1))) == ()


def test_our_own_reading_needs_no_source() -> None:
    ours = replace(BEGAN, statements=(Statement("May", ours=True),))
    assert breaches(case_file(ours)) == ()


@pytest.mark.parametrize(
    "assessment",
    [replace(FOUND, stage=Stage.OPINION), replace(FOUND, finding=Finding.NOT_PROVEN)],
    ids=["only an opinion", "another finding"],
)
def test_nothing_less_than_a_final_finding_proves_an_allegation(assessment: Record) -> None:
    assert breaches(case_file(PROVEN)) == ()
    (breach,) = breaches(case_file(PROVEN, assessment))
    assert breach.startswith("allegation 'a1', key 'status'")


def test_striking_what_others_name_is_a_breach() -> None:
    found = breaches(case_file(Strike("subject", "a")))
    assert [breach.partition(",")[0] for breach in found] == [
        "allegation 'a1'",
        "assessment 'f1'",
        "outcome 'o1'",
    ]


def crewed(kind: str, number: int | None, stage: Stage = Stage.FINAL) -> Outcome:
    return Outcome(f"{kind}-{number}-{stage}", kind, "crew", number=number, stage=stage)


def test_outcomes_of_several_people_may_not_exceed_them() -> None:
    fits = (CREW, crewed("dismissed", 2), crewed("resigned", 3), crewed("disciplined", None))
    assert breaches(case_file(*fits)) == ()
    results, service = breaches(case_file(*fits, crewed("retired", 1)))
    assert "its outcomes give results for 6 people, but it stands for 5" in results
    assert "words on service for 6 people" in service


def test_what_is_only_recommended_or_of_another_subject_is_not_added_up() -> None:
    more = (CREW, crewed("dismissed", 5), crewed("dismissed", 5, Stage.OPINION))
    assert breaches(case_file(*more)) == ()
