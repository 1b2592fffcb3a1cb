"""One message of a backup as a frozen record: its attributes, its parts, its addresses.

The app writes an emoji as two references to halves of it (``&#55357;&#56846;``), which no reader of
XML takes, and other programs leave bytes that are not UTF-8.  Both are put right before a piece is
read, the first for certain, the second with a doubt.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

import msgspec

from witnessbox.intake.careful import Doubt
from witnessbox.intake.hardened_xml import RefusedXmlError, hardened

ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1")

_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_HALVES = re.compile(
    rb"&#(x[dD][89abAB][0-9a-fA-F]{2}|5[5-6][0-9]{3});&#(x[dD][c-fC-F][0-9a-fA-F]{2}|5[6-7][0-9]{3});"
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_KNOWN = frozenset(("sms", "mms", "parts", "part", "addrs", "addr", "smses"))

Attributes = Mapping[str, str]


class Written(msgspec.Struct, frozen=True, gc=False):
    """An element and those inside it that matter, as written."""

    tag: str
    own: Attributes
    parts: tuple[Attributes, ...] = ()
    addresses: tuple[Attributes, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class UnreadableError(Exception):
    """A piece is not one whole element; the message says why."""


@dataclass(slots=True)
class _Elements:
    """What a piece holds, while it is being read."""

    root: tuple[str, Attributes] | None = None
    parts: list[Attributes] = field(default_factory=list)
    addresses: list[Attributes] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.root is None:
            self.root = (tag, attributes)
        elif tag == "part":
            self.parts.append(attributes)
        elif tag == "addr":
            self.addresses.append(attributes)
        if tag not in _KNOWN:
            self.unknown.setdefault(tag[:60])

    def text(self, data: str) -> None:
        if data.strip():
            self.said.append(data)


def read(data: bytes, encoding: str) -> Written:
    """Read a piece that should be one element.  Raises UnreadableError where it is not."""
    mended, doubts = _mended(data, encoding)
    found = _Elements()
    parser = hardened()
    parser.StartElementHandler = found.start
    parser.CharacterDataHandler = found.text
    try:
        parser.Parse(mended, True)  # noqa: FBT003 - expat's own
    except expat.ExpatError as error:
        raise UnreadableError(expat.errors.messages[error.code]) from error
    except RefusedXmlError as error:
        raise UnreadableError(str(error)) from error
    if found.root is None:  # pragma: no cover - expat wants an element
        raise UnreadableError("no element")
    doubts += [
        Doubt("unknown-element", f"<{tag}> in it is not read") for tag in sorted(found.unknown)
    ]
    if found.said:
        doubts.append(Doubt("unknown-text", "text between its tags is not read"))
    tag, own = found.root
    return Written(tag, own, tuple(found.parts), tuple(found.addresses), tuple(doubts))


def _mended(data: bytes, encoding: str) -> tuple[bytes, list[Doubt]]:
    """Put right what writers are known to get wrong; name what could only be replaced."""
    mended = data.decode(encoding).encode() if encoding == "iso-8859-1" else data
    mended = _HALVES.sub(_whole, mended) if b"&#" in mended else mended
    lost = 0

    def replaced(reference: re.Match[bytes]) -> bytes:
        nonlocal lost
        point = int(reference[1], 16) if reference[1] else int(reference[2])
        if _is_character(point):
            return reference[0]
        lost += 1
        return b"&#65533;"

    mended = _REFERENCE.sub(replaced, mended) if b"&#" in mended else mended
    mended, controls = _CONTROL.subn(b"&#65533;", mended)
    lost += controls
    try:
        mended.decode()
    except UnicodeDecodeError:
        mended = mended.decode("utf-8", "replace").encode()
        lost += 1
    if not lost:
        return mended, []
    return mended, [Doubt("damaged-text", "damaged characters, shown as U+FFFD")]


def _whole(halves: re.Match[bytes]) -> bytes:
    high, low = (int(b"0" + one, 16) if one[:1] == b"x" else int(one) for one in halves.groups())
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return halves[0]
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _is_character(point: int) -> bool:
    """Say whether XML allows this character."""
    return (
        point in (0x9, 0xA, 0xD)
        or 0x20 <= point < 0xD800
        or 0xE000 <= point < 0xFFFE
        or 0x10000 <= point < 0x110000
    )
