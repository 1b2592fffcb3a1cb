"""Names and numbers out of contact cards: vCard 2.1, 3.0 and 4.0.  Pure.

Only what names a person and how to call them is taken; pictures and all else are left where they
are.  A card that is none gives nothing.
"""

import quopri
import re
from collections.abc import Iterator

BEGIN = "BEGIN:VCARD"
_MOST_CHARACTERS, _MOST_NUMBERS = 1 << 20, 50
_FOLD = re.compile(r"\r?\n[ \t]")
_SOFT_BREAK = re.compile(r"=\r?\n")
_PROPERTY = re.compile(
    r"^(?:[\w-]{1,40}\.)?(FN|N|TEL)((?:;[^:\r\n]{0,200})?):([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_QUOTED = "QUOTED-PRINTABLE"


def is_card(text: str | None) -> bool:
    """Say whether a text is a contact card."""
    return text is not None and text[: len(BEGIN)].upper() == BEGIN


def cards(text: str) -> Iterator[str]:
    """Give each card of a text as one line: the name, then the numbers."""
    for one in re.split(f"(?i)(?={BEGIN})", text[:_MOST_CHARACTERS]):
        told = _told(one) if is_card(one) else ""
        if told:
            yield told


def _told(card: str) -> str:
    card = _SOFT_BREAK.sub("", card) if _QUOTED in card.upper() else card
    shown, parts, numbers = "", "", dict[str, None]()
    for found in _PROPERTY.finditer(_FOLD.sub("", card)):
        name, value = found[1].upper(), _value(found[2], found[3])
        if name == "FN":
            shown = shown or _plain(value)
        elif name == "N":
            parts = parts or _named(value)
        elif len(numbers) < _MOST_NUMBERS and _plain(value):
            numbers[_plain(value).removeprefix("tel:")] = None
    return " ".join(filter(None, (shown or parts, ", ".join(numbers))))


def _value(parameters: str, value: str) -> str:
    if _QUOTED not in parameters.upper():
        return value
    return quopri.decodestring(value.encode()).decode(errors="replace")


def _named(value: str) -> str:
    """Put the parts of a name in the order they are said: given, further, family."""
    parts = [_plain(part) for part in re.split(r"(?<!\\);", value)]
    family, given, further = (*parts, "", "", "")[:3]
    return " ".join(filter(None, (given, further, family)))


def _plain(value: str) -> str:
    plain = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)
    return " ".join(plain.split())
