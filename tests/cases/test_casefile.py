"""What stands of a case file."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.builders import (
    ALLEGED,
    ASKED,
    FIRST,
    FOUND,
    MATTER,
    OFFICER,
    PAGE,
    RECORDS,
    RULE,
    SECOND,
    case_file,
)
from witnessbox.cases.casefile import KINDS, CaseFile, Strike, fold, kind_of
from witnessbox.cases.model import CaseError, Investigation, Record, Standard
from witnessbox.cases.vocabulary import standards


def test_the_last_record_with_an_id_stands_in_the_place_of_the_first() -> None:
    renamed = replace(FIRST, title="Another title")
    assert case_file(renamed).investigations == (renamed, SECOND)


def test_a_struck_record_does_not_stand_until_it_is_entered_again() -> None:
    gone = Strike("investigation", "i1")
    assert case_file(gone).investigations == (SECOND,)
    assert case_file(gone, FIRST).investigations == (SECOND, FIRST)


def test_striking_what_is_not_there_changes_nothing() -> None:
    assert case_file(Strike("investigation", "i9")) == case_file()


def test_a_strike_names_a_table_there_is() -> None:
    with pytest.raises(CaseError, match="there is no table 'inquiry'"):
        Strike("inquiry", "i1")


def test_an_empty_case_file_has_only_the_standards_that_ship() -> None:
    assert fold(()) == CaseFile(standards=standards())
    assert fold(()).records() == ()


def test_the_ten_standards_ship_in_their_order() -> None:
    assert [one.title.partition(".")[0] for one in standards()] == [str(n) for n in range(1, 11)]


def test_a_standard_of_ones_own_stands_beside_or_in_place_of_a_shipped_one() -> None:
    own = Standard("use-of-force", "Force, as our handbook has it")
    found = case_file(own)
    assert own in found.standards
    assert [one.id for one in found.standards].count("use-of-force") == 1
    assert found.records()[3:5] == (RULE, own)


def test_there_is_one_matter_and_it_is_the_last() -> None:
    assert case_file().matter == MATTER
    other = replace(MATTER, title="Operation Beacon")
    assert case_file(other).matter == other


def test_records_are_found_by_table_and_id() -> None:
    found = case_file()
    assert found.find("allegation", "a1") == ALLEGED
    assert found.find("outcome", "a1") is None
    assert (found.source("page"), found.source("x")) == (PAGE, None)
    assert (found.subject("a"), found.subject("x")) == (OFFICER, None)


def test_allegations_are_told_by_investigation_and_assessments_by_allegation() -> None:
    found = case_file()
    assert (found.allegations_in("i1"), found.allegations_in("i2")) == ((ALLEGED,), ())
    assert (found.assessments_of("a1"), found.assessments_of("a2")) == ((FOUND,), ())


def test_every_kind_of_record_has_its_table() -> None:
    assert {kind_of(record) for record in RECORDS} == set(KINDS)


steps = st.lists(
    st.one_of(
        st.builds(
            Investigation,
            st.sampled_from(["i1", "i2", "i3"]),
            st.integers(1, 9),
            st.sampled_from(["", "one", "two"]),
        ),
        st.builds(replace, st.just(ASKED), id=st.sampled_from(["i1", "r2"])),
        st.builds(
            Strike,
            st.sampled_from(["investigation", "recommendation"]),
            st.sampled_from(["i1", "i2", "r2"]),
        ),
    ),
    max_size=15,
)


def _key(step: Record | Strike) -> tuple[str, str]:
    return (step.kind if isinstance(step, Strike) else kind_of(step)), step.id


@given(steps)
def test_what_stands_is_the_last_word_on_each_id(entered: list[Record | Strike]) -> None:
    last = {_key(step): step for step in entered}
    standing = {_key(record): record for record in fold(entered).records()}
    assert standing == {key: step for key, step in last.items() if not isinstance(step, Strike)}


@given(steps)
def test_entering_what_stands_again_changes_nothing(entered: list[Record | Strike]) -> None:
    found = fold(entered)
    assert fold((*entered, *found.records())) == found
    assert fold(found.records()) == found
