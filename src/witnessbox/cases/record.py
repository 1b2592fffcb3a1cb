"""Case records and the ledger: what people enter, and what stands of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from witnessbox.cases.casefile import KINDS, CaseFile, Strike, fold, kind_of
from witnessbox.cases.checks import breaches
from witnessbox.cases.model import CaseError, Record
from witnessbox.ledger.model import Actor, Entry
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger

STRIKE = "case-struck"


@dataclass(frozen=True, slots=True)
class Taken:
    """How many records were entered, and how many already stood just so."""

    added: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Version:
    """One record as it was entered, or struck where ``record`` is None; by whom, when and why."""

    record: Record | None
    position: int
    actor: Actor
    at: str
    reason: str


def state(ledger: Ledger) -> CaseFile:
    """Give what stands now."""
    return fold(_steps(ledger))


def history(ledger: Ledger, kind: str, ident: str) -> tuple[Version, ...]:
    """Give every version of one record, oldest first."""
    found: list[Version] = []
    for entry in ledger.entries(kind, STRIKE):
        step = _step(entry)
        if isinstance(step, Strike):
            if (step.kind, step.id) == (kind, ident):
                found.append(_version(None, entry))
        elif step.id == ident:
            found.append(_version(step, entry))
    return tuple(found)


def add(
    ledger: Ledger, record: Record, actor: Actor, at: datetime, reason: str = ""
) -> Entry | None:
    """Enter one record, or a new version of one; None where it already stands just so.

    Raises CaseError where it would not hold with what stands.
    """
    entries = _enter(ledger, (record,), actor, at, reason)
    return entries[0] if entries else None


def take(
    ledger: Ledger, records: Sequence[Record], actor: Actor, at: datetime, reason: str = ""
) -> Taken:
    """Enter the records of a case file, all or none; what already stands just so adds nothing."""
    entries = _enter(ledger, records, actor, at, reason)
    return Taken(len(entries), len(records) - len(entries))


def strike(ledger: Ledger, kind: str, ident: str, actor: Actor, at: datetime, reason: str) -> Entry:
    """Let a record no longer stand.  Raises CaseError without a reason, or while others name it."""
    if not reason.strip():
        raise CaseError(f"{kind} '{ident}' is struck only with a reason; say why")
    gone = Strike(kind, ident)
    before = state(ledger)
    if before.find(kind, ident) is None:
        raise CaseError(f"there is no {kind} '{ident}' to strike; check the id")
    _refuse_new_breaches(before, fold((*before.records(), gone)))
    return ledger.append([draft(STRIKE, gone, actor, at, reason)])[0]


def _enter(
    ledger: Ledger, records: Sequence[Record], actor: Actor, at: datetime, reason: str
) -> list[Entry]:
    before = state(ledger)
    standing = {(kind_of(one), one.id): one for one in (*before.records(), *before.standards)}
    new: list[Record] = []
    for record in records:
        if standing.get((kind_of(record), record.id)) != record:
            standing[kind_of(record), record.id] = record
            new.append(record)
    if not new:
        return []
    _refuse_new_breaches(before, fold((*before.records(), *new)))
    return ledger.append([draft(kind_of(record), record, actor, at, reason) for record in new])


def _refuse_new_breaches(before: CaseFile, after: CaseFile) -> None:
    known = set(breaches(before))
    new = [breach for breach in breaches(after) if breach not in known]
    if new:
        more = f" (and {len(new) - 1} more)" if len(new) > 1 else ""
        raise CaseError(f"{new[0]}{more}; nothing was entered")


def _steps(ledger: Ledger) -> Iterable[Record | Strike]:
    for entry in ledger.entries(*KINDS, STRIKE):
        yield _step(entry)


def _step(entry: Entry) -> Record | Strike:
    return read(entry, Strike) if entry.kind == STRIKE else read(entry, KINDS[entry.kind])


def _version(record: Record | None, entry: Entry) -> Version:
    return Version(record, entry.position, entry.actor, entry.at, entry.reason)
