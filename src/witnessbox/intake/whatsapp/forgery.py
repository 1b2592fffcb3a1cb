"""Heads that may be part of the body above: typed or pasted there, perhaps to deceive.  Pure.

A text export cannot prove it; a second copy of the conversation can.  The signs are a name that
speaks nowhere else, a line end unlike those above other heads, an empty line above (the platform
trims what people send), and a message above that ends as if to introduce a quotation.
"""

import numpy as np

from witnessbox.evidence.model import Kind, Problem, Severity
from witnessbox.intake.clock import Flags
from witnessbox.intake.whatsapp.columns import Rows
from witnessbox.intake.whatsapp.doubts import Before, Teller
from witnessbox.intake.whatsapp.heads import CR, LF
from witnessbox.intake.whatsapp.kinds import KINDS
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.survey import Survey

_COLON = 0x3A
_TEXT = KINDS.index(Kind.TEXT)
_FEWEST_AUTHORED = 8


def lone_names(found: Survey) -> frozenset[bytes]:
    """List the names that stand once in an export whose others nearly all stand more often."""
    lone = frozenset(name for name, count in found.names.items() if count == 1)
    several = len(found.names) - len(lone)
    many = len(lone) > max(1, len(found.names) // 10)
    if many or several < 2 or found.authored < _FEWEST_AUTHORED:
        return frozenset()
    return lone


def suspects(
    stretch: Stretch, rows: Rows, lone: Flags, found: Survey, before: Before, tell: Teller
) -> list[Problem]:
    """Name suspected heads; ``lone`` marks the names that speak nowhere else."""
    start = rows.start
    text_above = np.concatenate([[before.text], rows.kind[:-1] == _TEXT])
    one, two = (stretch.above(start, back) for back in (2, 3))
    returned = one == CR
    ended = np.where(returned, two, one)
    signs = (
        (lone, "nobody of this name speaks elsewhere in the file", Severity.DOUBT),
        (~returned & found.ends_with_crlf, "the line above ends unlike those above other messages",
         Severity.DOUBT),
        (text_above & (ended == LF), "an empty line stands above it", Severity.DOUBT),
        (text_above & (ended == _COLON), "the line above ends in a colon, as if to introduce it",
         Severity.NOTE),
    )  # fmt: skip
    first = start[0] if not before.messages else -1  # nothing stands above it
    told = []
    for flags, sign, grave in signs:
        what = (
            f"this head may be part of the message above (body): {sign}; what speaks for a message "
            "of its own is that it is written as the file's other heads are; compare another copy"
        )
        told += [
            tell.at(stretch.offset + byte, "header-in-body", what, grave)
            for byte in start[flags & (start != first)].tolist()
        ]
    return told
