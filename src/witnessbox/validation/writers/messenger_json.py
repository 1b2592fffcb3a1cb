"""Known data as Meta's downloads write a thread of Messenger or Instagram, newest first."""

import json
from typing import Any

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Record, Talk

_CANNOT = (
    ("edited", "the download does not say that a message was edited"),
    ("forwarded", "the download does not say that a message was forwarded"),
    ("reply", "the download does not say what a message replies to"),
    ("omitted", "the download never leaves a file out and says so in the message"),
    ("location", "the download writes a location as a link, like any other"),
    ("contact", "the platform has no contact cards"),
    ("poll", "the download writes no polls"),
    ("notice-created", "without a type of its own the download's notice is a text like any other"),
)
_TYPES = {"notice-added": "Subscribe", "notice-left": "Unsubscribe"}
_BETWEEN = b", "
_PHOTO = "messages/inbox/nights_1/photos/7.jpg"


def messenger(talk: Talk) -> DataSet:
    """Write a thread of Messenger as one file."""
    return _write(talk, "your_facebook_activity")


def instagram(talk: Talk) -> DataSet:
    """Write a thread of Instagram as one file: it has the same keys, under another root."""
    return _write(talk, "your_instagram_activity")


def _write(talk: Talk, root: str) -> DataSet:
    cannot = tuple(one for one in _CANNOT if one[0] in talk.elements)
    left_out = frozenset(code for code, _ in cannot)
    said = [known for known in reversed(talk.said) if known.element not in left_out]
    people = [{"name": _mojibake(person)} for person in talk.people]
    parts = [f'{{"participants": {json.dumps(people)}, "messages": ['.encode()]
    records, start = [], len(parts[0])
    for known in said:
        written = json.dumps(_message(known)).encode()
        records.append(Record(known.element, start, start + len(written), _expected(known)))
        parts += [written, _BETWEEN]
        start += len(written) + len(_BETWEEN)
    tail = {"title": _mojibake(talk.title), "thread_path": "inbox/nights_1"}
    data = b"".join(parts[:-1]) + b"], " + json.dumps(tail).encode()[1:]
    name = f"{root}/messages/inbox/nights_1/message_1.json"
    return DataSet("", talk.title, name, data, tuple(records), cannot)


def _message(known: Known) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sender_name": _mojibake(known.sender or "Ana Reed"),
        "timestamp_ms": _ms(known),
    }
    if known.element == "attached":
        written["photos"] = [{"uri": _PHOTO, "creation_timestamp": _ms(known) // 1000}]
    if known.element == "call":
        written["call_duration"] = 0
    if known.element == "deleted":
        written["is_unsent"] = True
    elif known.text:
        written["content"] = _mojibake(known.text)
    if known.reactions:
        written["reactions"] = [
            {"reaction": _mojibake(sign), "actor": _mojibake(who)} for who, sign in known.reactions
        ]
    if known.member:
        written |= {"type": _TYPES[known.element], "users": [{"name": _mojibake(known.member)}]}
    return written


def _expected(known: Known) -> Expected:
    kinds = {
        "empty": Kind.EMPTY,
        "deleted": Kind.DELETED,
        "attached": Kind.MEDIA,
        "call": Kind.CALL,
        "notice-added": Kind.NOTICE,
        "notice-left": Kind.NOTICE,
    }
    deleted = known.element == "deleted"
    return Expected(
        kind=kinds.get(known.element, Kind.TEXT),
        sender=known.sender,
        text=None if deleted or not known.text else known.text,
        wall_at=None,
        sent_at=known.at,
        deleted=deleted,
        attached=(Attached(_PHOTO, "image", omitted=False),) if known.element == "attached" else (),
        reactions=known.reactions,
    )


def _ms(known: Known) -> int:
    return int(known.at.timestamp() * 1000)


def _mojibake(text: str) -> str:
    """Take each byte of UTF-8 for a letter, as the download does."""
    return text.encode().decode("latin-1")
