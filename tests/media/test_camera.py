"""What a camera says is pointed out where no zone explains it, and not otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from witnessbox.intake.pictures.dates import CameraDate
from witnessbox.media.camera import is_far

SENT = datetime(2017, 5, 10, 12, 0, tzinfo=UTC)


def said(taken: str, offset: str | None = None) -> list[CameraDate]:
    dates = [CameraDate("DateTimeOriginal", taken)]
    return dates if offset is None else [*dates, CameraDate("OffsetTimeOriginal", offset)]


@pytest.mark.parametrize(
    ("dates", "far"),
    [
        (said("2017:05:10 12:00:00"), False),
        (said("2017:05:08 22:30:00"), False),  # 37 hours and a half: a zone may explain 14 of them
        (said("2017:05:08 21:30:00"), True),
        (said("2017:05:09 13:30:00", "+01:00"), False),
        (said("2017:05:09 12:30:00", "+01:00"), True),
        (said("2017:05:09 10:30:00", "-02:00"), False),
        (said("2012:01:01 00:00:00"), True),
        (said("2012:01:01 00:00:00", "+99:00"), False),
        (said("2012:01:01 00:00:00", "somewhere"), True),
        (said("0000:00:00 00:00:00"), False),
        (said("last summer"), False),
        ([CameraDate("DateTime", "2012:01:01 00:00:00")], False),
        ([], False),
    ],
)
def test_an_original_time_is_far_only_beyond_what_zones_explain(
    dates: list[CameraDate], *, far: bool
) -> None:
    assert is_far(dates, SENT) is far


def test_a_message_without_a_time_has_nothing_to_compare() -> None:
    assert not is_far(said("2012:01:01 00:00:00"), None)
    assert is_far(said("2012:01:01 00:00:00"), SENT + timedelta(days=1))
