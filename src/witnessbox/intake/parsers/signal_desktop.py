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

from witnessbox.intake.database.app import App, Encrypted
from witnessbox.intake.database.log import Made
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.signal_desktop.beside import MESSAGES
from witnessbox.intake.signal_desktop.reading import COMPARED, reading_of
from witnessbox.intake.signal_desktop.sealed import SEALED, is_sealed
from witnessbox.intake.sqlite.tables import Tables

FORMAT = Format(
    name="signal-desktop",
    title="Signal Desktop database",
    version=1,
    platform="signal",
    accounts="rows",
)

_SIGN = re.compile(
    rb"signal_tokenizer|CREATE TABLE (?:sendLog|identityKeys|signedPreKeys)"
    rb"|hasVisualMediaAttachments|profileFamilyName"
)
_COLUMNS = ("id", "json", "conversationId")


def _lacking(tables: Tables) -> str | None:
    layout = tables.layouts.get(MESSAGES)
    if layout is not None and all(layout.place(name) is not None for name in _COLUMNS):
        return None
    return "no table of messages as Signal Desktop has can be found in it"


def _opened(source: Source, tables: Tables) -> tuple[Made, dict[str, str]]:  # noqa: ARG001
    return reading_of, {}


_APP = App(
    label=FORMAT.label,
    name=re.compile(r"(?:.*/)?sql/db\.sqlite", re.IGNORECASE),
    sign=_SIGN,
    lacking=_lacking,
    opened=_opened,
    compared=COMPARED,
    encrypted=Encrypted(is_sealed, SEALED),
)


def identify(name: str, head: bytes) -> bool:
    """Say whether a file is such a database, encrypted or not, or the companion of one."""
    return _APP.identify(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a database or a companion of it; its times are UTC, so nothing is assumed."""
    return _APP.batches(source)
