"""What the ledger's page says of an entry.  Pure."""

import json
import re
from dataclasses import dataclass

from witnessbox.ledger.model import Entry

_SHOWN_CHARACTERS = 72
_HASH = re.compile(r"[0-9a-f]{32,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with its body in a few words and in full."""

    entry: Entry
    summary: str
    body: str

    @property
    def title(self) -> str:
        """Say in words what kind of entry it is."""
        return self.entry.kind.replace("-", " ").replace("_", " ").capitalize()


def line(entry: Entry) -> Line:
    """Prepare an entry for the page."""
    body = json.loads(entry.body)
    return Line(entry, _summary(body), json.dumps(body, ensure_ascii=False, indent=2))


def _summary(body: object) -> str:
    if not isinstance(body, dict):
        return _cut(str(body))
    said = (f"{name}: {_words(value)}" for name, value in body.items() if _says(value))
    return " · ".join(said)


def _says(value: object) -> bool:
    return value not in (None, "", [], {}, False)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list):
        return _cut(", ".join(_words(one) for one in value))
    if isinstance(value, dict):
        return _cut(", ".join(_words(one) for one in value.values() if _says(one)))
    return _cut(str(value))


def _cut(text: str) -> str:
    if _HASH.fullmatch(text):
        return text[:12] + "…"
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
