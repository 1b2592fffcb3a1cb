"""WhatsApp's database on Android, ``msgstore.db``, decrypted, and the log or journal beside it.

::

    message   (_id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, …)
    messages  (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, …)   before 2021
    call_log  (_id, jid_row_id, from_me, call_id, timestamp, …)

Every row of these three is a message or a problem.  ``wa.db``, where it lies beside, gives names;
``msgstore.db-wal`` is an exhibit of its own and gives the rows that only it holds, and so is
``msgstore.db-journal``, which gives traces of rows as they were before a transaction.  Columns and
tables are used as far as a version has them; nothing is joined in a way that loses rows.

Information updated 2026-11; versions seen: the schemas of 2014 to 2026 that other readers publish.
Not read: older copies of a page within the log, which album a file belongs to, communities and
channels, members that a system message of the older schema names.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import is_journal, journal_batches
from witnessbox.intake.database.log import LogReading
from witnessbox.intake.msgstore.people import contacts_of
from witnessbox.intake.msgstore.reading import COMPARED, reading_of
from witnessbox.intake.msgstore.spoken import LEGACY, MESSAGE
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import Tables, tables_of
from witnessbox.intake.sqlite.wal import is_log

FORMAT = Format(
    name="whatsapp-android",
    title="WhatsApp database (Android)",
    version=2,
    platform="whatsapp",
    accounts="rows",
)

_NAME = re.compile(r"msgstore.*\.db", re.IGNORECASE)
_LOG_NAME = re.compile(r"msgstore.*\.db-wal", re.IGNORECASE)
_MODERN = re.compile(rb"CREATE TABLE message ?\([^;]*\bchat_row_id\b[^;]*\bkey_id\b")
_LEGACY = re.compile(rb"CREATE TABLE [`\"]?messages[`\"]? ?\([^;]*\bkey_remote_jid\b")
_CONTACTS = "wa.db"


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or name, or the companion of one."""
    base = PurePosixPath(name).name
    if is_journal(base):
        return bool(head) and _NAME.fullmatch(base[: -len(JOURNAL)]) is not None
    if is_log(head):
        return _LOG_NAME.fullmatch(base) is not None
    if not head.startswith(MAGIC):
        return False
    return any(sign.search(head) for sign in (_MODERN, _LEGACY)) or bool(_NAME.fullmatch(base))


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    same = Same(source.exhibit, FORMAT.label)
    try:
        if is_journal(source.name):
            yield from journal_batches(source, same, COMPARED)
            return
        with source.open() as stream:
            logged = is_log(stream.read(len(MAGIC)))
        yield from _log(source, same) if logged else _database(source, same)
    except DatabaseError as error:
        yield files.whole(source, same, str(error))


def _database(source: Source, same: Same) -> Iterator[Batch]:
    image = files.image(source)
    tables = tables_of(image)
    if not any(tables.has(name) for name in (MESSAGE, LEGACY)):
        raise DatabaseError("no table of messages can be found in it")
    yield from reading_of(tables, _contacts(source, tables), same).read()
    yield from files.log_remark(source, image, same)


def _log(source: Source, same: Same) -> Iterator[Batch]:
    log, before, after = files.log_of(source)
    names = _contacts(source, after)
    yield from LogReading(log, before, after, names, same, reading_of, COMPARED).read()


def _contacts(source: Source, tables: Tables) -> dict[str, str]:
    book = files.tables_beside(source, _CONTACTS)
    if book is None:
        return {}
    found = contacts_of(book)
    tables.unheld += book.unheld
    return found
