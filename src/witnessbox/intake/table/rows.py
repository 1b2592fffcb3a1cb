"""Fields as messages, by the mapping a person stated.  Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from witnessbox.evidence.model import Kind
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.media import media_of
from witnessbox.intake.stamps import Moment
from witnessbox.intake.table.fields import Doubt, Fields
from witnessbox.intake.table.mapping import Mapping
from witnessbox.intake.table.times import Read, reader

_TRUE = frozenset(("1", "true", "yes", "y"))


@dataclass(slots=True)
class Scene:
    """What is the same in every row of a table, and what is carried from one to the next."""

    mapping: Mapping
    title: str  # where no column and no mapping names a conversation
    zone: str
    times: list[str] = field(init=False)
    read_time: Read = field(init=False)
    senders: dict[str, Counter[str]] = field(default_factory=dict)
    last_ms: int = 0
    index: int = 0

    def __post_init__(self) -> None:
        self.times = self.mapping.columns.times
        self.read_time = reader(self.mapping.time_format, self.zone)


def add(rows: Gathered, span: tuple[int, int], fields: Fields, scene: Scene) -> None:
    """Take one row."""
    mapping, columns = scene.mapping, scene.mapping.columns
    start, end = span
    of = fields.get  # of None, which is no column, nothing
    stamp = _stamp(fields, scene.times)
    at = None if stamp is None else scene.read_time(stamp)
    scene.last_ms = scene.last_ms if at is None else at.utc_ms
    text, attachment = of(columns.text) or None, of(columns.attachment) or None
    kind, unknown = _kind(mapping, of(columns.kind) or None, text, attachment)
    conversation = of(columns.conversation) or mapping.conversation or scene.title
    sender = None if kind is Kind.NOTICE else of(columns.sender) or None
    rows.messages.append(
        Told(
            start=start,
            end=end,
            conversation=conversation,
            thread=of(columns.thread) or None,
            sequence=sequence(scene.last_ms, scene.index, newest_first=mapping.newest_first),
            kind=kind,
            sender=sender,
            text=text,
            stamp=stamp,
            wall_at=None if at is None else at.wall_ms,
            sent_at=None if at is None else at.utc_ms,
            precision=None if at is None else at.precision,
            zone=scene.zone if at is not None and at.wall_ms is not None else "UTC",
            platform_id=of(columns.id) or None,
            reply_to=of(columns.reply_to) or None,
            edited=columns.edited is not None and _is_true(of(columns.edited)),
            deleted=kind is Kind.DELETED,
        )
    )
    scene.index += 1
    if sender is not None:
        if conversation not in scene.senders:
            scene.senders[conversation] = Counter()
        scene.senders[conversation][sender] += 1
    if attachment is not None:
        rows.attachments.append((start, attachment, media_of(attachment), False))
    if at is None or at.twice or at.never:
        _doubt_time(rows, start, stamp, at, scene.zone)
    for doubt in unknown:
        rows.doubt(start, doubt.code, doubt.what)


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip().lower() in _TRUE


def _stamp(fields: Fields, columns: list[str]) -> str | None:
    """Give a row's time as written; what stands in several columns is joined."""
    if len(columns) == 1:
        return fields.get(columns[0]) or None
    return " ".join(one for one in map(fields.get, columns) if one) or None


def _kind(
    mapping: Mapping, written: str | None, text: str | None, attachment: str | None
) -> tuple[Kind, Sequence[Doubt]]:
    """Tell what a row is: as the mapping translates its kind, else by what it holds.

    A row that is said to be a text may all the same hold a file, or nothing.
    """
    held = Kind.MEDIA if attachment is not None else Kind.EMPTY if text is None else Kind.TEXT
    if written is None:
        return held, ()
    if written in mapping.kinds:
        said = mapping.kinds[written]
        return (held if said is Kind.TEXT else said), ()
    return held, [Doubt("unknown-kind", f"the mapping does not say what kind {written[:80]} is")]


def _doubt_time(
    rows: Gathered, start: int, stamp: str | None, at: Moment | None, zone: str
) -> None:
    if at is None:
        what = "no time" if stamp is None else f"{stamp[:80]} is no time"
        rows.doubt(start, "no-time", what)
    elif at.twice:
        rows.doubt(start, "zone-hour-twice", f"{stamp} came twice in {zone}; read as the first")
    else:
        rows.doubt(start, "zone-hour-skipped", f"{stamp} never came in {zone}")


def participants(rows: Gathered, scene: Scene) -> None:
    """Give out everyone who spoke, conversation by conversation."""
    rows.participants += [
        (conversation, name, None, count, False)
        for conversation, counted in scene.senders.items()
        for name, count in counted.items()
    ]
