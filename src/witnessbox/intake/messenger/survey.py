"""What must be known of a whole Messenger file before its first row can be written.

The title and the id of the thread stand behind the messages; which way the file runs and whether
its writer was sound show only over all of it.  So a file is walked twice, a window at a time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from witnessbox.intake.careful import load, sound
from witnessbox.intake.clock import Ints
from witnessbox.intake.json_spans import Elements, Frame, Run, Shape, Stretch
from witnessbox.intake.messenger.forms import VARYING, times
from witnessbox.intake.messenger.rows import Texts
from witnessbox.intake.messenger.runs import Made
from witnessbox.intake.messenger.words import clocks

SHAPE = Shape(
    "messages",
    (
        "sender_name",
        "senderName",
        "sender_id_INTERNAL",
        "timestamp_ms",
        "isUnsent",
        "is_unsent",
        "content",
    ),
    varying=VARYING,
)
SECTIONS = ("inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover")
_PART = re.compile(r"message_(\d{1,6})\.json", re.IGNORECASE)
_SUFFIX = re.compile(r"_\d+$")
_ENCRYPTED = re.compile(rb'"(?:senderName|threadName)"[ \t\r\n]*:')
_ACCOUNT = re.compile(rb'"sender_name"[ \t\r\n]*:')
_ABOVE_LATIN = re.compile(rb"[\xc4-\xf4]")
# A backslash escapes the next, so the one that begins an escape is the last of an odd number.
_ESCAPED_ABOVE_LATIN = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00)[0-9a-fA-F]{4}")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a whole file says of itself, strings as written."""

    title: str | None
    thread_path: str | None
    thread_name: str | None  # only the end-to-end encrypted export has one
    listed: tuple[str, ...]
    newest_first: bool
    mixed_order: bool  # its times run both ways
    instagram: bool  # invitations to the group lead there
    wide: bool  # an encrypted chat with a character that cannot be mojibake

    @property
    def encrypted(self) -> bool:
        """Say whether this is the download of end-to-end encrypted chats."""
        return self.thread_name is not None

    def texts(self) -> Texts:
        """Say how strings are to be read.

        The account download is mojibake throughout.  Of the other one some versions are; one
        character that cannot be mojibake shows that this file is sound.
        """
        return Texts(mend=not (self.encrypted and self.wide))


@dataclass(slots=True)
class _Findings:
    frames: dict[str, object] = field(default_factory=dict)
    last: Any = None  # the time of the message before
    earlier: int = 0  # steps back in time, reading down the file
    later: int = 0
    wide: bool = False

    def take(self, pieces: list[bytes]) -> None:
        if not self.wide and b'"senderName"' in pieces[0]:
            self.wide = _holds_wide(b",".join(pieces))
        self.order(np.array(clocks(pieces), object))

    def take_run(self, run: Run) -> None:
        if not self.wide and b'"senderName"' in run.piece(0):
            self.wide = _holds_wide(run.data[run.starts[0] : run.ends[-1]])
        self.order(times(run))

    def order(self, found: Ints) -> None:
        """Count the steps in time, from the last message before these on."""
        if self.last is not None:
            found = np.concatenate(([self.last], found))
        if len(found):
            self.earlier += int(np.count_nonzero(found[1:] < found[:-1]))
            self.later += int(np.count_nonzero(found[1:] > found[:-1]))
            self.last = found[-1]


def _holds_wide(data: bytes) -> bool:
    """Say whether JSON holds a character above U+00FF, as UTF-8 or as an escape."""
    found = _ABOVE_LATIN.search(data) or _ESCAPED_ABOVE_LATIN.search(data)
    return found is not None


def survey(parts: Iterable[Stretch | Run | Made]) -> Survey:
    """Say what a file tells of itself, of which this is all, in order."""
    found = _Findings()
    for part in parts:
        if isinstance(part, Made):
            found.order(part.times)
        elif isinstance(part, Run):
            found.take_run(part)
        elif isinstance(part, Elements):
            found.take(part.pieces)
        elif isinstance(part, Frame):
            found.frames = frame(part)[0] | found.frames
    return Survey(
        title=_string(found.frames.get("title")),
        thread_path=_string(found.frames.get("thread_path")),
        thread_name=_string(found.frames.get("threadName")),
        listed=_names(found.frames.get("participants")),
        newest_first=found.later <= found.earlier,
        mixed_order=found.later > 0 and found.earlier > 0,
        instagram=_invites_to_instagram(found.frames.get("joinable_mode")),
        wide=found.wide,
    )


def frame(stretch: Frame) -> tuple[dict[str, object], list[str]]:
    """Read the document around the messages: its values, and the keys written twice."""
    try:
        return load(sound(stretch.data))
    except (ValueError, RecursionError):
        return {}, []


def _invites_to_instagram(value: object) -> bool:
    link = value.get("link") if isinstance(value, dict) else None
    return isinstance(link, str) and link.startswith("https://ig.me/")


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _names(value: object) -> tuple[str, ...]:
    found = []
    for one in value if isinstance(value, list) else ():
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name:
            found.append(name)
    return tuple(dict.fromkeys(found))


def is_encrypted(head: bytes) -> bool:
    """Say whether JSON that begins like this is a download of end-to-end encrypted chats."""
    return _ENCRYPTED.search(head) is not None and _ACCOUNT.search(head) is None


def part_of(path: PurePosixPath) -> int:
    """Give N of ``message_N.json``, 0 for any other name."""
    found = _PART.fullmatch(path.name)
    return int(found[1]) if found else 0


def folder_of(path: PurePosixPath) -> str | None:
    """Give section and folder of a thread, ``inbox/nights_1x2y``, where the path shows them."""
    parts = path.parts
    for place, part in enumerate(parts[:-2]):
        if part in SECTIONS:
            return f"{part}/{parts[place + 1]}"
    return None


def conversation_of(known: Survey, path: PurePosixPath, texts: Texts) -> str:
    """Name the conversation: its title, else its name in the encrypted export, else its file."""
    if known.title is not None:
        return texts.meant(known.title) or known.title
    if known.thread_name is not None:
        # The number in a file's name is often taken into the thread's.
        numbered = path.stem == known.thread_name
        name = _SUFFIX.sub("", known.thread_name) if numbered else known.thread_name
        return texts.meant(name) or known.thread_name
    folder = folder_of(path)
    return folder.split("/")[1] if folder else path.stem


def thread_of(known: Survey, path: PurePosixPath, texts: Texts) -> str | None:
    """Give the platform's own id of the conversation, or None where nothing tells it."""
    return texts.meant(known.thread_path or known.thread_name) or folder_of(path)
