"""How people name at a terminal what they decide about: copies, names in them, times."""

import re
from collections.abc import Collection
from datetime import datetime, tzinfo

from witnessbox.reconcile import record
from witnessbox.reconcile.model import CopyName
from witnessbox.reconcile.record import DecisionError, Known

_SPAN = re.compile(r"(\d{1,6}):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?")


def one_of(ids: Collection[str], beginning: str, what: str) -> str:
    """Find the one id that begins so.  Raises DecisionError where there is none, or are several."""
    found = [one for one in ids if one.startswith(beginning)] if beginning else []
    if len(found) == 1:
        return found[0]
    how = "none begins so" if not found else f"{len(found):,} begin so; write more of it"
    raise DecisionError(f"{beginning!r} names no {what}: {how}; nothing was changed")


def name_of(have: Known, named: str) -> CopyName:
    """Find a name written as COPY:NAME.  Raises DecisionError where the copy is none."""
    copy, colon, name = named.partition(":")
    if not colon:
        raise DecisionError(f"{named!r} is no name of a copy; write it as COPY:NAME")
    return CopyName(one_of(have.copies, copy, "copy"), name)


def milliseconds(span: str) -> int:
    """Read by how much a clock is off, as 0:07:00 or 0:00:02.500.  Raises DecisionError."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise DecisionError(f"{span!r} is no time by which a clock is off; try 0:07:00")
    hours, minutes, seconds = (int(found[place]) for place in (1, 2, 3))
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + int((found[4] or "").ljust(3, "0"))


def moment(zone: tzinfo, written: str) -> str | None:
    """Read a moment as decisions have it, None where none is written.  Raises DecisionError.

    One without a zone is the operation's.
    """
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        return record.moment(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise DecisionError(
            f"{written!r} is no moment; try 2024-03-01T10:00 or 2024-03-01T10:00Z"
        ) from None
