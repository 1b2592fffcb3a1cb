"""WhatsApp's "Export chat" text, as Android and iOS write it, in any of their layouts.

::

    31/12/2023, 21:04 - Ana: text                  Android: minutes
    [31/12/2023, 21:04:05] Ana: text               iOS and macOS: seconds
    2023. 1. 13. 오후 9:04, 민수 : 안녕              Android in Korean, older
    31/12/2023, 21:05 - Ana added Bo               a notice has no sender on Android
    [31/12/2023, 21:05:09] Nights: U+200E Ana added Bo      and the platform's mark on iOS

A line without a head continues the message above.  Order of the date's fields, clock and calendar
show only over a whole file, so it is read twice.  Text and names stay as written.

Information updated 2026-11.  Not read: exports with names of months, the Islamic calendar
(messages are kept, without a time), messages copied from WhatsApp Web (time first).
"""

from collections.abc import Iterator
from itertools import islice

from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.signal.pages import is_page
from witnessbox.intake.whatsapp import reading, stamps

FORMAT = Format("whatsapp-text", "WhatsApp exported chat (text)", 4, "whatsapp")

_MOST_LINES = 2_000


def identify(name: str, head: bytes) -> bool:
    """Say whether a file that begins like this holds a head, and is no page of Signal's."""
    if is_page(name, head):
        return False
    lines = head.replace(b"\r", b"\n").split(b"\n")
    return any(stamps.read(line) is not None for line in islice(lines, _MOST_LINES))


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read an export from its first byte to its last; memory grows with the batch."""
    return reading.read(source, assumption, FORMAT.label)
