"""What a person wrote: bodies and whom they mention, polls, cards, stickers.  Pure."""

from collections.abc import Iterable, Iterator
from itertools import chain

from witnessbox.intake.signal_desktop.words import Card, Line, Range, read

_STAND_IN = "\ufffc".encode("utf-16-le")


def said(line: Line, body: str | None) -> str | None:
    """Give the words of a message."""
    if line.poll is not None:
        return "\n".join(filter(None, (line.poll.question, *(line.poll.options or ())))) or body
    if body:
        return body
    if line.story_reaction is not None:
        return line.story_reaction.emoji
    if line.sticker is not None:
        return line.sticker.emoji
    return "\n".join(filter(None, map(_card, line.contact or ()))) or None


def opened(held: bytes) -> tuple[str | None, bool]:
    """Give the words in a row's ``json``, and whether it is sound."""
    try:
        line, doubts = read(held.decode(), Line)
    except UnicodeDecodeError:
        return None, False
    return said(line, line.body), not doubts


def _card(card: Card) -> str:
    name = card.name
    known = None
    if name is not None:
        joined = " ".join(filter(None, (name.given_name, name.family_name)))
        known = name.display_name or joined or name.nickname or name.organization
    return " ".join(filter(None, chain([known], (one.value for one in card.number or ()))))


def mentioned(text: str | None, ranges: Iterable[Range]) -> Iterator[tuple[int, str]]:
    """Say at which character of a body a stand-in is, counted from 0, and for whom it stands.

    A mention that does not stand on one is left out.
    """
    units = (text or "").encode("utf-16-le", "surrogatepass")
    reached = 0
    for start, who in sorted(
        (one.start, one.mention_aci or one.mention_uuid or "") for one in ranges
    ):
        at = start * 2
        if who and at >= reached and units[at : at + 2] == _STAND_IN:
            yield len(units[:at].decode("utf-16-le", "replace")), who
            reached = at + 2
