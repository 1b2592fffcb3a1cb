"""Write a copy as Facebook's "download your information" archive does, byte by byte known.

Messages stand newest first, so many a file; letters beyond ASCII are their UTF-8 bytes, each
escaped as if it were a Latin-1 letter.  A record is the bytes of its object, braces included.
"""

import hashlib
import json
from typing import Any

from witnessbox.example.archive import zipped
from witnessbox.example.model import Copy, Export, Line, Message, Notice, Source
from witnessbox.example.people import BY_KEY, OFFICERS
from witnessbox.example.phones import CLOSED_PROFILES, PHONE

_FILES = {"image": "photos", "video": "videos", "audio": "audio_files", "document": "files"}
_ENDINGS = {"image": "jpg", "video": "mp4", "audio": "mp4", "document": "pdf"}


def render(copy: Copy, per_file: int) -> Export:
    """Write one copy out, at most ``per_file`` messages a file."""
    phone = PHONE[copy.plan.phone]
    names = _profiles(phone.key)
    slug = "".join(letter for letter in copy.title.lower() if letter.isascii() and letter.isalnum())
    digits = int(hashlib.sha256(copy.plan.chat.encode()).hexdigest()[:12], 16)
    thread = f"{slug}_{digits}"
    folder = f"{phone.key}-{BY_KEY[phone.owner].family.lower().replace(' ', '-')}"
    path = f"{folder}/facebook-{phone.key}-13-05-2024.zip"
    newest_first = copy.lines[::-1]
    members, sources = [], []
    for number, first in enumerate(range(0, len(newest_first), per_file), 1):
        lines = newest_first[first : first + per_file]
        member = f"{copy.plan.root}/{thread}/message_{number}.json"
        source = _file(f"{path}/{member}", copy, lines, names, thread)
        members.append((member, source.content))
        sources.append(source)
    return Export(copy, path, zipped(members), tuple(sources), names=tuple(names.items()))


def _profiles(phone: str) -> dict[str, str]:
    closed = CLOSED_PROFILES.get(phone, ())
    return {
        officer.key: "Facebook user" if officer.key in closed else officer.profile
        for officer in OFFICERS
    }


def _file(
    name: str, copy: Copy, lines: tuple[Line, ...], names: dict[str, str], thread: str
) -> Source:
    members = sorted({line.entry.sender for line in copy.lines if isinstance(line.entry, Message)})
    people = [{"name": _mojibake(names[key])} for key in members]
    pieces = ['{\n  "participants": ', _indented(people, 2), ',\n  "messages": [\n    ']
    starts, ends = [], []
    at = sum(map(len, pieces))
    for number, line in enumerate(lines):
        if number:
            pieces.append(",\n    ")
            at += 6
        written = _indented(_object(line, names, copy, thread), 4)
        pieces.append(written)
        starts.append(at)
        at += len(written)
        ends.append(at)
    tail = {
        "title": _mojibake(copy.title),
        "is_still_participant": True,
        "thread_path": f"inbox/{thread}",
        "magic_words": [],
    }
    pieces.append("\n  ],\n  " + _indented(tail, 0)[4:] + "\n")
    content = "".join(pieces).encode("ascii")
    keys = tuple(line.entry.key for line in lines)
    return Source(name, content, keys, tuple(starts), tuple(ends))


def _indented(value: object, depth: int) -> str:
    """Write a value over several lines, all but the first so many spaces in; plain ASCII."""
    return json.dumps(value, indent=2).replace("\n", "\n" + " " * depth)


def _mojibake(text: str) -> str:
    """Take the UTF-8 bytes of a text for Latin-1 letters, as the archive does."""
    return text.encode().decode("latin-1")


def _object(line: Line, names: dict[str, str], copy: Copy, thread: str) -> dict[str, Any]:
    entry = line.entry
    if isinstance(entry, Notice):
        return _notice(entry, names)
    written: dict[str, Any] = {
        "sender_name": _mojibake(names[entry.sender]),
        "timestamp_ms": entry.at_ms,
    }
    if line.form == "placeholder":
        return written | {"type": "Generic", "is_unsent": True, "is_geoblocked_for_viewer": False}
    if entry.kind == "media":
        written |= _media(entry, copy, thread)
    if entry.text:
        written["content"] = _mojibake(entry.text)
    if entry.reactions:
        written["reactions"] = [
            {"reaction": _mojibake(sign), "actor": _mojibake(names[actor])}
            for actor, sign in entry.reactions
        ]
    return written | {"type": "Generic", "is_geoblocked_for_viewer": False}


def _media(entry: Message, copy: Copy, thread: str) -> dict[str, Any]:
    number = entry.at_ms // 1000
    if entry.media == "sticker":
        return {"sticker": {"uri": f"{copy.plan.root}/stickers_used/{number}.png"}}
    kind = entry.media or "image"
    uri = f"{copy.plan.root}/{thread}/{_FILES[kind]}/{number}.{_ENDINGS[kind]}"
    return {_FILES[kind]: [{"uri": uri, "creation_timestamp": number}]}


def _notice(notice: Notice, names: dict[str, str]) -> dict[str, Any]:
    """Write who came or went, in the words and with the type the platform gives it."""
    member = names[notice.member or ""]
    actor = names[notice.actor] if notice.actor else member
    kind = "Subscribe" if notice.event == "added" else "Unsubscribe"
    words = {
        "added": f"{actor} added {member} to the group.",
        "left": f"{member} left the group.",
        "removed": f"{actor} removed {member} from the group.",
    }[notice.event]
    return {
        "sender_name": _mojibake(actor),
        "timestamp_ms": notice.at_ms,
        "content": _mojibake(words),
        "type": kind,
        "users": [{"name": _mojibake(member)}],
        "is_geoblocked_for_viewer": False,
    }
