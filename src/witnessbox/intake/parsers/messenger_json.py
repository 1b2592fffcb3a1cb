r"""Facebook Messenger, "Download your information" and end-to-end encrypted chats, as JSON.

The account download holds ``<root>/<section>/<thread>/message_N.json``, newest message first,
10,000 a file, a higher N older::

    {"participants": [{"name": "Ana"}], "messages": [
      {"sender_name": "Ana", "timestamp_ms": 1700000000000, "content": "caf\u00c3\u00a9"}, ...
    ], "title": "Nights", "is_still_participant": true, "thread_path": "inbox/nights_1x2y"}

The download of encrypted chats holds ``<Name>_<n>.json`` beside ``media/``::

    {"participants": ["Ana"], "threadName": "Ana_40", "messages": [
      {"isUnsent": false, "senderName": "Ana", "text": "hi", "timestamp": 1700000000000}, ...]}

A message's span begins at its ``{`` and runs to the next one's, so that commas and white space fall
to the message they follow.  The document around the list is a problem of severity *note*, code
``envelope``: it is no message, and a quotation of the first message should not begin with it.

Format seen: 2018 to 2026.  Not read here: HTML pages; Instagram, which has the same keys and is
told apart by its folders and links; notices without a ``type`` (they stay what their sender said,
since only their wording would tell them apart).
"""

from collections.abc import Iterator

from witnessbox.evidence.model import Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.messenger.platform import is_instagram, is_thread
from witnessbox.intake.messenger.reading import read_file
from witnessbox.intake.messenger.rows import Rows
from witnessbox.intake.messenger.survey import Survey
from witnessbox.intake.parser import Assumption, Batch, Format, Source

FORMAT = Format(
    name="messenger-json", title="Facebook Messenger (JSON)", version=1, platform="messenger"
)


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format."""
    return is_thread(name, head) and not is_instagram(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a source from its first byte to its last; its times are UTC, so nothing is assumed."""
    return read_file(source, FORMAT.label, _Plain())


class _Plain:
    """Messenger's manner: nothing is peculiar, and one sign tells that it may not be Messenger."""

    plain = True

    def look(self, rows: Rows) -> None:
        """Leave the rows as they are."""

    def last(self, known: Survey, rows: Rows) -> None:
        """Doubt the platform where the group's invitation leads elsewhere."""
        if known.instagram:
            what = "the group's invitation is to Instagram: this may be an Instagram export"
            rows.remark(Doubt("platform-unsure", what), Severity.DOUBT)
