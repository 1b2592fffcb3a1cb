"""Apple's messages: ``chat.db`` of Macs, ``sms.db`` of iPhones, and the log or journal beside.

::

    message            (ROWID, guid, text, attributedBody, handle_id, date, is_from_me, item_type,
                        associated_message_type, associated_message_guid, message_summary_info, …)
    handle             (ROWID, id, service)
    chat               (ROWID, guid, style, chat_identifier, display_name, …)
    chat_message_join, chat_handle_join, message_attachment_join, attachment
    chat_recoverable_message_join, recoverable_message_part                       recently deleted
    deleted_messages, sync_deleted_messages, message_processing_task

Every row of ``message`` and of ``recoverable_message_part`` is a message or a problem.  A tapback
is a row of ``message`` too: where the message it is on is there, it is a reaction of that, and its
row a note.  Times count from 2001, in UTC, by seconds and since 2017 by billionths.  An address
book beside (``AddressBook.sqlitedb``, ``AddressBook-v22.abcddb``) gives names; ``…-wal`` is an
exhibit of its own and gives the rows that only it holds, and so is ``…-journal``, which gives
traces of rows as they were before a transaction.

Information updated 2026-11; versions seen: the schemas of iOS 3 to 26 that other readers publish.
Not read: ``payload_data`` (what apps, links, polls and payments hold), styles and mentions within a
text, which part of a message an answer or a tapback is on, marks of reading without a time, group
pictures, the names of services a handle is known by, freed rows of other tables than ``message``
or of iOS up to 5.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import is_journal, journal_batches
from witnessbox.intake.database.log import LogReading
from witnessbox.intake.imessage.people import contacts_of
from witnessbox.intake.imessage.reading import COMPARED, reading_of, told
from witnessbox.intake.imessage.spoken import MESSAGE
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import tables_of
from witnessbox.intake.sqlite.wal import is_log

FORMAT = Format(
    name="imessage",
    title="iMessage and SMS database (iPhone, Mac)",
    version=1,
    platform="imessage",
    accounts="rows",
)

_NAME = re.compile(r"(chat|sms)([-_ .(\d].*)?\.db", re.IGNORECASE)
_LOG_NAME = re.compile(_NAME.pattern + "-wal", re.IGNORECASE)
_SIGN = re.compile(
    rb"CREATE TABLE \"?(chat_message_join|message_attachment_join|msg_pieces)\"? ?\("
)
_BOOKS = ("AddressBook.sqlitedb", "AddressBook-v22.abcddb")


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or name, or the companion of one."""
    base = PurePosixPath(name).name
    if is_journal(base):
        return bool(head) and _NAME.fullmatch(base[: -len(JOURNAL)]) is not None
    if is_log(head):
        return _LOG_NAME.fullmatch(base) is not None
    if not head.startswith(MAGIC):
        return False
    return _SIGN.search(head) is not None or _NAME.fullmatch(base) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    same = Same(source.exhibit, FORMAT.label)
    try:
        if is_journal(source.name):
            yield from journal_batches(source, same, COMPARED, told)
            return
        with source.open() as stream:
            logged = is_log(stream.read(len(MAGIC)))
        yield from _log(source, same) if logged else _database(source, same)
    except DatabaseError as error:
        yield files.whole(source, same, str(error))


def _database(source: Source, same: Same) -> Iterator[Batch]:
    image = files.image(source)
    tables = tables_of(image)
    if not tables.has(MESSAGE):
        raise DatabaseError("no table of messages can be found in it")
    yield from reading_of(tables, _contacts(source), same).read()
    yield from files.log_remark(source, image, same)


def _log(source: Source, same: Same) -> Iterator[Batch]:
    log, before, after = files.log_of(source)
    names = _contacts(source)
    yield from LogReading(log, before, after, names, same, reading_of, COMPARED, told).read()


def _contacts(source: Source) -> dict[str, str]:
    for name in _BOOKS:
        book = files.tables_beside(source, name)
        if book is not None:
            return contacts_of(book)
    return {}
