"""What the learner's files are made from, and when they are made again."""

import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa

from tests.review.talk import message, screen, talk
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_REACTIONS, EMBEDDINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import run as screening
from witnessbox.screening.learning_store import inputs_of, ready
from witnessbox.screening.second_pass import Settings


def long_ago(place: Path) -> None:
    """Have all folders look as if nothing had changed in them for long."""
    for folder in (place, *(one for one in place.rglob("*") if one.is_dir())):
        os.utime(folder, (1_000_000_000, 1_000_000_000))


def test_messages_are_found_by_id_and_stand_in_order(folder: Folder, sqlite_ledger: Ledger) -> None:
    talk(folder, 20)
    talk(folder, 20, "c0")
    screen(folder, sqlite_ledger)
    named = ready(folder)
    assert named.matter.messages == 40
    assert [named.find(message(at, "c0")) for at in (0, 19)] == [0, 19]
    assert named.find(message(3)) == 23
    assert named.find("unknown") == -1
    assert (named.conversation(23), int(named.position[23])) == ("c1", 3)
    assert named.matter.material.rows.texts == 20  # both conversations say the same


def test_files_are_kept_while_the_tables_stand_and_made_again_when_they_change(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder, 20)
    screen(folder, sqlite_ledger)
    long_ago(folder.root)
    before = ready(folder)
    made = (folder.learner / "made-from.txt").stat().st_mtime_ns
    assert ready(folder).inputs == before.inputs == inputs_of(folder)
    assert (folder.learner / "made-from.txt").stat().st_mtime_ns == made
    talk(folder, 30, "c2")
    screen(folder, sqlite_ledger)
    after = ready(folder)
    assert after.inputs != before.inputs
    assert after.matter.messages == 50


def test_reactions_that_laugh_are_counted_and_those_taken_back_are_not(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder, 20)
    rows = [
        dict.fromkeys(CANONICAL_REACTIONS.stored.names)
        | {"message": message(4), "conversation": "c1", "reaction": reaction}
        for reaction in ("😂", "👍", "")
    ]
    batch = pa.RecordBatch.from_pylist(rows, schema=CANONICAL_REACTIONS.stored)
    Tables(folder.tables).write(CANONICAL_REACTIONS, "c1", [batch])
    screen(folder, sqlite_ledger)
    setting = ready(folder).matter.setting
    assert (setting.laughs[4], setting.reactions[4]) == (1, 2)
    assert np.count_nonzero(setting.reactions) == 1


def test_texts_that_were_read_to_the_end_are_weighed_by_their_embeddings_too(
    folder: Folder, sqlite_ledger: Ledger
) -> None:
    talk(folder, 20)
    talk(folder, 20, "c0")
    screening.run(folder, sqlite_ledger, second=Settings(encoder="none"))
    assert ready(folder).matter.material.embeddings is None
    shutil.rmtree(folder.steps / "screen")  # what it noted of its tables holds no more
    rows = [
        {"message": message(at, shard), "conversation": shard, "embedding": shown, "version": "x/1"}
        for shard, at, shown in (
            ("c1", 7, [1.0, 0.0]),
            ("c1", 4, [0.0, 1.0]),
            ("c0", 7, [1.0, 0.0]),
        )
    ]
    for shard in ("c0", "c1"):
        mine = [row for row in rows if row["conversation"] == shard]
        batch = pa.RecordBatch.from_pylist(mine, schema=EMBEDDINGS.schema)
        Tables(folder.tables).write(EMBEDDINGS, shard, [batch])
    named = ready(folder)
    embeddings = named.matter.material.embeddings
    assert embeddings is not None
    at = [named.find(message(place)) for place in (4, 5, 7)]
    shown = embeddings.of(named.matter.material.text[at])
    assert shown.tolist() == [[0, 1], [0, 0], [1, 0]]
    assert len(embeddings.text) == 2  # both conversations say the same


def test_an_operation_without_messages_has_nothing_to_weigh(folder: Folder) -> None:
    assert ready(folder).matter.messages == 0
