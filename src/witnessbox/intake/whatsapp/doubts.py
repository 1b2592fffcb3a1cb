"""What an export leaves in doubt, as problems.  Pure: columns in, problems out.

A doubt about bytes a message owns has an empty span at the byte where it shows.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.intake.clock import NO_TIME, Flags, Ground, Ints, Verdict
from witnessbox.intake.whatsapp.columns import Rows
from witnessbox.intake.whatsapp.heads import CR, LF, Heads, Stretch
from witnessbox.intake.whatsapp.survey import Survey
from witnessbox.intake.zone import DAY_MS

_CAPS = (40_000, 10_000)
_LONGEST_BODY_CHARACTERS = 65_536
_HOUR_MINUTES = 60
_MINUTE_MS = 60_000
_FEWEST_AUTHORED = 8
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
    first = min(verdict.segments[0][0] for verdict in found.verdicts.values())
    if found.hours_in_doubt:
        what = (
            "the clock shows only the hours 1 to 12, has no marker for the half of the day and runs "
            "back within days; read as a 24-hour clock, it may be a 12-hour one"
        )
        told.append(tell.at(first, "half-day", what))
    for cap in _CAPS:
        if min(abs(found.heads - cap), abs(found.authored - cap)) <= 1:
            what = (
                f"the file holds {found.heads} messages, about the {cap} an export is cut to; older "
                "messages are probably missing, ask for another export"
            )
            told.append(tell.at(first, "export-cap", what, Severity.NOTE))
    return sorted(told, key=lambda problem: problem.span)


def _of_the_order(verdict: Verdict, sample: str, tell: Teller) -> list[Problem]:
    first, order = verdict.segments[0]
    told = []
    if verdict.others:
        others = " or ".join(verdict.others)
        what = (
            f"dates such as {sample} can be {order} or {others}; nothing decides, read as {order}"
        )
        told.append(tell.at(first, "date-order", what))
    elif verdict.slight:
        what = f"dates such as {sample} are read as {order} on slight grounds: {verdict.ground}"
        told.append(tell.at(first, "date-order", what, Severity.NOTE))
    for (_, before), (at, after) in zip(verdict.segments, verdict.segments[1:], strict=False):
        what = f"from here on dates are read as {after}, before as {before}, by {Ground.VALUES}"
        told.append(tell.at(at, "layout-change", what))
    return told


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


def of_times(start: Ints, wall_ms: Ints, previous_ms: int, tell: Teller) -> list[Problem]:
    """Name stamps that are no time, times before the service, and times that run back.

    ``previous_ms`` is the last known time before the stretch; ``start`` counts from the file's
    first byte.
    """
    told = []
    for row in np.flatnonzero(wall_ms == NO_TIME).tolist():
        what = "the stamp names no date and time that exist; the message is kept without a time"
        told.append(tell.at(int(start[row]), "no-such-time", what))
    known = np.flatnonzero(wall_ms != NO_TIME)
    times = wall_ms[known]
    for place in np.flatnonzero(times < _PLAUSIBLE_FROM_MS).tolist():
        what = (
            "the stamp lies before the service began in 2009; check the phone's calendar and clock"
        )
        told.append(tell.at(int(start[known[place]]), "implausible-time", what))
    steps = np.diff(times, prepend=previous_ms if previous_ms != NO_TIME else times[:1])
    for place in np.flatnonzero(steps < 0).tolist():
        told.append(_backward(int(-steps[place]), place, times, start[known], tell))
    return told


def _backward(step_ms: int, place: int, times: Ints, start: Ints, tell: Teller) -> Problem:
    minutes = step_ms / _MINUTE_MS
    grave = Severity.DOUBT if minutes > _HOUR_MINUTES else Severity.NOTE
    span = f"{minutes:.0f} minutes" if minutes >= 1 else f"{step_ms // 1000} seconds"
    if place >= 2 and times[place - 2] <= times[place]:
        what = f"this message is stamped {span} later than the one below it, which follows the one above"
        return tell.at(int(start[place - 1]), "time-runs-back", what, grave)
    what = f"this message is stamped {span} earlier than the one above it"
    return tell.at(int(start[place]), "time-runs-back", what, grave)


def of_zone(start: Ints, twice: Flags, never: Flags, zone: str, tell: Teller) -> list[Problem]:
    """Name runs of times that a zone shows twice or skips."""
    told = []
    for flags, code, what in (
        (twice, "zone-hour-twice", f"{zone} shows this hour twice; read as the first time"),
        (never, "zone-hour-skipped", f"{zone} skips this hour; the phone may have been elsewhere"),
    ):
        for row in np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0) == 1).tolist():
            told.append(tell.at(int(start[row]), code, what))
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


def lone_names(found: Survey) -> frozenset[bytes]:
    """List the names that stand once in an export whose others nearly all stand more often."""
    lone = frozenset(name for name, count in found.names.items() if count == 1)
    several = len(found.names) - len(lone)
    quiet = len(lone) > max(1, len(found.names) // 10)
    if quiet or several < 2 or found.authored < _FEWEST_AUTHORED:
        return frozenset()
    return lone


def of_forgery(
    stretch: Stretch,
    rows: Rows,
    lone: Flags,
    crlf: bool,
    tell: Teller,
) -> list[Problem]:
    """Name heads that may be part of the body above: typed or pasted there, perhaps to deceive.

    A text export cannot prove it; a second copy of the conversation can.  The signs: a name that
    speaks nowhere else, a line end unlike those before other heads, an empty line above (the
    platform trims what people send), and a body above that ends as if to introduce a quotation.
    """
    octets, start = stretch.octets(), rows.start
    first = start[0] if len(start) else 0
    later = start > max(first, 1)
    before = octets[np.maximum(start - 2, 0)]
    signs = (
        (lone, "nobody of this name speaks elsewhere in the file", Severity.DOUBT),
        (later & crlf & (before != CR), "the line above ends unlike those above other messages",
         Severity.DOUBT),
        (later & _blank_above(octets, start), "an empty line stands above it", Severity.DOUBT),
        (later & _colon_above(octets, rows),
         "the message above ends in a colon, as if to introduce it", Severity.NOTE),
    )  # fmt: skip
    told = []
    for flags, sign, grave in signs:
        for row in np.flatnonzero(flags).tolist():
            what = f"this head may be part of the message above: {sign}; compare another copy"
            told.append(tell.at(stretch.offset + int(start[row]), "header-in-body", what, grave))
    return told


def _blank_above(octets: np.ndarray[tuple[int], np.dtype[np.uint8]], start: Ints) -> Flags:
    """Say which heads follow an empty line."""
    one = octets[np.maximum(start - 2, 0)]
    two = octets[np.maximum(start - 3, 0)]
    return (start > 2) & ((one == LF) | ((one == CR) & (two == LF)))


def _colon_above(octets: np.ndarray[tuple[int], np.dtype[np.uint8]], rows: Rows) -> Flags:
    """Say which heads follow a text that ends in a colon."""
    ends = (rows.text_end > rows.text_start) & (octets[np.maximum(rows.text_end - 1, 0)] == 0x3A)
    return np.concatenate([[False], ends[:-1]])
