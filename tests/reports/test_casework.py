from witnessbox.cases.casefile import CaseFile, fold
from witnessbox.cases.load import fixture
from witnessbox.cases.model import (
    Allegation,
    Fact,
    Investigation,
    Outcome,
    Recommendation,
    Register,
    Response,
    Role,
    Stage,
    Statement,
    Status,
    Subject,
)
from witnessbox.cases.statistics import statistics
from witnessbox.reports.casework import NOT_STATED, tell
from witnessbox.reports.model import Cases, Tally
from witnessbox.reports.pseudonyms import Named, assign

NOBODY = assign((), {})


def told(*records: object) -> Cases:
    case_file = fold(records)  # type: ignore[arg-type]
    return tell(case_file, statistics(case_file), NOBODY)


def test_hotton_is_told_as_far_as_it_is_published() -> None:
    cases = told(*fixture("hotton"))
    assert len(cases.investigations) == 9
    assert {one.title for one in cases.investigations} == {"title not published"}
    assert cases.outcomes == (
        Tally("dismissed and barred", 2),
        Tally("resigned", 2),
        Tally(NOT_STATED, 10),
    )
    assert cases.sum_checks[0].startswith("How it ended, the sum: 14 − 2 − 2 = 10 not stated")
    assert cases.recommendations_made == 15
    assert any(one.text == "subject not published" for one in cases.recommendations)


def test_hottons_sources_disagree_side_by_side() -> None:
    cases = told(*fixture("hotton"))
    (origin,) = [fact for fact in cases.facts if fact.matter == "When did it begin?"]
    assert origin.disputed
    assert "March 2018" in origin.versions[0].value
    assert "June 2018" in origin.versions[-1].value
    assert all(version.source for version in origin.versions)


def test_nothing_entered_is_nothing_told() -> None:
    cases = tell(CaseFile(), statistics(CaseFile()), NOBODY)
    assert (cases.about, cases.outcomes, cases.sum_checks) == ("", (), ())


def test_an_allegation_is_proven_only_when_its_status_says_so() -> None:
    cases = told(
        Investigation("i", 1),
        Subject("s", "Officer A"),
        Allegation("a", "Was rude", Status.NOT_PROVEN, ("s",), ("i",)),
        Allegation("b", "Was late", Status.PROVEN, ("s",), ("i",)),
    )
    assert [(one.status, one.proven) for one in cases.allegations] == [
        ("alleged, not proven", False),
        ("found proven", True),
    ]
    assert cases.allegations[0].subject == "Officer A"


def test_names_do_not_come_in_through_the_case_file() -> None:
    case_file = fold(
        (
            Subject("s", "PC Dai Morris", names=("Dai Morris",)),
            Allegation("a", "Dai was rude to Bo Lind", Status.OPEN, ("s",)),
        )
    )
    people = assign((Named("p1", "Dai Morris"), Named("p2", "Bo Lind")), {})
    cases = tell(case_file, statistics(case_file), people)
    assert cases.subjects[0].label == "Person 01"
    assert cases.allegations[0].text == "[Person 01] was rude to [Person 02]"
    assert cases.allegations[0].subject == "Person 01"


def test_a_subject_is_told_with_roles_in_time_and_outcomes() -> None:
    roles = (
        Role("constable", "Team A", since="2016", until="2018"),
        Role("sergeant", since="2018-05"),
        Role("special", until="2015"),
        Role("cadet"),
    )
    cases = told(
        Subject("s", "Officers", people=3, roles=roles),
        Outcome("o", "dismissed", "s", number=2, register=Register.BARRED, dated="2021-02-03"),
        Outcome("p", "disciplined", "s", wording="several"),
        Outcome("q", "dismissed", "s", number=3, stage=Stage.OPINION),
    )
    (subject,) = cases.subjects
    assert subject.label == "Officers (3 people)"
    assert subject.role == (
        "constable, Team A, 2016 to 2018; sergeant, from May 2018; special, until 2015; cadet"
    )
    assert subject.outcome.startswith("2: dismissed, barred, 3 February 2021; several: ")


def test_an_advisory_listing_is_told() -> None:
    cases = told(
        Subject("s", "Officer A"), Outcome("o", "resigned", "s", register=Register.ADVISORY)
    )
    assert cases.subjects[0].outcome == "resigned, on the advisory list"


def test_recommendations_keep_their_dates_apart() -> None:
    cases = told(
        Recommendation(
            "r", "The force", 1, subject="Better tea", made="2021-09", published="2022-02-01",
            response=Response.PARTLY, response_text="within means",
        ),
        Recommendation("s", "The force", count=14),
    )  # fmt: skip
    first, rest = cases.recommendations
    assert (first.made, first.published, first.answered) == (
        "September 2021", "1 February 2022", "not known",
    )  # fmt: skip
    assert first.response == "accepted in part: within means"
    assert rest.number == "14 without number"


def test_our_own_reading_is_marked_as_ours() -> None:
    cases = told(
        Fact("f", "How many?", (Statement("9", source="gone"), Statement("10", ours=True)))
    )
    assert [one.source for one in cases.facts[0].versions] == [
        "gone", "our own reading; no source states it",
    ]  # fmt: skip


def test_an_answer_is_told_with_its_explanation_and_not_twice() -> None:
    cases = told(
        Fact(
            "f",
            "How many?",
            (
                Statement("9", "Nine, says the page.", source="page"),
                Statement("ten", "It says ten.", source="paper"),
            ),
        )
    )
    assert [one.value for one in cases.facts[0].versions] == [
        "9: Nine, says the page.",
        "It says ten.",
    ]
