"""Known data as Telegram Desktop's "Export chat history" writes a group: ``result.json``."""

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from witnessbox.evidence.model import Kind
from witnessbox.validation.known import ZONE
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (("deleted", "the export leaves deleted messages out"),)
_PHOTO = "photos/photo_7@15-01-2024.jpg"
_LEFT_OUT = "(File not included. Change data exporting settings to download.)"
_NUMBER = "+447700900124"
_OWNER = {"user_id": 1, "first_name": "Ana", "last_name": "Reed", "phone_number": "+447700900125"}
_SERVICES = {
    "call": ("group_call", Kind.CALL),
    "notice-created": ("create_group", Kind.NOTICE),
    "notice-added": ("invite_members", Kind.NOTICE),
    "notice-left": ("remove_members", Kind.NOTICE),
}
_ESCAPES = {
    "\\u000b": "\\x0B",
    "\\f": "\\x0C",
    "\\u001f": "\\x1F",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_BETWEEN = b",\n  "
_Keys = dict[str, Any]


def write(talk: Talk) -> DataSet:
    """Write a group's history as one file; every message has the next number."""
    file = Growing(talk, _CANNOT)
    _chat(file)
    file.around(b"\n")
    return file.data_set("one chat", "ChatExport_2024-04-01/result.json")


def account(talk: Talk) -> DataSet:
    """Write a whole account that holds one group."""
    file = Growing(talk, _CANNOT)
    about = {"about": "Here is the data you requested.", "personal_information": _OWNER}
    file.around(_open(about) + b', "chats": {"about": "All chats.", "list": [ ')
    _chat(file)
    file.around(b" ]}}\n")
    return file.data_set("account", "DataExport_2024-04-01/result.json")


def _chat(file: Growing) -> None:
    head = {"name": file.talk.title, "type": "private_supergroup", "id": 1_234_567_890}
    file.around(_open(head) + b', "messages": [\n  ')
    for number, known in enumerate(file.said, 1):
        keys, expected = _message(known)
        keys = _stamped(known, number) | keys
        if known.element == "reply":
            keys["reply_to_message_id"] = number - 1
            expected = replace(expected, reply_to=file.records[-1].start)
        file.around(_BETWEEN if file.records else b"")
        file.record(known.element, _written(keys), expected)
    file.around(b"\n]}")


def _written(keys: _Keys) -> bytes:
    """Write an object as the exporter does: no JSON where a text holds a control character."""
    text = json.dumps(keys, ensure_ascii=False, indent=1)
    for escape, own in _ESCAPES.items():
        text = text.replace(escape, own)
    return text.encode()


def _open(keys: _Keys) -> bytes:
    """Write an object whose last key is still to come."""
    return json.dumps(keys, ensure_ascii=False).encode()[:-1]


def _stamped(known: Known, number: int) -> _Keys:
    local = known.at.astimezone(ZoneInfo(ZONE))
    service = known.element in _SERVICES
    return {
        "id": number,
        "type": "service" if service else "message",
        "date": f"{local:%Y-%m-%dT%H:%M:%S}",
        "date_unixtime": str(int(known.at.timestamp())),
        "actor" if service else "from": known.sender or known.member,
        "actor_id" if service else "from_id": "user1",
    }


def _message(known: Known) -> tuple[_Keys, Expected]:
    """Give a message's own keys, and what must be read of it."""
    if known.element in _SERVICES:
        return _service(known)
    plain = Expected(
        kind=Kind.TEXT if known.text else Kind.EMPTY,
        sender=known.sender,
        text=known.text or None,
        wall_at=None,
        sent_at=known.at.replace(microsecond=0),
        reactions=known.reactions,
        noted=("not-json",) if known.element == "controls" else (),
    )
    if known.element in _SPECIAL:
        return _SPECIAL[known.element](known, plain)
    keys: _Keys = {"text": known.text}
    if known.reactions:
        keys["reactions"] = [
            {"type": "emoji", "count": 1, "emoji": sign, "recent": [{"from": who, "from_id": "u"}]}
            for who, sign in known.reactions
        ]
    return keys, plain


def _service(known: Known) -> tuple[_Keys, Expected]:
    action, kind = _SERVICES[known.element]
    keys: _Keys = {"action": action, "text": ""}
    said = action
    if known.element == "notice-created":
        keys["title"] = known.text
        said = f"{action} {known.text}"
    elif known.member:
        keys["members"] = [known.member]
        said = f"{action} {known.member}"
    sender = known.sender if kind is Kind.CALL else None
    sent_at = known.at.replace(microsecond=0)
    return keys, Expected(kind, sender, said, wall_at=None, sent_at=sent_at)


def _edited(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    edited = str(int(known.at.timestamp()) + 60)
    return {"text": known.text, "edited_unixtime": edited}, replace(plain, edited=True)


def _forwarded(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    keys = {"text": known.text, "forwarded_from": "Eve Stone"}
    return keys, replace(plain, noted=("forwarded",))


def _attached(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    file = Attached(_PHOTO, "image", omitted=False)
    keys = {"photo": _PHOTO, "text": known.text}
    return keys, replace(plain, kind=Kind.MEDIA, attached=(file,))


def _omitted(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    file = Attached(None, "image", omitted=True)
    keys = {"photo": _LEFT_OUT, "text": known.text}
    return keys, replace(plain, kind=Kind.MEDIA, attached=(file,))


def _location(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    latitude, longitude = (float(degrees) for degrees in known.text.split(","))
    keys = {"location_information": {"latitude": latitude, "longitude": longitude}, "text": ""}
    return keys, replace(plain, kind=Kind.LOCATION, text=f"{latitude}, {longitude}")


def _contact(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    first, last = known.text.split()
    card = {"first_name": first, "last_name": last, "phone_number": _NUMBER}
    keys = {"contact_information": card, "text": ""}
    return keys, replace(plain, kind=Kind.CONTACT, text=f"{known.text} {_NUMBER}")


def _poll(known: Known, plain: Expected) -> tuple[_Keys, Expected]:
    answers = [{"text": one, "voters": 1, "chosen": False} for one in ("Tea", "Coffee")]
    poll = {"question": known.text, "closed": False, "total_voters": 2, "answers": answers}
    return {"poll": poll, "text": ""}, replace(
        plain, kind=Kind.POLL, text=f"{known.text}\nTea\nCoffee"
    )


_SPECIAL = {
    "edited": _edited,
    "forwarded": _forwarded,
    "attached": _attached,
    "omitted": _omitted,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
}
