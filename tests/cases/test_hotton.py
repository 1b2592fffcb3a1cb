"""The published facts of Operation Hotton: every number with its source, nothing filled in."""

import pytest

from tests.people import ANA, NOON
from witnessbox.cases.casefile import CaseFile
from witnessbox.cases.load import fixture
from witnessbox.cases.model import Mark, Status, stated
from witnessbox.cases.record import state, take
from witnessbox.cases.statistics import CaseStatistics, statistics
from witnessbox.ledger.store import Ledger


@pytest.fixture
def hotton(sqlite_ledger: Ledger) -> CaseFile:
    take(sqlite_ledger, fixture("hotton"), ANA, NOON, "published facts")
    return state(sqlite_ledger)


@pytest.fixture
def numbers(hotton: CaseFile) -> CaseStatistics:
    return statistics(hotton)


def test_it_loads_into_a_fresh_operation_on_either_store(ledger: Ledger) -> None:
    records = fixture("hotton")
    assert take(ledger, records, ANA, NOON).added == len(records)
    assert take(ledger, records, ANA, NOON).added == 0


def test_nine_linked_investigations_and_fourteen_officers(numbers: CaseStatistics) -> None:
    assert (numbers.investigations, numbers.people) == (9, 14)


def test_outcomes_are_stated_exactly_as_far_as_published(numbers: CaseStatistics) -> None:
    assert [(one.title, one.people, one.wording) for one in numbers.outcomes] == [
        ("dismissed and barred", 2, ""),
        ("resigned", 2, ""),
        ("disciplined, in a way that is not published", None, "several others"),
        ("still serving", 9, ""),
        ("contractor in a staff role", 1, ""),
    ]


def test_ten_results_are_not_stated(numbers: CaseStatistics) -> None:
    assert numbers.results.unstated == 10
    assert numbers.results.in_words.startswith("14 − 2 − 2 = 10 not stated (several others: ")


def test_who_still_serves_adds_up_to_fourteen_by_our_arithmetic_alone(
    hotton: CaseFile, numbers: CaseStatistics
) -> None:
    assert numbers.service.in_words == "14 − 2 − 2 − 9 − 1 = 0 not stated"
    (statement,) = next(fact.statements for fact in hotton.facts if fact.id == "sum")
    assert (statement.value, statement.ours) == ("2 + 2 + 9 + 1 = 14", True)


def test_fifteen_recommendations_of_which_two_subjects_are_known(
    hotton: CaseFile, numbers: CaseStatistics
) -> None:
    counts = numbers.recommendations
    assert (counts.total, counts.with_subject, counts.without_subject) == (15, 2, 13)
    assert (counts.accepted, counts.delivered) == (15, 0)
    assert all(one.number is None for one in hotton.recommendations)


def test_sources_disagree_about_the_origin_and_both_stand(numbers: CaseStatistics) -> None:
    origin = next(fact for fact in numbers.disputed if fact.id == "origin-date")
    assert {(one.value, one.source) for one in origin.statements} == {
        ("March 2018", "iopc-press"),
        ("March 2018", "news-report"),
        ("June 2018", "iopc-learning"),
    }


def test_the_allegation_it_is_said_to_have_begun_with_stays_unproven(hotton: CaseFile) -> None:
    (allegation,) = hotton.allegations
    assert allegation.status is Status.NOT_PROVEN
    assert stated(allegation).endswith("(alleged, not proven)")


def test_every_fact_has_its_source_or_is_marked_as_ours(hotton: CaseFile) -> None:
    for record in hotton.records():
        if hasattr(record, "sources"):
            assert record.sources, f"{record.id} has no source"
    indirect = {one.id for one in hotton.sources if one.mark is Mark.INDIRECT}
    cited = {source for record in hotton.records() for source in getattr(record, "sources", ())}
    assert not indirect & cited, "a source we know only through others carries no number"


def test_every_source_is_used(hotton: CaseFile) -> None:
    cited = {source for record in hotton.records() for source in getattr(record, "sources", ())}
    stating = {one.source for fact in hotton.facts for one in fact.statements}
    assert {one.id for one in hotton.sources} <= cited | stating


def test_no_individual_is_named_and_no_investigation_titled(hotton: CaseFile) -> None:
    (officers,) = hotton.subjects
    assert (officers.people, officers.names) == (14, ())
    assert {one.title for one in hotton.investigations} == {""}
