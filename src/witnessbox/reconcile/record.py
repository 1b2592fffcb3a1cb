"""Decisions about reconciliation and the ledger: what people enter, and what stands of it.

A decision is an entry; the conversations it touches are due to be laid out again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import COPIES, PEOPLE
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.model import Actor, Entry
from witnessbox.ledger.record import Entered, draft, entered, read
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile import decision as fold
from witnessbox.reconcile.decision import (
    Belonging,
    Decided,
    Decision,
    Identity,
    Offset,
    Verdict,
    Window,
    opposed,
    undone,
)
from witnessbox.reconcile.model import CopyName, ReconcileError

KINDS = {
    "identity-decision": Identity,
    "belonging-decision": Belonging,
    "offset-decision": Offset,
    "window-decision": Window,
}
Word = Entered[Decision]
"""A decision as it was entered."""
_UNCHANGED = "; nothing was changed"


class DecisionError(ReconcileError):
    """Something cannot be decided as was asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Known:
    """Copies, and the names they use, as the tables have them."""

    copies: frozenset[str]
    names: frozenset[CopyName]

    def lacks(self, decision: Decision) -> str:
        """Say what a decision is about that no copy has; nothing where there is all of it."""
        if isinstance(decision, Identity):
            unknown = [one for one in decision.ends if one not in self.names]
            return f"copy {unknown[0].copy} has no name {unknown[0].name!r}" if unknown else ""
        about = decision.ends if isinstance(decision, Belonging) else (decision.copy,)
        gone = [one for one in about if one not in self.copies]
        return f"there is no copy {gone[0]!r}; see 'witnessbox decide copies'" if gone else ""


def known(folder: Folder) -> Known:
    """Read which copies and names there are."""
    tables = Tables(folder.tables)
    names = tables.read(PEOPLE, columns=["copy", "name"]).to_pylist()
    copies = tables.read(COPIES, columns=["copy"])["copy"].to_pylist()
    return Known(frozenset(copies), frozenset(CopyName(**row) for row in names))


def words(ledger: Ledger) -> Iterator[Word]:
    """Give every decision, oldest first."""
    for entry in ledger.entries(*KINDS):
        decision: Decision = read(entry, KINDS[entry.kind])
        yield entered(entry, decision)


def decided(ledger: Ledger) -> Decided:
    """Give what stands, as reconciliation takes it."""
    return fold.decided(word.decision for word in words(ledger))


def standing(ledger: Ledger) -> dict[str, Word]:
    """Give the last word on each that stands, by what is decided, oldest first."""
    found: dict[str, Word] = {}
    for word in words(ledger):
        found.pop(word.decision.id, None)
        if word.decision.verdict is not Verdict.UNDONE:
            found[word.decision.id] = word
    return found


def decide(
    ledger: Ledger, have: Known, decision: Decision, actor: Actor, at: datetime, reason: str
) -> Entry:
    """Enter a decision.

    Raises DecisionError without a reason, for what no copy has, for what stands already, and where
    it cannot stand beside another decision.
    """
    fault = fold.fault(decision) or have.lacks(decision)
    if fault:
        raise DecisionError(fault + _UNCHANGED)
    stands = standing(ledger)
    before = stands.get(decision.id)
    if before is not None and before.decision == decision:
        raise DecisionError(f"that is decided already, by {before.actor.name}" + _UNCHANGED)
    against = _opposed([word.decision for word in stands.values()], decision)
    if against:
        raise DecisionError(
            "it cannot stand beside what is decided already; undo first one of: "
            + ", ".join(one.id for one in against)
            + _UNCHANGED
        )
    return _enter(ledger, decision, actor, at, reason)


def undo(ledger: Ledger, word: Word, actor: Actor, at: datetime, reason: str) -> Entry:
    """Undo a decision that stands, as an entry of its own.  Raises DecisionError."""
    if standing(ledger).get(word.decision.id) != word:
        raise DecisionError("that decision does not stand any more" + _UNCHANGED)
    return _enter(ledger, undone(word.decision), actor, at, reason)


def kind_of(decision: Decision) -> str:
    """Name the kind of ledger entry that a decision is."""
    return next(kind for kind, record in KINDS.items() if isinstance(decision, record))


def moment(at: datetime) -> str:
    """Write a time as decisions have it: ISO 8601, UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _enter(ledger: Ledger, decision: Decision, actor: Actor, at: datetime, reason: str) -> Entry:
    if not reason.strip():
        raise DecisionError("a decision needs a reason: say what decides" + _UNCHANGED)
    return ledger.append([draft(kind_of(decision), decision, actor, at, reason.strip())])[0]


def _opposed(standing: Sequence[Decision], new: Decision) -> Sequence[Decision]:
    if isinstance(new, Identity):
        return opposed([one for one in standing if isinstance(one, Identity)], new)
    if isinstance(new, Belonging):
        return opposed([one for one in standing if isinstance(one, Belonging)], new)
    return []
