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

from witnessbox.intake.database import files
from witnessbox.intake.database.app import App
from witnessbox.intake.database.log import Made
from witnessbox.intake.imessage.people import contacts_of
from witnessbox.intake.imessage.reading import COMPARED, reading_of, told
from witnessbox.intake.imessage.spoken import MESSAGE
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.tables import Tables

FORMAT = Format(
    name="imessage",
    title="iMessage and SMS database (iPhone, Mac)",
    version=1,
    platform="imessage",
    accounts="rows",
)

_SIGN = re.compile(
    rb"CREATE TABLE \"?(chat_message_join|message_attachment_join|msg_pieces)\"? ?\("
)
_BOOKS = ("AddressBook.sqlitedb", "AddressBook-v22.abcddb")


def _lacking(tables: Tables) -> str | None:
    return None if tables.has(MESSAGE) else "no table of messages can be found in it"


def _opened(source: Source, tables: Tables) -> tuple[Made, dict[str, str]]:  # noqa: ARG001
    books = (files.tables_beside(source, name) for name in _BOOKS)
    book = next((one for one in books if one is not None), None)
    return reading_of, {} if book is None else contacts_of(book)


_APP = App(
    label=FORMAT.label,
    name=re.compile(r"(?:.*/)?(?:chat|sms)(?:[-_ .(\d][^/]*)?\.db", re.IGNORECASE),
    sign=_SIGN,
    lacking=_lacking,
    opened=_opened,
    compared=COMPARED,
    told=told,
)


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or name, or the companion of one."""
    return _APP.identify(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    return _APP.batches(source)
