"""The rollback journal of a database, as an exhibit of its own: rows as they were before.

A journal holds pages as they were before a transaction.  Rows on them that the database no longer
has, or has otherwise, are traces; none is a message, since the app itself took them back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa

from witnessbox.evidence import schema
from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.columns import table_of
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same, holdings
from witnessbox.intake.database.log import Told, apart, told
from witnessbox.intake.database.traces import MOST_SHOWN, Trace
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import DatabaseError, Ints, bytes_of
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
    found = [
        one for table, names in compared.items() for one in _shown(before, now, table, names, texts)
    ]
    held = {table: 0 for table in compared if now.has(table)}
    yield Batch(
        problems=problem_rows(_remarks(journal, len(found), same)),
        traces=table_of(schema.TRACES, [(same.exhibit, *one) for one in found]),
        holdings=holdings(held, same),
    )


@dataclass(slots=True)
class _Was:
    """The rows of one table that stand on pages of the journal."""

    row: Ints
    start: Ints
    end: Ints
    told: list[pa.Array]
    seen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]" = field(init=False)

    def __post_init__(self) -> None:
        self.seen = np.zeros(len(self.row), np.bool_)


def _shown(
    before: Tables, now: Tables, table: str, names: tuple[str, ...], texts: Told
) -> Iterator[Trace]:
    was = _was(before, table, names, texts)
    if not len(was.row):
        return
    for rows in now.rows(table, names, shared=True):
        at = np.minimum(np.searchsorted(was.row, rows.rowid), len(was.row) - 1)
        there = np.flatnonzero(was.row[at] == rows.rowid)
        was.seen[at[there]] = True
        is_now = [one.take(pa.array(there)).to_pylist() for one in texts(rows, names)]
        for k, place in enumerate(at[there].tolist()):
            for name, column, values in zip(names, was.told, is_now, strict=True):
                old = column[place].as_py()
                if old != values[k]:
                    then, is_so = apart(old, values[k])
                    what = f"{name} of this row was “{then or ''}”; it is “{is_so or ''}” now"
                    yield *_place(was, place, table), "changed-since-journal", what
    for place in np.flatnonzero(~was.seen).tolist():
        values = [
            (name, column[place].as_py()) for name, column in zip(names, was.told, strict=True)
        ]
        held = ", ".join(
            f"{name} “{value[:MOST_SHOWN]}”" for name, value in values if value is not None
        )
        what = f"the journal holds this row, which the database no longer has: {held}"
        yield *_place(was, place, table), "deleted-since-journal", what


def _was(tables: Tables, table: str, names: tuple[str, ...], texts: Told) -> _Was:
    parts = [
        rows.only(rows.from_wal)
        for rows in tables.rows(table, names, shared=True)
        if rows.from_wal.any()
    ]
    nothing = np.empty(0, np.int64)
    row = np.concatenate([nothing, *(part.rowid for part in parts)])
    order = np.argsort(row, kind="stable")
    values = [texts(part, names) for part in parts]
    return _Was(
        row[order],
        np.concatenate([nothing, *(part.start for part in parts)])[order],
        np.concatenate([nothing, *(part.end for part in parts)])[order],
        [
            pa.concat_arrays([pa.array([], pa.string()), *(one[k] for one in values)]).take(
                pa.array(order)
            )
            for k in range(len(names))
        ],
    )


def _place(was: _Was, place: int, table: str) -> tuple[int, int, str, int]:
    return int(was.start[place]), int(was.end[place]), table, int(was.row[place])


def _remarks(journal: Journal, found: int, same: Same) -> list[Problem]:
    pages = "1 page" if len(journal.frames) == 1 else f"{len(journal.frames)} pages"
    rows = "1 trace" if found == 1 else f"{found} traces"
    what = f"a journal of {pages} as they were before a transaction; {rows} in it"
    remarks = [same.problem((0, 0), "journal", what, Severity.NOTE)]
    if journal.hot:
        remarks.append(same.problem((0, 0), "journal-hot", files.HOT, Severity.DOUBT))
    if journal.frames and not journal.checked:
        what = "its one page cannot be checked: the key of its checksum was wiped with the head"
        remarks.append(same.problem((0, 0), "journal-unchecked", what, Severity.DOUBT))
    if journal.left_over:
        what = f"{journal.left_over} pages in the journal are left over from earlier use or damaged"
        what += "; their rows are not read"
        remarks.append(same.problem((0, 0), "journal-left-over", what, Severity.DOUBT))
    return remarks
