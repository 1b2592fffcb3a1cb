"""Known data as a table with its mapping: CSV with times of a wall clock, JSON lines in UTC."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("forwarded", "a mapping has no column that says a message was forwarded"),
    ("reactions", "a mapping has no column for reactions"),
    ("omitted", "a mapping has no column that says a file was left out"),
)
_WALL = (("dst-second", "a wall clock's time does not say which pass of the hour it was"),)
_KINDS = {
    "deleted": Kind.DELETED,
    "location": Kind.LOCATION,
    "contact": Kind.CONTACT,
    "poll": Kind.POLL,
    "call": Kind.CALL,
    "notice-created": Kind.NOTICE,
    "notice-added": Kind.NOTICE,
    "notice-left": Kind.NOTICE,
}
_PHOTO = "photo.jpg"
_COLUMNS = ("Ref", "When", "Room", "From", "Type", "Message", "File", "Edited", "Answers")
_MAPPING = """\
time_format = "{form}"
zone = "{zone}"

[columns]
id = "Ref"
time = "When"
conversation = "Room"
sender = "From"
kind = "Type"
text = "Message"
attachment = "File"
edited = "Edited"
reply_to = "Answers"

[kinds]
chat = "text"
{kinds}
"""


def comma_separated(talk: Talk) -> DataSet:
    """Write CSV whose times are those of a clock on the wall."""
    file = Growing(talk, _CANNOT + _WALL)
    file.around(_row(_COLUMNS))
    for number, known in enumerate(file.said, 1):
        wall = _wall(known.at)
        expected = replace(_expected(known, file), wall_at=wall)
        if known.element == "dst-first":
            expected = replace(expected, noted=("zone-hour-twice",))
        cells = _cells(known, number, f"{wall:%d/%m/%Y %H:%M:%S.%f}")
        file.record(known.element, _row(cells), expected)
    return _with_mapping(file, "CSV", "desk.csv", "%d/%m/%Y %H:%M:%S.%f")


def json_lines(talk: Talk) -> DataSet:
    """Write an object a line, with times in milliseconds."""
    file = Growing(talk, _CANNOT)
    for number, known in enumerate(file.said, 1):
        cells = _cells(known, number, str(int(known.at.timestamp() * 1000)))
        line = json.dumps(dict(zip(_COLUMNS, cells, strict=True)), ensure_ascii=False) + "\n"
        file.record(known.element, line.encode(), _expected(known, file))
    return _with_mapping(file, "JSON lines", "desk.jsonl", "unix-ms")


def _with_mapping(file: Growing, way: str, name: str, form: str) -> DataSet:
    kinds = "\n".join(f'{element} = "{kind.value}"' for element, kind in _KINDS.items())
    mapping = _MAPPING.format(form=form, zone=ZONE, kinds=kinds).encode()
    return file.data_set(way, name, ((f"{name}.mapping.toml", mapping),))


def _cells(known: Known, number: int, when: str) -> tuple[str, ...]:
    return (
        str(number),
        when,
        "Desk",
        known.sender or "",
        known.element if known.element in _KINDS else "chat",
        "" if known.element == "deleted" else known.text,
        _PHOTO if known.element == "attached" else "",
        "yes" if known.element == "edited" else "",
        str(number - 1) if known.element == "reply" else "",
    )


def _expected(known: Known, file: Growing) -> Expected:
    deleted, attached = known.element == "deleted", known.element == "attached"
    held = Kind.MEDIA if attached else Kind.TEXT if known.text else Kind.EMPTY
    return Expected(
        kind=_KINDS.get(known.element, held),
        sender=known.sender,
        text=None if deleted else known.text or None,
        wall_at=None,
        sent_at=known.at,
        edited=known.element == "edited",
        deleted=deleted,
        attached=(Attached(_PHOTO, "image", omitted=False),) if attached else (),
        reply_to=file.records[-1].start if known.element == "reply" else None,
    )


def _row(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
