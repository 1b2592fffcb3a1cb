"""Codings and the ledger."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.people import ANA, BO, NOON
from tests.review.builders import AB1, AB2, receipt, receive, reconcile, seen
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Coding, ReviewError, Withdrawal
from witnessbox.review.record import (
    Taken,
    code,
    codings,
    history,
    load,
    standing,
    take,
    withdraw,
)

CODING = Coding("m1", Span(AB1, 0, 10), "ana", ("racism",), 2, banter=True, note="see above")


@pytest.fixture
def operation(folder: Folder, sqlite_ledger: Ledger) -> Ledger:
    receive(sqlite_ledger, receipt(AB1, "AB/1", "one.txt"), receipt(AB2, "AB/2", "two.txt"))
    reconcile(folder, seen("m1", (AB1, 0), (AB2, 40)), seen("m2", (AB1, 10)))
    return sqlite_ledger


def file(tmp_path: Path, text: str, name: str = "codings.csv") -> Path:
    place = tmp_path / name
    place.write_text(text)
    return place


def test_a_coding_is_read_back_as_it_was_entered(ledger: Ledger) -> None:
    code(ledger, CODING, ANA, NOON)
    code(ledger, replace(CODING, reviewer="bo", severity=3), BO, NOON)
    code(ledger, replace(CODING, note="second thoughts"), ANA, NOON)
    assert codings(ledger) == (
        replace(CODING, note="second thoughts"),
        replace(CODING, reviewer="bo", severity=3),
    )
    assert history(ledger)[0].decision == CODING
    assert ledger.breaches() == []


def test_a_withdrawal_is_an_entry_with_its_reason_and_deletes_nothing(ledger: Ledger) -> None:
    code(ledger, CODING, ANA, NOON)
    withdraw(ledger, CODING, BO, NOON, "wrong message")
    assert codings(ledger) == ()
    first, last = history(ledger)
    assert first.decision == CODING
    assert last.decision == Withdrawal("m1", CODING.span, "ana")
    assert (last.actor, last.reason, last.position) == (BO, "wrong message", 1)


def test_a_withdrawal_without_a_reason_is_refused(sqlite_ledger: Ledger) -> None:
    code(sqlite_ledger, CODING, ANA, NOON)
    with pytest.raises(ReviewError, match="only with a reason"):
        withdraw(sqlite_ledger, CODING, ANA, NOON, " ")
    assert sqlite_ledger.head().length == 1


def test_a_category_the_code_book_lacks_is_not_entered(sqlite_ledger: Ledger) -> None:
    with pytest.raises(ReviewError, match="no category 'rudeness'"):
        code(sqlite_ledger, replace(CODING, categories=("rudeness",)), ANA, NOON)
    assert sqlite_ledger.head().length == 0


def test_a_coding_survives_a_new_reconciliation(folder: Folder, operation: Ledger) -> None:
    code(operation, CODING, ANA, NOON)
    reconcile(folder, seen("m8", (AB2, 40), (AB1, 0)), seen("m9", (AB1, 10)))
    words = standing(folder, operation)
    assert [coding.message for coding in words.codings] == ["m8"]
    assert words.unplaced == ()


def test_a_file_is_taken_whole_and_again_without_effect(
    folder: Folder, operation: Ledger, tmp_path: Path
) -> None:
    path = file(
        tmp_path,
        "message,exhibit,start,reviewer,categories,severity,banter,note\n"
        "m1,,,bo,racism,2,yes,\n"
        ",AB/1,10,,,0,,\n",
    )
    assert take(folder, operation, path, ANA, NOON) == Taken(added=2, unchanged=0)
    assert take(folder, operation, path, ANA, NOON) == Taken(added=0, unchanged=2)
    bo, ana = standing(folder, operation).codings
    assert (bo.message, bo.reviewer, bo.banter) == ("m1", "bo", True)
    assert (ana.message, ana.reviewer, ana.relevant) == ("m2", "ana", False)
    assert {word.reason for word in history(operation)} == {"from codings.csv"}


def test_a_file_that_names_another_copy_repeats_what_stands(
    folder: Folder, operation: Ledger, tmp_path: Path
) -> None:
    code(operation, replace(CODING, note="", banter=False), ANA, NOON)
    path = file(
        tmp_path,
        '{"exhibit":"two.txt","start":40,"reviewer":"ana","categories":["racism"],"severity":2}',
        "codings.jsonl",
    )
    assert take(folder, operation, path, BO, NOON) == Taken(added=0, unchanged=1)


def test_a_line_that_says_something_else_is_a_new_word(
    folder: Folder, operation: Ledger, tmp_path: Path
) -> None:
    code(operation, CODING, ANA, NOON)
    path = file(tmp_path, "message,categories\nm1,ableism\n")
    assert take(folder, operation, path, ANA, NOON).added == 1
    (stands,) = standing(folder, operation).codings
    assert stands.categories == ("ableism",)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("m2,racism,1\nm7,racism,1\n", "codings.csv line 3: there is no message m7"),
        ("m2,racism,1\nm1,rudeness,1\n", "codings.csv line 3: there is no category 'rudeness'"),
        ("m2,racism,1\nm1,racism,9\n", "codings.csv line 3: severity is 0 to 4, not 9"),
        ("m1,racism,1\nm1,ableism,1\n", "line 3: ana codes the message of line 2 again"),
    ],
)
def test_a_file_with_one_wrong_line_leaves_no_trace(
    folder: Folder, operation: Ledger, tmp_path: Path, lines: str, says: str
) -> None:
    before = operation.head()
    with pytest.raises(ReviewError, match=says) as refusal:
        take(
            folder,
            operation,
            file(tmp_path, "message,categories,severity\n" + lines),
            ANA,
            NOON,
        )
    assert "nothing was taken" in str(refusal.value)
    assert operation.head() == before


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"absent\.csv cannot be read"):
        load(tmp_path / "absent.csv")
