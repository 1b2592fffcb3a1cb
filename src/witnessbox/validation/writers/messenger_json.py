"""Known data as Meta's downloads write a thread of Messenger or Instagram, newest first."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from witnessbox.evidence.model import Kind
from witnessbox.validation.model import Attached, DataSet, Expected, Known, Talk
from witnessbox.validation.writers.growing import Growing

_CANNOT = (
    ("forwarded", "the download does not say that a message was forwarded"),
    ("reply", "the download does not say what a message replies to"),
    ("omitted", "the download never leaves a file out and says so in the message"),
    ("location", "the download writes a location as a link, like any other"),
    ("contact", "the platform has no contact cards"),
    ("poll", "the download writes no polls"),
    ("notice-created", "without a type of its own the download's notice is a text like any other"),
)
_UNEDITED = (("edited", "the download does not say that a message was edited"),)
_END_TO_END = (
    *(one for one in _CANNOT if one[0] != "omitted"),
    *_UNEDITED,
    ("call", "the download writes no calls"),
    ("notice-added", "the download does not say who came"),
    ("notice-left", "the download does not say who went"),
)
_TYPES = {"notice-added": "Subscribe", "notice-left": "Unsubscribe"}
_BETWEEN = b", "
_PLACE = "messages/inbox/nights_1/message_1.json"
_PHOTO = "messages/inbox/nights_1/photos/7.jpg"
_ENCRYPTED_PHOTO = "./media/7.jpeg"
_LOST = "Failed to download media"
_Line = tuple[dict[str, Any], Expected]


def messenger(talk: Talk) -> DataSet:
    """Write a thread of Messenger as one file."""
    file = Growing(talk, _CANNOT + _UNEDITED)
    _thread(file, ((known, *_message(known)) for known in file.said))
    return file.data_set("account", f"your_facebook_activity/{_PLACE}")


def end_to_end(talk: Talk) -> DataSet:
    """Write a thread as the download of end-to-end encrypted chats does."""
    file = Growing(talk, _END_TO_END)
    head = {"participants": talk.people, "threadName": f"{talk.title}_40"}
    file.around(json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "messages": [')
    for known in reversed(file.said):
        keys, expected = _encrypted(known)
        file.around(_BETWEEN if file.records else b"")
        file.record(known.element, json.dumps(keys, ensure_ascii=False).encode(), expected)
    file.around(b"]}")
    return file.data_set("end-to-end", f"{talk.title}_40.json")


def _encrypted(known: Known) -> _Line:
    deleted, files = known.element == "deleted", {"attached": _ENCRYPTED_PHOTO, "omitted": _LOST}
    text = "" if deleted else known.text
    keys = {
        "isUnsent": deleted,
        "media": [{"uri": files[known.element]}] if known.element in files else [],
        "reactions": [{"actor": who, "reaction": sign} for who, sign in known.reactions],
        "senderName": known.sender,
        "text": text,
        "timestamp": _ms(known),
        "type": "media" if known.element in files else "text",
    }
    attached = {
        "attached": (Attached(_ENCRYPTED_PHOTO, "image", omitted=False),),
        "omitted": (Attached(None, "unknown", omitted=True),),
    }.get(known.element, ())
    return keys, replace(
        _expected(known),
        kind=Kind.MEDIA if attached else _expected(known).kind,
        text=text,
        attached=attached,
    )


def instagram(talk: Talk) -> DataSet:
    """Write a thread of Instagram as one file: it has the same keys, under another root."""
    file = Growing(talk, _CANNOT)
    _thread(file, ((known, *line) for known in file.said for line in _as_instagram(known)))
    return file.data_set("", f"your_instagram_activity/{_PLACE}")


def _thread(file: Growing, lines: Iterator[tuple[Known, dict[str, Any], Expected]]) -> None:
    people = [{"name": _mojibake(person)} for person in file.talk.people]
    file.around(f'{{"participants": {json.dumps(people)}, "messages": ['.encode())
    for known, keys, expected in reversed(list(lines)):
        file.around(_BETWEEN if file.records else b"")
        file.record(known.element, json.dumps(keys).encode(), expected)
    tail = {"title": _mojibake(file.talk.title), "thread_path": "inbox/nights_1"}
    file.around(b"], " + json.dumps(tail).encode()[1:])


def _as_instagram(known: Known) -> Iterator[_Line]:
    """Give the rows of a message: an edited one has two, and a reaction one of its own."""
    keys, expected = _message(known)
    yield keys, expected
    if known.element == "edited":
        later = replace(
            known, at=known.at + timedelta(seconds=30), text=f"{known.text} again (edited)"
        )
        keys, expected = _message(later)
        yield keys, replace(expected, edited=True, noted=("edit-by-wording",))
    for who, sign in known.reactions:
        row = replace(known, sender=who, text=f"Reacted {sign} to your message", reactions=())
        keys, expected = _message(row)
        yield keys, replace(expected, kind=Kind.NOTICE, sender=None, reactions=((who, sign),))


def _message(known: Known) -> _Line:
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
    return written, _expected(known)


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
