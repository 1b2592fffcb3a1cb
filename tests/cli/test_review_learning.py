"""``witnessbox review`` where it learns: rounds, suggestions and plans at the terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.people import ANA, NOON
from tests.review.builders import AB1, rank, reconcile, seen
from tests.review.talk import judged, message, screen, talk
from witnessbox.evidence.model import Span
from witnessbox.operation.model import new
from witnessbox.review.coding import Coding
from witnessbox.review.record import code


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
    _, out, err = command("review", "next", talked)
    left = [json.loads(line) for line in out.splitlines()]
    assert f"{len(left):,} messages nobody has read" in command("status", talked)[1]
    assert [one["batch"] for one in left[:11]] == [4] * 10 + [1]
    assert len({one["message"] for one in left}) == len(left) == int(err.split()[0])

    _, out, err = command("review", "suggestions", talked)
    like = {one["message"]: one["like"] for one in map(json.loads, out.splitlines())}
    assert like[message(7, "c2")] == message(7)
    assert json.loads(out.splitlines()[0])["likeness"] == 1.0
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


@pytest.mark.parametrize("asked", ["batches", "next", "round", "stopping", "sample", "languages"])
def test_before_anything_is_screened_one_is_told_what_to_do(
    command: Command, tmp_path: Path, asked: str
) -> None:
    command("new", tmp_path / "op", "--name", "Operation Harbour")
    exit_code, out, err = command("review", asked, tmp_path / "op")
    assert (exit_code, out) == (1, "")
    assert f"no message has been screened yet; run 'witnessbox run {tmp_path / 'op'}'" in err


def test_of_many_batches_those_begun_and_the_next_ones_are_listed(
    command: Command, tmp_path: Path
) -> None:
    place = tmp_path / "op"
    made = new(place, name="Harbour", zone="Europe/London", profile="ew-police", actor=ANA, at=NOON)
    messages = [f"m{number}" for number in range(15)]
    reconcile(made.folder, *(seen(one, (AB1, 10 * at)) for at, one in enumerate(messages)))
    rank(made.folder, *((one,) for one in messages))
    begun = Coding("m12", Span(AB1, 120, 130), "ana", ("racism",))
    code(made.ledger, begun, ANA, NOON)
    _, out, err = command("review", "batches", place)
    assert [line.split()[0] for line in out.splitlines()] == [
        "batch",
        *(str(number) for number in range(1, 11)),
        "13",
        "all",
    ]
    assert out.splitlines()[-1].split() == ["all", "15", "1", "1", "0"]
    assert "4 more batches that nobody has begun" in err
    assert len(command("review", "batches", place, "--all")[1].splitlines()) == 17
