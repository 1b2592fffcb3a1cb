"""What was truly said: conversations, who was in them when, and every message and notice."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.reconcile.clocks import DAY_MS, END_MS, HOUR_MS, START_MS
from benchmarks.reconcile.dials import Dials
from benchmarks.reconcile.model import Person, Spell, Talk

from witnessbox.example.draws import draws, happens
from witnessbox.example.model import Message, Notice
from witnessbox.example.phrases import ordinary, phrases

_AGAIN = ("ok", "😂", "👍", "yes", "lol", "Ok", "thanks", "haha", "no", "on my way")
_PLACES = ("Nights", "Lates", "Court run", "Kit swap", "Five-a-side", "Tea fund", "Leaving do")
_MEDIA = ("image", "image", "image", "video", "audio", "document", "sticker")
_BURST = 14
_WAKING = range(6, 23)


def talks(dials: Dials, everyone: Sequence[Person]) -> Iterator[Talk]:
    """Let all groups and pairs talk; twins last, since they repeat some of what others said."""
    groups = [_group(dials, place, everyone) for place in range(dials.groups)]
    yield from groups
    for place in range(dials.twins):
        yield _twin(dials, groups[-1 - place], f"t{place:02}", everyone)
    for place in range(dials.directs):
        yield _direct(dials, f"d{place:02}", everyone)


def _group(dials: Dials, place: int, everyone: Sequence[Person]) -> Talk:
    key = f"g{place:02}"
    stream = draws(dials.seed, key)
    large = place < len(dials.large)
    count = dials.phones_of_large if large else stream.randint(*dials.phones_a_group)
    owners = stream.sample(everyone[: dials.phones], count)
    others = everyone[dials.phones :]
    members = [*owners, *stream.sample(others, stream.randint(1, min(12, len(others))))]
    spells = tuple(spell for one in members for spell in _spells(dials, one, stream))
    creator = owners[0].key
    spells = (Spell(creator, START_MS, None, "created", "left"), *_without(spells, creator))
    title = f"{stream.choice(_PLACES)} {place + 1}"
    titles = [(0, title)]
    if happens(stream, 300):
        titles.append((stream.randrange(START_MS, END_MS), f"{title} {stream.choice('ABC')}"))
    sizes = (dials.messages // 3, dials.messages, dials.messages * 3)
    size = dials.large[place] if large else _between(stream, sizes)
    since = stream.randrange(START_MS, END_MS - 60 * DAY_MS)
    timer = (since, since + 30 * DAY_MS) if happens(stream, dials.timers) else None
    said = _said(dials, key, spells, size, everyone)
    whole = Talk(key, _address(place), tuple(titles), spells, timer, said, ())
    return replace(whole, notices=tuple(_notices(whole, creator)))


def _between(stream: Random, sizes: tuple[int, int, int]) -> int:
    low, middle, high = sizes
    return stream.randint(low, middle) if happens(stream, 600) else stream.randint(middle, high)


def _without(spells: tuple[Spell, ...], person: str) -> tuple[Spell, ...]:
    return tuple(spell for spell in spells if spell.person != person)


def _address(place: int) -> str:
    return f"1203630000000{place:05}@g.us"


def _spells(dials: Dials, one: Person, stream: Random) -> Iterator[Spell]:
    since = START_MS
    if happens(stream, dials.late):
        since = stream.randrange(START_MS, END_MS - 30 * DAY_MS)
    if happens(stream, dials.leaving):
        until = stream.randrange(since + 10 * DAY_MS, END_MS)
        yield Spell(one.key, since, until, "added", stream.choice(("left", "removed")))
    elif happens(stream, dials.back):
        first, second = sorted(stream.sample(range(since + DAY_MS, END_MS - DAY_MS, HOUR_MS), 2))
        yield Spell(one.key, since, first, "added", "removed")
        yield Spell(one.key, second, None, "added", "left")
    else:
        yield Spell(one.key, since, None, "added", "left")


def _notices(talk: Talk, creator: str) -> Iterator[Notice]:
    """Tell of every change there was, as phones of members do."""
    changes: list[Notice] = [Notice("", START_MS, "created", creator, after=talk.titles[0][1])]
    for spell in talk.spells[1:]:
        by = creator if spell.person != creator else None
        changes.append(Notice("", spell.since_ms, spell.came, by, spell.person))
        if spell.until_ms is not None:
            by = None if spell.went == "left" else creator
            changes.append(Notice("", spell.until_ms, spell.went, by, spell.person))
    for (_, before), (at, after) in zip(talk.titles, talk.titles[1:], strict=False):
        changes.append(Notice("", at, "subject", creator, before=before, after=after))
    if talk.timer is not None:
        changes.append(Notice("", talk.timer[0], "timer", creator))
    changes.sort(key=lambda one: one.at_ms)
    for place, one in enumerate(changes):
        yield replace(one, key=f"{talk.key}-n{place:03}", at_ms=one.at_ms + place * 1000)


def _twin(dials: Dials, first: Talk, key: str, everyone: Sequence[Person]) -> Talk:
    """Make a group with another's name and members but one, where some things are said again."""
    stream = draws(dials.seed, key)
    gone = first.spells[-1].person
    spells = _without(first.spells, gone)
    own = _said(dials, key, spells, len(first.messages), everyone)
    here = Roster(spells)
    again = [
        replace(
            one, key=f"{key}-x{one.key[-5:]}", at_ms=one.at_ms + stream.randrange(5_000, 40_000)
        )
        for one in first.messages
        if one.kind == "text"
        and happens(stream, dials.crossposted)
        and one.sender in here.present(one.at_ms)
    ]
    said = tuple(sorted((*own, *again), key=lambda one: (one.at_ms, one.key)))
    place = 900 + int(key[1:])
    whole = Talk(key, _address(place), first.titles[:1], spells, None, said, ())
    return replace(whole, notices=tuple(_notices(whole, spells[0].person)))


def _direct(dials: Dials, key: str, everyone: Sequence[Person]) -> Talk:
    stream = draws(dials.seed, key)
    place = int(key[1:])
    pairs = [(a, b) for a in range(dials.phones) for b in range(a)]
    a, b = pairs[place * 7 % len(pairs)]
    spells = tuple(
        Spell(everyone[one].key, START_MS, None, "created", "left") for one in sorted((a, b))
    )
    size = _between(stream, (dials.messages // 3, dials.messages, dials.messages * 2))
    said = _said(dials, key, spells, size, everyone)
    return Talk(key, "", (), spells, None, said, ())


class Roster:
    """The members of one conversation at any moment."""

    __slots__ = ("_changes", "_present")

    def __init__(self, spells: Sequence[Spell]) -> None:
        ends = {spell.until_ms for spell in spells if spell.until_ms is not None}
        self._changes = sorted({spell.since_ms for spell in spells} | ends)
        self._present = [
            tuple(dict.fromkeys(spell.person for spell in spells if within(spell, moment)))
            for moment in self._changes
        ]

    def present(self, at_ms: int) -> tuple[str, ...]:
        """Name the members at a moment."""
        return self._present[max(0, bisect_right(self._changes, at_ms) - 1)]


def within(spell: Spell, at_ms: int) -> bool:
    """Say whether a moment lies in a spell of membership."""
    return spell.since_ms <= at_ms and (spell.until_ms is None or at_ms < spell.until_ms)


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who can speak, how they call one another, and what they speak of."""

    roster: Roster
    mates: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]


def _said(
    dials: Dials, key: str, spells: Sequence[Spell], count: int, everyone: Sequence[Person]
) -> tuple[Message, ...]:
    stream = draws(dials.seed, key, "said")
    names = {one.key: one.nickname for one in everyone}
    mates = tuple(dict.fromkeys(names[spell.person] for spell in spells))
    voices = _Voices(
        Roster(spells), mates if len(mates) > 1 else (*mates, "Jo"), phrases().families
    )
    times = _times(stream, count)
    return tuple(
        _message(dials, f"{key}-{place:05}", at, voices, stream) for place, at in enumerate(times)
    )


def _times(stream: Random, count: int) -> list[int]:
    """Spread talk over the months in bursts, while people are awake."""
    times: list[int] = []
    days = (END_MS - START_MS) // DAY_MS
    while len(times) < count:
        at = START_MS + stream.randrange(days) * DAY_MS + stream.choice(_WAKING) * HOUR_MS
        at += stream.randrange(HOUR_MS) - 6 * HOUR_MS
        for _ in range(min(count - len(times), 1 + int(stream.expovariate(1 / _BURST)))):
            at += stream.randrange(1_500, 75_000)
            times.append(min(max(at, START_MS + 60_000), END_MS))
    return sorted(times)


def _message(dials: Dials, key: str, at_ms: int, voices: _Voices, stream: Random) -> Message:
    present = voices.roster.present(at_ms)
    # Some speak far more than others.
    sender = present[min(stream.randrange(len(present)), stream.randrange(len(present)))]
    recalled = happens(stream, dials.recalled)
    if happens(stream, dials.media):
        caption = _words(voices, stream) if happens(stream, dials.captions) else ""
        media = stream.choice(_MEDIA)
        caption = "" if media in {"sticker", "audio"} else caption
        return Message(key, at_ms, sender, "media", caption, media, recalled=recalled)
    if happens(stream, 8):
        point = f"{51 + stream.random():.5f},{-stream.random():.5f}"
        return Message(key, at_ms, sender, "location", point, recalled=recalled)
    if happens(stream, 6):
        asked = _words(voices, stream).replace("\n", " ")
        return Message(key, at_ms, sender, "poll", f"{asked}?\nYes|2\nNo|1", recalled=recalled)
    if happens(stream, dials.repeated):
        return Message(key, at_ms, sender, "text", stream.choice(_AGAIN), recalled=recalled)
    text = _words(voices, stream)
    before = None
    if happens(stream, dials.edited) and len(text) > 12 and not recalled:
        before, text = text, _amended(text, stream)
    return Message(key, at_ms, sender, "text", text, before=before, recalled=recalled)


def _words(voices: _Voices, stream: Random) -> str:
    return ordinary(stream.choice(voices.families), stream, voices.mates)


def _amended(text: str, stream: Random) -> str:
    """Change a message as people do: a word, more at the end, or all of it."""
    words = text.split(" ")
    how = stream.randrange(3)
    if how == 0:
        words[stream.randrange(len(words))] = "sorry,"
        return " ".join(words)
    if how == 1:
        return f"{text} (edit: half an hour later)"
    return "ignore that, wrong chat"
