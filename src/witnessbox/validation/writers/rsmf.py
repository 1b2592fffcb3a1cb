"""Known data as the manifest of an RSMF file of version 1.0 and of version 2.0."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("forwarded", "RSMF has no field that says a message was forwarded"),
    ("omitted", "RSMF names no file that is not in its archive"),
    ("location", "RSMF has no field for a location"),
    ("contact", "RSMF has no field for a contact card"),
    ("poll", "RSMF has no field for a poll"),
    ("call", "RSMF has no event for a call"),
)
_TYPES = {"notice-created": "disclaimer", "notice-added": "join", "notice-left": "leave"}
_PHOTO = "photo.jpg"
_Keys = dict[str, Any]


def old(talk: Talk) -> DataSet:
    """Write version 1.0, which says in properties of its own what stood before an edit."""
    return _write(talk, "1.0")


def new(talk: Talk) -> DataSet:
    """Write version 2.0, with directions, receipts and what stood before an edit."""
    return _write(talk, "2.0")


def _write(talk: Talk, version: str) -> DataSet:
    file = Growing(talk, _CANNOT)
    ids = {person: f"P{number}" for number, person in enumerate(talk.people, 1)}
    people = [{"id": key, "display": person} for person, key in ids.items()]
    chat = {"id": "C1", "platform": "chat", "display": talk.title, "participants": [*ids.values()]}
    head = {"version": f"{version}.0", "participants": people, "conversations": [chat]}
    file.around(json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "events": [\n')
    for number, known in enumerate(file.said, 1):
        event, expected = _event(known, ids, version)
        if known.element == "reply":
            event["parent"] = str(number - 1)
            expected = replace(expected, reply_to=file.records[-1].start)
        file.around(b",\n" if file.records else b"")
        keys = {"id": str(number)} | event
        file.record(known.element, json.dumps(keys, ensure_ascii=False).encode(), expected)
    file.around(b"\n]}\n")
    name = f"{talk.title}.rsmf/rsmf.zip/rsmf_manifest.json"
    return file.data_set(version, name)


def _event(known: Known, ids: dict[str, str], version: str) -> tuple[_Keys, Expected]:
    kind = _TYPES.get(known.element, "message")
    deleted = known.element == "deleted"
    event: _Keys = {"type": kind, "conversation": "C1", "timestamp": _stamp(known.at)}
    if kind != "disclaimer":
        event["participant"] = ids[known.sender or known.member or ""]
    event |= {"deleted": True} if deleted else {"body": known.text}
    if version == "2.0" and kind == "message":
        event |= {"direction": "incoming", "importance": "normal"}
    if known.element == "attached":
        event["attachments"] = [{"id": _PHOTO, "display": _PHOTO, "size": 12}]
    if known.reactions:
        event["reactions"] = [
            {"value": sign, "count": 1, "participants": [ids[who]]} for who, sign in known.reactions
        ]
    if known.element == "edited":
        event |= _edits(known, ids, version)
    return event, _expected(known, version)


def _edits(known: Known, ids: dict[str, str], version: str) -> _Keys:
    who, before = ids[known.sender or ""], f"was: {known.text}"
    if version == "1.0":
        edits = [{"participant": who}]
        return {"edits": edits, "custom": [{"name": "Edit1", "value": before}]}
    when = _stamp(known.at + timedelta(seconds=60))
    edit = {"participant": who, "timestamp": when, "previous": before, "new": known.text}
    return {"edits": [edit]}


def _expected(known: Known, version: str) -> Expected:
    kinds = {"deleted": Kind.DELETED, "empty": Kind.EMPTY, "attached": Kind.MEDIA}
    deleted, edited = known.element == "deleted", known.element == "edited"
    notes = ("edited",) * (2 if version == "1.0" else 1)  # what changed it, and what it was before
    return Expected(
        kind=Kind.NOTICE if known.element in _TYPES else kinds.get(known.element, Kind.TEXT),
        sender=known.sender,
        text=None if deleted else known.text,
        wall_at=None,
        sent_at=known.at,
        edited=edited,
        deleted=deleted,
        attached=(Attached(_PHOTO, "image", omitted=False),) if known.element == "attached" else (),
        reactions=known.reactions,
        noted=notes if edited else (),
    )


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
