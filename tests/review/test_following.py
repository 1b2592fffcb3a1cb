"""Following the ledger: what a follower says is what the tables and the whole ledger say."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.people import ANA, NOON
from tests.review.builders import AB1
from tests.review.talk import is_remark, judged, message, screen, talk
from tests.screening.test_learning_store import long_ago
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import BATCHES, CANONICAL_MESSAGES, ROUNDS, SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.review import record
from witnessbox.review.coding import Coding
from witnessbox.review.drawn import draws
from witnessbox.review.following import Follower
from witnessbox.review.queue import Progress, progress_of
from witnessbox.review.record import code, withdraw
from witnessbox.review.rounds import next_round, shard_of
from witnessbox.review.samples import Asked, draw, listed, serve, served
from witnessbox.review.suggestions import every
from witnessbox.screening.cold_order import cold_order
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_store import ready
from witnessbox.screening.material import Purpose

TEN = Mixture(messages=10)
SILENT = 120
"""The place of a message that batches have and scores have not."""

Desk = tuple[Folder, Ledger]


@pytest.fixture
def desk(folder: Folder, sqlite_ledger: Ledger) -> Desk:
    talk(folder)
    talk(folder, 130, "c2")
    screen(folder, sqlite_ledger)
    _append(folder, CANONICAL_MESSAGES, "c1", start=SILENT * 10, end=SILENT * 10 + 10)
    _append(folder, SIGHTINGS, "c1", start=SILENT * 10, end=SILENT * 10 + 10)
    _append(folder, BATCHES, "all", batch=3, rank=251)
    return folder, sqlite_ledger


def _append(folder: Folder, table: Any, shard: str, **columns: int) -> None:
    tables = Tables(folder.tables)
    row = dict.fromkeys(table.stored.names) | {
        "message": message(SILENT),
        "conversation": "c1",
        "position": SILENT,
        "exhibit": AB1,
        **columns,
    }
    row = {name: row[name] for name in table.stored.names}
    rows = tables.read(table, [shard]).cast(table.stored)
    more = pa.Table.from_pylist([row], schema=table.stored)
    tables.write(table, shard, pa.concat_tables([rows, more]).unify_dictionaries().to_batches())


def rank_anew(folder: Folder, rows: pa.Table) -> None:
    """Write other batches, of which no step has noted anything."""
    Tables(folder.tables).write(BATCHES, "all", rows.to_batches())
    (folder.steps / "screen" / "all.json").unlink(missing_ok=True)


def columns(progress: Progress) -> list[list[int]]:
    """Give all figures of all batches."""
    return [
        column.tolist()
        for column in (
            progress.batch,
            progress.messages,
            progress.read,
            progress.read_by_anyone,
            progress.disputed,
        )
    ]


def agrees(follower: Follower, desk: Desk) -> None:
    """Check that a follower says what goes through everything says."""
    for reviewer in ("ana", "bo", "nobody"):
        assert columns(follower.progress(reviewer)) == columns(progress_of(*desk, reviewer))
        standing = follower.take_in().standing
        assert serve(draws(desk[1]), standing, reviewer, follower.listed) == served(*desk, reviewer)
    assert follower.take_in().standing == record.standing(*desk)


def test_a_follower_says_what_all_tables_and_entries_say(desk: Desk) -> None:
    folder, ledger = desk
    follower = Follower(folder, ledger, ready(folder))
    agrees(follower, desk)
    judged(ledger, 7, 17, 3, SILENT)
    judged(ledger, 8, 3, reviewer="bo")
    agrees(follower, desk)
    code(ledger, Coding(message(3), Span(AB1, 30, 40), "bo", ("racism",)), ANA, NOON)
    agrees(follower, desk)
    draw(folder, ledger, Asked(Purpose.SEALED, 20), ANA, NOON)
    next_round(folder, ledger, ANA, NOON, TEN)
    agrees(follower, desk)
    given = Tables(folder.tables).read(ROUNDS)["message"].to_pylist()
    places = [int(one.rpartition("-")[2]) for one in given if one.startswith("c1")]
    judged(ledger, *places)
    agrees(follower, desk)
    word = record.standing(folder, ledger).of(message(7))[0]
    withdraw(ledger, word, ANA, NOON, "not finished")
    agrees(follower, desk)
    agrees(Follower(folder, ledger, ready(folder)), desk)


def test_a_coding_of_bytes_in_no_message_stays_unplaced(desk: Desk) -> None:
    folder, ledger = desk
    follower = Follower(folder, ledger, ready(folder))
    code(ledger, Coding("gone", Span(AB1, 99_999, 100_009), "ana"), ANA, NOON)
    agrees(follower, desk)
    assert len(follower.take_in().standing.unplaced) == 1


def test_a_round_whose_table_is_lost_counts_once_it_is_there(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 3)
    made = next_round(folder, ledger, ANA, NOON, TEN)
    place = Tables(folder.tables).path(ROUNDS, shard_of(made.inputs, made.number))
    kept = place.read_bytes()
    place.unlink()
    follower = Follower(folder, ledger, ready(folder))
    agrees(follower, desk)
    place.write_bytes(kept)
    agrees(follower, desk)
    assert follower.progress("ana").batches == 4


def test_a_follower_is_current_until_its_tables_are_made_anew(desk: Desk) -> None:
    folder, ledger = desk
    long_ago(folder.root)
    follower = Follower(folder, ledger, ready(folder))
    assert follower.current()
    judged(ledger, 7)
    next_round(folder, ledger, ANA, NOON, TEN)
    assert follower.current()
    rank_anew(folder, Tables(folder.tables).read(BATCHES).slice(0, 200))
    assert not follower.current()
    again = Follower(folder, ledger, ready(folder))
    agrees(again, desk)
    screen(folder, ledger)
    talk(folder, 30, "c3")
    screen(folder, ledger)
    assert not again.current()


def test_cold_batches_are_kept_and_made_again_when_batches_change(desk: Desk) -> None:
    folder, _ = desk
    named = ready(folder)
    found = cold_order(folder, named)
    rows = {one.message: one.batch for one in listed(folder, named.message.to_pylist())}
    assert found.batch.tolist() == [rows[one] for one in named.message.to_pylist()]
    assert found.messages.tolist() == [0, 100, 100, 51]
    stamp = folder.learner / "batches-made-from.txt"
    made = stamp.stat().st_mtime_ns
    cold_order(folder, named)
    assert stamp.stat().st_mtime_ns == made
    rank_anew(folder, Tables(folder.tables).read(BATCHES).slice(100))
    assert cold_order(folder, named).messages.tolist() == [0, 0, 100, 51]


def test_a_batch_that_names_another_message_at_a_place_is_not_taken_for_it(desk: Desk) -> None:
    folder, _ = desk
    named, rows = ready(folder), Tables(folder.tables).read(BATCHES)
    old = pa.array([f"old-{one}" for one in rows["message"].to_pylist()])
    at = rows.schema.get_field_index("message")
    rank_anew(folder, rows.set_column(at, "message", old))
    assert not np.any(cold_order(folder, named).batch)


def test_without_batches_there_is_nothing_to_follow(folder: Folder, sqlite_ledger: Ledger) -> None:
    follower = Follower(folder, sqlite_ledger, ready(folder))
    assert follower.progress("ana").batches == 0
    assert follower.progress("ana").first_waiting(0) is None
    assert list(follower.listed(["unknown"])) == []


def test_every_message_is_suggested_once_and_by_the_first_that_it_is_like(desk: Desk) -> None:
    folder, ledger = desk
    judged(ledger, 7, 17, 3)
    found = list(every(folder, ledger))
    names = [one.message for one in found]
    assert len(set(names)) == len(names)
    assert {message(7, "c2"), message(17, "c2")} <= set(names)
    assert not {message(7), message(17), message(3, "c2")} & set(names)
    assert all(is_remark(int(name.rpartition("-")[2])) for name in names)
    (first,) = [one for one in found if one.message == message(7, "c2")]
    assert (first.like, first.likeness, first.categories) == (message(7), 1.0, ("misogyny",))
