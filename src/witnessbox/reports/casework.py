"""The case file as the report tells it.  Pure; an allegation stays one until it is proven."""

from collections.abc import Callable, Mapping
from itertools import chain

from witnessbox.cases import model as cases
from witnessbox.cases.casefile import CaseFile
from witnessbox.cases.statistics import CaseStatistics, SumCheck
from witnessbox.cases.vocabulary import outcome_kinds
from witnessbox.reports.model import (
    Allegation,
    Cases,
    Disputed,
    Investigation,
    Recommendation,
    Subject,
    Tally,
    Version,
)
from witnessbox.reports.pseudonyms import Pseudonyms
from witnessbox.reports.times import known

NOT_STATED = "not stated"

Mask = Callable[[str], str]
"""Replaces the names of known people in a text."""


def tell(case_file: CaseFile, counted: CaseStatistics, pseudonyms: Pseudonyms) -> Cases:
    """Write a case file out for readers, names masked."""
    matter, mask = case_file.matter, pseudonyms.mask
    labels = {one.id: pseudonyms.called(one.label, one.names) for one in case_file.subjects}
    return Cases(
        about="" if matter is None else mask(matter.summary),
        strands=() if matter is None else tuple(map(mask, matter.strands)),
        investigations=tuple(
            Investigation(
                number=str(one.number),
                title=mask(one.title) or "title not published",
                opened=known(one.opened),
                scope=mask(one.scope) or NOT_STATED,
                allegations=len(case_file.allegations_in(one.id)),
            )
            for one in sorted(case_file.investigations, key=lambda one: one.number)
        ),
        subjects=tuple(
            _subject(one, labels[one.id], case_file, mask) for one in case_file.subjects
        ),
        allegations=tuple(
            _allegation(str(number), one, labels, case_file, mask)
            for number, one in enumerate(case_file.allegations, 1)
        ),
        outcomes=_outcomes(counted.results),
        sum_checks=_sum_checks(counted),
        not_published=counted.not_published,
        recommendations=tuple(_recommendation(one, mask) for one in case_file.recommendations),
        recommendations_made=counted.recommendations.total,
        facts=tuple(_fact(one, case_file, mask) for one in case_file.facts),
    )


def _subject(subject: cases.Subject, label: str, case_file: CaseFile, mask: Mask) -> Subject:
    titles = {kind.id: kind.title for kind in outcome_kinds()}
    outcomes = [
        _outcome(one, titles.get(one.kind, one.kind))
        for one in case_file.outcomes
        if one.subject == subject.id and one.stage is cases.Stage.FINAL
    ]
    many = f" ({subject.people} people)" if subject.people > 1 else ""
    return Subject(
        label=label + many,
        role=mask("; ".join(_role(role) for role in subject.roles)) or NOT_STATED,
        outcome="; ".join(outcomes) or NOT_STATED,
    )


def _outcome(outcome: cases.Outcome, title: str) -> str:
    listed = {
        cases.Register.NONE: "",
        cases.Register.BARRED: ", barred",
        cases.Register.ADVISORY: ", on the advisory list",
    }[outcome.register]
    how_many = f"{outcome.number}: " if outcome.number else f"{outcome.wording}: "
    dated = f", {known(outcome.dated)}" if outcome.dated else ""
    return f"{how_many if outcome.number or outcome.wording else ''}{title}{listed}{dated}"


def _role(role: cases.Role) -> str:
    where = ", ".join(part for part in (role.role, role.unit, role.place) if part)
    if role.since is None and role.until is None:
        return where
    if role.until is None:
        return f"{where}, from {known(role.since)}"
    if role.since is None:
        return f"{where}, until {known(role.until)}"
    return f"{where}, {known(role.since)} to {known(role.until)}"


def _allegation(
    number: str,
    allegation: cases.Allegation,
    labels: Mapping[str, str],
    case_file: CaseFile,
    mask: Mask,
) -> Allegation:
    numbers = {one.id: str(one.number) for one in case_file.investigations}
    titles = {one.id: one.title for one in case_file.standards}
    return Allegation(
        number=number,
        subject=", ".join(labels.get(one, one) for one in allegation.subjects) or NOT_STATED,
        investigation=", ".join(numbers.get(one, one) for one in allegation.investigations),
        text=mask(allegation.text),
        standards=", ".join(titles.get(one, one) for one in allegation.standards) or NOT_STATED,
        status=allegation.status_in_words,
        proven=allegation.status is cases.Status.PROVEN,
        messages=len(allegation.messages),
    )


def _outcomes(results: SumCheck) -> tuple[Tally, ...]:
    tallies = [Tally(count.title, count.people or 0) for count in results.counts]
    if results.unstated:
        tallies.append(Tally(NOT_STATED, results.unstated))
    return tuple(tallies)


def _sum_checks(counted: CaseStatistics) -> tuple[str, ...]:
    if not counted.people:
        return ()
    sentences = [f"How it ended, the sum: {counted.results.in_words}."]
    if counted.service.counts or counted.service.unnumbered:
        sentences.append(f"Who still serves, the sum: {counted.service.in_words}.")
    if counted.results.counts:
        sentences.append("The sums are this report's own arithmetic; no source need state them.")
    return tuple(sentences)


def _recommendation(one: cases.Recommendation, mask: Mask) -> Recommendation:
    number = str(one.number) if one.number is not None else f"{one.count} without number"
    response = one.response.value.replace("-", " ")
    return Recommendation(
        number=number,
        addressee=one.addressee,
        text=mask(one.subject) or "subject not published",
        made=known(one.made),
        published=known(one.published),
        answered=known(one.answered),
        delivered=known(one.delivered),
        response=": ".join(part for part in (response, mask(one.response_text)) if part),
    )


def _fact(fact: cases.Fact, case_file: CaseFile, mask: Mask) -> Disputed:
    versions = [
        Version(
            value=mask(_stated(statement)),
            source="our own reading; no source states it"
            if statement.ours
            else _source(case_file.source(statement.source), statement.source),
        )
        for statement in fact.statements
    ]
    return Disputed(mask(fact.question), fact.disputed, tuple(versions))


def _stated(statement: cases.Statement) -> str:
    if not statement.text or statement.value in statement.text:
        return statement.text or statement.value
    return f"{statement.value}: {statement.text}"


def _source(source: cases.Source | None, ident: str) -> str:
    if source is None:
        return ident
    dated = known(source.published) if source.published else ""
    return ", ".join(
        chain((source.title,), filter(None, (source.publisher, dated, source.address)))
    )
