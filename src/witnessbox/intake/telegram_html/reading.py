"""One page of a Telegram chat on its way into rows."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from witnessbox.evidence.model import Precision, Severity
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.html_cuts import Cut, cuts
from witnessbox.intake.parser import Assumption, Batch, Source
from witnessbox.intake.stamps import Moment, moment
from witnessbox.intake.telegram_html.block import Block, Role, is_sound, plain, read
from witnessbox.intake.telegram_html.meaning import attached, kind_of, reacted, text_of
from witnessbox.intake.telegram_html.notices import changes, is_date

BEGINS = re.compile(
    rb'<div class="message (?P<sort>default|service)(?P<more>[ a-z]{0,40})"'
    rb'(?:[ \t\r\n]+id="message(?P<number>-?\d{1,19})")?[ \t\r\n]*>'
)
PAGE = re.compile(r"messages(\d*)\.html?", re.IGNORECASE)
_TITLE = re.compile(rb'<div class="text bold">([^<]*)<')
_STAMP = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d):?(\d\d)?)?")
_FIRST = re.compile(rb'class="pull_right date details" title="([^"]{1,40})"')
_PREVIOUS_OR_NEXT = re.compile(rb'<a class="pagination block_link" href="([^"]{1,200})"')
_NUMBER = re.compile(r"go_to_message(-?\d+)\Z")
_VIA = re.compile(r"(.+) via (@[A-Za-z0-9_]+)\Z", re.DOTALL)
_LIKE_A_MESSAGE = re.compile(rb'class="(?:from_name|text|pull_right date details)"')
_HEAD_BYTES = 1 << 18
_TOGETHER = 2048  # messages a batch
_PER_PAGE = 1000
_OWN_DIGITS = 16  # of an exhibit's name
_CLOSED = b"</html>"


def part_of(path: PurePosixPath) -> int:
    """Give N of ``messagesN.html``, 1 for ``messages.html``, 0 for any other name."""
    found = PAGE.fullmatch(path.name)
    return 0 if found is None else int(found[1] or 1)


def read_page(source: Source, assumption: Assumption, label: str) -> Iterator[Batch]:
    """Read a page from its first byte to its last; memory grows with the batch."""
    with source.open() as stream:
        reading = _Reading(source, assumption.zone, label, stream.read(_HEAD_BYTES))
    with source.open() as stream:
        for cut in cuts(stream, BEGINS, source.limits.html_block_bytes):
            reading.take(cut)
            if len(reading.rows.messages) >= _TOGETHER:
                yield reading.batch()
    yield reading.last(source.size_bytes)


@dataclass(slots=True)
class _Said:
    """What a joined message takes over from the one above it."""

    sender: str | None = None
    forwarded_from: str | None = None
    known: bool = False


@dataclass(slots=True)
class _Heard:
    """What is carried through a page."""

    people: Counter[str] = field(default_factory=Counter)
    last_ms: int = 0
    index: int = 0
    timeless: int = 0
    back: bool = False
    timed: bool = False
    found: bool = False
    closed: bool = False


class _Reading:
    """Takes a page cut by cut; gives rows when there are enough, the rest at the end."""

    def __init__(self, source: Source, zone: str, label: str, head: bytes) -> None:
        self._source, self._zone, self._label = source, zone, label
        title = _TITLE.search(head)
        path = source.path
        self._name = (plain(title[1]) if title else "") or path.parent.name or path.stem
        folder = str(path.parent)
        self._thread = None if folder == "." else f"{folder}: {self._name}"
        self._part = part_of(path)
        self._said = _Said()
        self._heard = _Heard(index=max(0, self._part - 1) * _PER_PAGE)
        first = _FIRST.search(head)
        begun = None if first is None else self._moment(plain(first[1]))
        self._heard.last_ms = 0 if begun is None else begun.utc_ms
        self.rows = Gathered(source.exhibit, label)

    def batch(self) -> Batch:
        """Give what was gathered since the last batch."""
        rows, self.rows = self.rows, Gathered(self._source.exhibit, self._label)
        return rows.batch()

    def take(self, cut: Cut) -> None:
        """Take the next cut of the page."""
        self._heard.closed = _CLOSED in cut.data
        if cut.opened is None:
            self._no_block(cut)
            return
        self._heard.found = True
        block = read(cut.data)
        service = block.words(Role.SERVICE)
        if cut.opened["sort"] == b"service" and service is not None and is_date(service):
            self._page(cut.start, cut.end, f"the page's own line: {service}", "date-line")
            self._said = _Said()
            return
        rest = cut.data[block.end :]
        end = cut.end if not rest.strip() else cut.start + block.end
        self._message(cut, end, block)
        if end < cut.end:
            self._around(end, cut.end, rest)
        if not is_sound(cut.data):
            what = "damaged characters, shown as U+FFFD"
            self.rows.doubt(cut.start, "damaged-text", what)

    def _no_block(self, cut: Cut) -> None:
        if cut.too_long:
            most = self._source.limits.html_block_bytes
            what = f"more than can be a message: over {most:,} bytes"
            self.rows.problem(cut.start, cut.end, "broken-message", what, Severity.LOSS)
            self._said = _Said()
        else:
            self._around(cut.start, cut.end, cut.data)

    def _around(self, start: int, end: int, data: bytes) -> None:
        """Explain the page around its messages; where it looks like one of them, it is lost."""
        if _LIKE_A_MESSAGE.search(data):
            what = "looks like a message whose first tag is damaged"
            self.rows.problem(start, end, "broken-message", what, Severity.LOSS)
            self._said = _Said()
            return
        found = _PREVIOUS_OR_NEXT.search(data)
        goes_on = f"; the chat goes on in {plain(found[1])}" if found else ""
        self._page(start, end, f"the page around its messages{goes_on}", "envelope")

    def _page(self, start: int, end: int, what: str, code: str) -> None:
        self.rows.problem(start, end, code, what, Severity.NOTE)

    def _moment(self, written: str) -> Moment | None:
        found = _STAMP.fullmatch(written)
        if found is None:
            return None
        day, month, year, clock, hours, minutes = found.groups()
        zone = "" if hours is None else f"{hours}:{minutes or '00'}"
        return moment(f"{year}-{month}-{day}T{clock}{zone}", self._zone)

    def _message(self, cut: Cut, end: int, block: Block) -> None:
        found = cut.opened
        service = found is not None and found["sort"] == b"service"
        number = None if found is None or found["number"] is None else found["number"].decode()
        at = self._when(cut.start, block, service=service)
        text = text_of(block, service=service)
        kind = kind_of(block, text, service=service)
        sender = None
        if service:
            self._said = _Said()
            self._membership(cut.start, end, text or "")
        else:
            joined = found is not None and b"joined" in found["more"].split()
            sender = self._sender(cut.start, block, joined=joined)
        heard = self._heard
        self.rows.messages.append(
            Told(
                start=cut.start,
                end=end,
                conversation=self._name,
                thread=self._thread,
                sequence=sequence(heard.last_ms, heard.index),
                kind=kind,
                sender=sender,
                text=text,
                stamp=block.stamps[0] if block.stamps else None,
                wall_at=None if at is None else at.wall_ms,
                sent_at=None if at is None else at.utc_ms,
                precision=Precision.SECOND,
                zone=None if at is None else "UTC" if at.wall_ms is None else self._zone,
                platform_id=None if number is None else self._id(number),
                reply_to=self._reply(block),
            )
        )
        heard.index += 1
        self.rows.attachments.extend((cut.start, *file) for file in attached(block, kind))
        self._react(cut.start, block)
        self._remark(cut.start, block)

    def _id(self, number: str) -> str:
        """Name a message: a page does not say in which chat or account its number counts."""
        return f"{self._source.exhibit[:_OWN_DIGITS]}/{number}"

    def _reply(self, block: Block) -> str | None:
        if block.reply is None:
            return None
        found = _NUMBER.search(block.reply)
        own = block.reply.startswith("#")
        return self._id(found[1]) if found and own else block.reply

    def _when(self, start: int, block: Block, *, service: bool) -> Moment | None:
        heard = self._heard
        if not block.stamps:
            if service:
                heard.timeless += 1
            else:
                self.rows.doubt(start, "no-time", "no time")
            return None
        at = self._moment(block.stamps[0])
        if at is None:
            self.rows.doubt(start, "no-time", f"{block.stamps[0]} is no time")
            return None
        if at.twice or at.never:
            code = "zone-hour-twice" if at.twice else "zone-hour-skipped"
            does = "shows this hour twice" if at.twice else "skips this hour"
            self.rows.doubt(start, code, f"{self._zone} {does}: {block.stamps[0]}")
        heard.back |= heard.timed and at.utc_ms < heard.last_ms
        heard.last_ms, heard.timed = at.utc_ms, True
        return at

    def _sender(self, start: int, block: Block, *, joined: bool) -> str | None:
        name = block.words(Role.NAME)
        forwarded = block.words(Role.FORWARDED_NAME)
        if name is not None:
            via = _VIA.match(name)
            if via:
                name = via[1]
                self._page(start, start, f"sent through {via[2]}", "via-bot")
            self._said = _Said(name, forwarded, known=True)
        elif not joined or not self._said.known:
            what = "names no sender, and none above it can be taken over"
            self.rows.doubt(start, "sender-unknown", what)
        if block.forwarded:
            self._said.forwarded_from = forwarded or self._said.forwarded_from
            source = self._said.forwarded_from or "somebody not named"
            self._page(start, start, f"forwarded; first written by {source}", "forwarded")
        if self._said.sender is not None:
            self._heard.people[self._said.sender] += 1
        return self._said.sender

    def _membership(self, start: int, end: int, text: str) -> None:
        for change in changes(text):
            row = (start, end, self._name, change.event, change.actor, change.member, None)
            self.rows.memberships.append(row)
            for name in filter(None, (change.actor, change.member)):
                self._heard.people[name] += 0

    def _react(self, start: int, block: Block) -> None:
        for mark in block.reactions:
            given, unnamed = reacted(mark)
            self.rows.reactions.extend((start, name, mark.emoji or None, None) for name in given)
            if unnamed:
                what = f"{unnamed} more reacted with {mark.emoji} than have a row"
                self._page(start, start, what, "many-reactions")

    def _remark(self, start: int, block: Block) -> None:
        if len(block.stamps) > 1:
            what = "a second time stands in this block: another message may be hidden in it"
            self.rows.doubt(start, "two-times", what)
            self._said = _Said()
        if not block.closed:
            self.rows.doubt(start, "not-closed", "the markup of this message does not end")
        signed = block.words(Role.SIGNATURE)
        if signed:
            self._page(start, start, f"signed by {signed}", "signed")
        if (block.words(Role.TITLE) or "").startswith("Self-destructing"):
            what = f"destroys itself once it was seen: {block.words(Role.STATUS)}"
            self._page(start, start, what, "self-destructing")
        if block.words(Role.REPLY) and block.reply is None:
            what = "in reply to a message of another chat, which the page does not name"
            self._page(start, start, what, "reply-elsewhere")

    def last(self, size_bytes: int) -> Batch:
        """Give the rest, and what only shows over the whole page."""
        heard, rows = self._heard, self.rows
        people = ((self._name, name, None, count, False) for name, count in heard.people.items())
        rows.participants.extend(people)
        if heard.timeless:
            what = f"service lines, to which the page gives no time: {heard.timeless}"
            rows.problem(size_bytes, size_bytes, "notices-without-time", what, Severity.NOTE)
        if heard.back:
            what = "the messages do not stand in the order of their times"
            rows.doubt(size_bytes, "time-runs-back", what)
        if not heard.found:
            rows.doubt(0, "no-messages", "no message was found in this page")
        if not heard.closed:
            rows.doubt(size_bytes, "cut-off", "the page does not end as it should")
        return self.batch()
