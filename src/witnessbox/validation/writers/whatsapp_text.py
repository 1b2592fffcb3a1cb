"""Known data as WhatsApp's "Export chat" writes it in English, in Android's layout and in iOS's."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_MARK = "\u200e"  # iOS writes it before what the platform, not a person, wrote
_CANNOT = (
    ("forwarded", "a text export does not say that a message was forwarded"),
    ("reply", "a text export does not say what a message replies to"),
    ("reactions", "a text export leaves reactions out"),
    ("dst-second", "a text export does not say which pass of the hour it was"),
)
_NOTICES = {
    "notice-created": '{member} created group "{text}"',
    "notice-added": "Ana Reed added {member}",
    "notice-left": "{member} left",
}
_Line = tuple[str, Expected]


def android(talk: Talk) -> DataSet:
    """Write ``31/12/2023, 21:04 - Ana: text``."""
    name = f"WhatsApp Chat with {talk.title}.txt"
    return _written(talk, "Android", name, "\n", _android)


def ios(talk: Talk) -> DataSet:
    """Write ``[31/12/2023, 21:04:05] Ana: text``, with CR LF between messages."""
    name = f"WhatsApp Chat - {talk.title}.zip/_chat.txt"
    return _written(talk, "iOS", name, "\r\n", lambda known: _ios(known, talk.title))


def _written(
    talk: Talk, way: str, name: str, line_end: str, line: Callable[[Known], _Line]
) -> DataSet:
    file = Growing(talk, _CANNOT)
    for known in file.said:
        text, expected = line(known)
        file.record(known.element, (text + line_end).encode(), expected)
    return file.data_set(way, name)


def _android(known: Known) -> _Line:
    at = known.at.replace(second=0, microsecond=0)
    stamp = f"{_wall(at):%d/%m/%Y, %H:%M} - "
    if known.sender is None:
        text = _NOTICES[known.element].format(member=known.member, text=known.text)
        return stamp + text, _expected(known, at, Kind.NOTICE, text)
    kind, text, attached = _body(known, _wall(at), ios=False)
    return f"{stamp}{known.sender}: {text}", _expected(known, at, kind, text, attached)


def _ios(known: Known, title: str) -> _Line:
    at = known.at.replace(microsecond=0)
    stamp = f"[{_wall(at):%d/%m/%Y, %H:%M:%S}] "
    if known.sender is None:
        text = _MARK + _NOTICES[known.element].format(member=known.member, text=known.text)
        return f"{stamp}{title}: {text}", _expected(known, at, Kind.NOTICE, text)
    kind, text, attached = _body(known, _wall(at), ios=True)
    lead = _MARK if text.startswith(_MARK) else ""
    return f"{lead}{stamp}{known.sender}: {text}", _expected(known, at, kind, text, attached)


_Body = tuple[Kind, str, tuple[Attached, ...]]


def _body(known: Known, wall: datetime, *, ios: bool) -> _Body:
    """Give what stands behind the name, and what it is."""
    mark = _MARK if ios else ""
    bodies: dict[str, _Body] = {
        "empty": (Kind.EMPTY, "", ()),
        "edited": (Kind.TEXT, f"{known.text} {mark}<This message was edited>", ()),
        "deleted": (Kind.DELETED, f"{mark}This message was deleted{'.' if ios else ''}", ()),
        "attached": _attached(_photo(wall, ios=ios), "image", ios=ios),
        "contact": _attached(f"{known.text}.vcf", "contact", ios=ios),
        "omitted": (
            Kind.MEDIA,
            f"{mark}image omitted" if ios else "<Media omitted>",
            (Attached(None, "image" if ios else "unknown", omitted=True),),
        ),
        "location": (
            Kind.LOCATION,
            f"{mark}{'L' if ios else 'l'}ocation: https://maps.google.com/?q={known.text}",
            (),
        ),
        "poll": (
            Kind.POLL,
            f"{mark}POLL:\n{known.text}\n{mark}OPTION: Tea (2 votes)\n{mark}OPTION: No (1 vote)\n",
            (),
        ),
        "call": (Kind.CALL, f"{mark}Missed voice call", ()),
    }
    return bodies.get(known.element, (Kind.TEXT, known.text, ()))


def _attached(name: str, media: str, *, ios: bool) -> _Body:
    """Name a file as the platform does."""
    kind = Kind.CONTACT if media == "contact" else Kind.MEDIA
    text = f"{_MARK}<attached: {name}>" if ios else f"{name} (file attached)"
    return kind, text, (Attached(name, media, omitted=False),)


def _photo(wall: datetime, *, ios: bool) -> str:
    return (
        f"00000007-PHOTO-{wall:%Y-%m-%d-%H-%M-%S}.jpg" if ios else f"IMG-{wall:%Y%m%d}-WA0007.jpg"
    )


def _expected(
    known: Known, at: datetime, kind: Kind, text: str, attached: tuple[Attached, ...] = ()
) -> Expected:
    return Expected(
        kind=kind,
        sender=known.sender,
        text=text,
        wall_at=_wall(at),
        sent_at=at,
        edited=known.element == "edited",
        deleted=known.element == "deleted",
        attached=attached,
        noted=("zone-hour-twice",) if known.element == "dst-first" else (),
    )


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
