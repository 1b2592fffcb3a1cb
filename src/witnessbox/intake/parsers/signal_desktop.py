"""Signal Desktop's database, ``sql/db.sqlite``, decrypted, and the log or journal beside it.

::

    messages            (rowid, id, json, type, body, conversationId, sent_at, received_at, …)
    conversations       (id, json, type, name, profileFullName, e164, serviceId, groupId, …)
    message_attachments, reactions, edited_messages, mentions, callsHistory, unprocessed,
    messages_fts, items

Every row of ``messages``, ``callsHistory`` and ``unprocessed`` is a message or a problem; times are
milliseconds in UTC.  Versions differ in what is a column and what stands in ``json``: columns are
read first.  ``db.sqlite-wal`` is an exhibit of its own and gives the rows that only it holds, and
so is ``db.sqlite-journal``, which gives traces of rows as they were before a transaction.

The app keeps the database encrypted (SQLCipher).  An encrypted one is recognised and refused.

Information updated 2026-11; versions seen: schemas 8 to 1700, as the app and other readers publish.
Not read: the files themselves (encrypted since 2024), what was never processed, link previews,
drafts, files of earlier versions, payments, viewers of stories, copies kept for sending again,
freed rows of other tables than ``messages`` or of schemas up to 24.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL, WAL
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import is_journal, journal_batches
from witnessbox.intake.database.log import LogReading
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.signal_desktop.beside import MESSAGES
from witnessbox.intake.signal_desktop.reading import COMPARED, reading_of
from witnessbox.intake.signal_desktop.sealed import SEALED, is_sealed
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import tables_of
from witnessbox.intake.sqlite.wal import is_log

FORMAT = Format(
    name="signal-desktop",
    title="Signal Desktop database",
    version=1,
    platform="signal",
    accounts="rows",
)

_NAME = re.compile(r"(?:.*/)?sql/db\.sqlite", re.IGNORECASE)
_SIGN = re.compile(
    rb"signal_tokenizer|CREATE TABLE (?:sendLog|identityKeys|signedPreKeys)"
    rb"|hasVisualMediaAttachments|profileFamilyName"
)
_COLUMNS = ("id", "json", "conversationId")


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, encrypted or not, or the companion of one."""
    if is_journal(name):
        return bool(head) and _NAME.fullmatch(name[: -len(JOURNAL)]) is not None
    if is_log(head):
        return name.endswith(WAL) and _NAME.fullmatch(name.removesuffix(WAL)) is not None
    if not head.startswith(MAGIC):
        return is_sealed(name, head)
    return _SIGN.search(head) is not None or _NAME.fullmatch(name) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    same = Same(source.exhibit, FORMAT.label)
    try:
        if is_journal(source.name):
            yield from _journal(source, same)
            return
        with source.open() as stream:
            head = stream.read(len(MAGIC))
        yield from _log(source, same) if is_log(head) else _database(source, same, head)
    except DatabaseError as error:
        yield files.whole(source, same, str(error))


def _database(source: Source, same: Same, head: bytes) -> Iterator[Batch]:
    if not head.startswith(MAGIC):
        yield files.whole(source, same, SEALED, "encrypted-database")
        return
    image = files.image(source)
    tables = tables_of(image)
    layout = tables.layouts.get(MESSAGES)
    if layout is None or any(layout.place(name) is None for name in _COLUMNS):
        raise DatabaseError("no table of messages as Signal Desktop has can be found in it")
    yield from reading_of(tables, {}, same).read()
    yield from files.log_remark(source, image, same)


def _journal(source: Source, same: Same) -> Iterator[Batch]:
    if _of_sealed(source, JOURNAL):
        yield files.whole(source, same, SEALED, "encrypted-database")
    else:
        yield from journal_batches(source, same, COMPARED)


def _of_sealed(source: Source, ending: str) -> bool:
    """Say whether the database that a log or journal lies beside is encrypted."""
    database = files.beside(source, PurePosixPath(source.name).name[: -len(ending)])
    if database is None:
        return False
    with database.open() as stream:
        return not stream.read(len(MAGIC)).startswith(MAGIC)


def _log(source: Source, same: Same) -> Iterator[Batch]:
    if _of_sealed(source, WAL):
        yield files.whole(source, same, SEALED, "encrypted-database")
        return
    log, before, after = files.log_of(source)
    yield from LogReading(log, before, after, {}, same, reading_of, COMPARED).read()
