"""The case file: what stands of all that was entered.  A pure fold over records in ledger order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from witnessbox.cases.model import (
    Allegation,
    Assessment,
    CaseError,
    Fact,
    Investigation,
    Matter,
    Outcome,
    Recommendation,
    Record,
    Source,
    Standard,
    Subject,
)
from witnessbox.cases.vocabulary import standards

_Kept = TypeVar("_Kept")

KINDS: dict[str, type[Record]] = {
    "matter": Matter,
    "source": Source,
    "standard": Standard,
    "investigation": Investigation,
    "subject": Subject,
    "allegation": Allegation,
    "assessment": Assessment,
    "outcome": Outcome,
    "recommendation": Recommendation,
    "fact": Fact,
}
"""The ledger kind, and the TOML table, of each record."""

_KIND_OF = {record: kind for kind, record in KINDS.items()}


def kind_of(record: Record) -> str:
    """Name the ledger kind of a record."""
    return _KIND_OF[type(record)]


@dataclass(frozen=True, slots=True)
class Strike:
    """A record that no longer stands; the entry that carries it says why."""

    kind: str
    id: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise CaseError(f"there is no table '{self.kind}'; use one of: {', '.join(KINDS)}")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that stands, each table in the order in which its ids were first entered."""

    matter: Matter | None = None
    sources: tuple[Source, ...] = ()
    standards: tuple[Standard, ...] = ()  # those that ship with us, then the case file's own
    investigations: tuple[Investigation, ...] = ()
    subjects: tuple[Subject, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    facts: tuple[Fact, ...] = ()

    def records(self) -> tuple[Record, ...]:
        """Give every record that was entered and stands, table by table."""
        shipped = set(standards())
        own = tuple(standard for standard in self.standards if standard not in shipped)
        matter = () if self.matter is None else (self.matter,)
        return (
            *matter,
            *self.sources,
            *own,
            *self.investigations,
            *self.subjects,
            *self.allegations,
            *self.assessments,
            *self.outcomes,
            *self.recommendations,
            *self.facts,
        )

    def find(self, kind: str, ident: str) -> Record | None:
        """Give the record of a table with this id, where one stands."""
        for record in self.records():
            if kind_of(record) == kind and record.id == ident:
                return record
        return None

    def source(self, ident: str) -> Source | None:
        """Give a source by its id."""
        return next((one for one in self.sources if one.id == ident), None)

    def subject(self, ident: str) -> Subject | None:
        """Give a subject by its id."""
        return next((one for one in self.subjects if one.id == ident), None)

    def allegations_in(self, investigation: str) -> tuple[Allegation, ...]:
        """Give the allegations of one investigation."""
        return tuple(one for one in self.allegations if investigation in one.investigations)

    def assessments_of(self, allegation: str) -> tuple[Assessment, ...]:
        """Give what was held about an allegation, in the order in which it was entered."""
        return tuple(one for one in self.assessments if one.allegation == allegation)


def fold(steps: Iterable[Record | Strike]) -> CaseFile:
    """Give what stands: the last record of each id, unless it was struck."""
    kept: dict[tuple[str, str], Record] = {}
    for step in steps:
        if isinstance(step, Strike):
            kept.pop((step.kind, step.id), None)
        else:
            kept[kind_of(step), step.id] = step
    own = _of(Standard, kept)
    replaced = {standard.id for standard in own}
    matters = _of(Matter, kept)
    return CaseFile(
        matter=matters[-1] if matters else None,
        sources=_of(Source, kept),
        standards=(*(one for one in standards() if one.id not in replaced), *own),
        investigations=_of(Investigation, kept),
        subjects=_of(Subject, kept),
        allegations=_of(Allegation, kept),
        assessments=_of(Assessment, kept),
        outcomes=_of(Outcome, kept),
        recommendations=_of(Recommendation, kept),
        facts=_of(Fact, kept),
    )


def _of(wanted: type[_Kept], kept: dict[tuple[str, str], Record]) -> tuple[_Kept, ...]:
    return tuple(record for record in kept.values() if isinstance(record, wanted))
