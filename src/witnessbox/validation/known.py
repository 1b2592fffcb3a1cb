"""Known data, made by a seed: the same seed makes the same bytes on every machine.

All of it is invented.  Phone numbers are of the range that is kept for drama.
"""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from witnessbox.validation.model import Element, Known, Talk

SEED = 20_240_229
ZONE = "Europe/London"
"""The zone of the invented phones."""

_ANA, _BO, _CY = "Ana Reed", "Bo Lind", "Cy Marsh"
_NUMBER = "+44 7700 900123"
_STAR, _HEBREW = "Dee ⭐🚓", "דנה"
_LONG_CHARACTERS = 60_000

_TEXTS = {
    "plain": ("plain text", "kettle is on"),
    "emoji": ("emoji", "well done 👍😀🫖"),
    "zwj": ("emoji joined by U+200D", "family 👨‍👩‍👧‍👦 and 🏳️‍🌈 and 👩🏽‍🚒"),
    "modifiers": ("skin tones, flags, keycaps", "👋🏿 🇬🇧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 3️⃣ ☕︎"),
    "rtl": ("right-to-left script", "مرحبا بالجميع, שלום לכולם, and back"),
    "bidi": ("controls of writing direction", "a \u202eb\u202c c \u2066d\u2069 e \u200ff\u200e g"),
    "cjk": ("Chinese, Japanese, Korean", "晚上好 お茶 차 한 잔 𠮷野家"),
    "combining": ("combining marks, not composed", "cafe\u0301 नमस्ते Việt\u0323 ก็"),
    "separators": ("U+2028, U+2029, U+0085", "one\u2028two\u2029three\u0085four"),
    "controls": ("tab, vertical tab, form feed", "one\ttwo\x0bthree\x0cfour\x1ffive"),
    "spaces": ("spaces at both ends, U+00A0, U+FEFF", "  two\u00a0three\ufefffour  "),
    "multi-line": ("several lines", "early: Bo\nlate: me\nnights: Cy"),
    "blank-line": ("an empty line inside", "first\n\nthird"),
    "colon": ("colons, links, a name before a colon", "Bo Lind: see https://example.org/a?b=c:d"),
    "markup": ("quotes, backslashes, markup", '"a" \'b\' \\n \\u00e9 <b>c</b> &amp; {"d": [1]}'),
    "latin": ("letters whose bytes look like others", "cafÃ© costs £3, naïve façade"),
    "stamp-inside": ("a date and time inside the text", "was it 28/02/2024, 21:04 - or later"),
    "astral": ("letters beyond U+FFFF", "𝒯𝑒𝒶 𐍈 🀄"),
    "long": (f"a text of {_LONG_CHARACTERS:,} characters", ""),
    "one-letter": ("one letter", "k"),
}
_MARKS = {
    "empty": "a message without content",
    "edited": "edited",
    "deleted": "deleted",
    "forwarded": "forwarded",
    "reply": "reply to another message",
    "reactions": "reactions",
    "attached": "an image that came with the export",
    "omitted": "an image left out of the export",
    "location": "location",
    "contact": "contact card",
    "poll": "poll",
    "call": "missed call",
    "notice-created": "notice: group created",
    "notice-added": "notice: somebody added",
    "notice-left": "notice: somebody left",
}
_SENDERS = {
    "sender-emoji": ("a sender's name with emoji", _STAR),
    "sender-rtl": ("a sender's name right to left", _HEBREW),
    "sender-number": ("a sender known by number only", _NUMBER),
}
_TIMES = {
    "dst-first": ("an hour shown twice, first pass", datetime(2023, 10, 29, 0, 30, tzinfo=UTC)),
    "dst-second": ("an hour shown twice, second pass", datetime(2023, 10, 29, 1, 30, tzinfo=UTC)),
    "leap-day": ("midnight on a leap day", datetime(2024, 2, 29, 0, 0, tzinfo=UTC)),
    "dst-before": ("the minute before clocks go on", datetime(2024, 3, 31, 0, 59, tzinfo=UTC)),
    "dst-after": ("the minute clocks have gone on", datetime(2024, 3, 31, 1, 0, tzinfo=UTC)),
}
_CROWDS = {"people-1": ("1 person", 1), "people-1000": ("1,000 people", 1000)}

ELEMENTS = (
    *(Element(code, title) for code, (title, _) in _TEXTS.items()),
    *(Element(code, title) for code, title in _MARKS.items()),
    *(Element(code, title) for code, (title, _) in _SENDERS.items()),
    *(Element(code, title) for code, (title, _) in _TIMES.items()),
    *(Element(code, title) for code, (title, _) in _CROWDS.items()),
)

_WORDS = ("van", "tea", "rota", "late", "early", "keys", "kit", "desk", "rain", "again", "quiet")
_FIRST = ("Al", "Be", "Co", "Du", "El", "Fa", "Gi", "Ho", "Ib", "Jo")
_LAST = ("Moor", "Lee", "Nash", "Pike", "Quill", "Rowe", "Stone", "Tarn", "Vale", "Wynn")


def talks(seed: int = SEED) -> tuple[Talk, ...]:
    """Make every conversation of known data."""
    return (_elements(seed), *(_crowd(seed, code) for code in _CROWDS))


def _elements(seed: int) -> Talk:
    people = (_ANA, _BO, _CY, _NUMBER, _STAR, _HEBREW)
    said = sorted(_every_element(_draws(seed, "elements")), key=lambda known: known.at)
    crowds = frozenset(_CROWDS)
    codes = tuple(one.code for one in ELEMENTS if one.code not in crowds)
    return Talk("Night watch", people, tuple(said), codes)


def _every_element(draws: Random) -> Iterator[Known]:
    at = datetime(2023, 10, 27, 18, 0, tzinfo=UTC)
    for code, (_, moment) in _TIMES.items():
        yield Known(code, moment, _BO, "is it that late")
    yield Known("notice-created", at, None, "Night watch", member=_ANA)
    at = datetime(2024, 1, 15, 7, 0, tzinfo=UTC)
    for code, (_, text) in _TEXTS.items():
        at = yield from _between(draws, at)
        yield Known(code, at, draws.choice((_ANA, _BO)), text or _long(draws))
    for code, (_, sender) in _SENDERS.items():
        at = yield from _between(draws, at)
        yield Known(code, at, sender, _sentence(draws))
    for code in _MARKS:
        if code != "notice-created":
            at = yield from _between(draws, at)
            yield _mark(code, at, draws)


def _between(draws: Random, at: datetime) -> Generator[Known, None, datetime]:
    """Say two ordinary things, so that every element stands among others; give the next moment."""
    for sender in (_CY, _ANA):
        at += timedelta(seconds=draws.randrange(61, 4_000), milliseconds=draws.randrange(1000))
        yield Known("plain", at, sender, _sentence(draws))
    return at + timedelta(seconds=draws.randrange(61, 4_000))


def _mark(code: str, at: datetime, draws: Random) -> Known:
    texts = {"empty": "", "poll": "Tea or coffee?", "location": "51.5,-0.1", "contact": "Cy Marsh"}
    text = texts.get(code, _sentence(draws))
    if code.startswith("notice-"):
        return Known(code, at, None, text, member=_CY)
    signs = ((_BO, "😀"), (_CY, "❤"), (_STAR, "👍🏿")) if code == "reactions" else ()
    return Known(code, at, _ANA, text, reactions=signs)


def _crowd(seed: int, code: str) -> Talk:
    draws = _draws(seed, code)
    count = _CROWDS[code][1]
    numbered = (
        f"{first} {last}{'' if number == 1 else f' {number}'}"
        for number, first, last in product(range(1, 11), _FIRST, _LAST)
    )
    people = tuple(next(numbered) for _ in range(count))
    at, said = datetime(2024, 1, 13, 9, 0, tzinfo=UTC), []
    for _ in range(1 if count > 1 else 40):
        for person in draws.sample(people, count):
            at += timedelta(seconds=draws.randrange(61, 600))
            said.append(Known(code, at, person, _sentence(draws)))
    return Talk(f"{count:,} at the desk", people, tuple(said), (code,))


def _sentence(draws: Random) -> str:
    return " ".join(draws.choice(_WORDS) for _ in range(draws.randrange(2, 9)))


def _long(draws: Random) -> str:
    words = " ".join(draws.choice(_WORDS) for _ in range(_LONG_CHARACTERS // 3))
    return words[: _LONG_CHARACTERS - 3] + "end"


def _draws(seed: int, purpose: str) -> Random:
    return Random(f"{seed}:{purpose}")  # noqa: S311 - known data, not a secret
