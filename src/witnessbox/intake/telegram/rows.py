"""Telegram messages as rows: whose they are, when they were sent, what is in doubt about them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.stamps import moment
from witnessbox.intake.telegram.kinds import attached, changes, kind_of, text_of
from witnessbox.intake.telegram.words import MENDED, Chat, Id, Reaction, Written

_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799  # the years 1 to 9999
_MOST_UNNAMED = 20  # reactions without a name that become rows of their own
_QUARTER_MS = 900_000
_FURTHEST_MS = 15 * 3_600_000  # no zone is further from UTC
_SHARED = ("supergroup", "channel")
_GAPS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is the same in every row of one chat.

    ``thread`` is the chat's own number where that is the same for everybody in it, as a group's is.
    A chat of two is numbered after the other one of the two, so that its thread names the account
    as well, or the exhibit where that is not known.  ``numbering`` is what messages are numbered
    in: a supergroup's or channel's numbers are ``shared`` by all, all others are an account's own.
    """

    name: str
    thread: str
    numbering: str
    shared: bool = False

    def message_id(self, number: Id, peer: Id | None = None) -> str:
        """Name a message so that no two messages share the name."""
        return f"{self.numbering if peer is None else peer}/{number}"


def conversation(chat: Chat, account: str, place: str) -> Conversation:
    """Name a chat; ``place`` stands where it names itself nowhere."""
    sort = chat.type or ""
    number = "" if chat.id is None else str(chat.id)
    name = chat.name or " ".join(filter(None, (sort, number))) or place
    if sort.endswith(_SHARED) and number:
        return Conversation(name, f"channel{number}", f"channel{number}", shared=True)
    if sort == "private_group" and number:
        return Conversation(name, f"chat{number}", f"chat{number}@{account}")
    peer = "user" if sort in ("personal_chat", "bot_chat") else sort or "chat"
    own = f"{peer}{number or ' ' + place}@{account}"
    return Conversation(name, own, own)


@dataclass(slots=True)
class Heard:
    """What is carried through one chat: who spoke, which numbers were seen, the last time."""

    people: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    last_ms: int = 0
    index: int = 0
    numbers: int = 0
    first: int | None = None
    previous: int | None = None
    gaps: list[tuple[int, int]] = field(default_factory=list)
    missing: int = 0
    back: bool = False
    edits: int = 0
    reactions: bool = False

    def see(self, number: Id | None) -> None:
        """Take note of a message's number."""
        if not isinstance(number, int):
            return
        if self.previous is not None and number > self.previous + 1:
            self.missing += number - self.previous - 1
            if len(self.gaps) < _GAPS_SHOWN:
                self.gaps.append((self.previous + 1, number - 1))
        self.previous = number


class ChatRows:
    """Turns the messages of one chat into rows."""

    def __init__(self, chat: Conversation, zone: str) -> None:
        self.chat = chat
        self.heard = Heard()
        self._zone = zone

    def add(self, rows: Gathered, span: tuple[int, int], one: Written) -> None:
        """Take one message."""
        start, end = span
        heard, chat = self.heard, self.chat
        heard.see(one.id)
        when = self._when(rows, start, one)
        text = text_of(one)
        kind = kind_of(one, text)
        sender = _sender(one)
        if sender is not None:
            name_id = one.actor_id if one.type == "service" else one.from_id
            key = (sender, None if name_id is None else str(name_id))
            heard.people[key] += kind is not Kind.NOTICE
        if one.type == "service":
            for change in changes(one):
                at = when.sent_at
                event = (start, end, chat.name, change.event, one.actor, change.member, at)
                rows.memberships.append(event)
                if change.member is not None:
                    heard.people[change.member, None] += 0
        rows.messages.append(
            Told(
                start=start,
                end=end,
                conversation=chat.name,
                thread=chat.thread,
                sequence=sequence(heard.last_ms, heard.index),
                kind=kind,
                sender=None if kind is Kind.NOTICE else sender,
                text=text,
                stamp=when.stamp,
                wall_at=when.wall_at,
                sent_at=when.sent_at,
                precision=Precision.SECOND,
                zone=when.zone,
                platform_id=None if one.id is None else chat.message_id(one.id),
                reply_to=self._reply(one),
                edited=_is_edited(one),
            )
        )
        heard.index += 1
        for file in attached(one):
            rows.attachments.append((start, file.name, file.media, file.omitted))
        if one.reactions:
            self._react(rows, start, one.reactions)
        _remark(rows, start, one, heard)

    def _reply(self, one: Written) -> str | None:
        to = one.message_id if one.reply_to_message_id is None else one.reply_to_message_id
        return None if to is None else self.chat.message_id(to, one.reply_to_peer_id)

    def _when(self, rows: Gathered, start: int, one: Written) -> "_When":
        given = _seconds(one.date_unixtime)
        wall = None if one.date is None else moment(one.date, self._zone)
        if given is not None:
            when = _When(str(one.date_unixtime), None, given * 1000, "UTC")
            if wall is not None and wall.wall_ms is not None:
                ahead = wall.wall_ms - given * 1000
                if ahead % _QUARTER_MS or abs(ahead) > _FURTHEST_MS:
                    what = f"{one.date} and {given} are not one moment in any zone; {given} is read"
                    rows.doubt(start, "times-differ", what)
        elif wall is not None:
            when = _When(one.date, wall.wall_ms, wall.utc_ms, self._zone)
            if wall.wall_ms is None:
                when = _When(one.date, None, wall.utc_ms, "UTC")
            if wall.twice or wall.never:
                code = "zone-hour-twice" if wall.twice else "zone-hour-skipped"
                does = "shows this hour twice" if wall.twice else "skips this hour"
                rows.doubt(start, code, f"{self._zone} {does}: {one.date}")
        else:
            written = one.date if one.date_unixtime is None else str(one.date_unixtime)
            when = _When(written, None, None, None)
            rows.doubt(start, "no-time", "no time" if written is None else f"{written} is no time")
        if when.sent_at is not None:
            self.heard.back |= when.sent_at < self.heard.last_ms and self.heard.index > 0
            self.heard.last_ms = when.sent_at
        return when

    def _react(self, rows: Gathered, start: int, reactions: Iterable[Reaction]) -> None:
        self.heard.reactions = True
        for one in reactions:
            mark = one.emoji or one.document_id or one.type
            for person in one.recent:
                at = _seconds(person.date_unixtime)
                row = (start, person.name, mark, None if at is None else at * 1000)
                rows.reactions.append(row)
            unnamed = max(0, one.count - len(one.recent))
            rows.reactions.extend([(start, None, mark, None)] * min(unnamed, _MOST_UNNAMED))
            if unnamed > _MOST_UNNAMED:
                what = (
                    f"{one.count} people reacted with {mark}; {_MOST_UNNAMED} rows stand for them"
                )
                rows.problem(start, start, "many-reactions", what, Severity.NOTE)

    def close(self, rows: Gathered, at: int) -> None:
        """Say what only shows over a whole chat: who was there, and what to know of it."""
        listed = ((self.chat.name, *key, count, False) for key, count in self.heard.people.items())
        rows.participants.extend(listed)
        heard = self.heard
        if heard.back:
            what = "the messages do not stand in the order of their times"
            rows.doubt(at, "time-runs-back", what)
        if heard.edits and not heard.reactions:
            what = (
                f"messages with an edit's time: {heard.edits}; some versions of the exporter write "
                "one for a reaction too, and this chat shows no reactions"
            )
            rows.doubt(at, "edited-or-reacted", what)
        if self.chat.shared and heard.missing:
            shown = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in heard.gaps)
            more = ", …" if len(heard.gaps) == _GAPS_SHOWN else ""
            what = (
                f"numbers between the first message and the last that no message has: "
                f"{heard.missing} ({shown}{more}): deleted, or not exported"
            )
            rows.problem(at, at, "numbers-missing", what, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class _When:
    """A message's time: as written, on the wall and in UTC, milliseconds since 1970."""

    stamp: str | None
    wall_at: int | None
    sent_at: int | None
    zone: str | None


def _seconds(written: Id | None) -> int | None:
    """Read a time in seconds since 1970; None where it is none."""
    if written is None or (isinstance(written, str) and not _is_number(written)):
        return None
    value = int(written)
    return value if _FIRST_S <= value <= _LAST_S else None


def _is_number(written: str) -> bool:
    digits = written.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 20


def _sender(one: Written) -> str | None:
    """Name who sent a message as written; by their number where the account is deleted."""
    if one.type == "service":
        return one.actor or (None if one.actor_id is None else str(one.actor_id))
    return one.sender or (None if one.from_id is None else str(one.from_id))


def _is_edited(one: Written) -> bool:
    return _marks_edit(one.edited) or _marks_edit(one.edited_unixtime)


def _marks_edit(written: Id | None) -> bool:
    """Say whether an edit's time is one; old versions wrote 1970 for none."""
    return written is not None and not str(written).startswith("1970-01-01") and written != "0"


def _remark(rows: Gathered, start: int, one: Written, heard: Heard) -> None:
    """Store what a message tells of itself that no column holds, and what it leaves open."""
    if one.type == "unsupported":
        rows.doubt(start, "unsupported-message", "the exporter could not write this message")
    if _is_edited(one):
        heard.edits += 1
        if one.reactions:
            what = "bears an edit's time and reactions; some versions write one for a reaction"
            rows.doubt(start, "edited-or-reacted", what)
    source = one.forwarded_from or one.saved_from
    notes = []
    if source:
        notes.append(("forwarded", f"forwarded; first written by {source}"))
    if one.author:
        notes.append(("signed", f"signed by {one.author}"))
    if one.self_destruct_period_seconds:
        period = one.self_destruct_period_seconds
        notes.append(("self-destructing", f"destroyed {period} seconds after it was seen"))
    for code, what in notes:
        rows.problem(start, start, code, what, Severity.NOTE)


def severity_of(doubt: Doubt) -> Severity:
    """Say how much a doubt of reading matters."""
    return Severity.NOTE if doubt.code == MENDED else Severity.DOUBT
