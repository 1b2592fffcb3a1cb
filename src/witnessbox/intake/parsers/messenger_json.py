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

Format seen: 2018 to 2026.  Not read here: HTML downloads; Instagram, which has the same keys and is
told apart only by its folders; notices without a ``type`` (they stay what their sender said, since
only their wording would tell them apart).
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.evidence.model import Severity
from witnessbox.intake.json_spans import Broken, Elements, Frame, Stretch
from witnessbox.intake.json_walk import walk
from witnessbox.intake.messenger import rows as columns
from witnessbox.intake.messenger.rows import Heard, Rows, Texts, Thread
from witnessbox.intake.messenger.survey import (
    SHAPE,
    Survey,
    conversation_of,
    frame,
    is_encrypted,
    part_of,
    survey,
    thread_of,
)
from witnessbox.intake.messenger.words import Doubt, read
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.problems import problem_rows

FORMAT = Format(
    name="messenger-json", title="Facebook Messenger (JSON)", version=1, platform="messenger"
)

_LIST = re.compile(rb'"messages"[ \t\r\n]*:[ \t\r\n]*\[')
_ACCOUNT = re.compile(rb'"sender_name"[ \t\r\n]*:[\s\S]*"timestamp_ms"[ \t\r\n]*:')
_ACCOUNT_EMPTY = re.compile(rb'"(?:thread_path|is_still_participant)"[ \t\r\n]*:')
_PEOPLE = re.compile(rb'\{[ \t\r\n]*"participants"[ \t\r\n]*:[ \t\r\n]*\[')


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format."""
    path = PurePosixPath(name)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{") or any("instagram" in part.lower() for part in path.parts):
        return False
    if _LIST.search(start):
        return is_encrypted(start) or any(sign.search(start) for sign in (_ACCOUNT, _ACCOUNT_EMPTY))
    return part_of(path) > 0 and _PEOPLE.match(start) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:  # noqa: ARG001
    """Read a source from its first byte to its last; its times are UTC, so nothing is assumed."""
    with source.open() as stream:
        known = survey(stream)
    with source.open() as stream:
        reading = _Reading(source, known)
        for stretch in walk(stream, SHAPE):
            yield reading.batch(stretch)
        yield reading.last()


class _Reading:
    """One file on its way into rows; counts what only shows at the end."""

    def __init__(self, source: Source, known: Survey) -> None:
        self._known = known
        self._texts = known.texts()
        quiet = Texts(mend=self._texts.mend)  # the frame's strings are not messages' strings
        self._thread = Thread(
            exhibit=source.exhibit,
            parser=FORMAT.label,
            conversation=conversation_of(known, source.path, quiet),
            thread=thread_of(known, source.path, quiet),
            part=part_of(source.path),
            newest_first=known.newest_first,
        )
        self._listed = [quiet.meant(name) or name for name in known.listed]
        self._heard = Heard()
        self._index = 0
        self._reached = 0

    def batch(self, stretch: Stretch) -> Batch:
        """Turn one stretch of the file into rows."""
        self._reached = stretch.end
        rows = Rows(self._thread, self._texts, self._heard)
        if isinstance(stretch, Elements):
            self._take(stretch, rows)
        elif isinstance(stretch, Frame):
            _frame(stretch, rows)
        else:
            _broken(stretch, rows)
        return Batch(
            messages=columns.messages(rows),
            problems=problem_rows(rows.problems),
            attachments=columns.attachments(rows),
            reactions=columns.reactions(rows),
            memberships=columns.memberships(rows),
        )

    def _take(self, stretch: Elements, rows: Rows) -> None:
        ends = [*stretch.starts[1:], stretch.end]
        spoken = read(stretch.pieces)
        for start, end, (one, doubts) in zip(stretch.starts, ends, spoken, strict=True):
            rows.add(start, end, self._index, one)
            self._index += 1
            for doubt in doubts:
                rows.problem(start, start, doubt, Severity.DOUBT)

    def last(self) -> Batch:
        """Give what shows only over the whole file: who was there, and what to know of it."""
        rows = Rows(self._thread, self._texts, self._heard)
        for doubt, severity in self._remarks():
            rows.problem(self._reached, self._reached, doubt, severity)
        return Batch(
            problems=problem_rows(rows.problems),
            participants=columns.participants(self._thread, self._listed, self._heard.senders),
        )

    def _remarks(self) -> Iterator[tuple[Doubt, Severity]]:
        texts = self._texts
        if texts.mended:
            what = f"{texts.mended} strings were written as single bytes and are shown repaired"
            yield Doubt("mojibake-repaired", what), Severity.NOTE
        if texts.mended and texts.wide:
            what = f"{texts.wide} strings were not written as single bytes, as the others were"
            yield Doubt("mojibake-mixed", what), Severity.DOUBT
        if self._known.instagram:
            what = "the group's invitation is to Instagram: this may be an Instagram export"
            yield Doubt("platform-unsure", what), Severity.DOUBT
        if self._known.mixed_order:
            what = "the messages do not stand in the order of their times"
            yield Doubt("time-runs-back", what), Severity.DOUBT


def _frame(stretch: Frame, rows: Rows) -> None:
    values, repeated = frame(stretch)
    told = ", ".join(key for key in values if key != SHAPE.key)
    what = f"the document around the messages ({told})" if told else "the document's own brackets"
    rows.problem(stretch.start, stretch.end, Doubt("envelope", what), Severity.NOTE)
    for key in repeated:
        doubt = Doubt("duplicate-key", f"{key} is written more than once; the last one was read")
        rows.problem(stretch.start, stretch.start, doubt, Severity.DOUBT)


def _broken(stretch: Broken, rows: Rows) -> None:
    severity = Severity.LOSS if stretch.end > stretch.start else Severity.DOUBT
    rows.problem(stretch.start, stretch.end, Doubt(stretch.code, stretch.what), severity)
