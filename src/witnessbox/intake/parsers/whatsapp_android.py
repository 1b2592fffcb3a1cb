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

from witnessbox.intake.database import files
from witnessbox.intake.database.app import App
from witnessbox.intake.database.log import Made
from witnessbox.intake.msgstore.people import contacts_of
from witnessbox.intake.msgstore.reading import COMPARED, reading_of
from witnessbox.intake.msgstore.spoken import LEGACY, MESSAGE
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.sqlite.tables import Tables

FORMAT = Format(
    name="whatsapp-android",
    title="WhatsApp database (Android)",
    version=2,
    platform="whatsapp",
    accounts="rows",
)

_SIGN = re.compile(
    rb"CREATE TABLE message ?\([^;]*\bchat_row_id\b[^;]*\bkey_id\b"
    rb"|CREATE TABLE [`\"]?messages[`\"]? ?\([^;]*\bkey_remote_jid\b"
)
_CONTACTS = "wa.db"


def _lacking(tables: Tables) -> str | None:
    if any(tables.has(name) for name in (MESSAGE, LEGACY)):
        return None
    return "no table of messages can be found in it"


def _opened(source: Source, tables: Tables) -> tuple[Made, dict[str, str]]:
    book = files.tables_beside(source, _CONTACTS)
    if book is None:
        return reading_of, {}
    contacts = contacts_of(book)
    tables.unheld += book.unheld
    return reading_of, contacts


_APP = App(
    label=FORMAT.label,
    name=re.compile(r"(?:.*/)?msgstore[^/]*\.db", re.IGNORECASE),
    sign=_SIGN,
    lacking=_lacking,
    opened=_opened,
    compared=COMPARED,
)


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, by its tables or name, or the companion of one."""
    return _APP.identify(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    return _APP.batches(source)
