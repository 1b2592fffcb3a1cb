"""A picture as rows of the tables ``pictures`` and ``camera_dates``, and as what to say of it."""

import pyarrow as pa

from witnessbox.evidence.model import Severity
from witnessbox.evidence.schema import CAMERA_DATES, PICTURES
from witnessbox.intake.columns import table_of
from witnessbox.intake.pictures.looking import READER, Looked
from witnessbox.intake.unread import Unread


def picture_rows(exhibit: str, seen: Looked) -> pa.RecordBatch | None:
    """Give the picture's row."""
    size = (seen.width, seen.height)
    row = (exhibit, seen.media_type, *size, seen.animated, seen.phash, READER)
    return table_of(PICTURES, [row])


def date_rows(exhibit: str, seen: Looked) -> pa.RecordBatch | None:
    """Give a row for each date in its EXIF data; None where there is none."""
    return table_of(CAMERA_DATES, [(exhibit, one.tag, one.written) for one in seen.dates])


def why_no_chat(seen: Looked) -> Unread:
    """Say that a picture is no chat export, and how far it could be looked at."""
    if seen.damaged:
        return Unread("picture-damaged", f"a picture: {seen.unread}", Severity.LOSS)
    undated = "" if seen.undated is None else f"; its EXIF data cannot be read: {seen.undated}"
    if seen.unread is not None:
        what = f"a picture, not a chat export, and not decoded: {seen.unread}{undated}"
        return Unread("picture-not-decoded", what, Severity.NOTE)
    return Unread("not-a-chat-export", f"a picture, not a chat export{undated}", Severity.NOTE)
