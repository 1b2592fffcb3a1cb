"""What any ledger store must do, tried on SQLite and on PostgreSQL."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.people import ANA, BO, NOON
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.chain import GENESIS
from witnessbox.ledger.model import Draft, Head
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger, LedgerError, open_ledger


def _note(word: str, kind: str = "note") -> Draft:
    return Draft(kind, f'"{word}"', ANA, NOON, "to try it")


def test_a_new_ledger_is_empty(ledger: Ledger) -> None:
    assert list(ledger.entries()) == []
    assert ledger.head() == Head(0, GENESIS)
    assert ledger.breaches() == []


def test_entries_come_back_in_order_and_whole(ledger: Ledger) -> None:
    first, second = ledger.append([_note("a"), _note("b")])
    (third,) = ledger.append([_note("c")])
    assert list(ledger.entries()) == [first, second, third]
    assert [entry.position for entry in ledger.entries()] == [0, 1, 2]
    assert third.actor == ANA
    assert third.at == "2026-03-02T12:00:00.000000Z"
    assert third.reason == "to try it"
    assert ledger.breaches() == []


def test_appending_nothing_changes_nothing(ledger: Ledger) -> None:
    assert ledger.append([]) == []
    assert ledger.head().length == 0


def test_entries_are_found_by_kind_and_position(ledger: Ledger) -> None:
    ledger.append([_note("a"), _note("b", "coding"), _note("c")])
    assert [entry.body for entry in ledger.entries("coding")] == ['"b"']
    assert [entry.body for entry in ledger.entries(since=2)] == ['"c"']


def test_several_drafts_are_taken_whole_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="not JSON"):
        ledger.append([_note("a"), Draft("note", "{", ANA, NOON)])
    assert ledger.head().length == 0


@pytest.mark.parametrize(
    "deed", ["UPDATE ledger_entries SET reason = 'other'", "DELETE FROM ledger_entries"]
)
def test_the_store_itself_refuses_change(ledger: Ledger, deed: str) -> None:
    ledger.append([_note("a")])
    with pytest.raises(Exception, match="only grows"), ledger.engine.begin() as connection:
        connection.execute(text(deed))
    assert ledger.breaches() == []


def test_an_entry_removed_behind_the_guard_is_noticed(ledger: Ledger) -> None:
    ledger.append([_note("a"), _note("b")])
    with ledger.engine.begin() as connection:
        if ledger.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER ledger_no_delete"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(
            text("DELETE FROM ledger_entries WHERE position = 1 AND operation = :operation"),
            {"operation": ledger.operation},
        )
    assert ledger.breaches() == ["the ledger ends after 1 entries, but 2 were acknowledged"]


def test_two_appenders_at_once_make_one_chain(ledger: Ledger) -> None:
    def work(word: str) -> None:
        for turn in range(5):
            ledger.append([_note(f"{word}{turn}")])

    threads = [threading.Thread(target=work, args=(word,)) for word in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.head().length == 15
    assert ledger.breaches() == []


def test_two_operations_in_one_store_do_not_meet(ledger: Ledger) -> None:
    other = Ledger(ledger.engine, "op-other")
    ledger.append([_note("a")])
    other.append([_note("b")])
    assert [entry.body for entry in other.entries()] == ['"b"']
    assert other.noted_head() is None


def test_opening_again_finds_what_was_kept(folder: Folder) -> None:
    url = f"sqlite:///{folder.ledger}"
    open_ledger(url, "op", folder.head).append([_note("a")])
    assert open_ledger(url, "op", folder.head).head().length == 1


def test_a_spoilt_anchor_is_a_breach_once_there_are_entries(sqlite_ledger: Ledger) -> None:
    assert sqlite_ledger.anchor is not None
    sqlite_ledger.anchor.write_text("what\n")
    assert sqlite_ledger.breaches() == []
    sqlite_ledger.append([_note("a")])
    sqlite_ledger.anchor.write_text("what\n")
    assert sqlite_ledger.breaches() == ["entry 0 is not the one that was acknowledged there"]


def test_an_entry_stands_where_its_head_cannot_be_noted(folder: Folder) -> None:
    nowhere = folder.root / "gone" / "ledger.head"
    ledger = open_ledger(f"sqlite:///{folder.ledger}", "op", nowhere)
    ledger.append([_note("a")])
    assert ledger.head().length == 1
    assert ledger.breaches() == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="could not be opened"):
        open_ledger(f"sqlite:///{tmp_path / 'no' / 'such' / 'ledger.sqlite'}", "op")


def test_an_address_of_no_known_store_is_said() -> None:
    with pytest.raises(LedgerError, match="use sqlite"):
        open_ledger("nonsense://here", "op")


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    times: int = 1


def test_a_record_survives_the_way_through_an_entry(ledger: Ledger) -> None:
    (entry,) = ledger.append([draft("word", _Word("tea", 2), BO, NOON)])
    assert read(entry, _Word) == _Word("tea", 2)


def test_a_body_of_another_shape_is_said(ledger: Ledger) -> None:
    (entry,) = ledger.append([_note("a")])
    with pytest.raises(LedgerError, match="cannot be read"):
        read(entry, _Word)
