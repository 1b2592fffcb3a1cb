"""One JSON file of Messenger's kind on its way into rows; counts what only shows at the end.

Messenger and Instagram write the same keys.  What is peculiar to one of them is its *manner*, which
looks at each batch of rows before they become columns.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

import pyarrow as pa

from witnessbox.evidence.model import Severity
from witnessbox.intake.careful import Doubt, twice
from witnessbox.intake.json_spans import Broken, Elements, Frame, Run, Stretch
from witnessbox.intake.json_walk import walk_runs
from witnessbox.intake.messenger import rows as columns
from witnessbox.intake.messenger.kept import Kept
from witnessbox.intake.messenger.rows import Heard, Rows, Texts, Thread
from witnessbox.intake.messenger.runs import Made, finish, parts_of
from witnessbox.intake.messenger.survey import (
    SHAPE,
    Survey,
    conversation_of,
    frame,
    part_of,
    survey,
    thread_of,
)
from witnessbox.intake.messenger.words import read
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.problems import problem_rows

KEPT_BYTES = 3 << 27
"""A file is walked once where what is kept of it needs no more memory than this; else twice."""

_LONGEST_KEPT = 2  # columns need about half the bytes a file has


class Manner(Protocol):
    """What one platform does that the other, with the same keys, does not.

    ``plain`` where it has nothing to see to in a message of words alone.
    """

    plain: bool

    def look(self, rows: Rows) -> None:
        """See to the rows of one batch."""

    def last(self, known: Survey, rows: Rows) -> None:
        """Add the problems that show only over the whole file."""


def read_file(source: Source, label: str, manner: Manner) -> Iterator[Batch]:
    """Read a source from its first byte to its last, in the name of a parser."""
    longest = source.limits.json_record_bytes
    may_fit = source.size_bytes <= _LONGEST_KEPT * KEPT_BYTES
    kept = Kept(KEPT_BYTES if may_fit else 0, manner.plain)
    with source.open() as stream:
        known = survey(kept.through(walk_runs(stream, SHAPE, longest)))
    reading = _Reading(source, label, known, manner)
    if kept.serves(mend=known.texts().mend):
        yield from reading.batches(kept.given())
    else:
        with source.open() as stream:
            yield from reading.batches(walk_runs(stream, SHAPE, longest))
    yield reading.last()


class _Reading:
    """One file on its way into rows; counts what only shows at the end."""

    def __init__(self, source: Source, label: str, known: Survey, manner: Manner) -> None:
        self._known = known
        self._manner = manner
        self._texts = known.texts()
        quiet = Texts(mend=self._texts.mend)  # the frame's strings are not messages' strings
        self._thread = Thread(
            exhibit=source.exhibit,
            parser=label,
            conversation=conversation_of(known, source.path, quiet),
            thread=thread_of(known, source.path, quiet),
            part=part_of(source.path),
            newest_first=known.newest_first,
        )
        self._listed = [quiet.meant(name) or name for name in known.listed]
        self._heard = Heard()
        self._index = 0
        self._reached = 0

    def batches(self, parts: Iterable[Stretch | Run | Made]) -> Iterator[Batch]:
        """Turn the parts of the file into rows, in order."""
        for part in parts:
            if isinstance(part, Run) and self._manner.plain:
                yield from map(self._batch, parts_of(part, mend=self._texts.mend))
            else:
                yield self._batch(part)

    def _batch(self, stretch: Stretch | Run | Made) -> Batch:
        self._reached = stretch.end
        rows = Rows(self._thread, self._texts, self._heard, reached=stretch.end)
        messages = None
        if isinstance(stretch, Made):
            messages = self._take_made(stretch, rows)
        elif isinstance(stretch, Run):
            self._take(stretch.elements(), rows)
        elif isinstance(stretch, Elements):
            self._take(stretch, rows)
        elif isinstance(stretch, Frame):
            _frame(stretch, rows)
        else:
            _broken(stretch, rows)
        self._manner.look(rows)
        return Batch(
            messages=columns.messages(rows) if messages is None else messages,
            problems=problem_rows(rows.problems),
            attachments=columns.attachments(rows),
            reactions=columns.reactions(rows),
            memberships=columns.memberships(rows),
        )

    def _take_made(self, made: Made, rows: Rows) -> pa.RecordBatch:
        first, self._index = self._index, self._index + len(made.times)
        return finish(made, first, rows)

    def _take(self, stretch: Elements, rows: Rows) -> None:
        """Take messages one by one."""
        ends = [*stretch.starts[1:], stretch.end]
        spoken, doubts = read(stretch.pieces)
        for place, (start, end, one) in enumerate(zip(stretch.starts, ends, spoken, strict=True)):
            rows.add(start, end, self._index + place, one)
            for doubt in doubts.get(place, ()):
                rows.problem(start, start, doubt, Severity.DOUBT)
        self._index += len(ends)

    def last(self) -> Batch:
        """Give what shows only over the whole file: who was there, and what to know of it."""
        rows = Rows(self._thread, self._texts, self._heard, reached=self._reached)
        for doubt, severity in self._remarks():
            rows.remark(doubt, severity)
        self._manner.last(self._known, rows)
        return Batch(
            problems=problem_rows(rows.problems),
            participants=columns.participants(self._thread, self._listed, self._heard.senders),
        )

    def _remarks(self) -> Iterator[tuple[Doubt, Severity]]:
        texts = self._texts
        if texts.mended:
            what = f"{texts.mended} strings were written as single bytes and are shown repaired"
            yield Doubt("mojibake-repaired", what), Severity.NOTE
        if texts.mended and texts.wide:
            what = f"{texts.wide} strings were not written as single bytes, as the others were"
            yield Doubt("mojibake-mixed", what), Severity.DOUBT
        if self._known.mixed_order:
            what = "the messages do not stand in the order of their times"
            yield Doubt("time-runs-back", what), Severity.DOUBT


def _frame(stretch: Frame, rows: Rows) -> None:
    values, repeated = frame(stretch)
    told = ", ".join(key for key in values if key != SHAPE.key)
    what = f"the document around the messages ({told})" if told else "the document's own brackets"
    rows.problem(stretch.start, stretch.end, Doubt("envelope", what), Severity.NOTE)
    for key in repeated:
        doubt = twice(key)
        rows.problem(stretch.start, stretch.start, doubt, Severity.DOUBT)


def _broken(stretch: Broken, rows: Rows) -> None:
    severity = Severity.LOSS if stretch.end > stretch.start else Severity.DOUBT
    rows.problem(stretch.start, stretch.end, Doubt(stretch.code, stretch.what), severity)
