"""Messages of a Signal export as rows: what kind each is, who, when, and what belongs to it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from witnessbox.evidence.model import Kind, Precision, Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.gathered import Gathered, Told
from witnessbox.intake.media import media_of
from witnessbox.intake.parser import Source
from witnessbox.intake.signal.model import NOBODY, Attached, Said
from witnessbox.intake.stamps import Moment, moment

_FILES = ("chat.md", "index.md", "data.json")
_SHOWN_CHARACTERS = 2000
_SLACK_MS = 3_600_000  # an hour that came twice in autumn is no step back


class Placed(msgspec.Struct, frozen=True):
    """A message and the bytes it lies in."""

    start: int
    end: int
    said: Said
    doubts: tuple[Doubt, ...] = ()


@dataclass(slots=True)
class Reading:
    """One file on its way into rows; counts what only shows at the end."""

    source: Source
    parser: str
    zone: str
    conversation: str = field(init=False)
    senders: Counter[str] = field(default_factory=Counter)
    index: int = 0
    latest_ms: int | None = None
    steps_back: int = 0
    reached: int = 0

    def __post_init__(self) -> None:
        path = self.source.path
        folder = path.parent.name if path.name.lower() in _FILES else ""
        self.conversation = folder or path.stem

    def rows(self) -> Gathered:
        """Begin a batch."""
        return Gathered(self.source.exhibit, self.parser)

    def add(self, rows: Gathered, placed: Placed) -> None:
        """Put one message into rows; a conversation stands in the order of its file."""
        said, start = placed.said, placed.start
        at = None if said.stamp is None else moment(said.stamp.replace(",", ""), self.zone)
        self._clock(at)
        sender = None if said.sender == NOBODY else said.sender
        if placed.doubts or sender is None or at is None or at.twice or at.never:
            for doubt in (*placed.doubts, *_doubts(said, at, self.zone)):
                rows.doubt(start, doubt.code, doubt.what)
        if sender is not None:
            self.senders[sender] += 1
        zoned = at is not None and at.wall_ms is None
        rows.messages.append(
            Told(
                start=start,
                end=placed.end,
                conversation=self.conversation,
                thread=None,
                sequence=self.index,
                kind=_kind(said, sender),
                sender=sender,
                text=said.text or (said.sticker.label if said.sticker is not None else None),
                stamp=said.stamp,
                wall_at=at.wall_ms if at is not None else None,
                sent_at=at.utc_ms if at is not None else None,
                precision=at.precision if at is not None else Precision.SECOND,
                zone="UTC" if zoned else self.zone,
                edited=bool(said.earlier),
                deleted=said.deleted,
            )
        )
        self.index += 1
        if said.attached:
            rows.attachments += [(start, *_file(one)) for one in said.attached]
        if said.sticker is not None:
            rows.attachments.append((start, said.sticker.path, "sticker", not said.sticker.path))
        if said.reactions:
            rows.reactions += [(start, actor, what, None) for actor, what in said.reactions]
        _tell(rows, start, said)

    def _clock(self, at: Moment | None) -> None:
        if at is None:
            return
        if self.latest_ms is not None and at.utc_ms + _SLACK_MS < self.latest_ms:
            self.steps_back += 1
        self.latest_ms = at.utc_ms

    def last(self, doubts: Iterable[Doubt] = ()) -> Gathered:
        """Give what shows only over the whole file: who was there, and what to know of it."""
        rows = self.rows()
        for doubt in doubts:
            rows.doubt(self.reached, doubt.code, doubt.what)
        if self.steps_back:
            what = f"places where times run back by more than an hour: {self.steps_back}"
            rows.doubt(self.reached, "time-runs-back", what)
        rows.participants.extend(
            (self.conversation, name, None, count, False) for name, count in self.senders.items()
        )
        return rows


def _kind(said: Said, sender: str | None) -> Kind:
    kind = Kind.EMPTY if sender is not None else Kind.NOTICE
    if said.deleted:
        kind = Kind.DELETED
    elif said.call:
        kind = Kind.CALL
    elif said.sticker is not None:
        kind = Kind.STICKER
    elif said.attached:
        kind = Kind.MEDIA
    elif said.text is not None:
        kind = Kind.TEXT
    return kind


def _file(one: Attached) -> tuple[str | None, str, bool]:
    name = None if one.path is None else one.path.removeprefix("./")
    shown = one.name or name
    return name, media_of(shown) if shown else "unknown", name is None


def _doubts(said: Said, at: Moment | None, zone: str) -> Iterable[Doubt]:
    if at is None:
        given = said.stamp
        yield Doubt("no-time", "no time" if given is None else f"{given[:60]} is no time")
    elif at.twice:
        yield Doubt("zone-hour-twice", f"{said.stamp} came twice in {zone}; read as the first")
    elif at.never:
        yield Doubt("zone-hour-skipped", f"{said.stamp} never came in {zone}")
    if said.sender in (None, NOBODY):
        yield Doubt("no-sender", "the exporter did not know who wrote it")


def _tell(rows: Gathered, start: int, said: Said) -> None:
    """Note what was quoted, and since when what stood there before; that text itself is kept."""
    if said.quote is not None:
        rows.problem(start, start, "quotes", f"in reply to: {_short(said.quote)}", Severity.NOTE)
    for one in said.earlier:
        if one.text is not None:
            rows.earlier_texts.append((start, one.text, None))
        when = f"until its edit, from {one.stamp}" if one.stamp else "before its edit"
        what = f"{when}: {_short(one.text or '')}"
        rows.problem(start, start, "edited", what, Severity.NOTE)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
