"""Gather what a report says out of an operation's tables and ledger.

Reads, and decides nothing: what counts as a finding, a pseudonym or a limit is decided in the pure
modules beside this one.  The result depends on the exhibits and the ledger alone, never on the
hour, so the same operation gives the same report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from zoneinfo import ZoneInfo

from witnessbox.cases.casefile import CaseFile
from witnessbox.cases.record import state
from witnessbox.cases.statistics import CaseStatistics, statistics
from witnessbox.cases.support import support, unsupported
from witnessbox.errors import WitnessboxError
from witnessbox.evidence import schema
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import receipts
from witnessbox.ledger.chain import merkle_root
from witnessbox.ledger.store import Ledger
from witnessbox.reports import casework, figures, material
from witnessbox.reports import statistics as numbers
from witnessbox.reports.findings import Measure, findings, reviewed
from witnessbox.reports.limits import limits
from witnessbox.reports.material import Material
from witnessbox.reports.model import (
    CopyRow,
    ExhibitRow,
    Figure,
    Finding,
    Method,
    Report,
    Reviewed,
    Seal,
    Tally,
    Title,
)
from witnessbox.reports.pseudonyms import Labelled, Pseudonyms, assign
from witnessbox.reports.record import given
from witnessbox.reports.times import moment, stamped
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import Standing
from witnessbox.review.places import messages_of
from witnessbox.review.record import standing

WARNING = (
    "The findings quote messages that may be offensive or distressing, in the words in which they "
    "were written, as few as it takes to show what was found."
)


class GatherError(WitnessboxError):
    """A report cannot be gathered from this operation as it stands."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What the publisher decides about a report: its title, its zone and how much is quoted."""

    operation: str  # the operation's name
    zone: str  # IANA time zone
    subtitle: str = "Learning report"
    measure: Measure = field(default_factory=Measure)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report, with the pseudonyms, exhibit names and counts it was made with."""

    report: Report
    pseudonyms: Pseudonyms
    names: Mapping[str, str]  # of exhibits, as first received
    months: tuple[figures.MonthCount, ...]


def gather(folder: Folder, ledger: Ledger, edition: Edition) -> Gathered:
    """Gather the report of an operation.  Raises GatherError where its ledger is empty."""
    case_file = state(ledger)
    held = _material(folder, ledger, edition, case_file)
    words = standing(folder, ledger)
    counted = statistics(case_file)
    cases = casework.tell(case_file, counted, held.pseudonyms)
    exhibits = material.exhibits(held)
    months = tuple(material.months(held))
    copies = material.copies(held)
    seen = reviewed(words, held.tables.rows(schema.CANONICAL_MESSAGES))
    found = findings(
        words, material.coded(held, words), shipped(), edition.measure, held.pseudonyms.mask
    )
    bare = _unsupported(folder, case_file, words)
    report = Report(
        title=_title(edition, held),
        summary=_summary(held, exhibits, copies, seen, counted),
        warning=WARNING,
        exhibits=exhibits,
        lawful_bases=numbers.lawful_bases(held.receipts),
        conversations=numbers.conversation_rows(
            held.tables.read(schema.CONVERSATIONS), held.numbering, held.zone
        ),
        copies=copies,
        clock_doubts=numbers.clock_doubts(
            held.tables.read(schema.COPIES, columns=["offset_doubt"]), held.pseudonyms.mask
        ),
        method=Method(
            parsers=numbers.parsers(exhibits),
            screening=material.screening(held),
            limits=limits(material.blind(held, len(exhibits), seen, len(words.unplaced), bare)),
            doubts=material.doubts(held),
        ),
        reviewed=seen,
        findings=found,
        cases=cases,
        figures=_figures(months, copies, found, cases.outcomes),
        seal=_seal(ledger),
    )
    names = {receipt.exhibit: receipt.name for receipt in reversed(held.receipts)}
    return Gathered(report, held.pseudonyms, names, months)


def _material(folder: Folder, ledger: Ledger, edition: Edition, case_file: CaseFile) -> Material:
    tables = Tables(folder.tables)
    labels = [Labelled(one.label, one.names) for one in case_file.subjects if one.people == 1]
    pseudonyms = assign(material.named(tables), given(ledger), labels)
    return Material(
        folder=folder,
        tables=tables,
        ledger=ledger,
        receipts=tuple(receipts(ledger)),
        zone=ZoneInfo(edition.zone),
        pseudonyms=pseudonyms,
        numbering=numbers.numbering(tables.read(schema.CONVERSATIONS), pseudonyms.mask),
    )


def _unsupported(folder: Folder, case_file: CaseFile, words: Standing) -> int:
    spans = [span for one in case_file.allegations for span in one.messages]
    return len(unsupported(support(case_file, messages_of(folder, spans), words)))


def _title(edition: Edition, held: Material) -> Title:
    head = held.ledger.head()
    if head.length == 0:
        raise GatherError("the ledger is empty; receive exhibits before publishing a report")
    (last,) = held.ledger.entries(since=head.length - 1)
    at = moment(stamped(last.at, held.zone), held.zone)
    return Title(
        operation=edition.operation,
        subtitle=edition.subtitle,
        zone=edition.zone,
        state=f"entry {last.position}, {at}",
        product=f"Witnessbox {version('witnessbox')}",
    )


def _summary(
    held: Material,
    exhibits: tuple[ExhibitRow, ...],
    copies: tuple[CopyRow, ...],
    seen: Reviewed,
    counted: CaseStatistics,
) -> tuple[Tally, ...]:
    return (
        Tally("exhibits received", len({one.exhibit for one in held.receipts})),
        Tally("of them read as conversations", len(exhibits)),
        Tally("messages in the exhibits", sum(row.messages for row in exhibits)),
        Tally("distinct messages", held.tables.rows(schema.CANONICAL_MESSAGES)),
        Tally("conversations", len(held.numbering.number)),
        Tally("copies of them", len(copies)),
        Tally("messages missing from a copy", sum(row.missing for row in copies)),
        Tally("of them corroborated or documented", sum(row.corroborated for row in copies)),
        Tally("messages read by a person", seen.read),
        Tally("messages coded relevant", seen.relevant),
        Tally("linked investigations", counted.investigations),
        Tally("people under investigation", counted.people),
        Tally("recommendations", counted.recommendations.total),
    )


def _figures(
    months: tuple[figures.MonthCount, ...],
    copies: tuple[CopyRow, ...],
    found: tuple[Finding, ...],
    outcomes: tuple[Tally, ...],
) -> tuple[Figure, ...]:
    drawn = (
        figures.months(months),
        figures.copies(copies),
        figures.categories(found),
        figures.outcomes(outcomes),
    )
    return tuple(figure for figure in drawn if figure is not None)


def _seal(ledger: Ledger) -> Seal:
    hashes = [entry.hash for entry in ledger.entries()]
    return Seal(
        ledger_entries=len(hashes),
        ledger_hash=hashes[-1],
        merkle_root=merkle_root(hashes),
        data_version=schema.DATA_VERSION,
    )
