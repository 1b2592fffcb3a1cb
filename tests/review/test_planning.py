"""Plans played through on what is coded."""

from pathlib import Path

import pytest

from tests.review.talk import judged, said, screen, talk
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import ReviewError
from witnessbox.review.planning import TARGETS, Team, of_file, of_operation, plans
from witnessbox.screening.learning_order import Mixture

TEN = Mixture(messages=10, control=0)


def labelled(place: Path, *rows: str) -> Path:
    place.write_text("\n".join(["text,relevant", *rows]) + "\n", "utf-8")
    return place


def test_a_pilot_in_the_ledger_gives_a_plan(folder: Folder, sqlite_ledger: Ledger) -> None:
    talk(folder)
    screen(folder, sqlite_ledger)
    judged(sqlite_ledger, *range(100))
    known = of_operation(folder, sqlite_ledger)
    assert (len(known.answers), known.relevant) == (100, 10)
    team = Team(readers=2, per_hour=10, hours_a_day=1, limit=1)
    found = plans(known, team, 2, TEN)
    assert [one.recall for one in found] == list(TARGETS)
    first, last = found[0], found[-1]
    assert 8 <= first.least <= first.reads <= first.most <= last.most <= 100
    assert first.hours == round(first.reads / 10, 1)
    # The limit of one relevant message a reader a day is what holds this team up.
    assert first.days == first.relevant / 2
    assert first.relevant_a_day == 1


def test_texts_in_a_file_give_a_plan(tmp_path: Path) -> None:
    rows = [f'"{said(at)}",{"yes" if at % 10 == 7 else "no"}' for at in range(60)]
    known = of_file(labelled(tmp_path / "pilot.csv", *rows))
    assert known.relevant == 6
    assert plans(known, Team(), 1, TEN)[0].reads < 60


@pytest.mark.parametrize("row", ["tea,perhaps", "tea"])
def test_a_file_that_does_not_say_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(ReviewError, match=r"pilot.csv line 3"):
        of_file(labelled(tmp_path / "pilot.csv", "toast,no", row))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="cannot be read"):
        of_file(tmp_path / "none.csv")


def test_too_few_relevant_messages_make_no_plan(tmp_path: Path) -> None:
    known = of_file(labelled(tmp_path / "pilot.csv", "tea,yes", "toast,no"))
    with pytest.raises(ReviewError, match="a plan needs 5"):
        plans(known, Team(), 1)
