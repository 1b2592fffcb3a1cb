"""The certificate of recall and its bundle."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.people import ANA, NOON
from tests.reports import reviewed
from tests.reports.reviewed import AT
from tests.review.talk import judged, screen, talk
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger, open_ledger
from witnessbox.reports import bundle, recall
from witnessbox.reports.check import is_bundle, verify_bundle
from witnessbox.reports.recall_check import breaches
from witnessbox.reports.stopping import lines
from witnessbox.review import samples
from witnessbox.review.coding import ReviewError
from witnessbox.review.rounds import next_round
from witnessbox.review.samples import Asked
from witnessbox.screening import learning
from witnessbox.screening.certificate import certify
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.material import Purpose, View
from witnessbox.screening.stopping import Drawn, at_most

NAME = "Operation Teapot"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Ledger]:
    """Give a review with a sealed sample and a second reading; not to be written to."""
    folder = Folder(tmp_path_factory.mktemp("teapot"))
    ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
    reviewed.review(folder, ledger)
    return folder, ledger


@pytest.fixture(scope="module")
def files(done: tuple[Folder, Ledger]) -> dict[str, bytes]:
    return recall.files(*done, NAME)


def test_the_figures_follow_from_what_was_read_and_drawn(done: tuple[Folder, Ledger]) -> None:
    figures = certify(samples.material(*done))
    (bound,) = figures.bounds
    sealed = samples.material(*done).draws[0]
    relevant = sum(reviewed.place_of(one) in reviewed.RELEVANT for one in sealed.messages)
    assert (bound.population, bound.drawn, bound.read) == (300, 200, 200)
    assert bound.relevant == bound.unreached == relevant
    assert bound.at_most == at_most(Drawn(300, 200, relevant), 0.04)
    assert figures.left_at_most == max(bound.found_before + bound.at_most - figures.relevant, 0)
    assert figures.recall_at_least is not None
    assert figures.process_recall_at_least is not None
    assert figures.process_recall_at_least < figures.recall_at_least


def test_what_made_the_order_is_named_up_to_the_last_coding(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder, 30)
    screen(folder, sqlite_ledger)
    next_round(folder, sqlite_ledger, ANA, NOON, Mixture(messages=5))
    judged(sqlite_ledger, 7, 3)
    next_round(folder, sqlite_ledger, ANA, NOON, Mixture(messages=5))  # tells nothing of this
    made, _ = recall.issue(folder, sqlite_ledger, "Operation Harbour")
    assert made.screener.startswith("linear-2/")
    assert made.screener.endswith(f", learner {learning.VERSION} (rounds: 1)")


def test_the_bound_holds_what_is_true(done: tuple[Folder, Ledger]) -> None:
    figures = certify(samples.material(*done))
    assert figures.recall_at_least is not None
    assert figures.recall_at_least <= figures.relevant / len(reviewed.RELEVANT)


def test_the_same_review_gives_the_same_bytes(
    done: tuple[Folder, Ledger], files: dict[str, bytes]
) -> None:
    assert recall.files(*done, NAME) == files


def test_what_has_nothing_to_do_with_recall_changes_nothing(folder: Folder) -> None:
    ledger = open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
    reviewed.begun(folder)
    reviewed.read(ledger, [0, 1])
    before = recall.files(folder, ledger, NAME)
    from tests.review.builders import AB1, receipt, receive

    receive(ledger, receipt(AB1, "AB/1", "chat.txt"))
    assert recall.files(folder, ledger, NAME) == before


def test_the_bundle_proves_itself(files: dict[str, bytes], tmp_path: Path) -> None:
    assert breaches(files) == []
    packed = tmp_path / "certificate.zip"
    packed.write_bytes(bundle.pack(files))
    assert is_bundle(packed)
    assert verify_bundle(packed) == []


def test_the_bundle_holds_no_words_of_a_message(files: dict[str, bytes]) -> None:
    assert set(files) == {
        "manifest.json",
        "certificate.pdf",
        "certificate.json",
        "figures.csv",
        "population.txt",
        "codings.csv",
        "samples.json",
        "check.py",
    }
    assert files["population.txt"].split()[:2] == [b"m0000", b"m0001"]


def test_the_pdf_has_two_pages(files: dict[str, bytes]) -> None:
    assert files["certificate.pdf"].startswith(b"%PDF")
    assert (
        files["certificate.pdf"].count(b"/Type /Page\n") == 2
        or b"/Count 2" in files["certificate.pdf"]
    )


def _check(files: dict[str, bytes], folder: Path) -> tuple[int, str]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", "-S", folder / "check.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_python_alone_works_it_out_again(files: dict[str, bytes], tmp_path: Path) -> None:
    code, said = _check(files, tmp_path)
    assert (code, said) == (0, "2 samples drawn again; all is as certified\n")


@pytest.mark.parametrize("target", [0.8, 0.9, 0.99, 0.995])
def test_the_certificate_and_its_checks_go_by_the_target_that_was_set(
    folder: Folder, sqlite_ledger: Ledger, tmp_path: Path, target: float
) -> None:
    reviewed.review(folder, sqlite_ledger, target)
    figures = certify(samples.material(folder, sqlite_ledger, target))
    made = recall.files(folder, sqlite_ledger, NAME, target)
    assert json.loads(made["certificate.json"])["figures"]["target"] == target == figures.target
    assert figures.target_reached == (target < 0.95)
    assert breaches(made) == []
    assert _check(made, tmp_path)[0] == 0


def test_the_target_is_said_as_it_was_set(folder: Folder, sqlite_ledger: Ledger) -> None:
    reviewed.review(folder, sqlite_ledger, 0.8)
    assert "target 99.5%" in lines(samples.material(folder, sqlite_ledger, 0.995))[0]
    said = lines(samples.material(folder, sqlite_ledger, 0.8))
    assert "target 80%" in said[0]
    assert any("The target, 80%, is reached" in line for line in said)


def test_a_target_lowered_after_the_draw_is_not_shown_to_be_reached(
    done: tuple[Folder, Ledger], tmp_path: Path
) -> None:
    present = samples.material(*done, 0.8)
    figures = certify(present)
    assert figures.recall_at_least is not None
    assert not figures.target_reached
    assert any("drawn for a target of 95%; draw again" in line for line in lines(present))
    assert not any("the sealed sample says when" in line for line in lines(present))
    made = recall.files(*done, NAME, 0.8)
    assert breaches(made) == []
    assert _check(made, tmp_path)[0] == 0


def _other_target(files: dict[str, bytes]) -> None:
    told = json.loads(files["certificate.json"])
    told["figures"]["target"] = 0.8
    files["certificate.json"] = json.dumps(told).encode()


def _other_word(files: dict[str, bytes]) -> None:
    lines = files["codings.csv"].decode().splitlines()
    place = next(at for at, line in enumerate(lines) if ",ana,," in line)
    lines[place] = lines[place].replace(",ana,,", ",ana,racism,")
    files["codings.csv"] = ("\n".join(lines) + "\n").encode()


def _other_bound(files: dict[str, bytes]) -> None:
    told = json.loads(files["certificate.json"])
    told["figures"]["left_at_most"] = 0
    told["figures"]["bounds"][0]["at_most"] = 1
    files["certificate.json"] = json.dumps(told).encode()


def _other_sample(files: dict[str, bytes]) -> None:
    drawn = json.loads(files["samples.json"])
    others = set(files["population.txt"].decode().split()) - set(drawn[0]["messages"])
    drawn[0]["messages"][0] = max(others)
    files["samples.json"] = json.dumps(drawn).encode()


def _fewer(files: dict[str, bytes]) -> None:
    files["population.txt"] = files["population.txt"].rpartition(b"m0599")[0]


@pytest.mark.parametrize(
    "change", [_other_word, _other_bound, _other_sample, _other_target, _fewer]
)
def test_whatever_is_changed_is_noticed_twice(
    files: dict[str, bytes], tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    changed = dict(files)
    change(changed)
    found = breaches(changed)
    assert any("has been changed" in one for one in found)
    assert len(found) > 1
    code, said = _check(changed, tmp_path)
    assert code == 1
    assert "DIFFERS" in said


@pytest.mark.parametrize("name", ["certificate.json", "codings.csv", "samples.json"])
def test_a_bundle_that_cannot_be_read_says_so(files: dict[str, bytes], name: str) -> None:
    assert "cannot be read" in breaches({**files, name: b"\xff{"})[0]


def test_a_file_that_is_missing_is_named(files: dict[str, bytes]) -> None:
    left = {name: data for name, data in files.items() if name != "codings.csv"}
    assert breaches(left) == ["codings.csv is not in the bundle"]


def test_nothing_is_certified_before_anything_is_read(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.begun(folder)
    with pytest.raises(ReviewError, match="nothing was coded or drawn"):
        recall.issue(folder, sqlite_ledger, NAME)


def test_a_sample_half_read_promises_nothing(folder: Folder, sqlite_ledger: Ledger) -> None:
    reviewed.begun(folder)
    reviewed.read(sqlite_ledger, list(range(100)))
    made = samples.draw(folder, sqlite_ledger, Asked(Purpose.SEALED, 50), ANA, AT)
    reviewed.read(sqlite_ledger, [reviewed.place_of(one) for one in made.messages[:20]])
    figures = certify(samples.material(folder, sqlite_ledger))
    assert figures.recall_at_least is None
    assert not figures.target_reached
    assert "Read the sealed sample: 30 messages of it wait." in lines(
        samples.material(folder, sqlite_ledger)
    )


def test_everything_read_leaves_nothing(folder: Folder, sqlite_ledger: Ledger) -> None:
    reviewed.begun(folder)
    control = samples.draw(folder, sqlite_ledger, Asked(Purpose.CONTROL, 100), ANA, AT)
    reviewed.read(sqlite_ledger, [reviewed.place_of(one) for one in control.messages])
    read = [one for one in range(500) if reviewed.name(one) not in control.messages]
    reviewed.read(sqlite_ledger, read)
    made = samples.draw(folder, sqlite_ledger, Asked(Purpose.SEALED, 60), ANA, AT)
    reviewed.read(sqlite_ledger, [reviewed.place_of(one) for one in made.messages])
    left = set(range(500, 600)) - {reviewed.place_of(one) for one in made.messages}
    reviewed.read(sqlite_ledger, sorted(left))
    present = samples.material(folder, sqlite_ledger)
    figures = certify(present)
    assert (figures.read, figures.bounds[0].unreached) == (600, 0)
    assert figures.control is not None
    assert figures.control.reached == figures.control.relevant
    assert figures.bounds[0].reached == figures.target_reached
    assert any(line.startswith("quantile") for line in lines(present))


def test_a_sample_of_messages_that_are_no_longer_all_bounds_nothing(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.review(folder, sqlite_ledger)
    assert certify(samples.material(folder, sqlite_ledger)).recall_at_least is not None
    reviewed.more(folder)
    present = samples.material(folder, sqlite_ledger)
    figures = certify(present)
    assert figures.recall_at_least is None
    assert not figures.target_reached
    assert any("draw again" in line for line in lines(present))
    assert breaches(recall.files(folder, sqlite_ledger, NAME)) != []


def test_reading_comes_past_what_was_read_and_not_past_what_waits(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    reviewed.begun(folder)
    reviewed.read(sqlite_ledger, list(range(100)))
    first = samples.draw(folder, sqlite_ledger, Asked(Purpose.SEALED, 50, seed=1), ANA, AT)
    drawn = sorted(reviewed.place_of(one) for one in first.messages)
    reviewed.read(sqlite_ledger, drawn)
    assert View(samples.material(folder, sqlite_ledger)).unreached == set(first.messages)
    second = samples.draw(folder, sqlite_ledger, Asked(Purpose.SEALED, 50, seed=2), ANA, AT)
    waits = min(reviewed.place_of(one) for one in second.messages)
    read = [place for place in range(100, 600) if reviewed.name(place) not in second.messages]
    reviewed.read(sqlite_ledger, [place for place in read if place not in drawn])
    unreached = View(samples.material(folder, sqlite_ledger)).unreached
    assert unreached == set(second.messages) | {
        reviewed.name(place) for place in drawn if place > waits
    }
    reviewed.read(sqlite_ledger, [reviewed.place_of(one) for one in second.messages])
    assert View(samples.material(folder, sqlite_ledger)).unreached == frozenset()
