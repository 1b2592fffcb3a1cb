"""What is stored of one discrepancy, put together, and the words for it.  Pure.

Whoever shows a discrepancy shows what stands behind it: first what the data show, then what would
explain it, the ordinary explanations before the others.  People are named nowhere, and copies only
by whoever shows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from witnessbox.evidence.model import Span
from witnessbox.reconcile.model import Discrepancy, Role, Standing, Strength

OVERVIEW: Mapping[Discrepancy, str] = {
    Discrepancy.MISSING: "A message that other copies hold is not in this copy.",
    Discrepancy.PLACEHOLDER: "This copy holds a mark where other copies hold a message.",
    Discrepancy.TEXT_DIFFERS: "This copy has other words than are quoted.",
    Discrepancy.EDITED: "This copy has other words than are quoted, of an edited message.",
    Discrepancy.ONLY_HERE: "A message is in this phone's copy and in no other.",
    Discrepancy.TIME_RUNS_BACK: "In this copy a time runs back.",
    Discrepancy.TIME_DIFFERS: "This copy has another time than other copies.",
}
"""What each kind of discrepancy is, in one sentence."""

MEANING: Mapping[Strength, str] = {
    Strength.NOTED: "the copies differ; ordinary explanations do as well as any other",
    Strength.SUPPORTED: (
        "the data speak against the ordinary explanations that can be checked; one doubt is left"
    ),
    Strength.CORROBORATED: ("two phones or more agree, and no doubt that can be checked is left"),
    Strength.DOCUMENTED: "this copy's own data, or another export of its phone, show it",
}
"""What each grade says, in words for whoever reads it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing the data show about a discrepancy, or one explanation and how it stands."""

    role: Role
    code: str  # model.Evidence or model.Explanation
    standing: Standing | None  # of an explanation
    words: str
    copy: str | None  # id
    span: Span | None


@dataclass(frozen=True, slots=True)
class Grounded:
    """One discrepancy and what stands behind it."""

    discrepancy: str  # id
    conversation: str
    message: str
    copy: str
    kind: Discrepancy
    strength: Strength
    what: str
    position: int
    run: str | None
    span: Span
    evidence: tuple[Ground, ...]
    explanations: tuple[Ground, ...]


def grounded(row: Mapping[str, Any], grounds: Iterable[Mapping[str, Any]]) -> Grounded:
    """Put a row of discrepancies and the rows of grounds under its id together."""
    own = sorted(
        (one for one in grounds if one["discrepancy"] == row["discrepancy"]),
        key=lambda one: one["order"],
    )
    every = [_ground(one) for one in own]
    return Grounded(
        discrepancy=row["discrepancy"],
        conversation=row["conversation"],
        message=row["message"],
        copy=row["copy"],
        kind=Discrepancy(row["kind"]),
        strength=Strength(row["strength"]),
        what=row["what"],
        position=row["position"],
        run=row["run"],
        span=Span(row["exhibit"], row["start"], row["end"]),
        evidence=tuple(one for one in every if one.role is Role.EVIDENCE),
        explanations=tuple(one for one in every if one.role is Role.EXPLANATION),
    )


def _ground(row: Mapping[str, Any]) -> Ground:
    exhibit = row["exhibit"]
    return Ground(
        role=Role(row["role"]),
        code=row["code"],
        standing=None if row["standing"] is None else Standing(row["standing"]),
        words=row["words"],
        copy=row["copy"],
        span=None if exhibit is None else Span(exhibit, row["start"], row["end"]),
    )
