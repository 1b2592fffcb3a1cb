"""What each copy shows of a conversation, and why it does not show the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.reconcile.clocks import DAY_MS, END_MS, MINUTE_MS
from benchmarks.reconcile.dials import Dials
from benchmarks.reconcile.model import Copy, Entry, Form, Line, Phone, Style, Talk, Why
from benchmarks.reconcile.talk import within

from witnessbox.example.draws import draws, happens
from witnessbox.example.model import Message, Notice
from witnessbox.example.phrases import ordinary, phrases

_TIMER_MS = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Visit:
    """One delivery of one phone: which, when, and in which form its conversations come."""

    phone: Phone
    number: int
    style: Style
    exported_ms: int


def visits(dials: Dials, phones: Sequence[Phone]) -> Iterator[Visit]:
    """Say when each phone was exported; some are twice, the second time as text."""
    for phone in phones:
        stream = draws(dials.seed, phone.key, "visits")
        at = END_MS + stream.randrange(DAY_MS)
        if happens(stream, dials.early):
            at -= stream.randrange(7 * DAY_MS, 90 * DAY_MS)
        yield Visit(phone, 1, phone.style, at)
        if happens(stream, dials.twice):
            yield Visit(phone, 2, Style.TEXT, at + stream.randrange(DAY_MS, 10 * DAY_MS))


def copies(dials: Dials, talk: Talk, deliveries: Sequence[Visit]) -> Iterator[Copy]:
    """Give every copy of a conversation that is handed over."""
    members = {spell.person for spell in talk.spells}
    for visit in deliveries:
        if visit.phone.owner.key in members:
            copy = _Holding(dials, talk, visit).copy()
            if any(isinstance(line.entry, Message) for line in copy.lines):
                yield copy


def gone_in(dials: Dials, talk: Talk, phone: Phone) -> dict[str, Why]:
    """Choose what was deleted on one phone: a share of all, and now and then a run.

    A second delivery shows the same phone, on which nothing came back.
    """
    stream = draws(dials.seed, talk.key, phone.key, "deleted")
    gone = {one.key: Why.DELETED for one in talk.messages if happens(stream, dials.deleted)}
    if happens(stream, dials.bulk) and talk.messages:
        length = stream.randint(*dials.bulk_run)
        first = stream.randrange(max(1, len(talk.messages) - length))
        for one in talk.messages[first : first + length]:
            gone[one.key] = Why.DELETED_IN_RUN
    return gone


class _Holding:
    """One copy as it comes about."""

    def __init__(self, dials: Dials, talk: Talk, visit: Visit) -> None:
        self._dials, self._talk, self._visit = dials, talk, visit
        self._key = f"{talk.key}/{visit.phone.key}/{visit.number}"
        self._stream = draws(dials.seed, self._key)
        self._text = visit.style is Style.TEXT
        self._with_media = happens(self._stream, dials.with_media)
        cleared = happens(self._stream, dials.cleared)
        began = talk.messages[0].at_ms
        self._cleared_ms = self._stream.randrange(began, END_MS) if cleared else 0

    def copy(self) -> Copy:
        """Give the copy, lines in the order the phone got them."""
        gone = gone_in(self._dials, self._talk, self._visit.phone)
        absent: dict[str, Why] = {}
        lines: list[Line] = []
        for entry in self._entries():
            why = self._why_not(entry) or gone.get(entry.key)
            if why is None:
                lines.append(self._line(entry))
            elif isinstance(entry, Message):
                absent[entry.key] = why
        lines.sort(key=lambda line: (line.came_ms, line.entry.key))
        lines = self._cut(lines, absent)
        if self._text:
            lines = self._tampered(lines)
        return Copy(
            self._key,
            self._talk,
            self._visit.phone,
            self._visit.number,
            self._visit.style,
            self._visit.exported_ms,
            self._with_media,
            tuple(lines),
            tuple(absent.items()),
        )

    def _entries(self) -> list[Entry]:
        """Give all there was, and the notices this phone alone gets."""
        talk, owner = self._talk, self._visit.phone.owner.key
        others = [spell.person for spell in talk.spells if spell.person != owner]
        alone = [Notice(f"{self._key}-e", self._since(), "encryption")]
        for number in range(1 + len(talk.messages) // 400):
            at = self._stream.choice(talk.messages).at_ms + 1
            member = self._stream.choice(others)
            alone.append(Notice(f"{self._key}-c{number}", at, "code", member=member))
        return sorted((*talk.messages, *talk.notices, *alone), key=lambda it: (it.at_ms, it.key))

    def _since(self) -> int:
        owner = self._visit.phone.owner.key
        return min(spell.since_ms for spell in self._talk.spells if spell.person == owner)

    def _why_not(self, entry: Entry) -> Why | None:
        owner, at = self._visit.phone.owner.key, entry.at_ms
        own = isinstance(entry, Notice) and entry.member == owner
        spells = [spell for spell in self._talk.spells if spell.person == owner]
        if not own and not any(within(spell, at) for spell in spells):
            return Why.NOT_MEMBER
        if at > self._visit.exported_ms:
            return Why.AFTER_EXPORT
        if at < self._cleared_ms:
            return Why.CLEARED
        timer = self._talk.timer
        over = at < self._visit.exported_ms - _TIMER_MS
        if timer and timer[0] <= at < timer[1] and over and isinstance(entry, Message):
            return Why.TIMER
        return None

    def _line(self, entry: Entry) -> Line:
        came = entry.at_ms
        if isinstance(entry, Notice):
            return Line(entry, Form.PLAIN, entry.at_ms, came)
        if happens(self._stream, self._dials.delayed):
            came += self._stream.randrange(MINUTE_MS // 2, 10 * MINUTE_MS)
        missed = happens(self._stream, self._dials.missed_changes)
        form = Form.PLAIN
        if entry.recalled:
            form = Form.PLAIN if missed else Form.PLACEHOLDER
        elif entry.before is not None:
            form = Form.BEFORE_EDIT if missed else Form.EDITED
        return Line(entry, form, entry.at_ms, came)

    def _cut(self, lines: list[Line], absent: dict[str, Why]) -> list[Line]:
        """Keep the newest records, as many as a text export has."""
        most = self._dials.limit_with_media if self._with_media else self._dials.limit
        if not self._text or len(lines) <= most:
            return lines
        for line in lines[:-most]:
            if isinstance(line.entry, Message):
                absent[line.entry.key] = Why.LIMIT
        return lines[-most:]

    def _tampered(self, lines: list[Line]) -> list[Line]:
        stream = draws(self._dials.seed, self._key, "tampered")
        plain = [at for at, line in enumerate(lines) if _tampers(line)]
        if len(plain) < 60:
            return lines
        if happens(stream, self._dials.altering):
            for at in stream.sample(plain, stream.randint(*self._dials.altered_lines)):
                lines[at] = _moved(lines[at], stream)
        if happens(stream, self._dials.forging):
            count = stream.randint(*self._dials.forged_lines)
            for number, at in enumerate(sorted(stream.sample(plain[5:-5], count), reverse=True)):
                lines.insert(at + 1, self._forged(lines[at], number, stream))
        return lines

    def _forged(self, after: Line, number: int, stream: Random) -> Line:
        """Make up a line by somebody else, just behind a true one."""
        owner = self._visit.phone.owner.key
        others = [spell.person for spell in self._talk.spells if spell.person != owner]
        sender = stream.choice(others)
        text = ""
        while len(text) < 25:  # what anybody says often cannot be told from what was said
            text = ordinary(stream.choice(phrases().families), stream, ("Sam", "Jo"))
        at = after.at_ms + stream.randrange(1_000, 20_000)
        said = Message(f"{self._key}-f{number}", at, sender, "text", text)
        return Line(said, Form.FORGED, at, after.came_ms)


def _tampers(line: Line) -> bool:
    entry = line.entry
    return isinstance(entry, Message) and entry.kind == "text" and line.form is Form.PLAIN


def _moved(line: Line, stream: Random) -> Line:
    by = stream.choice((-1, 1)) * stream.randrange(3 * MINUTE_MS, 12 * 60 * MINUTE_MS)
    return Line(line.entry, Form.TIME_ALTERED, line.at_ms + by, line.came_ms)
