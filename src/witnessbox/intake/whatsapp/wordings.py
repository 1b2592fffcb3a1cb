"""What WhatsApp itself writes into an export, language by language, as data.

Structure decides first (who is a sender, where the platform puts its mark); a wording only
supports it.  The tables are TOML files beside this module.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

MARK = "\u200e"
"""Stands before what the platform wrote, on iOS always and on Android before attachments."""

MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"

_SLOTS = {
    "actor": r"(?P<actor>[^:\n]{1,120}?)",
    "member": r"(?P<member>[^:\n]{1,600}?)",
    "title": r"(?P<title>.{1,200}?)",
    "old": r".{0,200}?",
    "any": r".{0,400}?",
}


@dataclass(frozen=True, slots=True)
class NoticeWording:
    """One sentence the platform writes, and the change of membership it tells ("" if none)."""

    event: str
    anchor: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """All languages' wordings together; whole phrases are folded by ``fold``."""

    deleted: frozenset[str]
    calls: frozenset[str]
    live_locations: frozenset[str]
    omitted: dict[str, str]  # phrase to media
    edited: tuple[str, ...]
    attached_after: tuple[str, ...]
    attached_before: tuple[str, ...]
    locations: tuple[str, ...]
    polls: tuple[str, ...]
    events: tuple[str, ...]
    notices: tuple[NoticeWording, ...]
    own: tuple[str, ...]  # words of notices that each phone makes for itself
    timers_on: tuple[str, ...]  # words of notices that messages disappear from now on
    timers_off: tuple[str, ...]
    conjunctions: tuple[str, ...]
    titles: tuple[re.Pattern[str], ...]
    everyday: frozenset[str]  # people type these too: they count only behind the mark
    platform: frozenset[str]  # names the service speaks under

    def starts(self) -> frozenset[bytes]:
        """Give the bytes with which a body that needs a closer look may begin."""
        whole = [*self.deleted, *self.calls, *self.live_locations, *self.omitted]
        parts = [*self.attached_before, *self.locations, *self.polls, *self.events]
        return frozenset(phrase.encode() for phrase in (*whole, *parts))


def fold(text: str) -> str:
    """Take off what varies in a whole phrase: marks, outer space, a final dot, curly quotes."""
    return text.strip(MARKS + " \r\n").rstrip(".。").replace("’", "'").rstrip(MARKS)


@cache
def wordings() -> Wordings:
    """Load every language's table."""
    folder = files("witnessbox.intake.whatsapp").joinpath("wordings")
    tables = [
        tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml") and entry.name != "halves.toml"
    ]

    def every(name: str) -> list[str]:
        return [phrase for table in tables for phrase in table.get(name, [])]

    omitted = {
        fold(phrase): media
        for table in tables
        for media, phrases in table.get("omitted", {}).items()
        for phrase in phrases
    }
    notices = tuple(
        _notice(event, phrase)
        for table in tables
        for event, phrases in table.get("notices", {}).items()
        for phrase in phrases
    )
    return Wordings(
        deleted=frozenset(map(fold, every("deleted"))),
        calls=frozenset(map(fold, every("calls"))),
        live_locations=frozenset(map(fold, every("live_locations"))),
        omitted=omitted,
        edited=tuple(every("edited")),
        attached_after=tuple(every("attached_after")),
        attached_before=tuple(every("attached_before")),
        locations=tuple(every("locations")),
        polls=tuple(every("polls")),
        events=tuple(every("events")),
        notices=notices,
        own=tuple(every("own")),
        timers_on=tuple(every("timers_on")),
        timers_off=tuple(every("timers_off")),
        conjunctions=tuple(every("conjunctions")),
        titles=tuple(re.compile(phrase, re.IGNORECASE) for phrase in every("titles")),
        everyday=frozenset(map(fold, every("everyday"))),
        platform=frozenset(every("platform")),
    )


def _notice(event: str, phrase: str) -> NoticeWording:
    """Make the pattern of a sentence in which ``{actor}`` and the like are slots."""
    parts = re.split(r"\{(\w+)\}", phrase.rstrip("."))
    fixed = parts[0::2]
    anchor = max(fixed, key=len)
    pattern = "".join(
        _SLOTS[part] if place % 2 else _quotes_loosely(part) for place, part in enumerate(parts)
    )
    pattern += r"[.。]?(?: (?:Tap|Click|Tippe|Toca|Pulsa|Tik|Tocca|Appuyez|Toque)\b.*)?$"
    return NoticeWording("" if event == "other" else event, anchor.split('"')[0], pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a sentence when it is first met: most languages are not."""
    return re.compile(pattern, re.DOTALL)


def _quotes_loosely(fixed: str) -> str:
    escaped = re.escape(fixed).replace("'", "['’]")
    return escaped.replace('"', '["“”„«»]')


@lru_cache(maxsize=4096)
def recognise(text: str) -> tuple[NoticeWording, re.Match[str]] | None:
    """Find the wording a notice is written in; None where no table has it."""
    plain = text.strip(MARKS + " \r\n").replace("’", "'")
    plain = plain.translate(_DROP_MARKS)
    for wording in wordings().notices:
        if wording.anchor in plain:
            found = _compiled(wording.pattern).match(plain)
            if found:
                return wording, found
    return None


def made_for_itself(text: str) -> bool:
    """Say whether a phone made a notice for itself, of which others have none.

    So it is with how a conversation is encrypted and with a changed security code.
    """
    return any(word in text for word in wordings().own)


_DROP_MARKS = {ord(mark): None for mark in MARKS}
