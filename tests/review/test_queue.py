"""The reading queue."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import ANA, NOON
from tests.review.builders import AB1, rank, reconcile, seen
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import BATCHES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Coding, ReviewError, Standing, standing
from witnessbox.review.queue import BatchProgress, Progress, batches, progress, remaining, waiting
from witnessbox.review.record import code, withdraw


def coding(message: str, reviewer: str = "ana", *categories: str) -> Coding:
    start = 10 * int(message[1:])
    return Coding(message, Span(AB1, start, start + 10), reviewer, categories)


def prepared(folder: Folder, *messages: tuple[str, ...]) -> None:
    every = [message for batch in messages for message in batch]
    reconcile(folder, *(seen(one, (AB1, 10 * int(one[1:]))) for one in every))
    rank(folder, *messages)


def test_a_batch_tells_what_is_read_and_what_is_left(folder: Folder, sqlite_ledger: Ledger) -> None:
    prepared(folder, ("m1", "m2", "m3"), ("m4",))
    code(sqlite_ledger, coding("m1"), ANA, NOON)
    code(sqlite_ledger, coding("m1", "bo", "racism"), ANA, NOON)
    code(sqlite_ledger, coding("m2", "bo"), ANA, NOON)
    first, second = batches(folder, sqlite_ledger, "ana")
    assert first == BatchProgress(1, 3, read=1, read_by_anyone=2, disputed=1)
    assert second == BatchProgress(2, 1, read=0, read_by_anyone=0, disputed=0)
    assert (first.remaining, second.remaining) == (2, 1)


def test_what_is_left_comes_in_reading_order(folder: Folder, sqlite_ledger: Ledger) -> None:
    prepared(folder, ("m3", "m1"), ("m2",))
    code(sqlite_ledger, coding("m1"), ANA, NOON)
    left = remaining(folder, sqlite_ledger, "ana")
    assert [(one.batch, one.rank, one.message) for one in left] == [(1, 0, "m3"), (2, 0, "m2")]
    assert [one.message for one in remaining(folder, sqlite_ledger, "bo", 1)] == ["m3", "m1"]


def test_a_withdrawn_coding_puts_its_message_back(folder: Folder, sqlite_ledger: Ledger) -> None:
    prepared(folder, ("m1",))
    code(sqlite_ledger, coding("m1"), ANA, NOON)
    assert remaining(folder, sqlite_ledger, "ana") == ()
    withdraw(sqlite_ledger, coding("m1"), ANA, NOON, "not finished")
    assert [one.message for one in remaining(folder, sqlite_ledger, "ana")] == ["m1"]


def test_a_batch_that_is_not_there_is_named(folder: Folder, sqlite_ledger: Ledger) -> None:
    prepared(folder, ("m1",))
    with pytest.raises(ReviewError, match="no batch 7"):
        remaining(folder, sqlite_ledger, "ana", 7)


def test_all_batches_together_count_each_message_once() -> None:
    rows = ([1, 2, 3], [100, 40, 10], [3, 0, 3], [5, 1, 4], [1, 0, 1])
    found = Progress(*(np.array(row) for row in rows))
    assert found.total(screened=2) == BatchProgress(0, 140, 3, 6, 1)


def test_without_batches_there_is_nothing_to_read(folder: Folder, sqlite_ledger: Ledger) -> None:
    assert batches(folder, sqlite_ledger, "ana") == ()
    assert remaining(folder, sqlite_ledger, "ana") == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["ana", "bo"])), max_size=20))
def test_read_and_left_always_make_the_batch(folder: Folder, said: list[tuple[int, str]]) -> None:
    rank(folder, tuple(f"m{n}" for n in range(6)), tuple(f"m{n}" for n in range(6, 10)))
    table = Tables(folder.tables).read(BATCHES)
    codings = [coding(f"m{number}", reviewer) for number, reviewer in said]
    words = standing(codings, {(AB1, 10 * number): f"m{number}" for number in range(10)})
    for reviewer in ("ana", "bo"):
        left = waiting(table, words, reviewer)
        for batch in progress(table, words, reviewer):
            assert batch.remaining == sum(one.batch == batch.batch for one in left)
            assert 0 <= batch.read <= batch.read_by_anyone <= batch.messages
        assert {one.message for one in left}.isdisjoint(words.messages(reviewer))


def test_codings_of_bytes_in_no_message_do_not_count(folder: Folder) -> None:
    rank(folder, ("m1",))
    table = Tables(folder.tables).read(BATCHES)
    words = standing([replace(coding("m1"), message="m1")], {})
    assert words == Standing(unplaced=(coding("m1"),))
    assert progress(table, words, "ana")[0].read == 0
