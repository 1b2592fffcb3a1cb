"""What led to a join, in plain words: rules, weights and clocks as people read them.  Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from witnessbox.evidence.model import Kind
from witnessbox.reconcile.lines import at_rows
from witnessbox.reconcile.model import ClockStep, JoinedBy, MatchedBy

_RULES = {
    MatchedBy.PLATFORM_ID: "the platform's own id is the same in another copy, which settles it",
    MatchedBy.TEXT: "the same words by the same person at the same corrected time",
    MatchedBy.KIND: (
        "the same kind of message by the same person at the same corrected time and place in order"
    ),
    MatchedBy.LIKENESS: (
        "words that resemble the ones quoted, or an edited message, by the same person at that "
        "time and place in order"
    ),
    MatchedBy.PLACEHOLDER: (
        "this copy says only that a message stood here, and this is the one its row lacks there"
    ),
    MatchedBy.ALONE: "no other copy holds it",
}
_NOTICE = "a notice of the same event that concerns the same person, at that time and place"
_LED = {
    JoinedBy.TEXTS: "texts that both copies hold stand under both names",
    JoinedBy.NUMBER: "both have the same telephone number",
    JoinedBy.PHONE: "one phone has the same name for both",
    JoinedBy.CUSTODIAN: "both are the owner of a phone of one custodian",
    JoinedBy.NAME: "two phones have the same name for somebody who speaks in this conversation",
    JoinedBy.FULL_NAME: "two phones have the same full name for them, in different conversations",
    JoinedBy.DECISION: "somebody decided it",
}
_MOST_TIMES = 1_000_000_000
_DAY_MS = 86_400_000
_UNITS = (("d", _DAY_MS), ("h", 3_600_000), ("min", 60_000))
_BILLION = 1_000_000_000
_GRAINS = ((10_000, 1_000), (1_000, 100))
"""From how many milliseconds on how fine is fine enough."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """Give a moment as the tables hold it: milliseconds, UTC."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moved(moment: datetime, by_ms: int) -> datetime:
    """Give a moment some milliseconds later."""
    return moment + timedelta(milliseconds=by_ms)


def rule(matched_by: MatchedBy, kind: str) -> str:
    """Say why a sighting was taken for its message."""
    if matched_by is MatchedBy.KIND and kind == Kind.NOTICE:
        return _NOTICE
    return _RULES[matched_by]


def led(joined_by: str) -> str:
    """Say what led to two names being held beside one another."""
    return _LED[JoinedBy(joined_by)]


def odds(weight: float) -> str:
    """Say what a match weight means, to two figures; a weight in the tens is as good as sure."""
    times = 2 ** min(abs(weight), 60.0)
    if times < 1.05:
        return "as likely if they are one person as if they are two"
    more = "more than a thousand million" if times >= _MOST_TIMES else f"about {_figures(times)}"
    one, two = ("one person", "two") if weight > 0 else ("two people", "one")
    return f"{more} times likelier if they are {one} than if they are {two}"


def _figures(value: float) -> str:
    if value < 10:
        return f"{value:.1f}"
    size = 10 ** (len(str(int(value))) - 2)
    return f"{round(value / size) * size:,}"


def off_by(milliseconds: int) -> str:
    """Write how much is added to a clock: ``+1 h 2 min``, ``−40 s``, ``nothing``."""
    rest, parts = abs(milliseconds), []
    grain = next((grain for least, grain in _GRAINS if rest >= least), 1)
    rest = (rest + grain // 2) // grain * grain
    if not rest:
        return "nothing"
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    if rest:
        parts.append(f"{rest / 1000:g} s")
    return ("−" if milliseconds < 0 else "+") + " ".join(parts)


def clock(piece: ClockStep, added_ms: int) -> str:
    """Say what a piece of a clock adds at one row, how sure that is and on what it stands."""
    said = [f"{off_by(added_ms)} added"]
    if piece.ppb:
        said.append(f"drifting by {piece.ppb * _DAY_MS / _BILLION / 1000:+.1f} s a day")
    if piece.within_ms:
        said.append(f"sure within {off_by(piece.within_ms).removeprefix('+')}")
    texts = "1 text" if piece.texts == 1 else f"{piece.texts:,} texts"
    said.append(f"on {texts}" if piece.texts else "on no text that another copy holds too")
    return ", ".join(said)


def piece_at(steps: Sequence[ClockStep], row: int) -> ClockStep | None:
    """Give the piece of a copy's clock that is in force at one of its rows."""
    return next((one for one in reversed(steps) if one.since_row <= row), None)


def added_ms(piece: ClockStep, sent_ms: int) -> int:
    """Say what a piece of a clock adds to a time of its copy."""
    return int(at_rows([piece], np.zeros(1, np.int64), np.array([sent_ms], np.int64))[0])


def copies_named(numbers: Sequence[int]) -> str:
    """Name copies by their numbers: ``copy 2``, ``copies 2, 3``."""
    listed = ", ".join(str(number) for number in sorted(numbers))
    return f"{'copy' if len(numbers) == 1 else 'copies'} {listed}"
