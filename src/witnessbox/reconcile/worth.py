"""How well one leftover can stand for another: by its sort, its words and what it tells. Pure."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from witnessbox.reconcile.alignment import DELETED, MEDIA, NOTICE, OWN, TEXT

NAMED, KIND, SOMEHOW, BEHIND, UNLIKE = 0.0, 1.0, 1.5, 2.0, 3.0
"""The same by name; by kind; perhaps; a placeholder for a message; words unlike, edited."""
_ALIKE = 0.8
_PREFIX_CHARACTERS = 8
_COMPARED_CHARACTERS = 400
_TELLING_CHARACTERS = 20
"""Words this long are not said twice in one place by chance."""
_HOUR_MS = 3_600_000
_HOUR_SLACK_MS = 90_000
_ZONES_MS = 14 * _HOUR_MS + _HOUR_SLACK_MS
_SNUG, _UNSURE = 4, 12  # ranks


@dataclass(frozen=True, slots=True)
class Side:
    """A loose message: what its rows say together, and the bounds of its time and place."""

    person: int
    sort: int
    poll: bool
    at_ms: int
    unit_ms: int
    event: int
    about: int
    edited: int
    place: int  # in its own copy
    low_ms: int  # no row of it can be earlier than this,
    high_ms: int  # nor later than this
    after: int  # the highest rank of a matched message before any of its rows
    before: int  # the lowest of one after any of them
    copies: int  # that hold it, a bit for each
    words: frozenset[str]

    @property
    def key(self) -> tuple[object, ...]:
        """Give what decides where nothing else does, whichever copy comes first."""
        return (self.at_ms, self.place, self.after, self.before, self.sort, sorted(self.words))


def fits(one: Side, other: Side) -> bool:
    """Say whether two can be one message by time and place; copies may be out by one rank."""
    return (
        one.low_ms <= other.high_ms
        and other.low_ms <= one.high_ms
        and one.after <= other.before
        and other.after <= one.before
    )


def strained(one: Side, other: Side) -> bool:
    """Say whether a matched message stands between two."""
    return one.after >= other.before or other.after >= one.before


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """How well two would be one; the best is the least."""

    worth: float
    moved: bool  # their times do not fit, and only place and words speak for it
    strained: bool
    beyond_s: int  # how much further apart than they know the time
    shift: int  # ranks by which their places differ
    apart_ms: int

    @property
    def weak(self) -> bool:
        """Say whether the two are one only if there is no other choice."""
        return self.moved or self.worth >= BEHIND


def weighed(one: Side, other: Side) -> Weight | None:
    """Weigh two; None where they cannot be one."""
    if one.copies & other.copies:
        return None
    worth = _worth(one, other)
    if worth is None:
        return None
    strain = strained(one, other)
    moved = not fits(one, other)
    if moved and (worth != NAMED or not _moved(one, other)):
        return None
    if worth >= UNLIKE and strain:
        return None
    apart = abs(one.at_ms - other.at_ms)
    beyond = max(0, apart - (one.unit_ms + other.unit_ms) // 2)
    shift = abs(one.after - other.after) + abs(one.before - other.before)
    return Weight(worth, moved, strain, beyond // 1000, shift, apart)


def together(one: Side, other: Side) -> Side:
    """Make one message of two: what that one is which is no placeholder and finest in time."""
    return replace(
        min(one, other, key=lambda it: (it.sort == DELETED, it.unit_ms, it.key)),
        copies=one.copies | other.copies,
        words=one.words | other.words,
        about=max(one.about, other.about),
        event=max(one.event, other.event),
        poll=one.poll or other.poll,
        edited=max(one.edited, other.edited),
        low_ms=max(one.low_ms, other.low_ms),
        high_ms=min(one.high_ms, other.high_ms),
        after=max(one.after, other.after),
        before=min(one.before, other.before),
    )


def _worth(one: Side, other: Side) -> float | None:
    if NOTICE in (one.sort, other.sort):
        return _of_notices(one, other) if one.sort == other.sort else None
    if one.person != other.person:
        return None
    if DELETED in (one.sort, other.sort):
        return KIND if one.sort == other.sort else BEHIND
    if {one.sort, other.sort} == {MEDIA, TEXT}:
        return _of_caption(one, other)
    if one.sort != other.sort or _differ(one, other):
        return None
    return _of_words(one, other) if one.sort == TEXT else KIND


def _differ(one: Side, other: Side) -> bool:
    """Say whether both tell whom or what they are about, and it is not the same."""
    return one.about != other.about and min(one.about, other.about) >= 0


def _of_notices(one: Side, other: Side) -> float | None:
    """Weigh two notices: they tell of one event, or one of them does not say what it tells."""
    if OWN in (one.event, other.event):
        return None
    if one.event >= 0 and other.event >= 0:
        if one.event != other.event or _differ(one, other):
            return None
        return NAMED if one.about >= 0 and one.about == other.about else KIND
    if one.words & other.words:
        return NAMED
    return SOMEHOW if one.words or other.words else None


def _of_caption(one: Side, other: Side) -> float | None:
    """Let words by themselves be what another copy shows under a picture."""
    text, picture = (one, other) if one.sort == TEXT else (other, one)
    under = any(
        shown.endswith(said)
        for said in text.words
        if len(said) >= _PREFIX_CHARACTERS
        for shown in picture.words
    )
    return KIND if under else None


def _of_words(one: Side, other: Side) -> float | None:
    if one.words & other.words:
        return NAMED
    if not one.words or not other.words:
        return KIND if one.poll and other.poll else None
    best = max(_alike(a, b) for a in one.words for b in other.words)
    if best >= _ALIKE:
        return KIND + 1.0 - best
    return UNLIKE if one.edited or other.edited else None


def _alike(one: str, other: str) -> float:
    """Say how alike two texts are, 0 where they are not; the costly comparison comes last."""
    first, second = sorted((one, other), key=lambda words: (len(words), words))
    if len(first) >= _PREFIX_CHARACTERS and second.startswith(first):
        return 1.0
    first, second = first[:_COMPARED_CHARACTERS], second[:_COMPARED_CHARACTERS]
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio)
    return matcher.ratio() if all(bound() >= _ALIKE for bound in bounds) else 0.0


def _moved(one: Side, other: Side) -> bool:
    """Say whether a clock can have kept the same words apart, or somebody changed a time.

    So it is in the hour that a change of summer time doubles, and while a clock stood wrong.  What
    is said in that hour is not sure of its place.
    """
    over = max(one.after - other.before, other.after - one.before)
    telling = any(len(said) >= _TELLING_CHARACTERS for said in one.words & other.words)
    if over >= (_UNSURE if telling else 0):
        return False
    apart = abs(one.at_ms - other.at_ms)
    by_hours = min(apart % _HOUR_MS, -apart % _HOUR_MS) <= _HOUR_SLACK_MS and apart <= _ZONES_MS
    # A row that came late is between two places: where its time says, and where it is shown.
    snug = min(it.before - it.after for it in (one, other)) <= _SNUG
    snug &= abs(one.before - other.before) <= _SNUG
    return by_hours or telling or snug or one.sort == NOTICE
