"""Decisions about reconciliation: what a person settled that copies alone leave open.  Pure.

Whether two names are one person, whether two copies show one conversation, what a copy's clock was
off by, and from when until when a copy could have known.  The last word on each stands until it is
undone; the ledger keeps every word.  Who decided and why stays in the ledger: what stands in tables
may be published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.model import CopyName, GivenOffset, GivenWindow

_DAWN = datetime(1970, 1, 1, tzinfo=UTC)


def link_id(first: CopyName, second: CopyName) -> str:
    """Name the link between two names, whichever of them comes first."""
    one, other = sorted((first, second), key=lambda it: (it.copy, it.name))
    return derive("link", one.copy, one.name, other.copy, other.name)


class Verdict(StrEnum):
    """What somebody said of what is decided."""

    SAME = "same"
    APART = "apart"
    GIVEN = "given"
    UNDONE = "undone"  # what was said before stands no more


@dataclass(frozen=True, slots=True)
class Identity:
    """Two names are one person's, or are not."""

    first: CopyName
    second: CopyName
    verdict: Verdict  # same, apart or undone

    @property
    def id(self) -> str:
        """Name what is decided, whatever the word."""
        return link_id(self.first, self.second)

    @property
    def same(self) -> bool:
        """Say whether the two are one."""
        return self.verdict is Verdict.SAME

    @property
    def ends(self) -> tuple[CopyName, CopyName]:
        """Give what is held to be one or apart."""
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class Belonging:
    """Two copies show one conversation, or do not."""

    first: str  # a copy's id
    second: str
    verdict: Verdict  # same, apart or undone

    @property
    def id(self) -> str:
        """Name what is decided, whatever the word."""
        return derive("belonging", *sorted((self.first, self.second)))

    @property
    def same(self) -> bool:
        """Say whether the two are one."""
        return self.verdict is Verdict.SAME

    @property
    def ends(self) -> tuple[str, str]:
        """Give what is held to be one or apart."""
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class Offset:
    """So much is to be added to a copy's times, from one of them on."""

    copy: str
    offset_ms: int
    since_at: str | None = None  # ISO 8601, UTC, by the copy's own clock; None: from its first on
    verdict: Verdict = Verdict.GIVEN

    @property
    def id(self) -> str:
        """Name what is decided: from one time on there is one offset."""
        return derive("offset", self.copy, self.since_at or "")


@dataclass(frozen=True, slots=True)
class Window:
    """A copy could have known what was sent between two times; None where an end is open."""

    copy: str
    since_at: str | None  # ISO 8601, UTC
    until_at: str | None  # the first moment no longer in it
    verdict: Verdict = Verdict.GIVEN

    @property
    def id(self) -> str:
        """Name what is decided; a copy may have several windows."""
        return derive("window", self.copy, self.since_at or "", self.until_at or "")


Decision = Identity | Belonging | Offset | Window


def undone(decision: Decision) -> Decision:
    """Give the word that undoes a decision."""
    return replace(decision, verdict=Verdict.UNDONE)


_CENTURY_MS = 36_525 * 86_400_000


def fault(decision: Decision) -> str:
    """Say why a decision makes no sense; nothing where it does."""
    match decision:
        case Identity() | Belonging() if decision.ends[0] == decision.ends[1]:
            return "the same is named twice; name two"
        case Offset() if abs(decision.offset_ms) > _CENTURY_MS:
            return "no clock is off by more than a century"
        case Window(since_at=None, until_at=None):
            return "a window needs a beginning or an end"
        case Window(since_at=str(since), until_at=str(until)) if since >= until:
            return "a window ends after it begins"
    return ""


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions that stand, each kind in the order of what is decided."""

    identities: tuple[Identity, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    offsets: tuple[GivenOffset, ...] = ()
    windows: tuple[GivenWindow, ...] = ()


def decided(words: Iterable[Decision]) -> Decided:
    """Keep the last word on each, out of words in the order of the ledger."""
    last = {word.id: word for word in words}
    standing = [word for _, word in sorted(last.items()) if word.verdict is not Verdict.UNDONE]
    return Decided(
        tuple(one for one in standing if isinstance(one, Identity)),
        tuple(one for one in standing if isinstance(one, Belonging)),
        tuple(
            GivenOffset(one.copy, one.offset_ms, _ms(one.since_at))
            for one in standing
            if isinstance(one, Offset)
        ),
        tuple(
            GivenWindow(one.copy, _ms(one.since_at), _ms(one.until_at))
            for one in standing
            if isinstance(one, Window)
        ),
    )


def _ms(at: str | None) -> int | None:
    return None if at is None else (datetime.fromisoformat(at) - _DAWN) // timedelta(milliseconds=1)


Pair = TypeVar("Pair", bound=Identity | Belonging)
End = CopyName | str


def opposed(standing: Sequence[Pair], new: Pair) -> list[Pair]:
    """Name the standing decisions that a new one cannot stand beside; none where it can.

    What holds for two holds for all that are one with either: of names and copies that are one
    with one another, none may be held apart.
    """
    others = [one for one in standing if one.id != new.id]
    joins = [one for one in others if one.same]
    if not new.same:
        return _chain(joins, *new.ends)
    for one in others:
        if not one.same:
            chain = _chain([*joins, new], *one.ends)
            if chain:
                return [one, *(link for link in chain if link.id != new.id)]
    return []


def _chain(joins: Sequence[Pair], first: End, second: End) -> list[Pair]:
    """Give the shortest chain of decisions by which two are one."""
    beside: dict[End, list[tuple[End, Pair]]] = {}
    for one in joins:
        a, b = one.ends
        beside.setdefault(a, []).append((b, one))
        beside.setdefault(b, []).append((a, one))
    reached: dict[End, list[Pair]] = {first: []}
    waiting = [first]
    for at in waiting:
        for other, by in beside.get(at, ()):
            if other not in reached:
                reached[other] = [*reached[at], by]
                waiting.append(other)
    return reached.get(second, [])
