"""An operation's own lexicons are looked through with the shipped ones, or instead of them."""

import pytest

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import SCORES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import lexicons, scoring
from witnessbox.screening import run as screening
from witnessbox.screening.lexicon_file import COLUMNS, INSTEAD, LexiconError

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
