"""A copy's rows are read once, and mapped where they are needed again."""

from pathlib import Path

import pytest

from tests.reconcile.chats import SECOND, Phone, chat, source, stored
from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.apart import lay_apart
from witnessbox.reconcile.ready import COLUMNS, lay_ready, rows_ready

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND)


@pytest.mark.parametrize("mixed", [False, True])
def test_rows_that_were_laid_down_are_those_that_were_read_wherever_they_lie(
    tmp_path: Path, *, mixed: bool
) -> None:
    said = chat(200)
    Tables(tmp_path).write(MESSAGES, ANA.exhibit, stored(said, ANA).to_batches())
    apart = tmp_path / "apart"
    apart.mkdir()
    if mixed:
        lay_apart(tmp_path, ANA.exhibit, apart, COLUMNS)
    read = lay_ready(tmp_path, apart, source(ANA))
    again = rows_ready(tmp_path, apart, source(ANA))
    assert again.to_pylist() == read.to_pylist()
    assert again.column_names == [*COLUMNS]
    assert [row["text"] for row in again.to_pylist()] == [
        row["text"] for row in stored(said, ANA).to_pylist()
    ]
    texts = again["text"].combine_chunks()
    assert len(texts.dictionary) == len(set(texts.drop_null().to_pylist()))
