"""WhatsApp's database on Android, ``msgstore.db``, decrypted, and the log beside it.

::

    message   (_id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, …)
    messages  (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, …)   before 2021
    call_log  (_id, jid_row_id, from_me, call_id, timestamp, …)

Every row of these three is a message or a problem.  ``wa.db``, where it lies beside, gives names;
``msgstore.db-wal`` is an exhibit of its own and gives the rows that only it holds.  Columns and
tables are used as far as a version has them; nothing is joined in a way that loses rows.

Information updated 2026-11; versions seen: the schemas of 2014 to 2026 that other readers publish.
Not read: encrypted backups, rollback journals, freed pages, older copies of a page within the log,
choices and votes of polls, co-ordinates, contact cards, mentions, each person's receipts of living
messages.  System messages have no words there; who came and went is in the memberships.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.evidence.model import Severity
from witnessbox.intake.beside import WAL
from witnessbox.intake.msgstore.columns import Same, holdings
from witnessbox.intake.msgstore.log import LogReading
from witnessbox.intake.msgstore.people import contacts_of
from witnessbox.intake.msgstore.reading import reading_of
from witnessbox.intake.msgstore.spoken import LEGACY, MESSAGE
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError, Image, bytes_of, image_of
from witnessbox.intake.sqlite.tables import Tables, tables_of
from witnessbox.intake.sqlite.wal import is_log, overlay, read_log

FORMAT = Format(
    name="whatsapp-android",
    title="WhatsApp database (Android)",
    version=1,
    platform="whatsapp",
    accounts="rows",
)

_NAME = re.compile(r"msgstore.*\.db", re.IGNORECASE)
_LOG_NAME = re.compile(r"msgstore.*\.db-wal", re.IGNORECASE)
_MODERN = re.compile(rb"CREATE TABLE message ?\([^;]*\bchat_row_id\b[^;]*\bkey_id\b")
_LEGACY = re.compile(rb"CREATE TABLE [`\"]?messages[`\"]? ?\([^;]*\bkey_remote_jid\b")
_CONTACTS = "wa.db"
_WAL_VERSION = 2


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or its name, or the log of one."""
    base = PurePosixPath(name).name
    if is_log(head):
        return _LOG_NAME.fullmatch(base) is not None
    if not head.startswith(MAGIC):
        return False
    return any(sign.search(head) for sign in (_MODERN, _LEGACY)) or bool(_NAME.fullmatch(base))


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or its log, table by table; its times are UTC, so nothing is assumed."""
    same = Same(source.exhibit, FORMAT.label)
    try:
        with source.open() as stream:
            logged = is_log(stream.read(len(MAGIC)))
        yield from _log(source, same) if logged else _database(source, same)
    except DatabaseError as error:
        yield _whole(source, same, str(error))


def _database(source: Source, same: Same) -> Iterator[Batch]:
    image = _image(source)
    tables = tables_of(image)
    if not any(tables.has(name) for name in (MESSAGE, LEGACY)):
        raise DatabaseError("no table of messages can be found in it")
    yield from reading_of(tables, _contacts(source), same).read()
    log = _beside(source, PurePosixPath(source.name).name + WAL)
    if log is not None:
        what = f"rows that only its write-ahead log holds are read as exhibit {log.exhibit}"
        yield Batch(
            problems=problem_rows([same.problem((0, 0), "log-beside", what, Severity.NOTE)])
        )
    elif int(image.main[18]) == _WAL_VERSION:
        what = "it was kept with a write-ahead log, which did not come with it; rows may be missing"
        yield Batch(
            problems=problem_rows([same.problem((0, 0), "log-missing", what, Severity.DOUBT)])
        )


def _log(source: Source, same: Same) -> Iterator[Batch]:
    name = PurePosixPath(source.name).name.removesuffix(WAL)
    database = _beside(source, name)
    if database is None:
        raise DatabaseError(f"a write-ahead log without its database; receive it with {name}")
    with source.open() as stream:
        log = read_log(bytes_of(stream))
    main = _image(database)
    after = tables_of(overlay(main, log))
    yield from LogReading(log, tables_of(main), after, _contacts(source), same).read()


def _image(source: Source) -> Image:
    with source.open() as stream:
        return image_of(bytes_of(stream))


def _beside(source: Source, name: str) -> Source | None:
    return next((one for one in source.beside if PurePosixPath(one.name).name == name), None)


def _contacts(source: Source) -> dict[str, str]:
    """Read the address book beside a database, with its own log; none where it cannot be read."""
    book = _beside(source, _CONTACTS)
    if book is None:
        return {}
    try:
        return contacts_of(_laid(book, _beside(source, _CONTACTS + WAL)))
    except DatabaseError:
        return {}


def _laid(book: Source, log: Source | None) -> Tables:
    image = _image(book)
    if log is None:
        return tables_of(image)
    with log.open() as stream:
        return tables_of(overlay(image, read_log(bytes_of(stream))))


def _whole(source: Source, same: Same, what: str) -> Batch:
    """Explain a file that cannot be read at all: one problem that owns all of it."""
    table = "(file)"
    problem = same.problem((0, source.size_bytes), "unreadable", what, Severity.LOSS, (table, None))
    return Batch(problems=problem_rows([problem]), holdings=holdings({table: 1}, same))
