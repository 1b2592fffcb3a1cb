"""WhatsApp's database on iPhones, ``ChatStorage.sqlite``, and the log beside it.

::

    ZWAMESSAGE      (Z_PK, ZSORT, ZCHATSESSION, ZGROUPMEMBER, ZISFROMME, ZMESSAGETYPE, ZTEXT, …)
    ZWACHATSESSION  (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZMESSAGECOUNTER, ZLASTMESSAGE, …)
    ZWAGROUPMEMBER, ZWAMEDIAITEM, ZWAMESSAGEINFO, ZWAPROFILEPUSHNAME, Z_PRIMARYKEY

Every row of ``ZWAMESSAGE`` is a message or a problem; its times are seconds since 2001, in UTC.
``ContactsV2.sqlite``, where it lies beside, gives names; ``ChatStorage.sqlite-wal`` is an exhibit
of its own and gives the rows that only it holds.

Information updated 2026-11; versions seen: the schemas other readers publish.
Not read: calls in ``CallHistory.sqlite``, edits, each person's receipts, choices and votes of
polls, co-ordinates, contact cards, names in ``ZPUSHNAME``, freed pages.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.chatstorage.people import contacts_of
from witnessbox.intake.chatstorage.reading import COMPARED, reading_of
from witnessbox.intake.chatstorage.spoken import MESSAGE
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import is_journal, journal_batches
from witnessbox.intake.database.log import LogReading
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import tables_of
from witnessbox.intake.sqlite.wal import is_log

FORMAT = Format(
    name="whatsapp-ios",
    title="WhatsApp database (iPhone)",
    version=1,
    platform="whatsapp",
    accounts="rows",
)

_NAME = re.compile(r"ChatStorage.*\.sqlite", re.IGNORECASE)
_LOG_NAME = re.compile(r"ChatStorage.*\.sqlite-wal", re.IGNORECASE)
_SIGN = re.compile(rb"CREATE TABLE \"?ZWAMESSAGE\"? ?\(")
_CONTACTS = "ContactsV2.sqlite"


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
    """Read a database or its log; its times are UTC, so nothing is assumed."""
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
    if not tables.has(MESSAGE):
        raise DatabaseError("no table of messages can be found in it")
    yield from reading_of(tables, _contacts(source), same).read()
    yield from files.log_remark(source, image, same)


def _log(source: Source, same: Same) -> Iterator[Batch]:
    log, before, after = files.log_of(source)
    names = _contacts(source)
    yield from LogReading(log, before, after, names, same, reading_of, COMPARED).read()


def _contacts(source: Source) -> dict[str, str]:
    book = files.tables_beside(source, _CONTACTS)
    return {} if book is None else contacts_of(book)
