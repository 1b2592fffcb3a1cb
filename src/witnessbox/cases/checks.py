"""What must hold between the records of a case file.  Pure: a case file in, sentences out.

A breach names the table, the id and the key, so that it can be put right where it was written.
"""

from collections.abc import Iterable, Iterator

from witnessbox.cases.casefile import CaseFile, kind_of
from witnessbox.cases.model import (
    Allegation,
    Finding,
    Outcome,
    Record,
    Stage,
    Status,
    Subject,
)
from witnessbox.cases.vocabulary import OutcomeKind, outcome_kinds

_REFERENCES = {
    "sources": "source",
    "subjects": "subject",
    "subject": "subject",
    "investigations": "investigation",
    "investigation": "investigation",
    "standards": "standard",
    "allegation": "allegation",
    "grew_from": "allegation",
}
"""Which table the ids under a key belong to."""
_TEXT_KEYS = {("recommendation", "subject")}  # a key of that name which holds text, not an id


def breaches(case_file: CaseFile) -> tuple[str, ...]:
    """Say what does not hold; nothing where all does."""
    return (
        *_dangling(case_file),
        *_unfounded(case_file),
        *_outcomes(case_file),
    )


def _dangling(case_file: CaseFile) -> Iterator[str]:
    known: dict[str, set[str]] = {kind: set() for kind in _REFERENCES.values()}
    known["standard"] = {standard.id for standard in case_file.standards}
    for record in case_file.records():
        known.setdefault(kind_of(record), set()).add(record.id)
    for record in case_file.records():
        for key, table, ident in _named(record):
            if ident not in known[table]:
                yield (
                    f"{kind_of(record)} '{record.id}', key '{key}': there is no {table} '{ident}'; "
                    "add it or correct the id"
                )


def _named(record: Record) -> Iterator[tuple[str, str, str]]:
    kind = kind_of(record)
    for key, table in _REFERENCES.items():
        if (kind, key) in _TEXT_KEYS:
            continue
        value: str | tuple[str, ...] | None = getattr(record, key, None)
        for ident in (value,) if isinstance(value, str) else value or ():
            yield key, table, ident
    for statement in getattr(record, "statements", ()):
        if statement.source:
            yield "statements", "source", statement.source


def _unfounded(case_file: CaseFile) -> Iterator[str]:
    for allegation in case_file.allegations:
        if allegation.status is Status.PROVEN and not _found_proven(case_file, allegation):
            yield (
                f"allegation '{allegation.id}', key 'status': it is proven only with a final "
                "assessment that finds so; add the assessment or keep it unproven"
            )


def _found_proven(case_file: CaseFile, allegation: Allegation) -> bool:
    return any(
        assessment.stage is Stage.FINAL and assessment.finding is Finding.PROVEN
        for assessment in case_file.assessments_of(allegation.id)
    )


def _outcomes(case_file: CaseFile) -> Iterator[str]:
    kinds = {kind.id: kind for kind in outcome_kinds()}
    for outcome in case_file.outcomes:
        if outcome.kind not in kinds:
            yield (
                f"outcome '{outcome.id}', key 'kind': there is no outcome '{outcome.kind}'; "
                f"use one of: {', '.join(kinds)}"
            )
        subject = case_file.subject(outcome.subject)
        if subject is not None and subject.people == 1 and outcome.number not in (None, 1):
            yield (
                f"outcome '{outcome.id}', key 'number': subject '{subject.id}' is one person; "
                "leave the number out"
            )
    for subject in case_file.subjects:
        yield from _too_many(subject, case_file.outcomes, kinds)


def _too_many(
    subject: Subject, outcomes: Iterable[Outcome], kinds: dict[str, OutcomeKind]
) -> Iterator[str]:
    if subject.people == 1:
        return
    own = [
        (kinds[one.kind], one.number or 0)
        for one in outcomes
        if one.subject == subject.id and one.stage is Stage.FINAL and one.kind in kinds
    ]
    for what, total in (
        ("results", sum(number for kind, number in own if kind.result)),
        ("words on service", sum(number for kind, number in own if kind.service)),
    ):
        if total > subject.people:
            yield (
                f"subject '{subject.id}', key 'people': its outcomes give {what} for {total} "
                f"people, but it stands for {subject.people}; somebody is counted twice"
            )
