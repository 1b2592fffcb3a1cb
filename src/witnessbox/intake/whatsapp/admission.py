"""Which head-shaped lines begin a message, and which are part of a body.  Pure.

A line in a layout the export uses throughout begins a message.  A line in a layout met once or
twice is judged where it stands: it must end its head as the others do and fit between their times.
Either way it is named as a doubt.
"""

from dataclasses import dataclass

import numpy as np

from witnessbox.intake.clock import NO_TIME, Flags, Ints
from witnessbox.intake.whatsapp.settled import Rulings
from witnessbox.intake.whatsapp.stretches import Stretch
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


def admit(
    stretch: Stretch, wall_ms: Ints, following_ms: int, found: Survey, rulings: Rulings
) -> tuple[Flags, list[Refused]]:
    """Say which heads begin messages, and name those that do not.

    ``following_ms`` is the time of the head after the stretch.  What a person settled is so.
    """
    heads = stretch.heads
    if not len(heads):
        return np.zeros(0, np.bool_), []
    messages, bodies = rulings.on(heads.start + stretch.offset)
    admitted = (sure_layouts(found)[heads.layout] | messages) & ~bodies
    refused: list[Refused] = []
    sure = np.flatnonzero(admitted)
    for row in np.flatnonzero(~admitted).tolist():
        around = _around(sure, wall_ms, row, following_ms)
        why = (
            "it was settled so"
            if bodies[row]
            else _objection(stretch, row, int(wall_ms[row]), around, found)
        )
        if why:
            refused.append(Refused(int(heads.start[row]), why))
        else:
            admitted[row] = True
    return admitted, refused


def _around(sure: Ints, wall_ms: Ints, row: int, following_ms: int) -> tuple[int, int]:
    """Give the times of the nearest sure heads before and after a row.

    The nearest, though its date may be none: a stretch begins with one, and does not know those
    before it, so that how the file was cut would decide if a farther one were asked.
    """
    place = int(np.searchsorted(sure, row))
    return (
        int(wall_ms[sure[place - 1]]) if place else NO_TIME,
        int(wall_ms[sure[place]]) if place < len(sure) else following_ms,
    )


def _objection(stretch: Stretch, row: int, own: int, around: tuple[int, int], found: Survey) -> str:
    use = found.uses[int(stretch.heads.layout[row])]
    if use.layout.end != found.main.end:
        return "its head is written unlike all the others"
    before, after = around
    early = before != NO_TIME and own + _SLACK_MS < before
    late = after != NO_TIME and own > after + _SLACK_MS
    if own == NO_TIME or early or late:
        return "its head is written unlike the others and its time does not fit between theirs"
    if use.heads == 1 and found.heads >= _FEW_HEADS and not _known(stretch, row, found):
        return "its head is written unlike the others and nobody of that name speaks elsewhere"
    return ""


def _known(stretch: Stretch, row: int, found: Survey) -> bool:
    heads = stretch.heads
    line = stretch.data[heads.body[row] : heads.line_end[row]]
    return found.names.get(line.split(b": ", 1)[0], 0) > 1
