"""A validation pack: every parser on known data, and what came of each element."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from witnessbox.evidence.digest import sha256_of
from witnessbox.intake.parser import Format, Parser
from witnessbox.validation.check import findings, read
from witnessbox.validation.known import ZONE, talks
from witnessbox.validation.model import DataSet, Finding, Outcome
from witnessbox.validation.writers import WRITERS
from witnessbox.version import VERSION


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of known data and what came of it."""

    title: str
    name: str
    sha256: str
    size_bytes: int
    records: int
    problems: tuple[tuple[str, int], ...]  # how many of each code; doubts are results too
    findings: tuple[Finding, ...]
    beside: tuple[tuple[str, int, str], ...] = ()  # name, bytes and SHA-256 of what lay beside it


@dataclass(frozen=True, slots=True)
class Column:
    """One format as it is written one way."""

    format: Format
    way: str
    sheets: tuple[Sheet, ...]

    @property
    def title(self) -> str:
        """Name the parser, its version and the way."""
        return f"{self.format.label} {self.way}".strip()

    def finding(self, element: str) -> Finding | None:
        """Say what came of an element; None where no file is about it."""
        found = (one for sheet in self.sheets for one in sheet.findings if one.element == element)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that was held against known data, and the formats that have none yet."""

    version: str
    made_on: date
    seed: int
    zone: str
    columns: tuple[Column, ...]
    without_data: tuple[Format, ...]

    @property
    def failures(self) -> tuple[tuple[Column, Finding], ...]:
        """List what failed."""
        return self.of(Outcome.FAILED)

    def of(self, outcome: Outcome) -> tuple[tuple[Column, Finding], ...]:
        """List the findings of one outcome, column after column."""
        return tuple(
            (column, finding)
            for column in self.columns
            for sheet in column.sheets
            for finding in sheet.findings
            if finding.outcome is outcome
        )


def validate(parsers: Sequence[Parser], seed: int, made_on: date) -> Pack:
    """Run every parser on its known data; the same seed and release give the same findings."""
    known = talks(seed)
    return Pack(
        version=VERSION,
        made_on=made_on,
        seed=seed,
        zone=ZONE,
        columns=tuple(
            _column(parser, [write(talk) for talk in known], [talk.elements for talk in known])
            for parser in parsers
            for write in WRITERS.get(parser.FORMAT.name, ())
        ),
        without_data=tuple(one.FORMAT for one in parsers if one.FORMAT.name not in WRITERS),
    )


def _column(
    parser: Parser, data_sets: Sequence[DataSet], elements: Sequence[tuple[str, ...]]
) -> Column:
    sheets = tuple(
        _sheet(parser, data_set, about) for data_set, about in zip(data_sets, elements, strict=True)
    )
    return Column(parser.FORMAT, data_sets[0].way, sheets)


def _sheet(parser: Parser, data_set: DataSet, elements: Sequence[str]) -> Sheet:
    readout = read(parser, data_set)
    return Sheet(
        title=data_set.title,
        name=data_set.name,
        sha256=sha256_of([data_set.data]),
        size_bytes=len(data_set.data),
        records=len(data_set.records),
        problems=readout.problems,
        findings=tuple(findings(data_set, readout, elements)),
        beside=tuple((name, len(data), sha256_of([data])) for name, data in data_set.beside),
    )
