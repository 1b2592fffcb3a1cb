"""WhatsApp's databases on iPhones, ``ChatStorage.sqlite`` and ``CallHistory.sqlite``.

::

    ZWAMESSAGE      (Z_PK, ZSORT, ZCHATSESSION, ZGROUPMEMBER, ZISFROMME, ZMESSAGETYPE, ZTEXT, …)
    ZWACHATSESSION  (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZMESSAGECOUNTER, ZLASTMESSAGE, …)
    ZWAGROUPMEMBER, ZWAMEDIAITEM, ZWAMESSAGEINFO, ZWAPROFILEPUSHNAME, Z_PRIMARYKEY
    ZWACDCALLEVENT  (Z_PK, Z1CALLEVENTS, ZDATE, ZCALLIDSTRING, ZGROUPJIDSTRING, …)
    ZWACDCALLEVENTPARTICIPANT, ZWAAGGREGATECALLEVENT

Every row of ``ZWAMESSAGE`` and ``ZWACDCALLEVENT`` is a message or a problem; times are seconds
since 2001, in UTC.  ``ContactsV2.sqlite`` and ``LID.sqlite``, where they lie beside, give names and
numbers; the log and the journal of either database are exhibits of their own.

Information updated 2026-11; versions seen: the schemas other readers publish.
Not read: edits, each person's receipts, choices and votes of polls (what holds them has no reading
that two readers agree on), the other people of a group call.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from witnessbox.intake.beside import JOURNAL
from witnessbox.intake.chatstorage import calls
from witnessbox.intake.chatstorage.people import contacts_of, known_of, roster_of
from witnessbox.intake.chatstorage.reading import COMPARED, reading_of
from witnessbox.intake.chatstorage.spoken import MESSAGE
from witnessbox.intake.database import files
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.journal import is_journal, journal_batches
from witnessbox.intake.database.log import LogReading, Made
from witnessbox.intake.database.reading import Chosen
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.image import MAGIC, DatabaseError
from witnessbox.intake.sqlite.tables import Tables, tables_of
from witnessbox.intake.sqlite.wal import is_log

FORMAT = Format(
    name="whatsapp-ios",
    title="WhatsApp database (iPhone)",
    version=2,
    platform="whatsapp",
    accounts="rows",
)

_NAME = re.compile(r"(ChatStorage|CallHistory).*\.sqlite", re.IGNORECASE)
_LOG_NAME = re.compile(_NAME.pattern + "-wal", re.IGNORECASE)
_SIGN = re.compile(rb"CREATE TABLE \"?(ZWAMESSAGE|ZWACDCALLEVENT)\"? ?\(")
_MESSAGES, _CONTACTS, _HIDDEN = "ChatStorage.sqlite", "ContactsV2.sqlite", "LID.sqlite"
_COMPARED = {**COMPARED, **calls.COMPARED}


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
            yield from journal_batches(source, same, _COMPARED)
            return
        with source.open() as stream:
            logged = is_log(stream.read(len(MAGIC)))
        yield from _log(source, same) if logged else _database(source, same)
    except DatabaseError as error:
        yield files.whole(source, same, str(error))


def _database(source: Source, same: Same) -> Iterator[Batch]:
    image = files.image(source)
    tables = tables_of(image)
    if not any(tables.has(name) for name in _COMPARED):
        raise DatabaseError("no table of messages or calls can be found in it")
    made, contacts = _made(source, tables)
    yield from made(tables, contacts, same, None).read()
    yield from files.log_remark(source, image, same)


def _log(source: Source, same: Same) -> Iterator[Batch]:
    log, before, after = files.log_of(source)
    made, contacts = _made(source, after)
    yield from LogReading(log, before, after, contacts, same, made, _COMPARED).read()


def _made(source: Source, tables: Tables) -> tuple[Made, dict[str, str]]:
    """Say how a database is read, messages or calls, and whom its addresses stand for."""
    book, hidden = (files.tables_beside(source, name) for name in (_CONTACTS, _HIDDEN))
    contacts = {} if book is None else contacts_of(book)
    known = known_of(book, hidden)
    for one in (book, hidden):
        tables.unheld += () if one is None else one.unheld
    if tables.has(MESSAGE):
        return partial(reading_of, known=known), contacts
    messages = files.tables_beside(source, _MESSAGES)
    told = calls.told_in_messages(messages)

    def made(
        tables: Tables, contacts: dict[str, str], same: Same, chosen: Chosen | None
    ) -> calls.CallReading:
        named = tables if messages is None else messages
        people, _ = roster_of(named, dict(contacts), known)
        tables.unheld += () if messages is None else messages.unheld
        return calls.calls_of(tables, people, same, told, chosen)

    return made, contacts
