"""Cases from the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def operation(tmp_path: Path, command: Command) -> Path:
    place = tmp_path / "harbour"
    assert command("new", place, "--name", "Harbour", "--zone", "Europe/London")[0] == 0
    return place


def test_one_record_is_entered_and_stands_once(operation: Path, command: Command) -> None:
    words = ("subject", "id=o3", "label=Officer C")
    assert command("case", "add", operation, *words)[:2] == (0, "subject o3 entered\n")
    assert command("case", "add", operation, *words)[:2] == (0, "subject o3 stood already\n")


def test_a_record_that_does_not_hold_is_refused_in_one_sentence(
    operation: Path, command: Command
) -> None:
    code, out, err = command("case", "add", operation, "outcome", "id=o7", "kind=resigned",
                             "subject=nobody")  # fmt: skip
    assert (code, out) == (1, "")
    assert "outcome 'o7', key 'subject': there is no subject 'nobody'" in err


def test_the_numbers_of_hotton_are_printed_as_far_as_published(
    operation: Path, command: Command
) -> None:
    assert command("case", "fixture", operation, "hotton")[0] == 0
    code, out, _ = command("case", "statistics", operation)
    assert code == 0
    assert "linked investigations   9\npeople under investigation   14\n" in out
    assert "dismissed and barred   2" in out
    assert "results   14 − 2 − 2 = 10 not stated" in out
    assert "service   14 − 2 − 2 − 9 − 1 = 0 not stated" in out
    assert "recommendations   15: subject known of 2, not published of 13" in out
    assert "March 2018 (iopc-press)" in out
    assert "June 2018 (iopc-learning)" in out
