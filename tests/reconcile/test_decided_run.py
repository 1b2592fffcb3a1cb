"""Decisions in the ledger, and the tables that are made again for them: those and no others."""

from collections.abc import Callable

import pytest

from tests.people import ANA as ACTOR
from tests.people import BO, NOON
from tests.reconcile.chats import SECOND, Phone, chat
from tests.reconcile.test_run import ANA, BEN, BLUE, GREEN, MADE, files, read, receive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import (
    CLOCKS,
    CONVERSATIONS,
    COPIES,
    LINKS,
    PEOPLE,
    SIGHTINGS,
)
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile.decision import Belonging, Decision, Identity, Offset, Verdict, Window
from witnessbox.reconcile.model import CopyName
from witnessbox.reconcile.record import (
    DecisionError,
    decide,
    decided,
    known,
    standing,
    undo,
    words,
)
from witnessbox.reconcile.run import STEP, due, run

DEE = Phone("dee", ("Dee", "Fay", "Gus", "Hal", "Ivy"), SECOND, custodian="Dee Ash", title="Green")
ELI = Phone("eli", ("Q", "R", "S", "T", "U"), custodian="Eli Gray", title="Green")
PHONES = [(BLUE, ANA), (BLUE, BEN), (GREEN, DEE), (GREEN, ELI)]
SINCE = "2017-07-14T03:00:00.000+00:00"


@pytest.fixture
def made(folder: Folder, sqlite_ledger: Ledger) -> Folder:
    """Two conversations of two phones each, reconciled."""
    receive(folder, sqlite_ledger, PHONES)
    run(folder, sqlite_ledger)
    return folder


def copy_of(folder: Folder, exhibit: str) -> str:
    (one,) = [row["copy"] for row in read(folder, COPIES) if row["exhibits"] == [exhibit]]
    return str(one)


def conversation(folder: Folder, title: str) -> str:
    (one,) = [r["conversation"] for r in read(folder, CONVERSATIONS) if r["title"] == title]
    return str(one)


def steps(folder: Folder) -> dict[str, bytes]:
    return {place.stem: place.read_bytes() for place in (folder.steps / STEP).glob("*.json")}


def enter(folder: Folder, ledger: Ledger, decision: Decision) -> None:
    decide(ledger, known(folder), decision, ACTOR, NOON, "seen on the phone")


def apart(folder: Folder) -> Decision:
    first = CopyName(copy_of(folder, DEE.exhibit), "Gus")
    second = CopyName(copy_of(folder, ELI.exhibit), "S")
    return Identity(first, second, verdict=Verdict.APART)


def moved(folder: Folder) -> Decision:
    return Offset(copy_of(folder, ELI.exhibit), 3_600_000)


def moved_from(folder: Folder) -> Decision:
    return Offset(copy_of(folder, ELI.exhibit), 3_600_000, SINCE)


def told(folder: Folder) -> Decision:
    return Window(copy_of(folder, ELI.exhibit), SINCE, None)


def split(folder: Folder) -> Decision:
    return Belonging(
        copy_of(folder, DEE.exhibit), copy_of(folder, ELI.exhibit), verdict=Verdict.APART
    )


@pytest.mark.parametrize("what", [apart, moved, moved_from, told, split])
def test_a_decision_touches_its_own_conversation_and_undone_leaves_no_trace(
    made: Folder, sqlite_ledger: Ledger, what: Callable[[Folder], Decision]
) -> None:
    blue, before, noted = conversation(made, "Team Blue"), files(made), steps(made)
    places = [Tables(made.tables).path(table, blue) for table in (SIGHTINGS, CLOCKS)]
    inodes = [place.stat().st_ino for place in places]
    enter(made, sqlite_ledger, what(made))
    assert due(made, sqlite_ledger) == 1
    assert run(made, sqlite_ledger) in (2, 3)
    assert (due(made, sqlite_ledger), run(made, sqlite_ledger)) == (0, 0)
    assert [place.stat().st_ino for place in places] == inodes
    assert steps(made)[blue] == noted[blue]
    assert steps(made) != noted
    (word,) = standing(sqlite_ledger).values()
    undo(sqlite_ledger, word, BO, NOON, "was another phone")
    run(made, sqlite_ledger)
    assert files(made) == before
    assert steps(made) == noted


def test_what_is_decided_and_undone_before_anything_is_made_again_makes_nothing_due(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    enter(made, sqlite_ledger, moved(made))
    (word,) = standing(sqlite_ledger).values()
    undo(sqlite_ledger, word, ACTOR, NOON, "a slip")
    assert due(made, sqlite_ledger) == 0


def test_a_refused_identity_gives_another_person_everywhere(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    def person(name: str) -> set[str]:
        return {row["person"] for row in read(made, PEOPLE) if row["name"] == name}

    assert person("S") == person("Gus")
    enter(made, sqlite_ledger, apart(made))
    run(made, sqlite_ledger)
    assert not person("S") & person("Gus")
    states = {
        row["state"] for row in read(made, LINKS) if "S" in (row["first_name"], row["second_name"])
    }
    assert "refused" in states


def test_a_conversation_split_is_two_and_one_put_together_is_one(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    enter(made, sqlite_ledger, split(made))
    run(made, sqlite_ledger)
    assert sorted(row["copies"] for row in read(made, CONVERSATIONS)) == [1, 1, 2]
    together = [copy_of(made, ANA.exhibit), copy_of(made, ELI.exhibit)]
    enter(made, sqlite_ledger, Belonging(together[0], together[1], verdict=Verdict.SAME))
    run(made, sqlite_ledger)
    assert sorted(row["copies"] for row in read(made, CONVERSATIONS)) == [1, 3]


def test_a_decided_offset_stands_in_the_tables_of_clocks_and_copies(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    enter(made, sqlite_ledger, moved(made))
    run(made, sqlite_ledger)
    copy = copy_of(made, ELI.exhibit)
    (clock,) = [row for row in read(made, CLOCKS) if row["copy"] == copy]
    assert (clock["offset_ms"], clock["within_ms"], clock["drift_ppb"]) == (3_600_000, 0, 0)
    (row,) = [row for row in read(made, COPIES) if row["copy"] == copy]
    assert row["offset_ms"] == 3_600_000
    assert row["offset_doubt"] == "its offset was decided by a person, not measured"


def test_another_least_weight_of_a_join_makes_people_anew(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    before = {row["person"] for row in read(made, PEOPLE)}
    assert due(made, sqlite_ledger, join_weight=90.0) == 1
    run(made, sqlite_ledger, join_weight=90.0)
    assert due(made, sqlite_ledger, join_weight=90.0) == 0
    assert {row["state"] for row in read(made, LINKS)} == {"proposed"}
    assert len({row["person"] for row in read(made, PEOPLE)}) > len(before)


def test_who_decided_and_why_stand_in_the_ledger_and_not_in_tables(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    enter(made, sqlite_ledger, told(made))
    (word,) = words(sqlite_ledger)
    assert (word.actor, word.reason, word.decision) == (ACTOR, "seen on the phone", told(made))
    assert decided(sqlite_ledger).windows[0].copy == copy_of(made, ELI.exhibit)
    run(made, sqlite_ledger)
    said = "".join(str(read(made, table)) for table in MADE)
    assert "seen on" not in said
    assert "Ana Okoro" not in said


def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    have, copy = known(made), copy_of(made, ANA.exhibit)
    ben = copy_of(made, BEN.exhibit)
    gone = "01" + "0" * 32
    same = Identity(CopyName(copy, "Ana"), CopyName(ben, "~ A"), verdict=Verdict.SAME)
    decide(sqlite_ledger, have, same, ACTOR, NOON, "her number")
    head = sqlite_ledger.head()
    refused: list[tuple[Decision, str, str]] = [
        (Offset(copy, 5), " ", "needs a reason"),
        (Offset(gone, 5), "x", "there is no copy"),
        (Belonging(copy, gone, verdict=Verdict.SAME), "x", "there is no copy"),
        (Window(gone, SINCE, None), "x", "there is no copy"),
        (Window(copy, None, None), "x", "a beginning or an end"),
        (
            Identity(CopyName(copy, "Zed"), CopyName(copy, "Ana"), verdict=Verdict.SAME),
            "x",
            "no name 'Zed'",
        ),
        (same, "again", "decided already, by Ana Okoro"),
    ]
    for decision, reason, why in refused:
        with pytest.raises(DecisionError, match=why):
            decide(sqlite_ledger, have, decision, ACTOR, NOON, reason)
    assert sqlite_ledger.head() == head


def test_a_decision_that_contradicts_others_names_what_to_undo_first(
    made: Folder, sqlite_ledger: Ledger
) -> None:
    a, b, c = (CopyName(copy_of(made, ANA.exhibit), name) for name in ("Ana", "Ben", "Cy"))
    enter(made, sqlite_ledger, Identity(a, b, verdict=Verdict.SAME))
    enter(made, sqlite_ledger, Identity(b, c, verdict=Verdict.SAME))
    wanted = Identity(a, c, verdict=Verdict.APART)
    with pytest.raises(DecisionError, match="undo first one of") as told_why:
        enter(made, sqlite_ledger, wanted)
    stands = standing(sqlite_ledger)
    assert all(ident in str(told_why.value) for ident in stands)
    undo(sqlite_ledger, next(iter(stands.values())), ACTOR, NOON, "a slip")
    enter(made, sqlite_ledger, wanted)
    x, y = copy_of(made, ANA.exhibit), copy_of(made, ELI.exhibit)
    enter(made, sqlite_ledger, Belonging(x, y, verdict=Verdict.SAME))
    with pytest.raises(DecisionError, match="decided already"):
        enter(made, sqlite_ledger, Belonging(x, y, verdict=Verdict.SAME))


def test_what_does_not_stand_cannot_be_undone(made: Folder, sqlite_ledger: Ledger) -> None:
    enter(made, sqlite_ledger, moved(made))
    (word,) = standing(sqlite_ledger).values()
    with pytest.raises(DecisionError, match="needs a reason"):
        undo(sqlite_ledger, word, ACTOR, NOON, "")
    undo(sqlite_ledger, word, ACTOR, NOON, "a slip")
    with pytest.raises(DecisionError, match="does not stand any more"):
        undo(sqlite_ledger, word, ACTOR, NOON, "a slip")
    assert len(list(words(sqlite_ledger))) == 2


def test_links_are_a_table_of_their_own_in_the_order_of_their_ids(made: Folder) -> None:
    found = read(made, LINKS)
    assert [row["link"] for row in found] == sorted({row["link"] for row in found})
    persons = {(row["copy"], row["name"]): row["person"] for row in read(made, PEOPLE)}
    for row in found:
        assert persons[row["first_copy"], row["first_name"]] == row["first_person"]
        assert (row["first_person"] == row["second_person"]) is (row["state"] == "joined")
    assert any("texts stand under both names (+40.0)" in row["speaks_for"][0] for row in found)


def test_a_chat_alone_can_be_decided_on(folder: Folder, sqlite_ledger: Ledger) -> None:
    receive(folder, sqlite_ledger, [(chat(20), ANA)])
    run(folder, sqlite_ledger)
    enter(folder, sqlite_ledger, Offset(copy_of(folder, ANA.exhibit), -5_000))
    run(folder, sqlite_ledger)
    assert [row["offset_ms"] for row in read(folder, CLOCKS)] == [-5_000]
