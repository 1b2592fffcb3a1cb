"""What one message of a Signal export says, whichever of its two files it stands in."""

from dataclasses import dataclass

import msgspec

NOBODY = "No-Sender"
"""Written where the exporter knew no sender; no contact is named so, since names are letters."""

ADDED = "  "
"""What the exporter puts behind every body; what a person typed stands before it."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One file of a message; ``path`` is as written, None where it was left out."""

    path: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker: its emoji or stand-in, and its path in the export where it is there."""

    label: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a message said before it was edited, and since when."""

    stamp: str | None
    text: str | None


class Said(msgspec.Struct, frozen=True):
    """One message.  ``text`` is without what the exporter added to it."""

    stamp: str | None
    sender: str | None
    text: str | None
    quote: str | None = None
    sticker: Sticker | None = None
    attached: tuple[Attached, ...] = ()
    reactions: tuple[tuple[str | None, str | None], ...] = ()  # who, what
    deleted: bool = False
    call: bool = False
    earlier: tuple[Earlier, ...] = ()
