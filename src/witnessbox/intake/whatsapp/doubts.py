"""What an export leaves in doubt, as problems.  Pure: columns in, problems out.

A doubt about bytes a message owns has an empty span at the byte where it shows.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.intake import persian
from witnessbox.intake.clock import NO_TIME, Ground, Ints, Order, Verdict, Weighed
from witnessbox.intake.whatsapp import stamps
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.settled import Hours
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.survey import Survey
from witnessbox.intake.zone import DAY_MS, Moments

_CAPS = (40_000, 10_000)
_LONGEST_BODY_CHARACTERS = 65_536
_HOUR_MINUTES = 60
_MINUTE_MS = 60_000
_PLAUSIBLE_FROM_MS = 14_245 * DAY_MS  # 1 January 2009, when the service began


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes problems of one exhibit and one parser."""

    exhibit: str
    parser: str

    def at(self, byte: int, code: str, what: str, severity: Severity = Severity.DOUBT) -> Problem:
        """Name a doubt at a byte that a message owns."""
        return Problem(Span(self.exhibit, byte, byte), self.parser, code, what, severity)

    def over(self, start: int, end: int, code: str, what: str, severity: Severity) -> Problem:
        """Name bytes that no message owns."""
        return Problem(Span(self.exhibit, start, end), self.parser, code, what, severity)


def of_the_file(found: Survey, tell: Teller) -> list[Problem]:
    """Name what the whole file leaves open, in file order."""
    if not found.heads:
        return []
    told: list[Problem] = []
    for spelling, verdict in found.verdicts.items():
        told += _of_the_order(verdict, found.samples[spelling], tell)
        told += _of_the_calendar(verdict, found.samples[spelling], tell)
    first = min(verdict.segments[0][0] for verdict in found.verdicts.values())
    if found.hours_in_doubt:
        what = (
            "the clock shows only the hours 1 to 12 and has no marker for the half of the day; "
            f"within days it runs back by hours {found.back_in_a_day} times, as a 12-hour clock "
            "does at noon and a 24-hour clock never should; yet nothing says which messages are of "
            "the morning, so it is read as a 24-hour clock"
        )
        told.append(tell.at(first, "half-day", what))
    for cap in _CAPS:
        if min(abs(found.heads - cap), abs(found.authored - cap)) <= 1:
            what = (
                f"the file holds {found.heads} messages, about the {cap} an export is cut to; "
                "older messages are probably missing, ask for another export"
            )
            told.append(tell.at(first, "export-cap", what, Severity.NOTE))
    return sorted(told, key=lambda problem: problem.span)


def _of_the_order(verdict: Verdict, sample: str, tell: Teller) -> list[Problem]:
    first, order = verdict.segments[0]
    told = []
    if verdict.others:
        others = " or ".join(verdict.others)
        decides = "" if verdict.ground is Ground.SETTLED else "nothing decides, "
        what = f"dates such as {sample} can be {order} or {others}; {decides}read as {order}"
        told.append(tell.at(first, "date-order", what + _evidence(verdict)))
    elif verdict.slight:
        what = f"dates such as {sample} are read as {order} on slight grounds: {verdict.ground}"
        told.append(tell.at(first, "date-order", what + _evidence(verdict), Severity.NOTE))
    for (_, before), (at, after) in pairwise(verdict.segments):
        what = f"from here on dates are read as {after}, before as {before}, by {Ground.VALUES}"
        told.append(tell.at(at, "layout-change", what))
    return told


def _of_the_calendar(verdict: Verdict, sample: str, tell: Teller) -> list[Problem]:
    stamp = stamps.read(f"{sample} - ".encode())
    first, order = verdict.segments[0]
    if stamp is None or order is not Order.YMD:
        return []
    if not persian.FIRST_YEAR <= stamp.fields[0] <= persian.LAST_YEAR:
        return []
    what = f"dates such as {sample} are read in the Persian calendar, by their year"
    return [tell.at(first, "calendar", what, Severity.NOTE)]


def _evidence(verdict: Verdict) -> str:
    """Say what each reading of the dates would mean, so that a person can choose."""
    possible = {order for _, order in verdict.segments} | set(verdict.others)
    weighed = [one for one in verdict.weighed if verdict.slight or one.order in possible]
    return "".join(f"; as {one.order} {_weight(one)}" for one in weighed)


def _weight(one: Weighed) -> str:
    if one.first_day == NO_TIME:
        return "no date would exist"
    steps = "1 step back" if one.back == 1 else f"{one.back} steps back"
    said = f"they run from {_day(one.first_day)} to {_day(one.last_day)} with {steps} in time"
    if one.impossible:
        said += f" and {one.impossible} dates that cannot be"
    if one.named:
        said += f", and {one.agreeing} of {one.named} attachments bear the day of their message"
    return said


def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def of_open_days(hours: Hours | None, tell: Teller) -> list[Problem]:
    """Name the days on which a clock settled to be a 12-hour one never shows the half it is in."""
    if hours is None:
        return []
    hours.close()
    if not hours.open_days:
        return []
    what = (
        f"on {hours.open_days} of {hours.days} days nothing shows which half of the day the times "
        "are in, the first of them here; read as before noon"
    )
    return [tell.at(hours.open_at, "half-day-open", what)]


def of_layouts(
    heads: Heads, previous: int, found: Survey, offset: int, tell: Teller
) -> list[Problem]:
    """Name where one layout of heads gives way to another; ``previous`` stood before (-1: none)."""
    told = []
    for row in np.flatnonzero(np.diff(heads.layout, prepend=previous)).tolist():
        before = int(heads.layout[row - 1]) if row else previous
        if before < 0:
            continue
        old, new = found.uses[before].layout, found.uses[int(heads.layout[row])].layout
        grave = Severity.DOUBT if (old.date, old.end) != (new.date, new.end) else Severity.NOTE
        what = f"heads change from the layout {old.spelling!r} to {new.spelling!r}"
        told.append(tell.at(offset + int(heads.start[row]), "layout-change", what, grave))
    return told


@dataclass(frozen=True, slots=True)
class Before:
    """What a stretch must know of those before it: their last layout, times and zone doubts."""

    layout: int = -1
    start: tuple[int, ...] = ()  # of the last two messages whose time is known
    wall_ms: tuple[int, ...] = ()
    twice: bool = False
    never: bool = False
    text: bool = False  # its last message is plain text
    messages: int = 0


def of_times(start: Ints, wall_ms: Ints, tell: Teller) -> list[Problem]:
    """Name stamps that are no time, and times before the service began."""
    bad = "the stamp names no date and time that exist; the message is kept without a time"
    old = "the stamp lies before the service began in 2009; check the phone's calendar and clock"
    early = (wall_ms != NO_TIME) & (wall_ms < _PLAUSIBLE_FROM_MS)
    return [
        *(tell.at(byte, "no-such-time", bad) for byte in start[wall_ms == NO_TIME].tolist()),
        *(tell.at(byte, "implausible-time", old) for byte in start[early].tolist()),
    ]


def of_order(start: Ints, wall_ms: Ints, before: Before, tell: Teller) -> list[Problem]:
    """Name times that run back; ``start`` counts from the file's first byte."""
    known = wall_ms != NO_TIME
    times = np.append(np.array(before.wall_ms, np.int64), wall_ms[known])
    starts = np.append(np.array(before.start, np.int64), start[known])
    back = np.flatnonzero(np.diff(times) < 0) + 1
    rows = back[back >= len(before.start)].tolist()
    return [_backward(place, times, starts, tell) for place in rows]


def _backward(place: int, times: Ints, start: Ints, tell: Teller) -> Problem:
    """Name a step back, at the message that is out of its place."""
    step_ms = int(times[place - 1] - times[place])
    minutes = step_ms / _MINUTE_MS
    grave = Severity.DOUBT if minutes > _HOUR_MINUTES else Severity.NOTE
    span = f"{minutes:.0f} minutes" if minutes >= 1 else f"{step_ms // 1000} seconds"
    if place >= 2 and times[place - 2] <= times[place]:
        what = f"this message is stamped {span} later than the one below, which fits the one above"
        return tell.at(int(start[place - 1]), "time-runs-back", what, grave)
    what = f"this message is stamped {span} earlier than the one above it"
    return tell.at(int(start[place]), "time-runs-back", what, grave)


def of_zone(
    start: Ints, moments: Moments, before: Before, zone: str, tell: Teller
) -> list[Problem]:
    """Name where runs of times begin that a zone shows twice or skips."""
    told = []
    for flags, earlier, code, what in (
        (
            moments.twice,
            before.twice,
            "zone-hour-twice",
            "shows this hour twice; read as the first",
        ),
        (
            moments.never,
            before.never,
            "zone-hour-skipped",
            "skips this hour; was the phone abroad?",
        ),
    ):
        begins = np.diff(flags.astype(np.int8), prepend=int(earlier)) == 1
        told += [tell.at(byte, code, f"{zone} {what}") for byte in start[begins].tolist()]
    return told


def of_bodies(
    stretch: Stretch, text_start: Ints, text_end: Ints, start: Ints, tell: Teller
) -> list[Problem]:
    """Name bodies longer than the platform lets a message be."""
    told = []
    for row in np.flatnonzero(text_end - text_start > _LONGEST_BODY_CHARACTERS).tolist():
        body = stretch.data[text_start[row] : text_end[row]].decode("utf-8", "replace")
        if len(body) > _LONGEST_BODY_CHARACTERS:
            what = (
                f"the body has {len(body)} characters, more than a message can; heads in a layout "
                "unknown here may lie in it"
            )
            told.append(tell.at(stretch.offset + int(start[row]), "body-too-long", what))
    return told
