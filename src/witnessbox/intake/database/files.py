"""A database, its log and what lies beside them, as they were received."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.evidence.model import Severity
from witnessbox.intake.beside import JOURNAL, WAL
from witnessbox.intake.database.columns import Same, holdings
from witnessbox.intake.parser import Batch, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite import image as pages
from witnessbox.intake.sqlite.image import DatabaseError, Image
from witnessbox.intake.sqlite.journal import read_journal
from witnessbox.intake.sqlite.tables import Tables, tables_of
from witnessbox.intake.sqlite.wal import Log, overlay, read_log

HOT = (
    "a transaction was not finished when this was taken; an app that opened the database would put "
    "back the pages its journal holds"
)
"""What it means that the head of a journal still stands."""

_WAL_VERSION = 2


def image(source: Source) -> Image:
    """Take a database by itself.  Raises DatabaseError where it cannot be one."""
    with source.open() as stream:
        return pages.image_of(pages.bytes_of(stream), source.limits)


def beside(source: Source, name: str) -> Source | None:
    """Find a file of this name beside another."""
    return next((one for one in source.beside if PurePosixPath(one.name).name == name), None)


def tables_beside(source: Source, name: str) -> Tables | None:
    """Read another database beside, with its own log; None where it is not there or unreadable."""
    book, log = beside(source, name), beside(source, name + WAL)
    if book is None:
        return None
    try:
        found = image(book)
        return tables_of(found if log is None else overlay(found, _read(log)))
    except DatabaseError:
        return None


def log_of(source: Source) -> tuple[Log, Tables, Tables]:
    """Read a log, and the tables of its database without and with it.  Raises DatabaseError."""
    name = PurePosixPath(source.name).name.removesuffix(WAL)
    database = beside(source, name)
    if database is None:
        raise DatabaseError(f"a write-ahead log without its database; receive it with {name}")
    log, main = _read(source), image(database)
    return log, tables_of(main), tables_of(overlay(main, log))


def log_remark(source: Source, own: Image, same: Same) -> Iterator[Batch]:
    """Say where the rows are read that only a database's log holds, or that it is missed.

    Say also where its rollback journal shows a transaction that was not finished.
    """
    yield from _journal_remark(source, own, same)
    log = beside(source, PurePosixPath(source.name).name + WAL)
    if log is not None:
        what = f"rows that only its write-ahead log holds are read as exhibit {log.exhibit}"
        found = same.problem((0, 0), "log-beside", what, Severity.NOTE)
    elif int(own.main[18]) == _WAL_VERSION:
        what = "it was kept with a write-ahead log, which did not come with it; rows may be missing"
        found = same.problem((0, 0), "log-missing", what, Severity.DOUBT)
    else:
        return
    yield Batch(problems=problem_rows([found]))


def _journal_remark(source: Source, own: Image, same: Same) -> Iterator[Batch]:
    journal = beside(source, PurePosixPath(source.name).name + JOURNAL)
    if journal is None:
        return
    try:
        with journal.open() as stream:
            hot = read_journal(pages.bytes_of(stream), own.header.page_bytes).hot
    except DatabaseError:
        return  # the journal's own exhibit says so
    if hot:
        what = f"{HOT}: exhibit {journal.exhibit}"
        found = same.problem((0, 0), "journal-hot", what, Severity.DOUBT)
        yield Batch(problems=problem_rows([found]))


def whole(source: Source, same: Same, what: str, code: str = "unreadable") -> Batch:
    """Explain a file that cannot be read at all: one problem that owns all of it."""
    table = "(file)"
    problem = same.problem((0, source.size_bytes), code, what, Severity.LOSS, (table, None))
    return Batch(problems=problem_rows([problem]), holdings=holdings({table: 1}, same))


def _read(source: Source) -> Log:
    with source.open() as stream:
        return read_log(pages.bytes_of(stream))
