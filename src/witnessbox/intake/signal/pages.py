r"""One message of ``chat.md`` taken apart: its head, a quotation, its body, what was added.  Pure.

::

    [2024-03-01 13:00:00] Ana: body␣␣
    (- Bo: 👍 -)
    (( 🐺 ))![photo.jpg](./media/photo.jpg)␣␣

Two spaces stand behind every body, and whatever the exporter adds stands behind them; so a reaction
a person typed is told from one that was given.  A file cannot be told apart in that way where the
text before it ends in two spaces as well.
"""

import re

import msgspec

from witnessbox.intake.signal.model import ADDED, Attached, Said, Sticker
from witnessbox.intake.texts import is_utf_8

HEAD = re.compile(
    rb"\[(\d{4}-\d\d-\d\d,? \d\d:\d\d(?::\d\d)?)\] ([^:\r\n]{1,200}):(?: |(?=[\r\n])|\Z)"
)
DELETED = "(This message was deleted)"
_BOM = b"\xef\xbb\xbf"
_MINUTES = re.compile(rb"\[\d{4}-\d\d-\d\d, \d\d:\d\d\] [^:\r\n]{1,200}:")
_ENDINGS = (b"  \n", b" -)\n", b" ))\n", DELETED.encode() + b"\n")
_LINKED = ")" + ADDED
_LINK_CHARACTERS = 4096  # a longer one is text
_REACTIONS = re.compile(r"\(- (.*) -\)")
_STICKER = re.compile(r"\(\( (.*) \)\)")
_STICKERS = "../exported_stickers/"


def is_page(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins like this is a page of Signal's.

    WhatsApp writes such heads with seconds, into ``.txt``; pages in Markdown are Signal's.
    """
    if name.lower().endswith(".md"):
        return any(HEAD.match(line) for line in head.removeprefix(_BOM).split(b"\n"))
    return _MINUTES.match(head.removeprefix(_BOM).lstrip()) is not None


class Page(msgspec.Struct, frozen=True):
    """One message as its page has it; ``whole`` says that it ends as the exporter ends it."""

    said: Said
    whole: bool
    damaged: bool


def ends_whole(recent: bytes) -> bool:
    """Say whether bytes end as the exporter ends a message, of whatever age."""
    return (recent.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n").endswith(_ENDINGS)


def read(piece: bytes) -> Page:
    """Read the bytes of one message, from its head to the next one's."""
    found = HEAD.match(piece)
    if found is None:
        raise ValueError("a message begins with its head")
    stamp, sender = found[1].decode(), found[2].decode("utf-8", "replace")
    text = piece[found.end() :].decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n")
    damaged = ("\ufffd" in text or "\ufffd" in sender) and not is_utf_8(piece)
    if text == DELETED:
        return Page(Said(stamp, sender, None, deleted=True), whole=True, damaged=damaged)
    quote, text = _quotation(text)
    if "\n" not in text and text.endswith(ADDED) and not text.endswith(_LINKED):
        said = Said(stamp, sender, text.removesuffix(ADDED) or None, quote)
        return Page(said, whole=True, damaged=damaged)
    body, said = _parts(text, stamp, sender, quote)
    return Page(said, whole=body, damaged=damaged)


def _quotation(text: str) -> tuple[str | None, str]:
    """Split off the quotation a reply begins with."""
    if not text.startswith("\n\n> "):
        return None, text
    end = text.find("\n\n", 2)
    if end < 0:
        return None, text
    lines = text[2:end].split("\n")
    if not all(line.startswith("> ") for line in lines):
        return None, text
    return "\n".join(line[2:] for line in lines), text[end + 2 :]


def _parts(text: str, stamp: str, sender: str, quote: str | None) -> tuple[bool, Said]:
    """Peel off what the exporter added, last first; say whether its mark was found behind it."""
    rest, links = _links(text)
    stickers = [one for one in links if (one.path or "").startswith(_STICKERS)]
    sticker = Sticker(stickers[0].name or "sticker", stickers[0].path) if stickers else None
    rest, drawn = _last_line(rest, _STICKER)
    if drawn is not None:
        sticker = Sticker(drawn)
    rest, given = _last_line(rest, _REACTIONS)
    marked = rest.endswith(ADDED)
    if not marked and (links or drawn is not None or given is not None):
        rest, links, sticker, given = text, [], None, None  # somebody typed it
    return marked, Said(
        stamp=stamp,
        sender=sender,
        text=rest.removesuffix(ADDED) or None,
        quote=quote,
        sticker=sticker,
        attached=tuple(one for one in links if one not in stickers),
        reactions=tuple(_reactions(given)) if given is not None else (),
    )


def _links(text: str) -> tuple[str, list[Attached]]:
    """Take the links off the end, each ``[name](path)`` and two spaces."""
    found: list[Attached] = []
    end = len(text)
    while text.endswith(_LINKED, 0, end):
        middle = text.rfind("](", max(0, end - _LINK_CHARACTERS), end)
        if middle < 0:
            break
        path = text[middle + 2 : end - len(ADDED) - 1]
        start = _link_start(text, middle, path)
        if start < 0 or "\n" in text[start:end] or not path.startswith(("./", "../")):
            break
        found.append(Attached(path.removeprefix("./"), text[start + 1 : middle]))
        end = start - 1 if text.endswith("!", 0, start) else start
    return text[:end], found[::-1]


def _link_start(text: str, middle: int, path: str) -> int:
    """Give where a link begins; its name is known from its path, whatever brackets are in it."""
    name = path.rpartition("/")[2].replace("%20", " ")
    if text.endswith("[" + name, 0, middle):
        return middle - len(name) - 1
    return text.rfind("[", max(0, middle - _LINK_CHARACTERS), middle)


def _last_line(text: str, pattern: re.Pattern[str]) -> tuple[str, str | None]:
    before, line, last = text.rpartition("\n")
    found = pattern.fullmatch(last) if line else None
    return (text, None) if found is None else (before, found[1])


def _reactions(given: str) -> list[tuple[str | None, str | None]]:
    """Read ``Bo: 👍, Cy: ❤``; the exporter's names hold neither commas nor colons."""
    made: list[tuple[str | None, str | None]] = []
    for one in given.split(", "):
        actor, colon, emoji = one.rpartition(": ")
        made.append((actor, emoji) if colon else (None, one))
    return made
