"""Settlements: which reading of a doubt a person chose, and why.  Pure.

A doubt is settled at the byte where it shows, or wherever its code shows in the exhibit.  The last
word that covers a doubt stands; the ledger keeps every word.  A settled doubt stays in the tables,
as a note of the decision and of what was in doubt.  Who decided and why stays in the ledger: what
stands in tables may be published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from witnessbox.evidence.model import Problem, Severity

ZONE = "zone-assumed"
"""The code of the doubt that any IANA time zone settles."""

AS_READ = "as-read"
"""The decision that a doubt was read rightly."""

OPEN = "open"
"""The decision that a doubt is open again."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One decision about an exhibit's doubts of one code, as the ledger keeps it."""

    exhibit: str
    code: str
    decision: str
    start: int | None = None  # the byte where the doubt shows; None: wherever the code shows


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement as a parser is told it; ``why`` is who, when and the reason given."""

    code: str
    decision: str
    start: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision that changes how a doubt is read; ``named`` stands in doubts it can settle."""

    decision: str
    named: str = ""


_ORDERS = tuple(
    Choice(order, order) for order in ("day/month/year", "month/day/year", "year/month/day")
)
_CHOICES = {
    "date-order": _ORDERS,
    "layout-change": _ORDERS,
    "half-day": (Choice("24-hour", "12-hour clock"), Choice("12-hour", "12-hour clock")),
    "header-in-body": (Choice("message"), Choice("body")),
}


def choices(code: str, what: str) -> tuple[str, ...]:
    """List the decisions open to whoever settles this doubt, besides a zone where it is one."""
    fitting = (one.decision for one in _CHOICES.get(code, ()) if one.named in what)
    return (*fitting, AS_READ)


def settleable(severity: str, code: str, what: str) -> bool:
    """Say whether a problem can be settled: doubts, and notes of what could be read otherwise."""
    if severity == Severity.LOSS:
        return False
    weak = severity == Severity.NOTE
    return not weak or code == ZONE or is_settled(what) or len(choices(code, what)) > 1


def standing(settled: Sequence[Settled], code: str, start: int) -> Settled | None:
    """Give the last word on a doubt; None where there is none or it is open again."""
    for one in reversed(settled):
        if one.code == code and one.start in {None, start}:
            return None if one.decision == OPEN else one
    return None


def decided(settled: Sequence[Settled], code: str, decision: str) -> frozenset[int]:
    """Give the bytes at which a doubt was settled just so."""
    starts = {one.start for one in settled if one.code == code and one.start is not None}
    found = ((start, standing(settled, code, start)) for start in starts)
    return frozenset(start for start, word in found if word and word.decision == decision)


_SETTLED = "settled as "


def is_settled(what: str) -> bool:
    """Say whether a problem's words are those of a settled doubt."""
    return what.startswith(_SETTLED)


def settle(problems: Iterable[Problem], settled: Sequence[Settled]) -> Iterator[Problem]:
    """Give problems in their order, the settled ones as notes."""
    for problem in problems:
        word = standing(settled, problem.code, problem.span.start)
        if word is None or not settleable(problem.severity, problem.code, problem.what):
            yield problem
        else:
            what = f"{_SETTLED}{word.decision}; what was in doubt: {problem.what}"
            yield replace(problem, what=what, severity=Severity.NOTE)


def idle(settled: Sequence[Settled], met: frozenset[tuple[str, int]]) -> list[Settled]:
    """List the standing settlements whose doubt is no longer met, by code and byte."""
    codes = {code for code, _ in met}
    return [
        one
        for place, one in enumerate(settled)
        if one.decision != OPEN
        and not _covered(one, settled[place + 1 :])
        and (one.code not in codes if one.start is None else (one.code, one.start) not in met)
    ]


def _covered(one: Settled, later: Sequence[Settled]) -> bool:
    """Say whether a later word takes a settlement's place."""
    return any(word.code == one.code and word.start in {None, one.start} for word in later)
