"""Who came and went, by the English words Telegram Desktop writes service lines with.  Pure.

Nobody can type such a line: the page marks it as the platform's.  A name may hold the very words
that part one name from the next; then the list is kept as one member, as written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One change of who is in a chat."""

    event: str
    actor: str | None
    member: str | None


_LONGEST = 10_000  # characters; a group's creation names its first members, 200 at most
_CREATED = re.compile(r"(.+?) created group «.*»(?: with members (.+))?\Z", re.DOTALL)
_CHANNEL = re.compile(r"Channel «.*» created\Z", re.DOTALL)
_INVITED = re.compile(r"(.+?) invited (.+?)(?P<call> to the voice chat)?\Z", re.DOTALL)
_REMOVED = re.compile(r"(.+?) removed (?!group photo\Z)(.+)\Z", re.DOTALL)
_JOINED = re.compile(r"(.+?) joined group by (?:request|link(?: from .*)?)\Z", re.DOTALL)
_TITLE = re.compile(r"(?:(.+?) changed group title to|Channel title changed to) «.*»\Z", re.DOTALL)
_DATE = re.compile(r"\d{1,2}\.? [^\W\d]+\.? \d{4}")


def is_date(text: str) -> bool:
    """Say whether a service line is the page's own: the date of the messages below it."""
    return _DATE.fullmatch(text) is not None


def changes(text: str) -> Iterator[Change]:
    """Tell what a service line says of who is in the chat; of an overlong one, nothing."""
    if len(text) > _LONGEST:
        return
    if found := _CREATED.match(text):
        yield Change("created", found[1], None)
        yield from _came(found[1], found[2] or "")
    elif _CHANNEL.match(text):
        yield Change("created", None, None)
    elif found := _TITLE.match(text):
        yield Change("subject", found[1], None)
    elif found := _JOINED.match(text):
        yield Change("joined", found[1], found[1])
    elif (found := _INVITED.match(text)) and not found["call"]:
        yield from _came(found[1], found[2])
    elif found := _REMOVED.match(text):
        yield Change("left" if found[1] == found[2] else "removed", found[1], found[2])


def _came(actor: str, written: str) -> Iterator[Change]:
    for member in _names(written):
        yield Change("joined" if member == actor else "added", actor, member)


def _names(written: str) -> list[str]:
    """Take a list of names apart: ``A``, ``A and B``, ``A, B and C``."""
    if not written:
        return []
    first, comma, rest = written.rpartition(" and ")
    if not comma:
        return [written]
    names = first.split(", ")
    return [written] if " and " in first else [*names, rest]
