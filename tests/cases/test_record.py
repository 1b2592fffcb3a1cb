"""Case records and the ledger."""

from dataclasses import replace

import pytest

from tests.cases.builders import ALLEGED, FIRST, OTHER, RECORDS, WARNED, case_file
from tests.people import ANA, BO, NOON
from witnessbox.cases.model import CaseError, Standard, Status
from witnessbox.cases.record import Taken, add, history, state, strike, take
from witnessbox.cases.vocabulary import standards
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger


@pytest.fixture
def filled(sqlite_ledger: Ledger) -> Ledger:
    take(sqlite_ledger, RECORDS, ANA, NOON)
    return sqlite_ledger


def test_what_is_entered_is_what_stands(ledger: Ledger) -> None:
    assert take(ledger, RECORDS, ANA, NOON, "first file") == Taken(len(RECORDS), 0)
    assert state(ledger) == case_file()
    assert ledger.breaches() == []


def test_a_file_taken_again_adds_nothing(filled: Ledger) -> None:
    before = filled.head()
    assert take(filled, RECORDS, BO, NOON) == Taken(0, len(RECORDS))
    assert filled.head() == before


def test_only_what_changed_is_entered(filled: Ledger) -> None:
    changed = (replace(FIRST, title="Another title"), *RECORDS[4:])
    assert take(filled, changed, ANA, NOON) == Taken(1, len(changed) - 1)
    assert state(filled).investigations[0].title == "Another title"


def test_a_standard_that_ships_need_not_be_entered(filled: Ledger) -> None:
    assert add(filled, standards()[0], ANA, NOON) is None
    own = Standard("honesty-and-integrity", "Honesty, as our handbook has it")
    assert add(filled, own, ANA, NOON) is not None
    assert add(filled, standards()[0], ANA, NOON) is not None
    assert standards()[0] in state(filled).standards


def test_every_version_is_kept_with_who_when_and_why(filled: Ledger) -> None:
    settled = replace(ALLEGED, status=Status.WITHDRAWN)
    add(filled, settled, BO, NOON, "withdrawn by letter")
    add(filled, replace(ALLEGED, id="a2"), BO, NOON)
    strike(filled, "allegation", "a2", BO, NOON, "entered twice")
    first, last = history(filled, "allegation", "a1")
    assert (first.record, first.actor, first.reason) == (ALLEGED, ANA, "")
    assert (last.record, last.actor, last.reason) == (settled, BO, "withdrawn by letter")
    assert [one.record for one in history(filled, "allegation", "a2")][1:] == [None]
    assert first.position < last.position
    assert first.at.startswith("2026-03-02T12:00:00")


def test_one_wrong_record_keeps_the_whole_file_out(sqlite_ledger: Ledger) -> None:
    wrong = (replace(WARNED, subject="x"), replace(WARNED, id="o2", kind="scolded"))
    with pytest.raises(CaseError, match=r"no subject 'x'.*\(and 1 more\); nothing was entered"):
        take(sqlite_ledger, (*RECORDS, *wrong), ANA, NOON)
    assert sqlite_ledger.head().length == 0


def test_an_allegation_is_not_entered_as_proven_on_its_own(filled: Ledger) -> None:
    with pytest.raises(CaseError, match="proven only with a final assessment"):
        add(filled, replace(ALLEGED, id="a2", status=Status.PROVEN), ANA, NOON)
    assert state(filled) == case_file()


def test_a_struck_record_no_longer_stands(filled: Ledger) -> None:
    strike(filled, "outcome", "o1", BO, NOON, "wrong subject")
    assert state(filled).outcomes == ()
    assert history(filled, "outcome", "o1")[0].record == WARNED


@pytest.mark.parametrize(
    ("kind", "ident", "reason", "says"),
    [
        ("outcome", "o1", " ", "struck only with a reason"),
        ("outcome", "o9", "gone", "there is no outcome 'o9' to strike"),
        ("verdict", "o1", "gone", "there is no table 'verdict'"),
        ("subject", "a", "gone", "there is no subject 'a'"),
    ],
)
def test_a_strike_that_makes_no_sense_is_refused(
    filled: Ledger, kind: str, ident: str, reason: str, says: str
) -> None:
    before = filled.head()
    with pytest.raises(CaseError, match=says):
        strike(filled, kind, ident, ANA, NOON, reason)
    assert filled.head() == before


def test_an_old_breach_does_not_keep_new_records_out(filled: Ledger) -> None:
    # Somebody with an older version entered an outcome kind this version does not have.
    add(filled, OTHER, ANA, NOON)
    filled.append([draft("outcome", replace(WARNED, id="o5", kind="scolded"), ANA, NOON)])
    assert add(filled, replace(OTHER, note="seen"), ANA, NOON) is not None
