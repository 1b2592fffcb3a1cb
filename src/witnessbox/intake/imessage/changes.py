"""What ``message_summary_info`` keeps of a message's past: earlier texts, and parts unsent.  Pure.

A property list.  ``otr`` names the message's parts by number; ``ec`` lists for a part each text it
has had, the present one last, with the time of each (``d``, seconds since 2001; ``t``, the text in
a typedstream); ``rp`` numbers the parts that were unsent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from witnessbox.intake.imessage import plist, times, typedstream

_MOST_SECONDS = 1e11
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Edition:
    """One text a part has had, and since when; neither may be known."""

    at_ms: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a message's parts."""

    parts: int
    editions: dict[int, tuple[Edition, ...]]
    unsent: frozenset[int]

    @property
    def gone(self) -> bool:
        """Say whether every part was unsent."""
        return bool(self.unsent) and len(self.unsent) >= max(self.parts, 1)

    @property
    def edited(self) -> bool:
        """Say whether some part has had more than one text."""
        return any(len(several) > 1 for several in self.editions.values())

    def past(self) -> Iterator[tuple[str, int | None, str | None]]:
        """Give what was done to each text that no longer stands, when, and the text before."""
        for part, several in sorted(self.editions.items()):
            for before, after in pairwise(several):
                yield "edited", after.at_ms, before.text
            if part in self.unsent and several:
                yield "unsent", None, several[-1].text
        for _ in sorted(self.unsent - set(self.editions)):
            yield "unsent", None, None


def changed(blob: bytes) -> Changed:
    """Read what is known of a message's past.  Raises PlistError where the blob is no such list."""
    held = plist.read(blob)
    if not isinstance(held, dict):
        raise plist.PlistError("it is no list of named values")
    parts, editions, unsent = held.get("otr"), held.get("ec"), held.get("rp")
    return Changed(
        parts=len(parts) if isinstance(parts, dict) else 0,
        editions=dict(_editions(editions)) if isinstance(editions, dict) else {},
        unsent=frozenset(one for one in _list(unsent) if isinstance(one, int)),
    )


def short(text: str) -> str:
    """Cut a text that is too long to stand in a remark."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _editions(parts: dict[str, Any]) -> Iterator[tuple[int, tuple[Edition, ...]]]:
    for part, several in parts.items():
        if part.isascii() and part.isdigit():
            yield int(part[:9]), tuple(_edition(one) for one in _list(several))


def _edition(one: object) -> Edition:
    held = one if isinstance(one, dict) else {}
    at, archive = held.get("d"), held.get("t")
    found = typedstream.words(archive) if isinstance(archive, bytes) else None
    text = None if found is None else found.decode("utf-8", "replace")
    return Edition(_at_ms(at), text)


def _at_ms(seconds: object) -> int | None:
    if not isinstance(seconds, int | float) or not 0 < seconds < _MOST_SECONDS:
        return None
    return round(seconds * 1000) + times.EPOCH_MS


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
