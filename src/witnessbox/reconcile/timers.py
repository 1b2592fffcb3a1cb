"""Messages that disappear: what the notices of any copy tell of it, and what that accounts for.

A timer is the conversation's, so what one copy's notice tells holds for all.  It takes the oldest
first: where a copy lacks what was sent right after the timer was set, up to some message, and has
most of what follows, the timer accounts for what is lacking.  It does not account for a message
that is lacking while older ones of that time are there, nor for one that another copy has longer
than the timer would let it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.intake.whatsapp.wordings import wordings
from witnessbox.reconcile.alignment import NOTICE
from witnessbox.reconcile.canonical import Woven
from witnessbox.reconcile.layer import Layer

Flags = npt.NDArray[np.bool_]

_HELD_AGAINST = 9
"""One message that is there weighs as much as so many that are not: a few may have been kept."""
_OF_DATABASES = re.compile(r"disappearing messages: (?:\d+ s → )?(\d{1,12}) s")
_OF_SIGNAL = re.compile(r"disappearing messages (?:after (\d{1,12}) seconds|off)")
_NUMBER = re.compile(r"\b(1|7|24|90)\b")
_HOUR_S = 3_600
_LONGEST_S = 10**9
_SECONDS = {"1": 24 * _HOUR_S, "7": 7 * 24 * _HOUR_S, "24": 24 * _HOUR_S, "90": 90 * 24 * _HOUR_S}
"""The times that WhatsApp offers: 24 hours or a day, 7 days, 90 days."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A stretch of messages that were set to disappear."""

    row: int  # the notice that tells it
    since: int  # position of the first
    until: int  # of the first that is not
    after_s: int | None  # after how long, where the notice says so


@dataclass(frozen=True, slots=True)
class Setting:
    """What a notice tells: that messages disappear from now on, or no longer."""

    on: bool
    after_s: int | None = None


def setting(text: str) -> Setting | None:
    """Read a notice's words; None where they tell nothing of a timer."""
    found = _OF_DATABASES.search(text) or _OF_SIGNAL.search(text)
    if found:
        seconds = min(int(found[1] or 0), _LONGEST_S)
        return Setting(seconds > 0, seconds or None)
    words = wordings()
    if any(phrase in text for phrase in words.timers_off):
        return Setting(on=False)
    for phrase in words.timers_on:
        _, found_here, more = text.partition(phrase)
        if found_here:
            number = _NUMBER.search(more)
            return Setting(on=True, after_s=_SECONDS[number[1]] if number else None)
    return None


def timers(laid: Layer, woven: Woven) -> list[Timer]:
    """Find the stretches of a conversation whose messages were set to disappear."""
    # Of several notices of one event the last counts: one that says after how long.
    told = sorted(_told(laid, woven), key=lambda one: (one[0], one[2].after_s or 0, one[1]))
    bounds = [*told, (len(woven.quoted), -1, Setting(on=False))]
    found: list[Timer] = []
    for (at, row, now), (until, _, _) in pairwise(bounds):
        if not now.on or until <= at + 1:
            continue
        before = found[-1] if found else None
        if before and before.until == at and before.after_s == now.after_s:
            found[-1] = replace(before, until=until)
        else:
            found.append(Timer(row, at + 1, until, now.after_s))
    return found


def _told(laid: Layer, woven: Woven) -> Iterator[tuple[int, int, Setting]]:
    """Give position, row and setting of every notice of a timer."""
    notices = np.flatnonzero(laid.rows.sort == NOTICE)
    texts = laid.table["text"].take(pa.array(notices)).to_pylist()
    for row, text in zip(notices.tolist(), texts, strict=True):
        found = setting(text) if text else None
        if found:
            yield int(woven.position[row]), row, found


def gone_until(lacking: Flags, under: Flags) -> int:
    """Say how many of a timer's messages, oldest first, it accounts for in one copy; 0 for none.

    ``under`` says which were under the timer as far as the copies that have them show.
    """
    if not len(lacking):
        return 0
    gain = np.cumsum(np.where(lacking & under, 1, -_HELD_AGAINST))
    best = int(gain.argmax())
    return best + 1 if gain[best] > 0 else 0


def under_timer(laid: Layer, woven: Woven, timer: Timer) -> Flags:
    """Say which messages no copy has for longer than a timer lets them be, by position.

    When a copy was exported is not known, but it was not before its last message.
    """
    rows = laid.rows
    ends = np.append(np.flatnonzero(np.diff(rows.copy)), len(rows.copy) - 1)
    last_ms = np.zeros(int(rows.copy.max(initial=-1)) + 1, np.int64)
    last_ms[rows.copy[ends]] = rows.middle_ms[ends]
    latest_ms = np.zeros(len(woven.quoted), np.int64)
    np.maximum.at(latest_ms, woven.position, last_ms[rows.copy])
    if timer.after_s is None:
        return np.ones(len(latest_ms), bool)
    sent, allowed = rows.middle_ms[woven.quoted], rows.allowed_ms[woven.quoted]
    return np.asarray(latest_ms <= sent + timer.after_s * 1000 + 2 * allowed)
