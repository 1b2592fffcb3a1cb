"""A copy's rows are read and folded once, and mapped where they are needed again."""

from pathlib import Path

from tests.reconcile.chats import SECOND, Phone, chat, source, stored
from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.ready import COLUMNS, FOLDED, lay_ready, rows_ready

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)


def test_rows_that_were_laid_down_are_those_that_were_read_with_their_texts_folded(
    tmp_path: Path,
) -> None:
    said = chat(200)
    Tables(tmp_path).write(MESSAGES, ANA.exhibit, stored(said, ANA).to_batches())
    apart = tmp_path / "apart"
    apart.mkdir()
    read = lay_ready(tmp_path, apart, source(ANA))
    again = rows_ready(apart, source(ANA))
    assert again.to_pylist() == read.to_pylist()
    assert again.column_names == [*COLUMNS, FOLDED]
    assert again.num_rows == len(said)
    assert all(row[FOLDED] == fold_word(row["text"]) for row in again.to_pylist())
