"""The numbers of a case file.  Pure: a case file in, counts out.

Rules kept here:

- Allegations, investigations, people and appearances are counted apart, never for one another.
- A person has one result: the gravest of their final outcomes, in the order of the outcome table.
- What is not stated is a number of its own; it is never shared out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from witnessbox.cases.casefile import CaseFile
from witnessbox.cases.model import (
    Allegation,
    Fact,
    Outcome,
    Register,
    Response,
    Stage,
    Status,
    Subject,
)
from witnessbox.cases.vocabulary import OutcomeKind, outcome_kinds

_REGISTERED = {
    Register.NONE: "",
    Register.BARRED: " and barred",
    Register.ADVISORY: " and on the advisory list",
}


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many allegations have come how far."""

    status: Status
    words: str
    allegations: int


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """For how many people something came of it; ``people`` is None where no number is published.

    ``wording`` is what the sources say instead; ``sources`` are ids.
    """

    kind: str
    title: str
    people: int | None
    wording: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Whether counts of people add up to all people, and how many are not stated.

    ``unnumbered`` outcomes hold for some of the unstated, no source says for how many.
    """

    people: int
    counts: tuple[OutcomeCount, ...]
    unnumbered: tuple[OutcomeCount, ...]

    @property
    def stated(self) -> int:
        """Count the people of whom it is stated."""
        return sum(count.people or 0 for count in self.counts)

    @property
    def unstated(self) -> int:
        """Count the people of whom it is not."""
        return self.people - self.stated

    @property
    def in_words(self) -> str:
        """Say the sum, and that it is ours: no source need have made it."""
        terms = "".join(f" − {count.people}" for count in self.counts)
        said = "; ".join(
            f"{count.wording or 'some, no number published'}: {count.title}"
            for count in self.unnumbered
        )
        return f"{self.people}{terms} = {self.unstated} not stated{f' ({said})' if said else ''}"


@dataclass(frozen=True, slots=True)
class RecommendationCounts:
    """How many recommendations there are and what is known of them."""

    total: int
    with_subject: int
    answered: int
    accepted: int
    delivered: int

    @property
    def without_subject(self) -> int:
        """Count those whose subject is not published."""
        return self.total - self.with_subject


@dataclass(frozen=True, slots=True)
class CaseStatistics:
    """The numbers of one operation.

    ``appearances`` counts each subject once for each investigation an allegation puts them in.
    ``results`` asks how it ended for each person, ``service`` whether they still serve.
    """

    investigations: int
    people: int
    allegations: int
    appearances: int
    by_status: tuple[StatusCount, ...]
    outcomes: tuple[OutcomeCount, ...]
    results: SumCheck
    service: SumCheck
    recommendations: RecommendationCounts
    disputed: tuple[Fact, ...]
    not_published: tuple[str, ...]


def statistics(case_file: CaseFile) -> CaseStatistics:
    """Count what a case file holds."""
    matter = case_file.matter
    results, service = _check(case_file, _is_result), _check(case_file, _is_service)
    return CaseStatistics(
        investigations=len(case_file.investigations),
        people=sum(subject.people for subject in case_file.subjects),
        allegations=len(case_file.allegations),
        appearances=_appearances(case_file.allegations),
        by_status=_by_status(case_file.allegations),
        outcomes=_merged(results, service),
        results=results,
        service=service,
        recommendations=_recommendations(case_file),
        disputed=tuple(fact for fact in case_file.facts if fact.disputed),
        not_published=() if matter is None else matter.not_published,
    )


def _is_result(kind: OutcomeKind) -> bool:
    return kind.result


def _is_service(kind: OutcomeKind) -> bool:
    return kind.service


def _appearances(allegations: Iterable[Allegation]) -> int:
    return len(
        {
            (subject, investigation)
            for allegation in allegations
            for subject in allegation.subjects
            for investigation in allegation.investigations
        }
    )


def _by_status(allegations: tuple[Allegation, ...]) -> tuple[StatusCount, ...]:
    found = []
    for status in Status:
        having = [one for one in allegations if one.status is status]
        if having:
            found.append(StatusCount(status, having[0].status_in_words, len(having)))
    return tuple(found)


def _check(case_file: CaseFile, asks: Callable[[OutcomeKind], bool]) -> SumCheck:
    """Count each person once, under the gravest outcome that answers the question."""
    kinds = [kind for kind in outcome_kinds() if asks(kind)]
    counted: list[tuple[OutcomeKind, Outcome, int | None]] = []
    for subject in case_file.subjects:
        own = [
            (kind, one)
            for kind in kinds
            for one in case_file.outcomes
            if (one.subject, one.kind, one.stage) == (subject.id, kind.id, Stage.FINAL)
        ]
        counted.extend(_of_subject(subject, own))
    groups: dict[tuple[int, str, bool], list[tuple[OutcomeKind, Outcome, int | None]]] = {}
    for kind, outcome, number in counted:
        key = (kinds.index(kind), outcome.register, number is None)
        groups.setdefault(key, []).append((kind, outcome, number))
    counts = [_count(groups[key]) for key in sorted(groups)]
    return SumCheck(
        people=sum(subject.people for subject in case_file.subjects),
        counts=tuple(count for count in counts if count.people is not None),
        unnumbered=tuple(count for count in counts if count.people is None),
    )


def _of_subject(
    subject: Subject, own: list[tuple[OutcomeKind, Outcome]]
) -> Iterable[tuple[OutcomeKind, Outcome, int | None]]:
    if subject.people > 1:
        return [(kind, outcome, outcome.number) for kind, outcome in own]
    if not own:
        return []
    gravest = [outcome for kind, outcome in own if kind is own[0][0]]
    registered = [outcome for outcome in gravest if outcome.register is not Register.NONE]
    return [(own[0][0], (registered or gravest)[0], 1)]


def _count(group: list[tuple[OutcomeKind, Outcome, int | None]]) -> OutcomeCount:
    kind, first, number = group[0]
    sources = dict.fromkeys(source for _, outcome, _ in group for source in outcome.sources)
    return OutcomeCount(
        kind=kind.id,
        title=kind.title + _REGISTERED[first.register],
        people=None if number is None else sum(one or 0 for _, _, one in group),
        wording=", ".join(dict.fromkeys(one.wording for _, one, _ in group if one.wording)),
        sources=tuple(sources),
    )


def _merged(results: SumCheck, service: SumCheck) -> tuple[OutcomeCount, ...]:
    return tuple(
        dict.fromkeys((*results.counts, *results.unnumbered, *service.counts, *service.unnumbered))
    )


def _recommendations(case_file: CaseFile) -> RecommendationCounts:
    every = case_file.recommendations
    return RecommendationCounts(
        total=sum(one.count for one in every),
        with_subject=sum(one.count for one in every if one.subject),
        answered=sum(one.count for one in every if one.answered is not None),
        accepted=sum(one.count for one in every if one.response is Response.ACCEPTED),
        delivered=sum(one.count for one in every if one.delivered is not None),
    )
