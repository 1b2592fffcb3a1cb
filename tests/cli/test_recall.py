"""Samples, stopping and the certificate from the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.people import ANA, NOON
from tests.reports import reviewed
from witnessbox.operation.model import Operation, new


@pytest.fixture
def teapot(tmp_path: Path) -> Operation:
    """Give an operation of which half is read."""
    made = new(
        tmp_path / "teapot",
        name="Operation Teapot",
        zone="Europe/London",
        profile="ew-police",
        actor=ANA,
        at=NOON,
    )
    reviewed.begun(made.folder)
    reviewed.read(made.ledger, list(range(reviewed.READ_FIRST)))
    return made


def test_a_sample_is_drawn_and_handed_out_without_scores(
    command: Command, teapot: Operation
) -> None:
    root = teapot.folder.root
    code, out, _ = command("review", "sample", root, "--size", "20", "--seed", "4")
    assert code == 0
    assert out.startswith("20 of 300 messages drawn, seed 4\n")
    code, out, err = command("review", "sample", root)
    assert (code, err) == (0, "20 drawn messages wait for you\n")
    assert set(json.loads(out.splitlines()[0])) == {"message", "conversation", "position", "read"}


def test_the_rules_are_told_plainly(command: Command, teapot: Operation) -> None:
    code, out, _ = command("review", "stopping", teapot.folder.root)
    assert code == 0
    assert "300 of 600 messages" in out
    assert "sequential" in out


def test_the_rules_and_the_certificate_go_by_the_operations_target(
    command: Command, teapot: Operation, tmp_path: Path
) -> None:
    with teapot.folder.settings.open("a") as file:
        file.write("recall_target = 0.8\n")
    root = teapot.folder.root
    assert "target 80%" in command("review", "stopping", root)[1]
    code, out, _ = command("review", "certificate", root, "--out", tmp_path / "given")
    assert code == 0
    told = json.loads(Path(out.splitlines()[0]).with_name("certificate.json").read_text())
    assert told["figures"]["target"] == 0.8


def test_a_certificate_is_made_twice_alike_and_checks(
    command: Command, teapot: Operation, tmp_path: Path
) -> None:
    root = teapot.folder.root
    code, out, err = command("review", "certificate", root)
    assert (code, err) == (
        0,
        "no sealed sample has been read whole, so nothing is promised of recall\n",
    )
    pdf, packed = (Path(line) for line in out.splitlines())
    before = (pdf.read_bytes(), packed.read_bytes())
    assert command("review", "certificate", root)[1] == out
    assert (pdf.read_bytes(), packed.read_bytes()) == before
    for words in (("review", "certificate", "--check", packed), ("verify", pdf.parent)):
        code, out, _ = command(*words)
        assert (code, out[:5]) == (0, "holds")
    (pdf.parent / "figures.csv").write_text("figure,value\n")
    code, out, _ = command("review", "certificate", "--check", pdf.parent)
    assert code == 1
    assert "figures.csv has been changed" in out


def test_a_certificate_needs_an_operation_or_a_bundle(command: Command) -> None:
    code, _, err = command("review", "certificate")
    assert code == 2
    assert "--check" in err
