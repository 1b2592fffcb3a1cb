"""How the conversations went: bursts of messages over two years, between those who were there.

All chance is drawn in whole numbers, so that the same seed gives the same talk everywhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from witnessbox.example.afterlife import afterlife
from witnessbox.example.clock import END, POLLS_SINCE, START, ms
from witnessbox.example.draws import draws, happens, weighted
from witnessbox.example.model import Chat, Message, Notice, Talked
from witnessbox.example.people import BY_KEY, TALKATIVE
from witnessbox.example.phrases import ordinary, phrases
from witnessbox.example.planting import plant
from witnessbox.example.roster import Roster, ended_ms, joined_ms

_HOUR_MS = 3_600_000
_BURSTS = (1, 2, 3, 5, 8, 13, 21, 34)
_BURST_WEIGHTS = (6, 9, 11, 14, 12, 8, 4, 2)
_GAPS_S = ((1, 8), (6, 30), (25, 90), (80, 400), (300, 1500))
_GAP_WEIGHTS = (14, 34, 28, 18, 6)
_MEDIA = ("image", "video", "audio", "sticker", "document")
_MEDIA_WEIGHTS = (60, 12, 10, 14, 4)


def converse(chat: Chat, size: int, seed: int) -> Talked:
    """Hold a whole conversation of so many messages."""
    roster = Roster(chat)
    talk = draws(seed, chat.key, "talk")
    drafts = sorted(_talk(chat, size, roster, talk), key=lambda message: message.at_ms)
    drafts = plant(chat, drafts, roster, draws(seed, chat.key, "planted"))
    drafts = afterlife(chat, drafts, roster, draws(seed, chat.key, "afterlife"))
    messages = tuple(
        replace(draft, key=f"{chat.key}-{number:05d}") for number, draft in enumerate(drafts, 1)
    )
    return Talked(chat, messages, _notices(chat, roster, draws(seed, chat.key, "notices")))


def _talk(chat: Chat, size: int, roster: Roster, stream: Random) -> Iterator[Message]:
    lengths: list[int] = []
    while sum(lengths) < size:
        lengths.append(weighted(stream, _BURSTS, _BURST_WEIGHTS))
    lengths[-1] -= sum(lengths) - size
    first, last = ms(START), ms(END)
    for number, length in enumerate(lengths):
        low = first + (last - first) * number // len(lengths)
        high = first + (last - first) * (number + 1) // len(lengths)
        day = stream.randrange(low, high) // (24 * _HOUR_MS)
        hour = weighted(stream, range(24), chat.hours)
        start = (day * 24 + hour) * _HOUR_MS + stream.randrange(_HOUR_MS)
        yield from _burst(chat, max(start, first + 60_000), length, roster, stream)


def _burst(
    chat: Chat, start_ms: int, length: int, roster: Roster, stream: Random
) -> Iterator[Message]:
    """Let a few people talk about one thing, or two."""
    family = stream.choice(phrases().families)
    cast = _cast(roster.present(start_ms), stream)
    at_ms, sender = start_ms, ""
    for _ in range(length):
        here = roster.present(at_ms)
        sender = _next_speaker(cast, here, sender, stream)
        if happens(stream, 60):
            family = stream.choice(phrases().families)
        yield _said(chat, at_ms, sender, family, stream, here)
        low, high = weighted(stream, _GAPS_S, _GAP_WEIGHTS)
        at_ms += stream.randrange(low * 1000, high * 1000)


def _cast(present: tuple[str, ...], stream: Random) -> tuple[str, ...]:
    wanted = min(len(present), stream.randrange(2, 7))
    cast: list[str] = []
    while len(cast) < wanted:
        left = [key for key in present if key not in cast]
        cast.append(weighted(stream, left, [TALKATIVE[key] for key in left]))
    return tuple(cast)


def _next_speaker(cast: tuple[str, ...], here: tuple[str, ...], last: str, stream: Random) -> str:
    if last in here and happens(stream, 220):
        return last
    able = [key for key in cast if key in here and key != last]
    return stream.choice(able or here)


def _said(
    chat: Chat,
    at_ms: int,
    sender: str,
    family: tuple[str, ...],
    stream: Random,
    here: tuple[str, ...],
) -> Message:
    mates = tuple(BY_KEY[key].nickname for key in here if key != sender)
    mark = stream.randrange(1000)
    if mark < 24:
        media = weighted(stream, _MEDIA, _MEDIA_WEIGHTS)
        caption = ordinary(family, stream, mates) if media == "image" and mark < 4 else ""
        return Message("", at_ms, sender, "media", caption, media)
    if chat.platform == "whatsapp" and mark < 26:
        # Points in the open sea: nobody lives there.
        link = f"https://maps.google.com/?q=50.{stream.randrange(100, 400)},-0.{mark}{mark}"
        return Message("", at_ms, sender, "location", link)
    if chat.platform == "whatsapp" and mark < 30 and at_ms >= ms(POLLS_SINCE):
        return Message("", at_ms, sender, "poll", _poll(stream))
    return Message("", at_ms, sender, "text", ordinary(family, stream, mates))


def _poll(stream: Random) -> str:
    """Write a poll as question and options, each option with its votes after the last bar."""
    question, *options = stream.choice(phrases().polls).split("|")
    return "\n".join([question, *(f"{option}|{stream.randrange(7)}" for option in options)])


def _notices(chat: Chat, roster: Roster, stream: Random) -> tuple[Notice, ...]:
    """Write what the platform tells every member."""
    found = list(_membership(chat))
    head = chat.spells[0].officer
    found.append(Notice("", ms(START), "created", head, after=chat.titles[0][1]))
    for (_, before), (since, after) in zip(chat.titles, chat.titles[1:], strict=False):
        at_ms = ms(START) + int((ms(END) - ms(START)) * since)
        found.append(Notice("", at_ms, "subject", head, before=before, after=after))
    for _ in range(3):
        at_ms = stream.randrange(ms(START), ms(END)) // 1000 * 1000
        found.append(Notice("", at_ms, "icon", stream.choice(roster.present(at_ms))))
    if chat.platform == "messenger":  # its archive tells only who came and went
        found = [notice for notice in found if notice.event in {"added", "left", "removed"}]
    found.sort(key=lambda notice: (notice.at_ms, notice.event))
    return tuple(
        replace(notice, key=f"{chat.key}-n{number:03d}") for number, notice in enumerate(found, 1)
    )


def _membership(chat: Chat) -> Iterator[Notice]:
    for spell in chat.spells:
        by = None if spell.came == "joined" else spell.by
        if spell.came != "created":
            yield Notice("", joined_ms(spell), spell.came, by, spell.officer)
        end = ended_ms(spell)
        if end is not None:
            yield Notice(
                "", end, spell.went, spell.by if spell.went == "removed" else None, spell.officer
            )
