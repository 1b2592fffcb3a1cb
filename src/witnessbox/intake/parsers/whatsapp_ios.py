"""WhatsApp's databases on iPhones, ``ChatStorage.sqlite`` and ``CallHistory.sqlite``.

::

    ZWAMESSAGE      (Z_PK, ZSORT, ZCHATSESSION, ZGROUPMEMBER, ZISFROMME, ZMESSAGETYPE, ZTEXT, …)
    ZWACHATSESSION  (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZMESSAGECOUNTER, ZLASTMESSAGE, …)
    ZWAGROUPMEMBER, ZWAMEDIAITEM, ZWAMESSAGEINFO, ZWAPROFILEPUSHNAME, Z_PRIMARYKEY
    ZWACDCALLEVENT  (Z_PK, Z1CALLEVENTS, ZDATE, ZCALLIDSTRING, ZGROUPJIDSTRING, …)
    ZWACDCALLEVENTPARTICIPANT, ZWAAGGREGATECALLEVENT

Every row of ``ZWAMESSAGE`` and ``ZWACDCALLEVENT`` is a message or a problem; times are seconds
since 2001, in UTC.  ``ContactsV2.sqlite`` and ``LID.sqlite``, where they lie beside, give names and
numbers, ``MessagingInfraDatabase.sqlite`` receipts; the log and the journal of either database are
exhibits of their own.

Information updated 2026-11; versions seen: the schemas other readers publish.
Not read: edits (nobody has found where they stand), receipts of the forms that readers disagree on
(docs/formats/whatsapp-ios.md says which), receipts beside whose message is not there.
"""

import re
from collections.abc import Iterator
from functools import partial

from witnessbox.intake.chatstorage import calls
from witnessbox.intake.chatstorage.people import contacts_of, known_of, roster_of
from witnessbox.intake.chatstorage.reached import BESIDE as RECEIPTS
from witnessbox.intake.chatstorage.reading import COMPARED, reading_of
from witnessbox.intake.chatstorage.spoken import MESSAGE
from witnessbox.intake.database import files
from witnessbox.intake.database.app import App
from witnessbox.intake.database.columns import Same
from witnessbox.intake.database.log import Made
from witnessbox.intake.database.reading import Chosen
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.tables import Tables

FORMAT = Format(
    name="whatsapp-ios",
    title="WhatsApp database (iPhone)",
    version=3,
    platform="whatsapp",
    accounts="rows",
)

_MESSAGES, _CONTACTS, _HIDDEN = "ChatStorage.sqlite", "ContactsV2.sqlite", "LID.sqlite"
_COMPARED = {**COMPARED, **calls.COMPARED}


def _lacking(tables: Tables) -> str | None:
    if any(tables.has(name) for name in _COMPARED):
        return None
    return "no table of messages or calls can be found in it"


def _opened(source: Source, tables: Tables) -> tuple[Made, dict[str, str]]:
    """Say how a database is read, messages or calls, and whom its addresses stand for."""
    book, hidden = (files.tables_beside(source, name) for name in (_CONTACTS, _HIDDEN))
    contacts = {} if book is None else contacts_of(book)
    known = known_of(book, hidden)
    for one in (book, hidden):
        tables.unheld += () if one is None else one.unheld
    if tables.has(MESSAGE):
        receipts = files.tables_beside(source, RECEIPTS)
        if receipts is None and files.beside(source, RECEIPTS) is not None:
            tables.faults.append(f"{RECEIPTS} beside cannot be read")
        return partial(reading_of, known=known, receipts=receipts), contacts
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


_APP = App(
    label=FORMAT.label,
    name=re.compile(r"(?:.*/)?(?:ChatStorage|CallHistory)[^/]*\.sqlite", re.IGNORECASE),
    sign=re.compile(rb"CREATE TABLE \"?(ZWAMESSAGE|ZWACDCALLEVENT)\"? ?\("),
    lacking=_lacking,
    opened=_opened,
    compared=_COMPARED,
)


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or name, or the companion of one."""
    return _APP.identify(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    return _APP.batches(source)
