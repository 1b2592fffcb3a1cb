r"""Cellebrite's report of a phone: ``report.xml`` inside a ``.ufdr``, which is a zip archive.

::

    <project xmlns="http://pa.cellebrite.com/report/2.0" …>
      <sourceExtractions><extractionInfo id="0" …/></sourceExtractions>
      <taggedFiles>…</taggedFiles>
      <decodedData><modelType type="Chat">
        <model type="Chat" id="…" deleted_state="Intact" extractionId="0">
          <field name="Source" …><value …><![CDATA[WhatsApp]]></value></field>
          <multiModelField name="Messages" type="InstantMessage">
            <model type="InstantMessage" …> … </model>

Chats of any app, and text messages that lie in no chat.  Only outermost messages are rows: a
message inside another is a quotation, which the report may write twice.  Rows name the app before
the parser (``whatsapp-ufdr/1``), so that a report's copy of a conversation is laid beside the
app's own exports.

What lies around messages, and records of other types (calls, contacts, e-mails …), is in problems
of severity *note*.  Information updated 2026-11; reports of version 8.5 were seen described, and
a chat published by another project.  Not read: reactions, read receipts, the text of quotations
(they stay in the message's bytes), calls.
"""

import re
from collections.abc import Iterator

from witnessbox.evidence.model import Severity
from witnessbox.intake.gathered import Gathered
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.ufdr import rows as made
from witnessbox.intake.ufdr.model import Broken, Closed, Frame, Stretch, Talk
from witnessbox.intake.ufdr.rows import Heard, Place, place_of
from witnessbox.intake.ufdr.walk import Walk

FORMAT = Format("ufdr", "Cellebrite report (UFDR)", 1, "ufdr")

_REPORT = re.compile(rb"<project\b[^>]*\bpa\.cellebrite\.com/report")
_CHAT = re.compile(rb'<model\s+type="(?:Chat|InstantMessage)"[^>]*\bdeleted_state="')


def identify(name: str, head: bytes) -> bool:
    """Say whether a file that begins like this is a report, or a chat taken out of one."""
    del name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"<"):
        return False
    return _REPORT.search(start) is not None or _CHAT.match(start) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a report from its first byte to its last; memory grows with a piece, not the file."""
    with source.open() as stream:
        walk = Walk(stream, source.size_bytes, source.limits)
        reading = _Reading(source.exhibit, walk.extractions, assumption)
        for stretches in walk.run():
            yield from reading.batches(stretches)
        yield from reading.last()


class _Reading:
    """One report on its way into rows; a batch holds messages of one app."""

    def __init__(self, exhibit: str, extractions: set[str], assumption: Assumption) -> None:
        self._exhibit, self._extractions, self._assumption = exhibit, extractions, assumption
        self._rows = Gathered(exhibit, FORMAT.label)
        self._chat_place: Place | None = None
        self._owners: set[tuple[str, str]] = set()  # that were noted
        self._index = 0
        self._heard: dict[Place, Heard] = {}
        self._labels: dict[str, str] = {}  # of platforms

    def batches(self, stretches: list[Stretch]) -> Iterator[Batch]:
        """Turn stretches into rows."""
        for one in stretches:
            if isinstance(one, Talk):
                yield from self._talk(one)
            elif isinstance(one, Closed):
                self._close(one)
            else:
                self._problem(one)
        yield self._taken()

    def last(self) -> Iterator[Batch]:
        """Give out who wrote the messages that lie in no chat."""
        for place, heard in self._heard.items():
            made.close(self._rows, None, place, heard)
        yield self._taken()

    def _taken(self) -> Batch:
        batch = self._rows.batch()
        self._rows = Gathered(self._exhibit, self._rows.parser)
        return batch

    def _talk(self, talk: Talk) -> Iterator[Batch]:
        place = self._place(talk)
        label = self._labels.get(place.platform)
        if label is None:
            label = self._labels[place.platform] = f"{place.platform}-{FORMAT.label}"
        if label != self._rows.parser:
            if self._rows.messages:
                yield self._taken()
            self._rows.parser = label
        heard = self._heard.get(place)
        if heard is None:
            heard = self._heard[place] = Heard()
        made.add(self._rows, talk, place, heard, self._index, self._assumption)
        self._index += 1

    def _place(self, talk: Talk) -> Place:
        """Find the place of a message; a chat's stays what it was at its first message."""
        if talk.chat is None or self._chat_place is None:
            several = len(self._extractions) > 1
            place = place_of(talk.chat, talk.message, several=several)
            self._chat_place = place if talk.chat is not None else None
            return place
        return self._chat_place

    def _close(self, closed: Closed) -> None:
        place = place_of(closed.chat, closed.chat, several=len(self._extractions) > 1)
        first, self._chat_place = self._chat_place, None
        if first is not None and first != place:
            what = f"the chat is named {first.conversation} before its messages and not behind them"
            self._rows.doubt(closed.at, "chat-named-late", what)
        heard = self._heard.pop(first or place, Heard())
        made.close(self._rows, closed.chat, first or place, heard)
        owners = made.owners_of(closed.chat)[:80]
        if owners and (place.platform, owners) not in self._owners:
            self._owners.add((place.platform, owners))
            what = f"the report names {owners} as the owner of the phone ({place.platform})"
            self._rows.problem(closed.at, closed.at, "phone-owner", what, Severity.NOTE)

    def _problem(self, one: Frame | Broken) -> None:
        severity = Severity.NOTE
        if isinstance(one, Broken):
            severity = Severity.LOSS if one.end > one.start else Severity.DOUBT
        self._rows.problem(one.start, one.end, one.code, one.what, severity)
