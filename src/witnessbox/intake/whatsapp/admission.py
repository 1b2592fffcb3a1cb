"""Which head-shaped lines begin a message, and which are part of a body.  Pure.

A line in a layout the export uses throughout begins a message.  A line in a layout met once or
twice is judged where it stands: it must end its head as the others do and fit between their times.
Either way it is named as a doubt.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.intake.clock import NO_TIME, Flags, Ints
from witnessbox.intake.whatsapp.heads import Heads, Stretch
from witnessbox.intake.whatsapp.survey import Survey

_SLACK_MS = 3_600_000  # a repeated hour in autumn is no contradiction
_FEW_HEADS = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A head-shaped line left in the body it stands in, and why."""

    at: int
    why: str


def sure_layouts(found: Survey) -> Flags:
    """Say of each layout, by its number, whether its heads begin messages wherever they stand."""
    return np.array([use.sure for use in found.uses], np.bool_)


def admit(stretch: Stretch, wall_ms: Ints, found: Survey) -> tuple[Flags, list[Refused]]:
    """Say which heads begin messages, and name those that do not."""
    heads = stretch.heads
    if not len(heads):
        return np.zeros(0, np.bool_), []
    admitted = sure_layouts(found)[heads.layout]
    refused: list[Refused] = []
    fixed = np.flatnonzero(admitted & (wall_ms != NO_TIME))
    for row in np.flatnonzero(~admitted).tolist():
        why = _objection(stretch, heads, row, wall_ms, fixed, found)
        if why:
            refused.append(Refused(int(heads.start[row]), why))
        else:
            admitted[row] = True
    return admitted, refused


def _objection(
    stretch: Stretch, heads: Heads, row: int, wall_ms: Ints, fixed: Ints, found: Survey
) -> str:
    use = found.uses[int(heads.layout[row])]
    if use.layout.end != found.main.end:
        return "its head is written unlike all the others"
    place = int(np.searchsorted(fixed, row))
    before = wall_ms[fixed[place - 1]] if place else NO_TIME
    after = wall_ms[fixed[place]] if place < len(fixed) else NO_TIME
    own = wall_ms[row]
    early = before != NO_TIME and own + _SLACK_MS < before
    late = after != NO_TIME and own > after + _SLACK_MS
    if own == NO_TIME or early or late:
        return "its head is written unlike the others and its time does not fit between theirs"
    if use.heads == 1 and found.heads >= _FEW_HEADS and not _known(stretch, heads, row, found):
        return "its head is written unlike the others and nobody of that name speaks elsewhere"
    return ""


def _known(stretch: Stretch, heads: Heads, row: int, found: Survey) -> bool:
    line = stretch.data[heads.body[row] : heads.line_end[row]]
    return found.names.get(line.split(b": ", 1)[0], 0) > 1
