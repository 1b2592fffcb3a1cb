"""Reactions on Messenger's pages: emoji and name written as one, at times with a date.  Pure.

``😂Bo Lind (Dec 28, 2020 6:56 am)``: nothing stands between emoji and name.  A name that is known
is taken off the end; else the emoji is held to end where letters begin, which is a guess.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_DATED = re.compile(r"(?P<rest>.*?) ?\((?P<stamp>[^()]{8,80})\)", re.DOTALL)
_LONGEST_EMOJI = 16


@dataclass(frozen=True, slots=True)
class Reacted:
    """One reaction taken apart; ``sure`` where the name was known."""

    actor: str | None
    reaction: str
    stamp: str | None
    sure: bool


def apart(written: str, names: Collection[str]) -> Reacted:
    """Take a reaction apart; where nothing tells emoji from name, it stays as written."""
    dated = _DATED.fullmatch(written)
    rest, stamp = (dated["rest"], dated["stamp"]) if dated else (written, None)
    for at in range(1, min(len(rest), _LONGEST_EMOJI + 1)):
        if rest[at:] in names:
            return Reacted(rest[at:], rest[:at].rstrip(), stamp, sure=True)
    for at, character in enumerate(rest[: _LONGEST_EMOJI + 1]):
        if character.isalpha() and at:
            return Reacted(rest[at:], rest[:at].rstrip(), stamp, sure=False)
        if character.isalpha():
            break
    return Reacted(None, rest, stamp, sure=False)
