"""What is said: templates of ordinary talk, of planted messages and of their look-alikes.

The words are data (``data/talk.toml``, ``data/planted.toml``); here they are filled in.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from witnessbox.example.draws import happens

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Planted:
    """One template of a planted message."""

    category: str
    severity: int
    template: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """All templates and the words that fill them."""

    slots: dict[str, tuple[str, ...]]
    families: tuple[tuple[str, ...], ...]
    openers: tuple[str, ...]
    tails: tuple[str, ...]
    emoji: tuple[str, ...]
    short: tuple[str, ...]
    replies: tuple[str, ...]
    polls: tuple[str, ...]
    banter: tuple[str, ...]
    challenge: tuple[str, ...]
    laugh: tuple[str, ...]
    planted: tuple[Planted, ...]
    lookalikes: tuple[tuple[str, str], ...]  # (kind, template)


@cache
def phrases() -> Phrases:
    """Read the templates that come with the package."""
    folder = files("witnessbox.example") / "data"
    talk = tomllib.loads((folder / "talk.toml").read_text(encoding="utf-8"))
    found = tomllib.loads((folder / "planted.toml").read_text(encoding="utf-8"))
    return Phrases(
        slots={name: tuple(words) for name, words in talk["slots"].items()},
        families=tuple(tuple(family["lines"]) for family in talk["family"]),
        **{name: tuple(talk["talk"][name]) for name in _TALK},
        **{name: tuple(found[name]) for name in ("banter", "challenge", "laugh")},
        planted=tuple(
            Planted(group["category"], severity, template)
            for group in found["planted"]
            for severity, template in group["items"]
        ),
        lookalikes=tuple(
            (group["kind"], template) for group in found["lookalike"] for template in group["items"]
        ),
    )


_TALK = ("openers", "tails", "emoji", "short", "replies", "polls")


@cache
def _parts(template: str) -> tuple[str, ...]:
    return tuple(_SLOT.split(template))


def fill(template: str, stream: Random, mates: tuple[str, ...]) -> str:
    """Fill a template's slots; people's places take short names, mostly out of ``mates``."""
    people = dict(zip(("mate", "other"), stream.sample(mates, 2), strict=True))
    people["target"] = stream.choice(_known(_TARGETS, mates))
    people["woman"] = stream.choice(_known(_WOMEN, mates))
    slots = phrases().slots
    pieces = list(_parts(template))
    for index in range(1, len(pieces), 2):
        name = pieces[index]
        pieces[index] = people[name] if name in people else stream.choice(slots[name])
    return "".join(pieces)


_TARGETS = ("Immy", "Tommo")
_WOMEN = ("Ada", "Beth", "Han", "Pri")


def _known(names: tuple[str, ...], mates: tuple[str, ...]) -> tuple[str, ...]:
    """Prefer those who are in the chat; where none is, they are talked about behind their backs."""
    return tuple(name for name in names if name in mates) or names


def ordinary(family: tuple[str, ...], stream: Random, mates: tuple[str, ...]) -> str:
    """Say something of a family of talk, as people type: short, long, careless or with a tail."""
    words = phrases()
    if happens(stream, 125):
        return stream.choice(words.short)
    if happens(stream, 90):
        return _careless(fill(stream.choice(words.replies), stream, mates), stream)
    said = stream.choice(family)
    text = fill(said, stream, mates)
    if happens(stream, 220):
        opener = stream.choice(words.openers)
        text = f"{opener} {text}"
    if happens(stream, 560):
        stop = "" if text[-1] in "?!." else "."
        text = f"{text}{stop} {fill(_tail(family, said, stream), stream, mates)}"
    return _careless(text, stream)


def _tail(family: tuple[str, ...], said: str, stream: Random) -> str:
    """Go on about the same thing, or another, or end in a few words."""
    words = phrases()
    if happens(stream, 620):
        line = stream.choice(family if happens(stream, 700) else stream.choice(words.families))
        if line != said and "\n" not in line:
            return line
    return stream.choice(words.tails)


_HABITS: tuple[Callable[[str], str], ...] = (
    str.lower,
    lambda text: text.replace("'", ""),
    lambda text: text.rstrip("?"),
    lambda text: text.replace("you", "u"),
    lambda text: text.replace(" and ", " n "),
)


def _careless(text: str, stream: Random) -> str:
    """Type it the way a thumb does, now and then with an emoji after it."""
    if happens(stream, 300):
        text = stream.choice(_HABITS)(text) or text
    if happens(stream, 120):
        text = f"{text} {stream.choice(phrases().emoji)}"
    return text
