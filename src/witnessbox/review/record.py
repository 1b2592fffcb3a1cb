"""Codings and the ledger: what reviewers enter, and what stands of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from witnessbox.evidence.folder import Folder
from witnessbox.ledger.model import Actor, Entry
from witnessbox.ledger.record import Entered, draft, entered, read
from witnessbox.ledger.store import Ledger
from witnessbox.review import coding as words
from witnessbox.review.codebook import CodeBook, shipped
from witnessbox.review.coding import Coding, Decision, ReviewError, Standing, Withdrawal
from witnessbox.review.places import Lost, finder, messages_of
from witnessbox.review.sheet import Line, parse

CODING = "coding"
WITHDRAWAL = "coding-withdrawn"

Word = Entered[Decision]
"""A coding or withdrawal as it was entered."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many codings a file added, and how many already stood just so."""

    added: int
    unchanged: int


def code(
    ledger: Ledger, coding: Coding, actor: Actor, at: datetime, book: CodeBook | None = None
) -> Entry:
    """Enter one coding.  Raises ReviewError for a category that the code-book does not have."""
    (book or shipped()).check(coding)
    return ledger.append([draft(CODING, coding, actor, at)])[0]


def withdraw(ledger: Ledger, coding: Coding, actor: Actor, at: datetime, reason: str) -> Entry:
    """Take a coding back, as a new entry that says why.  Raises ReviewError without a reason."""
    if not reason.strip():
        raise ReviewError("a coding is withdrawn only with a reason; say why")
    gone = Withdrawal(coding.message, coding.span, coding.reviewer)
    return ledger.append([draft(WITHDRAWAL, gone, actor, at, reason)])[0]


def history(ledger: Ledger) -> tuple[Word, ...]:
    """Give every coding and withdrawal, oldest first, with who entered it."""
    return tuple(entered(entry, decision_of(entry)) for entry in ledger.entries(CODING, WITHDRAWAL))


def codings(ledger: Ledger) -> tuple[Coding, ...]:
    """Give each reviewer's last word on each record that was read, without looking at tables."""
    return words.standing(_decisions(ledger), {}).unplaced


def standing(folder: Folder, ledger: Ledger) -> Standing:
    """Give what stands, on the messages as they are reconciled now."""
    decisions = tuple(_decisions(ledger))
    return words.standing(decisions, messages_of(folder, (one.span for one in decisions)))


def load(path: Path) -> tuple[Line, ...]:
    """Read a file of codings, without looking its messages up.

    Raises ReviewError where it cannot be read whole.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReviewError(f"{path} cannot be read: {error}; check the path") from error
    return parse(path.name, data)


def take(folder: Folder, ledger: Ledger, path: Path, actor: Actor, at: datetime) -> Taken:
    """Enter a file of codings, all or none; a line that already stands just so adds nothing.

    A line without a reviewer is the actor's own.  Raises ReviewError with the line that is wrong.
    """
    lines = load(path)
    found = _coded(path.name, lines, folder, ledger, actor)
    present = standing(folder, ledger)
    new: list[Coding] = []
    for coding in found:
        stands = present.word(coding.message, coding.reviewer)
        if stands is None or not coding.repeats(stands):
            new.append(coding)
    reason = f"from {path.name}"
    ledger.append([draft(CODING, coding, actor, at, reason) for coding in new])
    return Taken(len(new), len(found) - len(new))


def _coded(
    name: str, lines: Sequence[Line], folder: Folder, ledger: Ledger, actor: Actor
) -> list[Coding]:
    answers = finder(folder, ledger)([line.reference for line in lines])
    found: list[Coding] = []
    first: dict[tuple[str, str], int] = {}
    for line, answer in zip(lines, answers, strict=True):
        where = f"{name} line {line.line}"
        if isinstance(answer, Lost):
            raise ReviewError(f"{where}: {answer.why}; nothing was taken")
        try:
            coding = Coding(
                answer.message,
                answer.span,
                line.reviewer or actor.id,
                line.categories,
                line.severity,
                line.banter,
                line.note,
            )
            shipped().check(coding)
        except ReviewError as error:
            raise ReviewError(f"{where}: {error}; nothing was taken") from error
        earlier = first.setdefault((coding.message, coding.reviewer), line.line)
        if earlier != line.line:
            raise ReviewError(
                f"{where}: {coding.reviewer} codes the message of line {earlier} again; keep one "
                "of the two lines; nothing was taken"
            )
        found.append(coding)
    return found


def _decisions(ledger: Ledger) -> Iterator[Decision]:
    for entry in ledger.entries(CODING, WITHDRAWAL):
        yield decision_of(entry)


def decision_of(entry: Entry) -> Decision:
    """Take the coding or withdrawal out of an entry."""
    return read(entry, Coding) if entry.kind == CODING else read(entry, Withdrawal)
