"""What one block of a page says: who, when, what, in reply to what, with which files.  Pure.

A tolerant reader of tags: it keeps a stack of open elements, at most so many deep, forgives what is
not closed, and never goes back.  What an element is shows by its class.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from witnessbox.intake.texts import is_utf_8

_TAG = re.compile(
    rb"<(/?)([A-Za-z][A-Za-z0-9]{0,20})((?:[ \t\r\n/][^<>]*)?)>(?:(?<=<br>)(\x80[\xa8\xa9]))?"
)
_LEFT_BEHIND = re.compile(rb"(?<=<br>)\x80[\xa8\xa9]")
_ATTRIBUTE = re.compile(rb'([a-z]{1,20})[ \t\r\n]*=[ \t\r\n]*"([^"]*)"')
_CONTROL = re.compile(r"&#x([01][0-9A-Fa-f]);")
_INDENT = re.compile(rb"\n *\Z")
_WHITE = re.compile(r"[ \t\r\n]+")
_VOID = frozenset((b"img", b"br", b"hr", b"meta", b"link", b"input"))
_WRAPS = frozenset(("photo_wrap", "video_file_wrap", "animated_wrap", "sticker_wrap"))
_DEEPEST = 100
_LONGEST_MARK = 100  # characters of a reaction, its white space counted
_TRIM = " \t\r\n"


class Role(Enum):
    """What the words inside an element are."""

    NAME = "from_name"
    FORWARDED_NAME = "forwarded"
    TEXT = "text"
    SERVICE = "service"
    TITLE = "title"
    DESCRIPTION = "description"
    STATUS = "status"
    QUESTION = "question"
    ANSWER = "answer"
    SIGNATURE = "signature"
    EMOJI = "emoji"
    COUNT = "count"
    REPLY = "reply_to"
    NOTHING = "nothing"


_ROLES = {
    "from_name": Role.NAME,
    "text": Role.TEXT,
    "title": Role.TITLE,
    "description": Role.DESCRIPTION,
    "status": Role.STATUS,
    "question": Role.QUESTION,
    "answer": Role.ANSWER,
    "signature": Role.SIGNATURE,
    "emoji": Role.EMOJI,
    "count": Role.COUNT,
    "date": Role.NOTHING,
    "total": Role.NOTHING,
    "initials": Role.NOTHING,
    "userpic": Role.NOTHING,
    "gif_play": Role.NOTHING,
    "video_duration": Role.NOTHING,
    "reply_to": Role.REPLY,
}


@dataclass(slots=True)
class Reacted:
    """One mark under a message: how many gave it, and the names that are shown."""

    emoji: str = ""
    count: str = ""
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A block as its page writes it; ``end`` is the byte of it at which its markup is closed."""

    said: dict[Role, list[str]] = field(default_factory=dict)
    stamps: list[str] = field(default_factory=list)
    forwarded: bool = False
    reply: str | None = None  # where the link of "In reply to" leads
    media: str | None = None  # the class that tells what sort of file it carries
    files: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    reactions: list[Reacted] = field(default_factory=list)
    end: int = 0
    closed: bool = False

    def words(self, role: Role) -> str | None:
        """Give what is written in a role, its parts a line each; None where nothing is."""
        return "\n".join(filter(None, self.said.get(role, ()))) or None


def read(data: bytes) -> Block:
    """Read a block from its own tag on, up to where that is closed."""
    reader = _Reader()
    at = 0
    for tag in _TAG.finditer(data):
        reader.say(data[at : tag.start()])
        at = tag.end()
        if tag[1]:
            reader.close(tag[2].lower())
            if not reader.stack:
                reader.block.closed = True
                break
        else:
            reader.open(tag[2].lower(), tag[3], tag[4])
    if not reader.block.closed:
        reader.say(data[at:].partition(b"<")[0])
    reader.block.end = at if reader.block.closed else len(data)
    reader.finish()
    return reader.block


def is_sound(data: bytes) -> bool:
    """Say whether bytes are UTF-8, but for those that the exporter leaves of a letter."""
    return is_utf_8(_LEFT_BEHIND.sub(b"", data))


def plain(data: bytes) -> str:
    """Give the text of a piece of a page without its tags."""
    return unescaped(_TAG.sub(b" ", data)).strip(_TRIM)


def unescaped(data: bytes) -> str:
    """Turn a page's bytes between tags into the characters they stand for."""
    text = _WHITE.sub(_as_laid_out, data.decode("utf-8", "replace"))
    if "&" not in text:
        return text
    pieces = _CONTROL.split(text)  # control characters, which a browser would not show
    return "".join(
        chr(int(piece, 16)) if place % 2 else html.unescape(piece)
        for place, piece in enumerate(pieces)
    )


@lru_cache(maxsize=256)
def _attributes(written: bytes) -> Mapping[bytes, str]:
    """Read a tag's attributes; a page repeats few of them over and over."""
    return {name: unescaped(value).strip(_TRIM) for name, value in _ATTRIBUTE.findall(written)}


def _as_laid_out(white: re.Match[str]) -> str:
    """Take white space with a line end in it for the page's layout: a typed one is a ``<br>``."""
    return " " if "\n" in white[0] else white[0]


@dataclass(slots=True)
class _Open:
    tag: bytes
    role: Role | None
    href: str | None = None
    pieces: int = 0  # said in the role before it


@dataclass(slots=True)
class _Reader:
    block: Block = field(default_factory=Block)
    stack: list[_Open] = field(default_factory=list)
    said: dict[Role, list[list[str]]] = field(default_factory=dict)  # in pieces
    skipped: int = 0  # elements deeper than the stack goes

    @property
    def role(self) -> Role | None:
        return self.stack[-1].role if self.stack else None

    def open(self, tag: bytes, attributes: bytes, left: bytes | None) -> None:
        """Take a tag that opens; ``left`` is what the page left of the letter it breaks a line for.

        For U+2028 and U+2029 the exporter writes a ``<br>`` and then the letter without its first
        byte.
        """
        known = _attributes(attributes)
        if tag == b"br" and not self.skipped:
            self._add("\n" if left is None else (b"\xe2" + left).decode())
        if tag in _VOID or attributes.endswith(b"/"):
            return
        if len(self.stack) >= _DEEPEST:
            self.skipped += 1
            return
        classes = known.get(b"class", "").split()
        role = self._role_of(classes)
        fresh = role is not None and role is not self.role
        self._carry(classes, known, role)
        href = known.get(b"href") if tag == b"a" and role is Role.TEXT else None
        if fresh and role is not None:
            self.said.setdefault(role, []).append([])
        self.stack.append(_Open(tag, role, href, self._said_in(role)))

    def _said_in(self, role: Role | None) -> int:
        said = self.said.get(role, ()) if role is not None else ()
        return len(said[-1]) if said else 0

    def _role_of(self, classes: list[str]) -> Role | None:
        if "service" in classes:
            return Role.NOTHING
        if "body" in classes and "details" in classes:
            return Role.SERVICE
        for name in classes:
            role = _ROLES.get(name)
            if role is Role.NAME and self.block.forwarded:
                return Role.FORWARDED_NAME
            if role is not None:
                return role
        if "details" in classes and self.role is Role.ANSWER:
            return Role.NOTHING
        return self.role

    def _carry(self, classes: list[str], known: Mapping[bytes, str], role: Role | None) -> None:
        """Take what a tag tells by itself: a time, a file, where a reply leads, a name."""
        block = self.block
        title, href = known.get(b"title"), known.get(b"href")
        if "forwarded" in classes:
            block.forwarded = True
        if "reaction" in classes:
            block.reactions.append(Reacted())
        elif title and block.reactions:
            block.reactions[-1].names.append(title)
        elif title and "date" in classes and self.role is not Role.FORWARDED_NAME:
            block.stamps.append(title)
        for name in classes:
            if name in _WRAPS or (name.startswith("media_") and name != "media_wrap"):
                block.media = name
        if href:
            self._lead(href, role)

    def _lead(self, href: str, role: Role | None) -> None:
        """Take where a link leads: to what is replied to, or to a file."""
        if role in (Role.REPLY, Role.SERVICE):
            self.block.reply = self.block.reply or href
        elif role is None:
            self.block.files.append(href)

    def close(self, tag: bytes) -> None:
        """Take a tag that closes; one that closes nothing closes nothing."""
        if self.skipped:
            self.skipped -= 1
            return
        place = len(self.stack) - 1
        while place >= 0 and self.stack[place].tag != tag:
            place -= 1
        if place >= 0:
            self._link(self.stack[place])
            del self.stack[place:]

    def _link(self, closed: _Open) -> None:
        """Keep where a link leads that its words do not say."""
        if not closed.href or closed.role is None:
            return
        words = "".join(self.said[closed.role][-1][closed.pieces :])
        if closed.href not in (words, f"mailto:{words}", f"tel:{words}"):
            self.block.links.append(closed.href)

    def say(self, data: bytes) -> None:
        """Take what stands between two tags.

        Of what was typed, the page's own are a line end before it, and behind it one with an
        indent; a typed line end is a ``<br>``.
        """
        if self.role is Role.TEXT:
            data = _INDENT.sub(b"", data)
            data = data if self._said_in(Role.TEXT) else data.removeprefix(b"\n")
        if data and self.role is not None:
            self._add(unescaped(data))

    def _add(self, words: str) -> None:
        if self.role is None:
            return
        self.said[self.role][-1].append(words)
        if self.block.reactions and len(words) <= _LONGEST_MARK:
            mark = self.block.reactions[-1]
            if self.role is Role.EMOJI:
                mark.emoji = (mark.emoji + words)[:_LONGEST_MARK]
            elif self.role is Role.COUNT:
                mark.count = (mark.count + words)[:_LONGEST_MARK]

    def finish(self) -> None:
        """Put the pieces together, and take off the page's own white space."""
        for role, said in self.said.items():
            whole = ["".join(pieces) for pieces in said]
            bare = [words.strip(_TRIM) for words in whole]
            typed = [words if some else "" for words, some in zip(whole, bare, strict=True)]
            self.block.said[role] = typed if role is Role.TEXT else bare
        for mark in self.block.reactions:
            mark.emoji, mark.count = mark.emoji.strip(_TRIM), mark.count.strip(_TRIM)
