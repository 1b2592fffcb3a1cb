"""A small case file to change one thing in at a time."""

from witnessbox.cases.casefile import CaseFile, Strike, fold
from witnessbox.cases.model import (
    Allegation,
    Assessment,
    Fact,
    Finding,
    Investigation,
    Matter,
    Outcome,
    Recommendation,
    Record,
    Role,
    Source,
    Stage,
    Standard,
    Statement,
    Status,
    Subject,
)
from witnessbox.evidence.model import Span

SPAN = Span("a" * 64, 0, 10)
MATTER = Matter("Operation Lantern", not_published=("hearing dates",), sources=("page",))
PAGE = Source("page", "Findings", published="2023-05")
LETTER = Source("letter", "Letter")
FIRST = Investigation("i1", 1, "Night shift group", opened="2022-12-01", sources=("page",))
SECOND = Investigation("i2", 2)
OFFICER = Subject("a", "Officer A", roles=(Role("constable", "Night Team", since="2020"),))
OTHER = Subject("b", "Officer B")
CREW = Subject("crew", "The crew", people=5)
RULE = Standard("house-rule", "House rule 3")
ALLEGED = Allegation(
    "a1",
    "Mocked a colleague.",
    Status.OPEN,
    subjects=("a",),
    investigations=("i1",),
    standards=("equality-and-diversity", "house-rule"),
    messages=(SPAN,),
)
FOUND = Assessment("f1", "a1", Stage.FINAL, Finding.PROVEN, subject="a")
WARNED = Outcome("o1", "written-warning", "a", allegation="a1")
ASKED = Recommendation("r1", "Example Police", number=1, subject="Name a responsible person")
BEGAN = Fact(
    "origin",
    "When did it begin?",
    (Statement("March", source="page"), Statement("June", source="letter")),
    investigation="i1",
)
RECORDS: tuple[Record, ...] = (
    MATTER,
    PAGE,
    LETTER,
    FIRST,
    SECOND,
    OFFICER,
    OTHER,
    RULE,
    ALLEGED,
    FOUND,
    WARNED,
    ASKED,
    BEGAN,
)


def case_file(*more: Record | Strike) -> CaseFile:
    """Give the small case file with something added, changed or struck."""
    return fold((*RECORDS, *more))
