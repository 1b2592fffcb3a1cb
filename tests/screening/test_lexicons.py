"""An operation's own lexicons are looked through with the shipped ones, or instead of them."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import SCORES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import lexicons, scoring
from witnessbox.screening import run as screening
from witnessbox.screening.lexicon_file import COLUMNS, INSTEAD, LexiconError
from witnessbox.screening.lexicons import Settings
from witnessbox.screening.model import Category

from .test_run import write

HEAD = "\t".join(COLUMNS)
GRONK = "gronk\tbullying-threat\tabusive\t2\ta fool\tthe station\tApache-2.0\tno"


@pytest.fixture
def ledger(sqlite_ledger: Ledger) -> Ledger:
    return sqlite_ledger


def lay(folder: Folder, *lines: str, name: str = "station.tsv") -> None:
    folder.lexicons.mkdir(exist_ok=True)
    (folder.lexicons / name).write_text("\n".join(lines), encoding="utf-8")


def test_an_operation_without_lexicons_has_the_shipped_ones(folder: Folder) -> None:
    assert lexicons.of(folder) is lexicons.shipped()
    assert scoring.of(folder).version == scoring.shipped().version


def test_an_own_lexicon_is_added_and_named_in_the_version_of_the_scores(folder: Folder) -> None:
    lay(folder, HEAD, GRONK)
    made = lexicons.of(folder)
    assert len(made.entries) == len(lexicons.shipped().entries) + 1
    assert made.meanings("gr0nk")[0].sense == "a fool"
    assert scoring.of(folder).version == f"{scoring.shipped().version}+{made.version}"
    assert lexicons.of(folder) is made


def test_an_own_lexicon_may_stand_instead_of_the_shipped_ones(folder: Folder) -> None:
    lay(folder, INSTEAD, HEAD, GRONK)
    assert [entry.form for entry in lexicons.of(folder).entries] == ["gronk"]


def test_a_new_lexicon_makes_the_scores_due_again(folder: Folder, ledger: Ledger) -> None:
    write(folder, "c1", "you gronk")
    screening.run(folder, ledger)
    assert screening.due(folder, ledger) == 0
    lay(folder, HEAD, GRONK)
    assert screening.due(folder, ledger) == 2
    screening.run(folder, ledger)
    rows = Tables(folder.tables).read(SCORES).to_pylist()
    named = {row["category"]: row["reasons"] for row in rows}
    assert named["bullying-threat"][0] == "gronk"


def test_a_lexicon_that_cannot_be_read_stops_the_step_and_says_where(
    folder: Folder, ledger: Ledger
) -> None:
    write(folder, "c1", "hello")
    lay(folder, HEAD, "gronk\tabuse")
    with pytest.raises(LexiconError, match=r"station\.tsv line 2: it has 2 columns"):
        screening.run(folder, ledger)


def test_a_lexicon_that_is_no_text_is_refused(folder: Folder) -> None:
    lay(folder, HEAD)
    (folder.lexicons / "b.tsv").write_bytes(b"entry\xff")
    with pytest.raises(LexiconError, match="not UTF-8 at byte 5"):
        lexicons.of(folder)


def test_a_lexicon_that_is_far_too_long_is_refused(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicons, "MOST_BYTES", 10)
    lay(folder, HEAD)
    with pytest.raises(LexiconError, match="divide it or shorten it"):
        lexicons.of(folder)


def _written(place: Path, *lines: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return place


def _plonk(sense: str) -> str:
    return f"plonk\tmisogyny\tabusive\t2\t{sense}\tthe force\tinternal\tno"


def test_settings_name_further_files_and_folders_before_the_folders_own(folder: Folder) -> None:
    lay(folder, HEAD, _plonk("own"), name="own.tsv")
    _written(folder.root.parent / "words" / "force.tsv", _plonk("beside"))
    _written(folder.root.parent / "more" / "b.tsv", _plonk("b"))
    _written(folder.root.parent / "more" / "a.tsv", _plonk("a"))
    _written(folder.root.parent / "more" / "notes.txt", "no entry")
    given = Settings(files=(str(folder.root.parent / "more"), "../words/force.tsv"))
    made = lexicons.of(folder, given)
    shipped = len(lexicons.shipped().meanings("plonk"))
    assert [one.sense for one in made.meanings("plonk")[shipped:]] == ["a", "b", "beside", "own"]
    assert lexicons.own_files(folder, given)[2][0] == "../words/force.tsv"


def test_the_shipped_lexicons_can_be_left_out_or_all_but_some_categories(folder: Folder) -> None:
    lay(folder, HEAD, GRONK)
    none = lexicons.of(folder, Settings(shipped=False))
    assert [entry.form for entry in none.entries] == ["gronk"]
    some = lexicons.of(folder, Settings(shipped=(Category.RACISM,)))
    assert {entry.category for entry in some.entries[:-1]} == {Category.RACISM}
    assert len(some.entries) > 100


def test_no_lexicon_at_all_finds_nothing(folder: Folder) -> None:
    screener = scoring.of(folder, Settings(shipped=False))
    assert screener.lexicon.entries == ()
    assert scoring.score_texts(pa.array(["you stupid cow"]), screener).num_rows >= 1


def test_each_choice_of_lexicons_has_a_version_of_its_own(folder: Folder) -> None:
    place = _written(folder.root.parent / "force.tsv", _plonk("one"))
    given = (
        Settings(),
        Settings(shipped=False),
        Settings(shipped=(Category.RACISM,)),
        Settings(shipped=(Category.RACISM, Category.MISOGYNY)),
        Settings(files=("../force.tsv",)),
        Settings(shipped=False, files=("../force.tsv",)),
    )
    versions = [scoring.of(folder, one).version for one in given]
    assert len(set(versions)) == len(given)
    _written(place, _plonk("another"))
    assert scoring.of(folder, given[4]).version not in versions


def test_a_named_lexicon_makes_the_scores_due_again_when_it_changes(
    folder: Folder, ledger: Ledger
) -> None:
    write(folder, "c1", "you gronk")
    place = _written(folder.root.parent / "force.tsv", _plonk("one"))
    words = Settings(files=("../force.tsv",))
    screening.run(folder, ledger, words=words)
    assert screening.due(folder, ledger, words=words) == 0
    _written(place, GRONK)
    assert screening.due(folder, ledger, words=words) == 2
    screening.run(folder, ledger, words=words)
    rows = Tables(folder.tables).read(SCORES).to_pylist()
    assert "bullying-threat" in {row["category"] for row in rows}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("../away.tsv", "away.tsv is not there; lay the lexicon there, or mend 'files' under"),
        ("../empty", "empty holds no .tsv file; lay the lexicon there"),
        ("../bad.tsv", "../bad.tsv line 2: it has 1 columns"),
        ("../bytes.tsv", "bytes.tsv is not UTF-8 at byte 2"),
    ],
)
def test_a_named_lexicon_that_cannot_be_read_stops_and_is_named(
    folder: Folder, written: str, said: str
) -> None:
    around = folder.root.parent
    (around / "empty").mkdir()
    _written(around / "bad.tsv", "gronk")
    (around / "bytes.tsv").write_bytes(b"en\xff")
    with pytest.raises(LexiconError, match=re.escape(said)):
        lexicons.of(folder, Settings(files=(written,)))
