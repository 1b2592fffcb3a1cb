"""What the case pages show of a case file: records with what they refer to looked up.  Pure."""

from dataclasses import dataclass

from witnessbox.cases.casefile import CaseFile
from witnessbox.cases.model import (
    Allegation,
    Assessment,
    Investigation,
    Outcome,
    Source,
    Stage,
    Standard,
    Subject,
    stated,
)
from witnessbox.cases.vocabulary import outcome_kinds
from witnessbox.evidence.model import Span


@dataclass(frozen=True, slots=True)
class Said:
    """One allegation the way it may be shown, with whom it is about and what it rests on."""

    allegation: Allegation
    words: str
    subjects: tuple[Subject, ...]
    standards: tuple[Standard, ...]
    assessments: tuple[Assessment, ...]
    messages: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """One linked investigation with its allegations."""

    investigation: Investigation
    allegations: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One subject, or several that no source tells apart, with what came of it."""

    subject: Subject
    outcomes: tuple[tuple[str, Outcome], ...]
    allegations: int


def strands(case_file: CaseFile) -> tuple[Strand, ...]:
    """Lay out the investigations by number."""
    return tuple(
        Strand(one, tuple(said(case_file, each) for each in case_file.allegations_in(one.id)))
        for one in sorted(case_file.investigations, key=lambda one: (one.number, one.id))
    )


def loose(case_file: CaseFile) -> tuple[Said, ...]:
    """Give the allegations that no source puts in an investigation."""
    return tuple(said(case_file, one) for one in case_file.allegations if not one.investigations)


def said(case_file: CaseFile, allegation: Allegation) -> Said:
    """Look up what an allegation refers to."""
    standards = {one.id: one for one in case_file.standards}
    subjects = [case_file.subject(one) for one in allegation.subjects]
    return Said(
        allegation=allegation,
        words=stated(allegation),
        subjects=tuple(one for one in subjects if one is not None),
        standards=tuple(standards[one] for one in allegation.standards if one in standards),
        assessments=case_file.assessments_of(allegation.id),
        messages=allegation.messages,
    )


def people(case_file: CaseFile) -> tuple[Person, ...]:
    """List the subjects with their outcomes, final ones named as such."""
    titles = {kind.id: kind.title for kind in outcome_kinds()}
    return tuple(
        Person(
            subject=subject,
            outcomes=tuple(
                (_outcome(one, titles.get(one.kind, one.kind)), one)
                for one in case_file.outcomes
                if one.subject == subject.id
            ),
            allegations=sum(subject.id in one.subjects for one in case_file.allegations),
        )
        for subject in case_file.subjects
    )


def _outcome(outcome: Outcome, title: str) -> str:
    number = f"{outcome.number}: " if outcome.number else ""
    wording = f" (“{outcome.wording}”)" if outcome.wording else ""
    opinion = " (an opinion, not final)" if outcome.stage is Stage.OPINION else ""
    return f"{number}{title}{wording}{opinion}"


def cited(case_file: CaseFile, idents: tuple[str, ...]) -> tuple[Source, ...]:
    """Look up sources by their ids."""
    found = (case_file.source(ident) for ident in idents)
    return tuple(one for one in found if one is not None)
