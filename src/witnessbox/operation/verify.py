"""Whether all of an operation holds: vault, ledger, tables, spans, codings, reports.

Reads everything again and believes nothing that was noted earlier, except the notes themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from witnessbox.evidence.steps import Progress, Steps, silent
from witnessbox.intake.explained import explained
from witnessbox.intake.record import receipts
from witnessbox.media import transcribe
from witnessbox.operation.model import Operation
from witnessbox.operation.steps import STEPS
from witnessbox.reports.check import verify_releases
from witnessbox.review.record import standing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what, and each way in which it does not hold."""

    what: str
    breaches: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether nothing was found against it."""
        return not self.breaches


Check = Callable[[Operation, Progress], tuple[str, list[str]]]


def verify(operation: Operation, progress: Progress = silent) -> Iterator[Finding]:
    """Check an operation part by part; each finding comes as soon as it is known."""
    for check in (_ledger, _vault, _tables, _spans, _codings, _reports):
        what, breaches = check(operation, progress)
        yield Finding(what, tuple(breaches))


def _ledger(operation: Operation, _progress: Progress) -> tuple[str, list[str]]:
    head = operation.ledger.head()
    return (
        f"the ledger: {head.length:,} entries in one chain, ending {head.hash[:16]}…",
        operation.ledger.breaches(),
    )


def _vault(operation: Operation, progress: Progress) -> tuple[str, list[str]]:
    received = {receipt.exhibit for receipt in receipts(operation.ledger)}
    stored = set(operation.vault.exhibits())
    breaches: list[str] = []
    for done, exhibit in enumerate(sorted(received), 1):
        breach = operation.vault.check(exhibit)
        if breach is not None:
            breaches.append(breach)
        progress("vault", done, len(received))
    breaches += [
        f"{exhibit} lies in the vault without a receipt" for exhibit in sorted(stored - received)
    ]
    return (
        f"the vault: {len(received):,} exhibits, each with the hash it was received under",
        breaches,
    )


def _tables(operation: Operation, progress: Progress) -> tuple[str, list[str]]:
    steps = Steps(operation.folder)
    breaches: list[str] = []
    names = [*(step.name for step in STEPS), transcribe.STEP]
    for done, name in enumerate(names, 1):
        breaches += steps.check(name)
        progress("tables", done, len(names))
    return "the tables: every file as the step that made it wrote it", breaches


def _spans(operation: Operation, _progress: Progress) -> tuple[str, list[str]]:
    parts = explained(operation.folder, operation.ledger)
    breaches = [
        f"{part.reference} ({part.name}): {part.unexplained:,} {part.unit} are in no message and "
        "no problem"
        for part in parts
        if part.extracted and part.unexplained
    ]
    waiting = sum(not part.extracted for part in parts)
    read = [part for part in parts if part.extracted]
    total = sum(part.whole for part in read if not part.by_rows)
    rows = [part.whole for part in read if part.by_rows]
    databases = f", and {sum(rows):,} rows of {len(rows):,} databases" if rows else ""
    later = f"; {waiting:,} exhibits are still to be extracted" if waiting else ""
    return f"the spans: {total:,} bytes{databases}, each in one message or problem{later}", breaches


def _codings(operation: Operation, _progress: Progress) -> tuple[str, list[str]]:
    stands = standing(operation.folder, operation.ledger)
    breaches = [
        f"a coding by {coding.reviewer} names byte {coding.span.start:,} of {coding.span.exhibit}, "
        "where no message of the present tables begins"
        for coding in stands.unplaced
    ]
    return f"the codings: {len(stands.codings):,}, each on a message of the tables", breaches


def _reports(operation: Operation, _progress: Progress) -> tuple[str, list[str]]:
    breaches = verify_releases(operation.folder, operation.ledger)
    return "the reports: every file as released, every quotation in its place", breaches
