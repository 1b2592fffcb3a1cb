"""The report's numbers for machines: the same as in the report, without its words."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from witnessbox.reports.figures import MonthCount
from witnessbox.reports.model import Report, Reviewed, Tally


@dataclass(frozen=True, slots=True)
class ConversationCount:
    """A conversation's numbers."""

    conversation: int
    copies: int
    messages: int


@dataclass(frozen=True, slots=True)
class CopyCount:
    """A copy's numbers."""

    copy: str
    messages: int
    missing: int
    placeholders: int
    only_here: int


@dataclass(frozen=True, slots=True)
class FindingCount:
    """A category's numbers."""

    category: str
    messages: int
    people: int
    banter: int
    severities: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """All numbers of a report."""

    summary: tuple[Tally, ...]
    reviewed: Reviewed
    conversations: tuple[ConversationCount, ...]
    copies: tuple[CopyCount, ...]
    findings: tuple[FindingCount, ...]
    outcomes: tuple[Tally, ...]
    sum_checks: tuple[str, ...]
    months: tuple[MonthCount, ...]


def counts(report: Report, months: Sequence[MonthCount]) -> Counts:
    """Give the numbers of a report."""
    return Counts(
        summary=report.summary,
        reviewed=report.reviewed,
        conversations=tuple(
            ConversationCount(one.number, one.copies, one.messages) for one in report.conversations
        ),
        copies=tuple(
            CopyCount(one.label, one.messages, one.missing, one.placeholders, one.only_here)
            for one in report.copies
        ),
        findings=tuple(
            FindingCount(one.category, one.messages, one.people, one.banter, one.severities)
            for one in report.findings
        ),
        outcomes=report.cases.outcomes,
        sum_checks=report.cases.sum_checks,
        months=tuple(months),
    )


def as_csv(numbers: Counts) -> bytes:
    """Write the numbers as one CSV table: what of which thing, measured how, and how many."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("part", "of", "measure", "value"))
    for part, of, measure, value in _cells(numbers):
        writer.writerow((part, _plain(of), measure, value))
    return text.getvalue().encode()


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def _cells(numbers: Counts) -> Iterator[tuple[str, str, str, int]]:
    for tally in numbers.summary:
        yield "summary", tally.label, "count", tally.count
    for measure in Reviewed.__dataclass_fields__:
        yield "reviewed", "messages", measure, getattr(numbers.reviewed, measure)
    for one in numbers.conversations:
        yield "conversation", str(one.conversation), "copies", one.copies
        yield "conversation", str(one.conversation), "messages", one.messages
    for copy in numbers.copies:
        yield "copy", copy.copy, "messages", copy.messages
        yield "copy", copy.copy, "missing", copy.missing
        yield "copy", copy.copy, "placeholders", copy.placeholders
        yield "copy", copy.copy, "only here", copy.only_here
    for finding in numbers.findings:
        yield from _cells_of(finding)
    for tally in numbers.outcomes:
        yield "outcome", tally.label, "people", tally.count
    for month in numbers.months:
        yield "month", month.conversation, month.month, month.count


def _cells_of(finding: FindingCount) -> Iterator[tuple[str, str, str, int]]:
    yield "finding", finding.category, "messages", finding.messages
    yield "finding", finding.category, "people", finding.people
    yield "finding", finding.category, "banter", finding.banter
    for tally in finding.severities:
        yield "finding", finding.category, f"severity {tally.label}", tally.count
