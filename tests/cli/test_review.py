"""Lexicons and languages of a review, asked at a terminal."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_flow import ANAS
from witnessbox.screening.lexicon_file import COLUMNS
from witnessbox.screening.model import DECIDES_NOTHING

GERMAN = "03/03/2026, 22:09 - Cy: wo bist du denn heute\n"


@pytest.fixture
def nights(command: Command, tmp_path: Path) -> Path:
    place = tmp_path / "op"
    command("new", place, "--name", "Operation Harbour")
    file = tmp_path / "WhatsApp Chat with Nights.txt"
    file.write_text(ANAS + GERMAN)
    command("receive", place, file, "--custodian", "Ana", "--basis", "consent")
    return place


def test_what_shows_scores_says_what_they_are_for(command: Command, nights: Path) -> None:
    assert command("run", nights, "--jobs", "1")[0] == 0
    for words in (
        ("review", "batches", nights),
        ("review", "next", nights),
        ("export", nights, "scores"),
        ("export", nights, "batches"),
    ):
        assert DECIDES_NOTHING in command(*words)[2]
    assert DECIDES_NOTHING not in command("export", nights, "messages")[2]


def test_languages_without_a_model_are_counted(command: Command, nights: Path) -> None:
    assert command("run", nights, "--jobs", "1")[0] == 0
    code, out, _ = command("review", "languages", nights)
    assert code == 1
    assert "       1  German: no model has learned it\n" in out


def test_an_own_lexicon_is_read_and_counted(command: Command, nights: Path) -> None:
    assert command("review", "lexicon", nights)[1].startswith("own files: none; ")
    (nights / "lexicons").mkdir()
    entry = "gronk\tbullying-threat\tabusive\t2\ta fool\tthe station\tApache-2.0\tAna 2026-03-03"
    (nights / "lexicons" / "station.tsv").write_text("\t".join(COLUMNS) + f"\n{entry}\n")
    code, out, _ = command("review", "lexicon", nights)
    assert code == 0
    assert out.startswith("own files: station.tsv; ")
    assert "1 of them reviewed" in out


def test_a_lexicon_that_settings_name_and_what_is_left_of_the_shipped_is_said(
    command: Command, nights: Path
) -> None:
    entry = "gronk\tbullying-threat\tabusive\t2\ta fool\tthe station\tApache-2.0\tno"
    (nights.parent / "force.tsv").write_text("\t".join(COLUMNS) + f"\n{entry}\n")
    with (nights / "operation.toml").open("a") as file:
        file.write('[lexicons]\nshipped = false\nfiles = ["../force.tsv"]\n')
    _, out, _ = command("review", "lexicon", nights)
    assert out.startswith(
        "own files: ../force.tsv; 1 forms in all\nof the shipped lexicons: nothing\n"
    )


def test_a_lexicon_that_cannot_be_read_is_refused_with_the_line(
    command: Command, nights: Path
) -> None:
    (nights / "lexicons").mkdir()
    (nights / "lexicons" / "station.tsv").write_text("\t".join(COLUMNS) + "\ngronk\n")
    code, _, err = command("run", nights, "--jobs", "1")
    assert code == 1
    assert "station.tsv line 2: it has 1 columns, not 8; mend the line" in err
