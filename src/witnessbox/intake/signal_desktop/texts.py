"""What a person wrote: bodies with the names of those mentioned, polls, cards, stickers.  Pure."""

from collections.abc import Callable, Iterable
from itertools import chain

from witnessbox.intake.signal_desktop.words import Card, Line, Range

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


def _card(card: Card) -> str:
    name = card.name
    known = None
    if name is not None:
        joined = " ".join(filter(None, (name.given_name, name.family_name)))
        known = name.display_name or joined or name.nickname or name.organization
    return " ".join(filter(None, chain([known], (one.value for one in card.number or ()))))


def with_names(
    text: str | None, ranges: Iterable[Range], name: Callable[[str | None], str | None]
) -> str | None:
    """Put names where a body has stand-ins for those it mentions.

    A mention that does not stand on one is left out: what is written stands as it is.
    """
    mentions = sorted(
        (one.start, one.mention_aci or one.mention_uuid)
        for one in ranges
        if one.mention_aci or one.mention_uuid
    )
    if not text or not mentions:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    parts, reached = [], 0
    for start, who in mentions:
        at = start * 2
        if at >= reached and units[at : at + 2] == _STAND_IN:
            named = f"@{name(who)}".encode("utf-16-le", "surrogatepass")
            parts += [units[reached:at], named]
            reached = at + 2
    return b"".join([*parts, units[reached:]]).decode("utf-16-le", "replace")
