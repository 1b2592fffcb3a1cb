"""What was settled about a text export holds wherever the file is cut into stretches."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.whatsapp.reader import EXHIBIT, LONDON, source
from witnessbox.intake.clock import NO_TIME
from witnessbox.intake.settlement import Settled
from witnessbox.intake.whatsapp import reading
from witnessbox.intake.whatsapp.settled import Hours, Rulings

HOUR_MS = 3_600_000
CHAT = "".join(f"14/02/2024, 10:{n:02} - {'Ana' if n % 3 else 'Bo'}: tea {n}\n" for n in range(12))
PLACES = [place for place in range(1, len(CHAT)) if CHAT[place - 1] == "\n"]


def read(chunk_bytes: int, *settled: Settled) -> list[dict[str, Any]]:
    assumption = replace(LONDON, settled=settled)
    batches = reading.read(source(CHAT.encode()), assumption, "x/1", chunk_bytes=chunk_bytes)
    return [
        row
        for batch in batches
        for part in (batch.messages, batch.problems)
        if part is not None
        for row in part.to_pylist()
        if row["start"] < row["end"]
    ]


def body(start: int) -> Settled:
    return Settled("header-in-body", "body", start, "seen")


@settings(deadline=None)
@given(st.sets(st.sampled_from(PLACES)), st.integers(20, 200))
def test_heads_settled_as_bodies_join_the_message_above_and_spans_still_tile(
    places: set[int], chunk_bytes: int
) -> None:
    settled = [body(place) for place in sorted(places)]
    rows = read(chunk_bytes, *settled)
    assert [row["start"] for row in rows] == [0, *(p for p in PLACES if p not in places)]
    assert [row["end"] for row in rows] == [*(row["start"] for row in rows[1:]), len(CHAT)]
    assert all(row["exhibit"] == EXHIBIT for row in rows)


def test_no_ruling_touches_no_head() -> None:
    messages, bodies = Rulings().on(np.array([0, 5]))
    assert not messages.any()
    assert not bodies.any()


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=6), max_size=5))
def test_a_day_of_a_twelve_hour_clock_reads_as_it_was_lived(halves: list[list[int]]) -> None:
    truth: list[int] = []
    for number, hours in enumerate(halves):
        morning = sorted(hours)
        afternoon = [hour for hour in morning if hour <= morning[-1] - 2]
        truth += [(number * 24 + hour) * HOUR_MS for hour in morning]
        truth += [(number * 24 + 12 + hour) * HOUR_MS for hour in afternoon]
    lived = np.array(truth, np.int64)
    day, of_day = lived // (24 * HOUR_MS), lived % (12 * HOUR_MS)
    shown = day * 24 * HOUR_MS + np.where(of_day < HOUR_MS, of_day + 12 * HOUR_MS, of_day)
    clock = Hours()
    got = clock.read(shown, np.arange(len(shown)), np.ones(len(shown), np.bool_))
    assert got.tolist() == lived.tolist()
    clock.close()
    assert clock.days == len(halves)
    assert clock.open_days == sum(max(h) - min(h) < 2 for h in halves)


def test_a_stamp_without_a_time_stays_without_one() -> None:
    unmarked = np.ones(1, np.bool_)
    assert Hours().read(np.array([NO_TIME]), np.array([0]), unmarked).tolist() == [NO_TIME]
