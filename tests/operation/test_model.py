"""Making and opening an operation."""

from pathlib import Path

import pytest

import witnessbox
from tests.people import ANA, NOON
from witnessbox.intake.limits import Limits
from witnessbox.operation.model import Operation, OperationError, new, open_operation
from witnessbox.reconcile.weighing import JOIN_WEIGHT
from witnessbox.screening import lexicons
from witnessbox.screening.model import Category
from witnessbox.screening.second_pass import Settings


def _new(root: Path, **other: str) -> Operation:
    words = {"name": "Operation Harbour", "zone": "Europe/London", "profile": "ew-police", **other}
    return new(root, actor=ANA, at=NOON, **words)


def test_an_operation_opens_as_it_was_made(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    assert open_operation(tmp_path / "op").opening == made.opening
    assert str(made.zone) == "Europe/London"


def test_its_ledger_begins_with_its_opening(tmp_path: Path) -> None:
    (entry,) = _new(tmp_path / "op").ledger.entries()
    assert entry.kind == "operation-opened"
    assert entry.actor == ANA


def test_a_team_keeps_the_ledger_in_postgresql(tmp_path: Path, postgres_url: str) -> None:
    made = _new(tmp_path / "op", ledger=postgres_url)
    found = open_operation(tmp_path / "op")
    assert found.opening == made.opening
    assert found.ledger.engine.dialect.name == "postgresql"
    assert not made.folder.ledger.exists()


def test_limits_stand_beside_the_ledgers_address(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write("[limits]\nmembers = 5\n")
    assert open_operation(tmp_path / "op").limits == Limits(members=5)


def test_a_limit_that_is_none_is_refused(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write("[limits]\nmember = 5\n")
    with pytest.raises(OperationError, match="there is no limit 'member'"):
        open_operation(tmp_path / "op")


@pytest.mark.parametrize("bits", [-1, 11])
def test_pictures_that_differ_too_much_cannot_be_called_one(tmp_path: Path, bits: int) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write(f"motif_bits = {bits}\n")
    with pytest.raises(OperationError, match="motif_bits"):
        open_operation(tmp_path / "op")


@pytest.mark.parametrize("weight", ["0.5", "101", "nan", "inf", '"six"'])
def test_a_join_cannot_take_next_to_nothing_or_more_than_there_is(
    tmp_path: Path, weight: str
) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write(f"join_weight = {weight}\n")
    with pytest.raises(OperationError, match="join_weight"):
        open_operation(tmp_path / "op")


def test_the_weight_from_which_names_are_joined_lies_with_the_operation(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    assert made.join_weight == JOIN_WEIGHT
    with made.folder.settings.open("a") as file:
        file.write("join_weight = 12\n")
    assert open_operation(tmp_path / "op").join_weight == 12.0


def test_python_opens_the_same_operation(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    operation = witnessbox.open(tmp_path / "op")
    assert operation.opening == made.opening
    assert operation.table("messages").num_rows == 0
    assert list(operation.vault.exhibits()) == []


def test_a_table_nobody_knows_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="no table 'chats'; the tables are messages, "):
        _new(tmp_path / "op").table("chats")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"zone": "London"}, "not an IANA time zone"),
        ({"profile": "mars"}, "no jurisdiction profile"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_made(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(OperationError, match=said):
        _new(tmp_path / "op", **wrong)
    assert not (tmp_path / "op").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(OperationError, match="is not empty"):
        _new(tmp_path)


def test_an_operation_is_not_made_over_another(tmp_path: Path) -> None:
    _new(tmp_path / "op")
    with pytest.raises(OperationError, match="holds an operation already"):
        _new(tmp_path / "op")


def test_a_folder_without_an_operation_is_said(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="make one with 'witnessbox new"):
        open_operation(tmp_path)


def test_a_spoilt_address_is_said(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    made.folder.settings.write_text("operation = 3\n")
    with pytest.raises(OperationError, match="cannot be read"):
        open_operation(tmp_path / "op")


def test_a_ledger_without_its_opening_is_said(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    made.folder.ledger.unlink()
    with pytest.raises(OperationError, match="cut short"):
        open_operation(tmp_path / "op")


def test_which_encoder_scores_again_lies_with_the_operation(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    assert made.second_pass == Settings()
    with made.folder.settings.open("a") as file:
        file.write('[second_pass]\nencoder = "none"\nleast = 0.3\n')
    assert open_operation(tmp_path / "op").second_pass == Settings(encoder="none", least=0.3)


@pytest.mark.parametrize("line", ["least = 1.5", "least = nan", "encoder = 7", 'encodr = "none"'])
def test_a_second_pass_that_makes_no_sense_is_refused(tmp_path: Path, line: str) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write(f"[second_pass]\n{line}\n")
    with pytest.raises(OperationError, match="second_pass"):
        open_operation(tmp_path / "op")


def test_which_lexicons_are_looked_through_lies_with_the_operation(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    assert made.lexicons == lexicons.Settings()
    with made.folder.settings.open("a") as file:
        file.write('[lexicons]\nshipped = ["racism"]\nfiles = ["../force.tsv"]\n')
    given = lexicons.Settings(shipped=(Category.RACISM,), files=("../force.tsv",))
    assert open_operation(tmp_path / "op").lexicons == given


@pytest.mark.parametrize("line", ['shipped = ["banter"]', "shipped = 3", "file = []"])
def test_lexicons_that_make_no_sense_are_refused(tmp_path: Path, line: str) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write(f"[lexicons]\n{line}\n")
    with pytest.raises(OperationError, match="lexicons"):
        open_operation(tmp_path / "op")


def test_the_target_of_recall_lies_with_the_operation(tmp_path: Path) -> None:
    made = _new(tmp_path / "op")
    assert made.recall_target == 0.95
    with made.folder.settings.open("a") as file:
        file.write("recall_target = 0.8\n")
    assert open_operation(tmp_path / "op").recall_target == 0.8


@pytest.mark.parametrize("written", ["0.4", "1", "95", "nan", '"0.8"', "0.9999"])
def test_a_target_of_recall_that_makes_no_sense_is_refused(tmp_path: Path, written: str) -> None:
    made = _new(tmp_path / "op")
    with made.folder.settings.open("a") as file:
        file.write(f"recall_target = {written}\n")
    with pytest.raises(OperationError, match="recall_target"):
        open_operation(tmp_path / "op")
