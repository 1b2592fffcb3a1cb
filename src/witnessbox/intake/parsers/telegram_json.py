r"""Telegram Desktop, "Export chat history" and "Export Telegram data", as JSON: ``result.json``.

One chat::

    {"name": "Nights", "type": "private_supergroup", "id": 1234567890, "messages": [
      {"id": 1, "type": "service", "date": "2024-03-01T13:00:00", "date_unixtime": "1709298000",
       "actor": "Ana", "actor_id": "user1", "action": "create_group", "title": "Nights", ...},
      {"id": 2, "type": "message", "date_unixtime": "1709298060", "from": "Ana",
       "from_id": "user1", "text": ["see ", {"type": "link", "text": "https://example.org"}]}]}

A whole account has ``personal_information`` and many chats, in ``chats.list`` and in
``left_chats.list``.  A message's span begins at its ``{`` and runs to the next one's; the document
around the lists is in problems of its own (``envelope``, a note).

``date_unixtime`` is UTC and is what counts; ``date`` is the exporting computer's local time without
a zone, and is read, in the assumed zone, only where the other is missing (before 2021).

Versions seen: 2018 to 2024, by the exporter's source and public samples.  Not read: stories,
contacts, sessions and profile pictures of an account, the columns of bots' buttons, payments.
"""

import re
from collections.abc import Iterator

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.telegram.reading import read_file

FORMAT = Format(
    name="telegram-json", title="Telegram Desktop (JSON)", version=1, platform="telegram"
)

_LIST = re.compile(rb'"messages"[ \t\r\n]*:[ \t\r\n]*\[')
_CHAT = re.compile(
    rb'"type"[ \t\r\n]*:[ \t\r\n]*"(?:personal_chat|bot_chat|saved_messages|replies|verify_codes'
    rb'|private_group|(?:private|public)_(?:supergroup|channel))"'
)
_MESSAGE = re.compile(
    rb'\{[ \t\r\n]*(?P<id>"id"[ \t\r\n]*:[ \t\r\n]*-?\d+[ \t\r\n]*,[ \t\r\n]*)?'
    rb'"type"[ \t\r\n]*:[ \t\r\n]*"(?:message|service|unsupported)"'
    rb'(?(id)|[ \t\r\n]*,[ \t\r\n]*"date(?:_unixtime)?"[ \t\r\n]*:)'
)
_ACCOUNT = re.compile(
    rb'"personal_information"[ \t\r\n]*:[ \t\r\n]*\{[ \t\r\n]*"user_id"[ \t\r\n]*:'
)


def identify(name: str, head: bytes) -> bool:  # noqa: ARG001 - its keys say it all
    """Say whether a file of this name that begins with these bytes is in this format."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return False
    if _ACCOUNT.search(start):
        return True
    listed = _LIST.search(start)
    return listed is not None and (
        _CHAT.search(start, 0, listed.start()) is not None
        or _MESSAGE.search(start, listed.end()) is not None
    )


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a source from its first byte to its last."""
    if source.size_bytes == 0:
        rows = Gathered(source.exhibit, FORMAT.label)
        rows.problem(0, 0, "no-messages", "a file of no bytes", Severity.LOSS)
        yield rows.batch()
        return
    yield from read_file(source, assumption.zone, FORMAT.label)
