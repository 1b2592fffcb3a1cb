import shutil

from tests.search.conftest import BLUE, NAMES, NIGHTS
from tests.search.talk import write
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.search import index
from witnessbox.search.model import Query
from witnessbox.search.query import search


def test_the_index_is_made_once_and_again_when_messages_change(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    write(folder, [BLUE], NAMES)
    assert index.due(folder, sqlite_ledger) == 1
    assert index.run(folder, sqlite_ledger) == 1
    assert (index.due(folder, sqlite_ledger), index.run(folder, sqlite_ledger)) == (0, 0)
    write(folder, [BLUE, NIGHTS], NAMES)
    assert index.run(folder, sqlite_ledger) == 1
    assert search(folder, Query("touch")).total == 1


def test_a_lost_index_is_due_and_an_old_one_is_cleared_away(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    write(folder, [BLUE], NAMES)
    index.run(folder, sqlite_ledger)
    (first,) = [place for place in folder.index.iterdir() if place.is_dir()]
    shutil.rmtree(first)
    assert index.run(folder, sqlite_ledger) == 1
    write(folder, [NIGHTS], NAMES)
    index.run(folder, sqlite_ledger)
    assert len([place for place in folder.index.iterdir() if place.is_dir()]) == 1


def test_an_operation_without_messages_has_an_index_that_finds_nothing(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    told: list[tuple[str, int, int]] = []
    assert index.run(folder, sqlite_ledger, progress=lambda *it: told.append(it)) == 1
    assert search(folder, Query("kettle")).total == 0
    assert told == []


def test_readers_ask_while_another_index_is_made(folder: Folder, sqlite_ledger: Ledger) -> None:
    write(folder, [BLUE], NAMES)
    index.run(folder, sqlite_ledger)
    before = index.opened(folder)[0].searcher()
    write(folder, [BLUE, NIGHTS], NAMES)
    index.run(folder, sqlite_ledger)
    assert (before.num_docs, index.opened(folder)[0].searcher().num_docs) == (6, 10)
