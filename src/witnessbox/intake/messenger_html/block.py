"""What one block of a page says: who, when, what, with which files and reactions.  Pure.

A tolerant reader of tags: it keeps a stack of open elements, at most so many deep, forgives what is
not closed, and never goes back.  What an element is shows by its class, of which every year's
pages have their own.
"""

import html
import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from witnessbox.intake.media import media_of
from witnessbox.intake.texts import is_utf_8

_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]{0,20})((?:[ \t\r\n/][^<>]*)?)>")
_ATTRIBUTE = re.compile(rb"""([a-z]{1,20})[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')""")
_VOID = frozenset((b"img", b"br", b"hr", b"meta", b"link", b"input", b"source", b"wbr", b"base"))
_APART = frozenset(b"div p li ul td tr table section footer header h1 h2 h3 h4".split())
_DEEPEST = 200
_TRIM = " \t\r\n"
_REPEATED_BYTES = 100
_FOLDERS = (
    ("stickers_used", "sticker"),
    ("photos", "image"),
    ("videos", "video"),
    ("audio", "audio"),
    ("gifs", "gif"),
    ("files", "document"),
)


class _Role(Enum):
    """What an element holds."""

    SENDER = "sender"
    STAMP = "stamp"
    BODY = "body"
    REACTIONS = "reactions"


_ROLES = {
    # 2018 to 2021, since 2021, and before 2018
    **dict.fromkeys((b"_2lek", b"_2lel", b"_a6-h", b"_a6-i", b"user"), _Role.SENDER),
    **dict.fromkeys((b"_2lem", b"_a6-o", b"meta"), _Role.STAMP),
    **dict.fromkeys((b"_2let", b"_a6-p"), _Role.BODY),
    **dict.fromkeys((b"_tqp", b"_a6-q"), _Role.REACTIONS),
}
_Part = tuple[int, int]  # of a body: which wrapper, which child of it


@dataclass(frozen=True, slots=True)
class Block:
    """A block as its page writes it; ``end`` is the byte of it at which its markup is closed."""

    sender: str | None
    stamp: str | None  # None where the block has no time: it is no message
    text: str | None
    files: tuple[tuple[str, str], ...]  # name and media
    links: tuple[str, ...]  # of what was shared, not those in the text
    reactions: tuple[str, ...]
    end: int
    closed: bool
    damaged: bool  # holds bytes that are not UTF-8

    @property
    def is_message(self) -> bool:
        """Say whether this is a message: the other blocks of a page have no time."""
        return self.stamp is not None


def read(data: bytes) -> Block:
    """Read a block from its own tag on."""
    reader = _Reader()
    at = 0
    for tag in _TAG.finditer(data):
        reader.say(data[at : tag.start()])
        at = tag.end()
        if tag[1]:
            reader.close(tag[2].lower(), at)
        else:
            reader.open(tag[2].lower(), tag[3])
    reader.say(data[at:])
    return reader.block(data)


def plain(data: bytes) -> str:
    """Give the text of a piece of a page without its tags."""
    return html.unescape(_TAG.sub(b" ", data).decode("utf-8", "replace")).strip(_TRIM)


@dataclass(slots=True)
class _Reader:
    stack: list[tuple[bytes, _Role | None]] = field(default_factory=list)
    said: dict[_Role, list[str]] = field(default_factory=dict)
    parts: dict[_Part, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, set[_Part]] = field(default_factory=dict)
    body_depth: int = 0  # of the stack, where the body began; 0 outside a body
    wrapper: int = 0
    child: int = 0
    skipped: int = 0  # elements deeper than the stack goes
    end: int = 0  # behind the last tag that closed everything
    fresh: bool = True  # the next words begin a new line

    @property
    def role(self) -> _Role | None:
        return self.stack[-1][1] if self.stack else None

    def open(self, tag: bytes, attributes: bytes) -> None:
        """Take a tag that opens."""
        known = _attributes(attributes)
        self._carry(known)
        if tag == b"br":
            self._add("\n")
            return
        if tag in _VOID or attributes.endswith(b"/"):
            return
        if len(self.stack) >= _DEEPEST:
            self.skipped += 1
            return
        self.fresh = self.fresh or tag in _APART
        self.stack.append((tag, self._role_of(tag, known)))
        if self.role is _Role.BODY and not self.body_depth:
            self.body_depth = len(self.stack)
        elif self.body_depth and len(self.stack) == self.body_depth + 1:
            self.wrapper, self.child = self.wrapper + 1, 0
        elif self.body_depth and len(self.stack) == self.body_depth + 2:
            self.child += 1

    def _role_of(self, tag: bytes, known: dict[bytes, str]) -> _Role | None:
        for name in known.get(b"class", "").split():
            role = _ROLES.get(name.encode())
            if role is not None:
                return role
        if tag == b"p" and not self.stack:  # before 2018 the words stand behind their head
            return _Role.BODY
        return self.role

    def close(self, tag: bytes, at: int) -> None:
        """Take a tag that closes; one that closes nothing closes nothing."""
        self.fresh = self.fresh or tag in _APART
        if self.skipped:
            self.skipped -= 1
            return
        place = len(self.stack) - 1
        while place >= 0 and self.stack[place][0] != tag:
            place -= 1
        if place < 0:
            return
        del self.stack[place:]
        if len(self.stack) < self.body_depth:
            self.body_depth = 0
        if not self.stack:
            self.end = at

    def say(self, data: bytes) -> None:
        """Take what stands between two tags."""
        if data:
            self._add(html.unescape(data.decode("utf-8", "replace")))

    def _add(self, words: str) -> None:
        role = self.role
        if role is None:
            return
        if role is _Role.BODY:
            lines = self.parts.setdefault((self.wrapper, self.child), [])
        else:
            lines = self.said.setdefault(role, [])
        if self.fresh or not lines:
            lines.append("")
            self.fresh = False
        lines[-1] += words

    def _carry(self, known: dict[bytes, str]) -> None:
        """Take the file or link that a tag names."""
        if self.role is not _Role.BODY:
            return
        for name in (known.get(b"src"), known.get(b"href")):
            if not name or name.startswith(("data:", "#", "javascript:", "mailto:", "tel:")):
                continue
            if name.startswith(("http://", "https://")):
                self.links.setdefault(name, set()).add((self.wrapper, self.child))
            else:
                self.files.setdefault(name, _media(name))

    def block(self, data: bytes) -> Block:
        """Put together what was read."""
        main, more, shared = self._bodies()
        text = "\n".join([*main, *more]) or (shared[0] if shared else None)
        return Block(
            sender=" ".join(_lines(self.said.get(_Role.SENDER, []))) or None,
            stamp=self._stamp(),
            text=text,
            files=tuple(self.files.items()),
            links=shared,
            reactions=tuple(_lines(self.said.get(_Role.REACTIONS, []))),
            end=self.end or len(data),
            closed=not self.stack,
            damaged=not is_utf_8(data),
        )

    def _stamp(self) -> str | None:
        if _Role.STAMP not in self.said:
            return None
        return " ".join(_lines(self.said[_Role.STAMP])) or None

    def _bodies(self) -> tuple[list[str], list[str], tuple[str, ...]]:
        """Give what was said, what a share shows below it, and the links shared.

        The words of a message are the second child of its body; what follows repeats them, or is
        of a share.
        """
        told = {part: lines for part, found in self.parts.items() if (lines := _typed(found))}
        if self.wrapper != 1 or all(child < 2 for _, child in self.parts):
            return [line for part in sorted(told) for line in told[part]], [], ()
        main = told.pop((1, 2), [])
        shared = tuple(link for link, places in self.links.items() if places != {(1, 2)})
        words = _folded(" ".join(main))
        more = [
            line
            for part in sorted(told)
            for line in told[part]
            if line.strip(_TRIM) not in shared and _folded(line) not in words
        ]
        return main, more, shared


def _attributes(data: bytes) -> dict[bytes, str]:
    """Give the attributes of a tag; a page repeats a few, which are read once."""
    return _repeated(data) if len(data) <= _REPEATED_BYTES else _named(data)


def _named(data: bytes) -> dict[bytes, str]:
    return {
        name: html.unescape((one or other).decode("utf-8", "replace"))
        for name, one, other in _ATTRIBUTE.findall(data)
    }


_repeated = lru_cache(maxsize=512)(_named)


def _lines(found: list[str]) -> list[str]:
    return [line for one in found if (line := one.strip(_TRIM))]


def _typed(found: list[str]) -> list[str]:
    """Give lines with the spaces they begin and end with, unless a line end stands among them."""
    return [_framed(one, bare) for one in found if (bare := one.strip(_TRIM))]


def _framed(line: str, bare: str) -> str:
    """Give a line's words with the white space around them that is not the page's own."""
    before, _, behind = line.partition(bare)
    return bare.join("" if "\n" in white else white for white in (before, behind))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _media(name: str) -> str:
    folders = name.split("/")[:-1]
    return next((media for folder, media in _FOLDERS if folder in folders), media_of(name))
