"""What a camera's clock says beside the time a message was sent.  Pure; nothing is judged here.

A camera's clock may be wrong, and a picture older than the message that carries it; most apps take
EXIF data out.  So a time is only ever said to lie far from that of the message, and is shown as it
is written.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from witnessbox.intake.pictures.dates import CameraDate

FAR = timedelta(days=1)
"""A camera's time this far from that of sending is pointed out."""

_ZONES = timedelta(hours=14)  # how far any zone lies from UTC, where the camera names none
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})$")


def is_far(dates: Sequence[CameraDate], sent_at: datetime | None) -> bool:
    """Say whether the picture's original time is far from that of sending, whatever the zone."""
    written = {one.tag: one.written for one in dates}
    taken = _read(written.get("DateTimeOriginal", ""))
    if taken is None or sent_at is None:
        return False
    offset = _OFFSET.match(written.get("OffsetTimeOriginal", ""))
    if offset is None:
        return abs(sent_at - taken.replace(tzinfo=UTC)) > FAR + _ZONES
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    if ahead > _ZONES:
        return False
    zone = timezone(ahead if offset[1] == "+" else -ahead)
    return abs(sent_at - taken.replace(tzinfo=zone)) > FAR


def _read(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - it has no zone
    except ValueError:
        return None
