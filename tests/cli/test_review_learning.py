"""``witnessbox review`` where it learns: rounds, suggestions and plans at the terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.people import ANA, NOON
from tests.review.talk import judged, message, screen, talk
from witnessbox.operation.model import new


@pytest.fixture
def talked(tmp_path: Path) -> Path:
    """Make an operation with two groups in which the same is said, a hundred messages coded."""
    place = tmp_path / "op"
    made = new(place, name="Harbour", zone="Europe/London", profile="ew-police", actor=ANA, at=NOON)
    talk(made.folder, 120)
    talk(made.folder, 120, "c2")
    screen(made.folder, made.ledger)
    judged(made.ledger, *range(100))
    return place


def test_rounds_suggestions_and_plans_follow_from_what_is_coded(
    command: Command, talked: Path
) -> None:
    code, out, _ = command("review", "round", talked, "--messages", "10")
    assert (code, out) == (0, "batch 4: 10 messages; round 1 of the learner\n")
    _, out, _ = command("review", "next", talked, "--batch", "4")
    assert len(out.splitlines()) == 10

    _, out, err = command("review", "suggestions", talked)
    like = {one["message"]: one["like"] for one in map(json.loads, out.splitlines())}
    assert like[message(7, "c2")] == message(7)
    assert err == f"{len(like)} messages say nearly what a relevant one says\n"

    _, out, _ = command("review", "simulate", talked, "--seeds", "1", "--json")
    assert [one["recall"] for one in json.loads(out)] == [0.8, 0.95, 0.99]
    _, out, err = command("review", "simulate", talked, "--seeds", "1")
    assert len(out.splitlines()) == 4
    assert "on 100 coded messages, 10 of them relevant" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("round", "--messages", "0"), "at least one"), (("simulate", "--readers", "0"), "above 0")],
)
def test_figures_that_make_no_sense_are_refused(
    command: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, err = command("review", words[0], tmp_path, *words[1:])
    assert code == 1
    assert said in err
