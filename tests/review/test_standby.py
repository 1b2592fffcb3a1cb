"""The standby: a batch is ready while people read, and closing ends its thread."""

import shutil
import threading
from collections.abc import Callable
from time import monotonic, sleep

import pyarrow as pa
import pytest

from tests.people import ANA, NOON
from tests.review.talk import judged, message, screen, talk
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, ROUNDS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.review import standby as standby_module
from witnessbox.review.following import Follower
from witnessbox.review.record import standing
from witnessbox.review.rounds import coded_of
from witnessbox.review.standby import Standby
from witnessbox.screening.learning import regression
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.learning_store import ready

_PATIENCE_S = 300


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait for another thread; only a hang is ever noticed."""
    begun = monotonic()
    while not happened() and monotonic() - begun < _PATIENCE_S:
        sleep(0.05)
    assert happened()


@pytest.fixture
def desk(folder: Folder, sqlite_ledger: Ledger) -> tuple[Folder, Ledger]:
    talk(folder)
    screen(folder, sqlite_ledger)
    return folder, sqlite_ledger


def test_a_batch_is_ready_after_codings_and_follows_further_ones(
    desk: tuple[Folder, Ledger],
) -> None:
    folder, ledger = desk
    standby = Standby(folder, ledger, Mixture(messages=10))
    before = set(threading.enumerate())
    standby.open()
    try:
        judged(ledger, 7, 17, 3, 4)
        standby.nudge()
        wait_for(lambda: standby.ready() is not None)
        judged(ledger, 27)
        length = ledger.head().length
        wait_for(lambda: (at := standby.ready()) is not None and at.basis.pooled == length)
        prepared = standby.ready()
        assert prepared is not None
        made = standby.give_out(ANA, NOON)
        assert made.learned == length
        rows = Tables(folder.tables).read(ROUNDS)["message"].to_pylist()
        assert rows == prepared.rows["message"].to_pylist()
        assert message(27) not in rows
        wait_for(lambda: (at := standby.ready()) is not None and at.basis.number == 2)
        working = set(threading.enumerate()) - before
        assert [thread.name for thread in working] == ["learner"]
    finally:
        standby.close()
    assert not working & set(threading.enumerate())


def test_a_batch_is_made_when_asked_for_where_none_is_ready(desk: tuple[Folder, Ledger]) -> None:
    folder, ledger = desk
    judged(ledger, 7, 3)
    made = Standby(folder, ledger, Mixture(messages=10)).give_out(ANA, NOON)
    assert (made.number, made.messages) == (1, 10)


def test_closing_waits_for_no_pause(
    desk: tuple[Folder, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby_module, "PAUSE_S", 2 * _PATIENCE_S)
    judged(desk[1], 7, 17, 3, 4)
    standby = Standby(*desk)
    standby.open()
    wait_for(lambda: standby.ready() is not None)
    closing = threading.Thread(target=standby.close, daemon=True)
    closing.start()
    wait_for(lambda: not closing.is_alive())


def test_without_tables_it_waits(folder: Folder, sqlite_ledger: Ledger) -> None:
    standby = Standby(folder, sqlite_ledger)
    standby.open()
    standby.nudge()
    standby.close()
    assert standby.ready() is None


def test_tables_that_do_not_fit_together_are_read_again_until_they_do(
    desk: tuple[Folder, Ledger],
) -> None:
    folder, ledger = desk
    tables = Tables(folder.tables)
    batches = tables.read(BATCHES)
    whole = batches.to_batches()
    number = pa.array([-1] * batches.num_rows, pa.int32())
    tables.write(BATCHES, "all", batches.set_column(0, "batch", number).to_batches())
    shutil.rmtree(folder.steps / "screen")  # what it noted of its tables holds no more
    ready(folder)
    regression()  # what takes long is done before, so that the tables below are read soon
    standby = Standby(folder, ledger, Mixture(messages=10))
    standby.open()
    try:
        judged(ledger, 7, 17, 3, 4)
        standby.nudge()
        sleep(0.5)
        assert standby.ready() is None
        tables.write(BATCHES, "all", whole)
        standby.nudge()
        wait_for(lambda: standby.ready() is not None)
    finally:
        standby.close()


def test_a_follower_comes_to_what_the_record_comes_to(desk: tuple[Folder, Ledger]) -> None:
    folder, ledger = desk
    follower = Follower(folder, ledger, ready(folder))
    judged(ledger, 7, 3)
    first = coded_of(follower.take_in().standing, follower.find)
    judged(ledger, 17)
    judged(ledger, 7, reviewer="bo")
    followed = follower.take_in()
    second = coded_of(followed.standing, follower.find)
    assert [one.message for one in first] == [3, 7]
    assert [(one.message, one.readers, one.relevant) for one in second] == [
        (3, 1, 0),
        (7, 2, 2),
        (17, 1, 1),
    ]
    assert followed.standing == standing(folder, ledger)


def test_nearly_the_same_words_elsewhere_are_a_suggestion(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder)
    talk(folder, conversation="c2")
    screen(folder, sqlite_ledger)
    judged(sqlite_ledger, 7, 3)
    standby = Standby(folder, sqlite_ledger, Mixture(messages=10))
    standby.open()
    try:
        wait_for(lambda: standby.ready() is not None)
        (found,) = standby.suggestions(message(7, "c2"))
        assert (found.message, found.conversation, found.likeness) == (message(7), "c1", 1.0)
        assert [one.reviewer for one in found.codings] == ["ana"]
        assert standby.suggestions(message(4)) == ()
        assert standby.suggestions("unknown") == ()
    finally:
        standby.close()
