"""CSV or JSON lines of anybody's making, read by a column mapping that a person writes.

A table ``export.csv`` is read with the mapping ``export.csv.mapping.toml`` received from the same
custodian; both are exhibits, so that a report can be made again from what was received::

    time_format = "%d/%m/%Y %H:%M"
    zone = "Europe/London"
    [columns]
    time = "Date"
    sender = "From"
    text = "Message"

Without a mapping, or with one that names a column the table has not, the table is one problem over
all of it, which says what is missing.  The mapping's bytes are a note.

Not read: tables in UTF-16, spreadsheets, JSON that is not one object a line.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.table import rows as made
from witnessbox.intake.table.fields import (
    Doubt,
    Fields,
    NoRowError,
    csv_values,
    decoded,
    json_fields,
    named,
)
from witnessbox.intake.table.lines import Line, TooLong, csv_lines, json_lines
from witnessbox.intake.table.mapping import (
    LONGEST_BYTES,
    REFUSED,
    Mapping,
    MappingError,
    is_mapping,
    load,
    mapping_name,
)
from witnessbox.intake.table.rows import Scene

FORMAT = Format(
    name="generic-table",
    title="Table with a column mapping (CSV, JSON lines)",
    version=1,
    platform="generic",
    fallback=True,
)

_CSV, _JSON = (".csv", ".tsv"), (".jsonl", ".ndjson")
_BATCH_ROWS = 1 << 12
_BOM = b"\xef\xbb\xbf"


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is a table or a mapping: by its name, and that it begins as text."""
    lower = name.lower()
    if not head or b"\0" in head or not (is_mapping(name) or lower.endswith((*_CSV, *_JSON))):
        return False
    return not lower.endswith(_JSON) or head.removeprefix(_BOM).lstrip().startswith(b"{")


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a table from its first byte to its last, or say why it is not read."""
    rows = Gathered(source.exhibit, FORMAT.label)
    if is_mapping(source.name):
        yield _mapping_itself(source, rows)
        return
    try:
        mapping = _mapping_of(source)
        reading = _Reading(source, mapping, assumption)
    except MappingError as error:
        what = f"{error}; the table has {_columns_of(source)}"
        rows.problem(0, source.size_bytes, REFUSED, what, Severity.LOSS)
        yield rows.batch()
        return
    yield from reading.batches()


def _mapping_itself(source: Source, rows: Gathered) -> Batch:
    code, severity = "mapping", Severity.NOTE
    what = "a column mapping that a table is read with"
    with source.open() as stream:
        try:
            load(stream.read(LONGEST_BYTES + 1))
        except MappingError as error:
            code, what, severity = REFUSED, str(error), Severity.LOSS
    rows.problem(0, source.size_bytes, code, what, severity)
    return rows.batch()


def _mapping_of(source: Source) -> Mapping:
    """Find the mapping beside a table.  Raises MappingError where there is none to use."""
    wanted = mapping_name(source.name)
    for one in source.beside:
        if one.path.name == wanted:
            with one.open() as stream:
                return load(stream.read(LONGEST_BYTES + 1))
    raise MappingError(f"no column mapping came with it; write {wanted} and receive both")


def _columns_of(source: Source) -> str:
    """Show a table's first line, which most often names its columns."""
    with source.open() as stream:
        first = stream.read(2_000).removeprefix(_BOM).splitlines()
    return "no line" if not first else f"the first line {first[0].decode('utf-8', 'replace')[:400]}"


class _Reading:
    """One table on its way into rows."""

    def __init__(self, source: Source, mapping: Mapping, assumption: Assumption) -> None:
        self._source, self._mapping = source, mapping
        tabs = source.name.lower().endswith(".tsv")
        self._longest_bytes = source.limits.table_row_bytes
        self._delimiter = mapping.delimiter or ("\t" if tabs else ",")
        self._is_csv = source.name.lower().endswith(_CSV)
        label = f"{mapping.platform or 'generic'}-{FORMAT.label.removeprefix('generic-')}"
        self._rows = Gathered(source.exhibit, label)
        title = PurePosixPath(source.name).stem
        self._scene = Scene(mapping, title, mapping.zone or assumption.zone)
        self._pending: tuple[int, Fields, list[Doubt]] | None = None
        self._reached = 0
        self._seen: set[str | None] = set()
        self._named = mapping.columns.named
        self._names = self._columns() if self._is_csv else []

    def _columns(self) -> list[str]:
        """Name the columns of a CSV file.  Raises MappingError where a mapped one is not there."""
        with self._source.open() as stream:
            first = next(self._lines(stream), None)
        names: list[str] = []
        if isinstance(first, Line):
            names, _ = self._values(first)
        if not self._mapping.header:
            names = [str(number) for number, _ in enumerate(names, 1)]
        missing = [name for name in self._named if name not in names]
        if missing:
            raise MappingError(f"the mapping names columns that are not there: {missing}")
        return names

    def _values(self, line: Line) -> tuple[list[str], list[Doubt]]:
        data = line.data.removeprefix(_BOM) if line.start == 0 else line.data
        text, doubts = decoded(data, self._mapping.encoding)
        return csv_values(text, self._delimiter, quoted=line.whole), doubts

    def batches(self) -> Iterator[Batch]:
        """Read to the end."""
        with self._source.open() as stream:
            for number, line in enumerate(self._lines(stream)):
                self._take(line, first=number == 0)
                if len(self._rows.messages) + len(self._rows.problems) >= _BATCH_ROWS:
                    yield self._taken()
        self._settle(self._source.size_bytes)
        for column in self._named:
            if self._scene.index and not self._is_csv and column not in self._seen:
                self._rows.doubt(self._reached, "column-unseen", f"no line has {column}")
        made.participants(self._rows, self._scene)
        yield self._taken()

    def _lines(self, stream: BinaryIO) -> Iterator[Line | TooLong]:
        if self._is_csv:
            return csv_lines(stream, self._delimiter.encode(), self._longest_bytes)
        return json_lines(stream, self._longest_bytes)

    def _taken(self) -> Batch:
        batch = self._rows.batch()
        self._rows = Gathered(self._rows.exhibit, self._rows.parser)
        return batch

    def _take(self, line: Line | TooLong, *, first: bool) -> None:
        if isinstance(line, TooLong):
            self._settle(line.start)
            what = f"a row longer than {self._longest_bytes:,} bytes"
            self._own(line.end, "row-too-long", what, Severity.LOSS)
        elif not line.data.removeprefix(_BOM).strip():
            if self._pending is None:
                end = line.start + len(line.data)
                self._rows.blank(self._reached, end, "envelope", "empty lines")
                self._reached = end
        else:
            self._settle(line.start)
            self._take_row(line, first=first)

    def _take_row(self, line: Line, *, first: bool) -> None:
        end = line.start + len(line.data)
        if first and self._is_csv and self._mapping.header:
            self._own(end, "envelope", "the names of the columns", Severity.NOTE)
            return
        try:
            fields, doubts = self._fields(line)
        except NoRowError as error:
            self._own(end, "broken-row", str(error), Severity.LOSS)
            return
        if not line.whole:
            doubts.append(Doubt("open-quote", "a quote that does not close was taken for a letter"))
        elif line.odd:
            what = "letters stand behind a closing quote; several rows may have been taken for one"
            doubts.append(Doubt("odd-quote", what))
        if not self._is_csv:
            self._seen.update(fields)
        self._pending = line.start, fields, doubts

    def _fields(self, line: Line) -> tuple[Fields, list[Doubt]]:
        if not self._is_csv:
            return json_fields(line.data, self._named)
        values, doubts = self._values(line)
        fields, uneven = named(self._names, values)
        return fields, [*doubts, *uneven]

    def _own(self, end: int, code: str, what: str, severity: Severity) -> None:
        self._rows.problem(self._reached, end, code, what, severity)
        self._reached = end

    def _settle(self, end: int) -> None:
        """Give out the row before this byte; empty lines fall to the row they follow."""
        if self._pending is None:
            return
        start, fields, doubts = self._pending
        made.add(self._rows, (start, end), fields, self._scene)
        for doubt in doubts:
            self._rows.doubt(start, doubt.code, doubt.what)
        self._pending, self._reached = None, end
