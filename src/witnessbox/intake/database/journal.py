"""The rollback journal of a database, as an exhibit of its own: rows as they were before.

A journal holds pages as they were before a transaction.  Rows on them that the database no longer
has, or has otherwise, are traces; none is a message, since the app itself took them back.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same, holdings
from witnessbox.intake.database.keyed import Kept, Keyed, kept
from witnessbox.intake.database.log import Told, apart, told
from witnessbox.intake.database.reading import MOST_TRACES, trace_rows
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.numbered import Numbered
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import DatabaseError, bytes_of
from witnessbox.intake.sqlite.journal import Journal, overlay, read_journal
from witnessbox.intake.sqlite.tables import Tables, tables_of

Compared = Mapping[str, tuple[str, ...]]
"""Columns of message-bearing tables whose values are compared, the words first."""


def is_journal(name: str) -> bool:
    """Say by its name whether a file is a rollback journal."""
    return name.lower().endswith(JOURNAL)


def journal_batches(
    source: Source, same: Same, compared: Compared, texts: Told = told
) -> Iterator[Batch]:
    """Read a journal beside its database.  Raises DatabaseError."""
    name = PurePosixPath(source.name).name[: -len(JOURNAL)]
    database = files.beside(source, name)
    if database is None:
        what = f"a rollback journal without its database; receive it with {name}"
        raise DatabaseError(what)
    main = files.image(database)
    with source.open() as stream:
        journal = read_journal(bytes_of(stream), main.header.page_bytes)
    before, now = tables_of(overlay(main, journal)), tables_of(main)
    found: list[Trace] = []
    count = 0
    for table, names in compared.items():
        for trace in _shown(before, now, table, names, texts):
            count += 1
            found.append(trace)
            if len(found) >= MOST_TRACES:
                yield Batch(traces=trace_rows(found, same))
                found = []
    held = {table: 0 for table in compared if now.has(table)}
    yield Batch(
        problems=problem_rows(_remarks(journal, count, same)),
        traces=trace_rows(found, same),
        holdings=holdings(held, same),
    )


def _shown(
    before: Tables, now: Tables, table: str, names: tuple[str, ...], texts: Told
) -> Iterator[Trace]:
    was, rows_now = _was(before, table, names, texts), Numbered()
    if not len(was):
        return
    for rows in now.rows(table, names, shared=True):
        rows_now.note(rows.rowid, rows.rowid, rows.start)
        stood = was.near(rows.rowid)
        at, same = stood.first(rows.rowid)
        there = np.flatnonzero(same)
        at = at[there]
        is_now = [one.take(pa.array(there)).to_pylist() for one in texts(rows, names)]
        was_so = [stood.texts[name].take(pa.array(at)).to_pylist() for name in names]
        for k, place in enumerate(at.tolist()):
            for name, old, new in zip(names, was_so, is_now, strict=True):
                if old[k] != new[k]:
                    then, is_so = apart(old[k], new[k])
                    what = f"{name} of this row was “{then or ''}”; it is “{is_so or ''}” now"
                    yield *_place(stood, place), "changed-since-journal", what
    taken = rows_now.taken()
    for part in was.parts():
        for place in np.flatnonzero(~taken.among(part.key)).tolist():
            values = [(name, part.texts[name][place].as_py()) for name in names]
            held = ", ".join(
                f"{name} “{value[:MOST_SHOWN]}”" for name, value in values if value is not None
            )
            what = f"the journal holds this row, which the database no longer has: {held}"
            yield *_place(part, place), "deleted-since-journal", what


def _was(tables: Tables, table: str, names: tuple[str, ...], texts: Told) -> Kept:
    """Read the rows of a table that stand on pages of the journal."""
    found = kept(table, (), names)
    for rows in tables.rows(table, names, shared=True):
        if rows.from_wal.any():
            part = rows.only(rows.from_wal)
            found.add((part.rowid, part.rowid, part.start, part.end), texts(part, names))
    return found


def _place(was: Keyed, place: int) -> tuple[int, int, str, int]:
    return int(was.start[place]), int(was.end[place]), was.table, int(was.row[place])


def _remarks(journal: Journal, found: int, same: Same) -> list[Problem]:
    pages = "1 page" if len(journal.frames) == 1 else f"{len(journal.frames)} pages"
    rows = "1 trace" if found == 1 else f"{found} traces"
    what = f"a journal of {pages} as they were before a transaction; {rows} in it"
    remarks = [same.problem((0, 0), "journal", what, Severity.NOTE)]
    if journal.hot:
        remarks.append(same.problem((0, 0), "journal-hot", files.HOT, Severity.DOUBT))
    if len(journal.frames) and not journal.checked:
        what = "its one page cannot be checked: the key of its checksum was wiped with the head"
        remarks.append(same.problem((0, 0), "journal-unchecked", what, Severity.DOUBT))
    if journal.left_over:
        what = f"{journal.left_over} pages in the journal are left over from earlier use or damaged"
        what += "; their rows are not read"
        remarks.append(same.problem((0, 0), "journal-left-over", what, Severity.DOUBT))
    return remarks
