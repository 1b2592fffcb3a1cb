"""Fields as messages, by the mapping a person stated.  Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from witnessbox.evidence.model import Kind
from witnessbox.intake.gathered import Gathered, Told, sequence
from witnessbox.intake.media import media_of
from witnessbox.intake.stamps import Moment, moment
from witnessbox.intake.table.fields import Doubt, Fields
from witnessbox.intake.table.mapping import Mapping

_UNITS = {"unix": 1_000, "unix-ms": 1, "unix-us": 0.001}
_LAST_MS = 253_402_300_799_999  # the year 9999
_TRUE = frozenset(("1", "true", "yes", "y"))


@dataclass(slots=True)
class Scene:
    """What is the same in every row of a table, and what is carried from one to the next."""

    mapping: Mapping
    title: str  # where no column and no mapping names a conversation
    zone: str
    senders: dict[str, Counter[str]] = field(default_factory=dict)
    last_ms: int = 0
    index: int = 0


def add(rows: Gathered, span: tuple[int, int], fields: Fields, scene: Scene) -> None:
    """Take one row."""
    mapping, columns = scene.mapping, scene.mapping.columns
    start, end = span

    def of(column: str | None) -> str | None:
        value = None if column is None else fields.get(column)
        return value or None

    stamp = " ".join(one for one in map(of, columns.times) if one is not None) or None
    at = None if stamp is None else read_time(stamp, mapping.time_format, scene.zone)
    doubts = [*_time_doubts(stamp, at, scene.zone)]
    scene.last_ms = scene.last_ms if at is None else at.utc_ms
    kind, unknown = _kind(mapping, of(columns.kind), of(columns.text), of(columns.attachment))
    conversation = of(columns.conversation) or mapping.conversation or scene.title
    sender = None if kind is Kind.NOTICE else of(columns.sender)
    rows.messages.append(
        Told(
            start=start,
            end=end,
            conversation=conversation,
            thread=of(columns.thread),
            sequence=sequence(scene.last_ms, scene.index, newest_first=mapping.newest_first),
            kind=kind,
            sender=sender,
            text=of(columns.text),
            stamp=stamp,
            wall_at=None if at is None else at.wall_ms,
            sent_at=None if at is None else at.utc_ms,
            precision=None if at is None else at.precision,
            zone=scene.zone if at is not None and at.wall_ms is not None else "UTC",
            platform_id=of(columns.id),
            reply_to=of(columns.reply_to),
            edited=(of(columns.edited) or "").strip().lower() in _TRUE,
            deleted=kind is Kind.DELETED,
        )
    )
    scene.index += 1
    if sender is not None:
        scene.senders.setdefault(conversation, Counter())[sender] += 1
    if (name := of(columns.attachment)) is not None:
        rows.attachments.append((start, name, media_of(name), False))
    for doubt in [*doubts, *unknown]:
        rows.doubt(start, doubt.code, doubt.what)


def _kind(
    mapping: Mapping, written: str | None, text: str | None, attachment: str | None
) -> tuple[Kind, list[Doubt]]:
    """Tell what a row is: as the mapping translates its kind, else by what it holds.

    A row that is said to be a text may all the same hold a file, or nothing.
    """
    held = Kind.MEDIA if attachment is not None else Kind.EMPTY if text is None else Kind.TEXT
    if written is None:
        return held, []
    if written in mapping.kinds:
        said = mapping.kinds[written]
        return (held if said is Kind.TEXT else said), []
    return held, [Doubt("unknown-kind", f"the mapping does not say what kind {written[:80]} is")]


def _time_doubts(stamp: str | None, at: Moment | None, zone: str) -> Iterator[Doubt]:
    if at is None:
        yield Doubt("no-time", "no time" if stamp is None else f"{stamp[:80]} is no time")
    elif at.twice:
        yield Doubt("zone-hour-twice", f"{stamp} came twice in {zone}; read as the first")
    elif at.never:
        yield Doubt("zone-hour-skipped", f"{stamp} never came in {zone}")


def read_time(stamp: str, form: str, zone: str) -> Moment | None:
    """Read a time in the form a mapping states; None where it is none."""
    if form == "iso":
        return moment(stamp.strip(), zone)
    if form in _UNITS:
        return _counted(stamp, _UNITS[form])
    try:
        at = datetime.strptime(stamp.strip(), form)  # noqa: DTZ007 - the zone is the mapping's
        return moment(at.isoformat(timespec=_finest(form)), zone)
    except ValueError:
        return None


def _counted(stamp: str, unit_ms: float) -> Moment | None:
    try:
        at_ms = round(float(stamp) * unit_ms)
    except (ValueError, OverflowError):
        return None
    if not 0 <= at_ms <= _LAST_MS:
        return None
    written = datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)
    return moment(written.isoformat(timespec="milliseconds" if unit_ms <= 1 else "seconds"), "UTC")


def _finest(form: str) -> str:
    """Say how finely a form knows the time."""
    if "%f" in form:
        return "milliseconds"
    return "seconds" if any(part in form for part in ("%S", "%c", "%X", "%T")) else "minutes"


def participants(rows: Gathered, scene: Scene) -> None:
    """Give out everyone who spoke, conversation by conversation."""
    rows.participants += [
        (conversation, name, None, count, False)
        for conversation, counted in scene.senders.items()
        for name, count in counted.items()
    ]
