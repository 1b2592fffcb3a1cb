"""Rows of one stretch of a source, gathered record by record and put into columns at the end.

For formats that a structured reader takes apart one record at a time; a format with millions of
lines of plain text goes by columns from the start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Kind, Precision, Problem, Severity, Span
from witnessbox.intake.columns import column_of, same, table_of
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows

_EMPTY_LINES = "empty lines"
_PLACES = 1 << 21  # among messages of one millisecond
_FAR_MS = (1 << 42) - 1  # the year 2109; later times are all one to the order


class Told(msgspec.Struct, frozen=True, gc=False):
    """One message as a source tells it; times are milliseconds since 1970."""

    start: int
    end: int
    conversation: str
    thread: str | None
    sequence: int
    kind: Kind
    sender: str | None = None
    text: str | None = None
    stamp: str | None = None
    wall_at: int | None = None
    sent_at: int | None = None
    precision: Precision | None = None
    zone: str | None = None
    platform_id: str | None = None
    reply_to: str | None = None
    edited: bool = False
    deleted: bool = False


_TOLD = frozenset(Told.__struct_fields__)


@dataclass(slots=True)
class Gathered:
    """The rows of one batch of one exhibit."""

    exhibit: str
    parser: str
    messages: list[Told] = field(default_factory=list)
    attachments: list[tuple[int, str | None, str, bool]] = field(default_factory=list)
    reactions: list[tuple[int, str | None, str | None, int | None]] = field(default_factory=list)
    votes: list[tuple[int, str | None, str | None, int | None]] = field(default_factory=list)
    acknowledgements: list[tuple[int, str | None, str, int | None]] = field(default_factory=list)
    earlier_texts: list[tuple[int, str, int | None]] = field(default_factory=list)
    memberships: list[tuple[int, int, str, str, str | None, str | None, int | None]] = field(
        default_factory=list
    )
    participants: list[tuple[str, str, str | None, int, bool]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, start: int, end: int, code: str, what: str, severity: Severity) -> None:
        """Note what could not be read or decided."""
        span = Span(self.exhibit, start, end)
        self.problems.append(Problem(span, self.parser, code, what, severity))

    def blank(self, start: int, end: int, code: str, what: str) -> None:
        """Note bytes that say nothing; those that follow one another are one problem.

        Else a file of line ends alone would be as many problems as it has bytes.
        """
        last = self.problems[-1] if self.problems else None
        same = last is not None and last.code == code and last.what in (what, _EMPTY_LINES)
        if last is not None and same and last.span.end == start:
            self.problems.pop()
            start, what = last.span.start, _EMPTY_LINES
        self.problem(start, end, code, what, Severity.NOTE)

    def doubt(self, start: int, code: str, what: str) -> None:
        """Note a doubt about bytes a message owns."""
        self.problem(start, start, code, what, Severity.DOUBT)

    @property
    def count(self) -> int:
        """Say how many rows there are, of all tables."""
        return sum(len(getattr(self, name)) for name in _LISTS)

    def batch(self) -> Batch:
        """Put everything gathered into columns."""
        return Batch(
            messages=_messages(self),
            problems=problem_rows(self.problems),
            participants=self._rows(schema.PARTICIPANTS, self.participants),
            attachments=self._rows(schema.ATTACHMENTS, self.attachments),
            reactions=self._rows(schema.REACTIONS, self.reactions),
            votes=self._rows(schema.VOTES, self.votes),
            acknowledgements=self._rows(schema.ACKNOWLEDGEMENTS, self.acknowledgements),
            earlier_texts=self._rows(schema.EARLIER_TEXTS, self.earlier_texts),
            memberships=self._rows(schema.MEMBERSHIPS, self.memberships),
        )

    def take(self, other: "Gathered") -> None:
        """Add the rows that come behind these."""
        for name in _LISTS:
            getattr(self, name).extend(getattr(other, name))

    def _rows(self, table: schema.Table, rows: Iterable[tuple[Any, ...]]) -> pa.RecordBatch | None:
        return table_of(table, [(self.exhibit, *row) for row in rows])


_LISTS = tuple(one.name for one in fields(Gathered) if one.default_factory is list)
_TOGETHER = 1 << 11
"""Columns cost as much as some hundred rows: what is gathered in small parts is put together."""


def batches(several: Iterable[Gathered]) -> Iterator[Batch]:
    """Put what is gathered part by part into columns, small parts together, in their order."""
    held: Gathered | None = None
    count = 0
    for one in several:
        more = one.count
        if held is None or count + more > _TOGETHER or held.parser != one.parser:
            if held is not None:
                yield held.batch()
            held, count = one, more
        else:
            held.take(one)
            count += more
    if held is not None:
        yield held.batch()


def _messages(rows: Gathered) -> pa.RecordBatch | None:
    if not rows.messages:
        return None
    alike = {"exhibit": rows.exhibit, "parser": rows.parser}  # and nothing in the rest
    arrays = [
        column_of(want.type, list(map(attrgetter(want.name), rows.messages)))
        if want.name in _TOLD
        else same(want.type, alike.get(want.name), len(rows.messages))
        for want in schema.MESSAGES.schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema.MESSAGES.schema)


def sequence(at_ms: int, index: int, *, newest_first: bool = False) -> int:
    """Give a message's place in its conversation: by time, then by its place in the file."""
    place = index % _PLACES
    if newest_first:
        place = _PLACES - 1 - place
    if not -_FAR_MS <= at_ms <= _FAR_MS:
        at_ms = max(-_FAR_MS, min(at_ms, _FAR_MS))
    return at_ms * _PLACES + place
