"""Known data as signal-export writes a chat: ``chat.md`` and ``data.json``.

The exporter writes names as letters and digits alone, emoji in them as words, and nobody's number.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("forwarded", "the platform does not say that a message was forwarded"),
    ("location", "the platform sends a location as a link, like any other"),
    ("contact", "the exporter leaves contact cards out"),
    ("poll", "the exporter leaves polls out"),
    ("notice-created", "the exporter writes what the platform says without any words"),
    ("notice-added", "the exporter writes what the platform says without any words"),
    ("notice-left", "the exporter writes what the platform says without any words"),
    ("sender-emoji", "the exporter writes emoji in names as words"),
    ("sender-number", "the exporter writes nobody's number"),
    ("dst-second", "the exporter does not say which pass of the hour it was"),
)
_NOT_ON_PAGES = (
    ("edited", "the page does not say that a message was edited"),
    ("omitted", "the page does not say that a file was left out"),
    ("call", "the page writes a call as a text, like any other"),
)
_EMOJI = {"⭐": "star", "🚓": "policecar"}
_ADDED = "  "
_PHOTO = "2024-01-15T10-00-00.000_00_photo.jpg"
_MISSED = "Missed voice call"


def text(talk: Talk) -> DataSet:
    """Write ``[2024-01-15 07:00:00] Ana: text`` and two spaces."""
    file = Growing(talk, _CANNOT + _NOT_ON_PAGES)
    quoted = ""
    for known in file.said:
        at = known.at.replace(microsecond=0)
        body = "(This message was deleted)\n\n"
        if known.element != "deleted":
            body = f"{_quotation(known, quoted)}{known.text}{_ADDED}{_added(known)}\n\n"
        line = f"[{_wall(at):%Y-%m-%d %H:%M:%S}] {_name(known.sender)}: {body}"
        file.record(known.element, line.encode(), _expected(known, at))
        quoted = known.text
    return file.data_set("", f"{_name(talk.title)}/chat.md")


def _quotation(known: Known, quoted: str) -> str:
    return f"\n\n> {quoted}\n\n" if known.element == "reply" else ""


def _added(known: Known) -> str:
    """Give what the exporter puts behind a body."""
    reactions = ", ".join(f"{_name(who)}: {sign}" for who, sign in known.reactions)
    added = f"\n(- {reactions} -)" if reactions else ""
    return f"{added}![{_PHOTO}](./media/{_PHOTO}){_ADDED}" if known.element == "attached" else added


def json_lines(talk: Talk) -> DataSet:
    """Write an object a line."""
    file = Growing(talk, _CANNOT)
    quoted = ""
    for known in file.said:
        keys = _line(known, quoted)
        line = json.dumps(keys, ensure_ascii=False).encode() + b"\n"
        file.record(known.element, line, _expected(known, known.at))
        quoted = known.text
    return file.data_set("", f"{_name(talk.title)}/data.json")


def _line(known: Known, quoted: str) -> Mapping[str, Any]:
    earlier = known.at - timedelta(seconds=20)
    files = {
        "attached": [{"name": _PHOTO, "path": f"media/{_PHOTO}", "missing_kind": None}],
        "omitted": [{"name": "", "path": "", "missing_kind": "media"}],
    }
    edits = [{"date": _wall(earlier).isoformat(), "body": f"was: {known.text}{_ADDED}"}]
    body = "" if known.element == "deleted" else _said(known)
    return {
        "date": _wall(known.at).isoformat(),
        "sender": _name(known.sender),
        "body": body + _ADDED,
        "quote": _quotation(known, quoted),
        "sticker": None,
        "reactions": [[_name(who), sign] for who, sign in known.reactions],
        "attachments": files.get(known.element, []),
        "deleted": known.element == "deleted",
        "call": known.element == "call",
        "missed": known.element == "call",
        "edits": edits if known.element == "edited" else [],
    }


def _said(known: Known) -> str:
    return _MISSED if known.element == "call" else known.text


def _expected(known: Known, at: datetime) -> Expected:
    kinds = {
        "empty": Kind.EMPTY,
        "deleted": Kind.DELETED,
        "attached": Kind.MEDIA,
        "omitted": Kind.MEDIA,
        "call": Kind.CALL,
    }
    attached = {
        "attached": (Attached(f"media/{_PHOTO}", "image", omitted=False),),
        "omitted": (Attached(None, "unknown", omitted=True),),
    }
    noted = {"dst-first": "zone-hour-twice", "reply": "quotes", "edited": "edited"}
    deleted = known.element == "deleted"
    return Expected(
        kind=kinds.get(known.element, Kind.TEXT),
        sender=_name(known.sender),
        text=None if deleted else _said(known) or None,
        wall_at=_wall(at),
        sent_at=at,
        edited=known.element == "edited",
        deleted=deleted,
        attached=attached.get(known.element, ()),
        reactions=tuple((_name(who), sign) for who, sign in known.reactions),
        noted=tuple(code for element, code in noted.items() if element == known.element),
    )


def _name(written: str | None) -> str:
    """Write a name as the exporter does."""
    words = (_EMOJI.get(letter, letter) for letter in written or "")
    return "".join(word for word in words if word.isalnum())


def _wall(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
