"""When a message was sent, as Apple counts."""

from pathlib import Path

from tests.intake.imessage.mac import AT, FULL, MINUTE, SECONDS
from tests.intake.imessage.reading import made
from tests.intake.reading import rows


def test_times_count_from_2001_by_billionths_or_by_seconds(tmp_path: Path) -> None:
    full = made(tmp_path, *FULL)
    by_row = {one["row"]: one for one in rows(full, "messages")}
    assert by_row[11]["sent_at"].isoformat() == "2023-03-08T20:37:40.250000+00:00"
    assert (by_row[11]["stamp"], by_row[11]["precision"]) == (str(AT + 11 * MINUTE), "millisecond")
    assert by_row[12]["sent_at"].isoformat() == "2023-03-08T20:38:40+00:00"
    assert (by_row[12]["stamp"], by_row[12]["precision"]) == (str(SECONDS + 720), "second")
