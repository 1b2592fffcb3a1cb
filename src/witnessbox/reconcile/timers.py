"""Messages that disappear: what the notices of any copy tell of it, and what that accounts for.

A timer is the conversation's, so what one copy's notice tells holds for all.  It takes the oldest
first: where a copy lacks what was sent right after the timer was set, up to some message, and has
most of what follows, the timer accounts for what is lacking.  A message that is lacking while older
ones of that time are there is not accounted for.
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
from witnessbox.reconcile.order import Ints

_HELD_AGAINST = 9
"""One message that is there weighs as much as so many that are not: a few may have been kept."""
_OF_DATABASES = re.compile(r"disappearing messages: (?:\d+ s → )?(\d+) s")
_OF_SIGNAL = re.compile(r"disappearing messages (?:after (\d+) seconds|off)")
_NUMBER = re.compile(r"\b(1|7|24|90)\b")
_HOUR_S = 3_600
_SECONDS = {"1": 24 * _HOUR_S, "7": 7 * 24 * _HOUR_S, "24": 24 * _HOUR_S, "90": 90 * 24 * _HOUR_S}
"""The times that WhatsApp offers: 24 hours or a day, 7 days, 90 days."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A stretch of messages that were set to disappear."""

    row: int  # the notice that tells it
    since: int  # position of the first
    until: int  # of the first that is not
    after_s: int | None  # after how long, where the notice says so
    set_ms: int  # when


@dataclass(frozen=True, slots=True)
class Setting:
    """What a notice tells: that messages disappear from now on, or no longer."""

    on: bool
    after_s: int | None = None


def setting(text: str) -> Setting | None:
    """Read a notice's words; None where they tell nothing of a timer."""
    found = _OF_DATABASES.search(text) or _OF_SIGNAL.search(text)
    if found:
        seconds = int(found[1] or 0)
        return Setting(seconds > 0, seconds or None)
    words = wordings()
    if any(phrase in text for phrase in words.timers_off):
        return Setting(on=False)
    if any(phrase in text for phrase in words.timers_on):
        number = _NUMBER.search(text)
        return Setting(on=True, after_s=_SECONDS[number[1]] if number else None)
    return None


def timers(laid: Layer, woven: Woven) -> list[Timer]:
    """Find the stretches of a conversation whose messages were set to disappear."""
    told = sorted(_told(laid, woven), key=lambda one: one[:2])
    bounds = [
        *((at, row, now) for at, row, now in told),
        (len(woven.quoted), -1, Setting(on=False)),
    ]
    found: list[Timer] = []
    for (at, row, now), (until, _, _) in pairwise(bounds):
        if not now.on or until <= at + 1:
            continue
        before = found[-1] if found else None
        if before and before.until == at and before.after_s == now.after_s:
            found[-1] = replace(before, until=until)
        else:
            set_ms = int(laid.rows.middle_ms[row])
            found.append(Timer(row, at + 1, until, now.after_s, set_ms))
    return found


def _told(laid: Layer, woven: Woven) -> Iterator[tuple[int, int, Setting]]:
    """Give position, row and setting of every notice of a timer."""
    notices = np.flatnonzero(laid.rows.sort == NOTICE)
    texts = laid.table["text"].take(pa.array(notices)).to_pylist()
    for row, text in zip(notices.tolist(), texts, strict=True):
        found = setting(text) if text else None
        if found:
            yield int(woven.position[row]), row, found


def gone_until(timer: Timer, at_ms: Ints, lacking: npt.NDArray[np.bool_], last_ms: int) -> int:
    """Say how many of a timer's messages, oldest first, it accounts for in one copy; 0 for none.

    ``last_ms`` is when the last message of the copy was sent: it was exported later.  Where the
    copy has messages that should be gone by then, the timer was not at work, or no longer; it
    accounts then only for what is lacking if nothing is there of as long as the timer takes.
    """
    if not len(lacking):
        return 0
    gain = np.cumsum(np.where(lacking, 1, -_HELD_AGAINST))
    best = int(gain.argmax())
    if gain[best] <= 0:
        return 0
    after_ms = (timer.after_s or 0) * 1000
    left = at_ms[best + 1 :][~lacking[best + 1 :]]
    if not len(left):
        return best + 1
    at_work = bool((left >= last_ms - after_ms).all())
    return best + 1 if at_work or left[0] - timer.set_ms >= after_ms else 0
