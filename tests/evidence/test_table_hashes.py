"""Tables by their hashes, kept while their folders do not change."""

from datetime import UTC, datetime

import pyarrow as pa

from tests.screening.test_learning_store import long_ago
from witnessbox.evidence import table_hashes
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, SCORES
from witnessbox.evidence.steps import StepRecord, Steps
from witnessbox.evidence.tables import Tables, Written

_STEPS = ("reconcile",)
_READ = (CANONICAL_MESSAGES,)


def write(folder: Folder, shard: str, text: str) -> Written:
    row = dict.fromkeys(CANONICAL_MESSAGES.stored.names) | {
        "message": "m1",
        "conversation": shard,
        "position": 0,
        "kind": "text",
        "text": text,
        "sent_at": datetime(2024, 3, 1, tzinfo=UTC),
    }
    batch = pa.RecordBatch.from_pylist([row], schema=CANONICAL_MESSAGES.stored)
    return Tables(folder.tables).write(CANONICAL_MESSAGES, shard, [batch])


def test_a_part_has_the_hash_its_step_noted_and_is_hashed_where_none_did(folder: Folder) -> None:
    noted, other = write(folder, "a", "hello"), write(folder, "b", "morning")
    Steps(folder).note(StepRecord("reconcile", "a", "inputs", (Written(noted.path, 1, "0" * 64),)))
    found = list(table_hashes.parts(folder, _READ, _STEPS))
    assert found == [
        ("canonical_messages", "a", "0" * 64),
        ("canonical_messages", "b", other.sha256),
    ]


def test_tables_have_another_name_when_they_change_and_the_same_when_they_do_not(
    folder: Folder,
) -> None:
    write(folder, "a", "hello")
    before = table_hashes.named(folder, _READ, _STEPS)
    assert table_hashes.named(folder, _READ, _STEPS) == before
    write(folder, "a", "good evening")
    assert table_hashes.named(folder, _READ, _STEPS) != before
    write(folder, "a", "hello")
    assert table_hashes.named(folder, _READ, _STEPS) == before
    assert table_hashes.named(folder, (CANONICAL_MESSAGES, SCORES), _STEPS) == before


def test_a_name_is_not_worked_out_again_while_its_folders_are_long_as_they_are(
    folder: Folder,
) -> None:
    write(folder, "a", "hello")
    long_ago(folder.root)
    before = table_hashes.named(folder, _READ, _STEPS)
    # Written over in place, which no step does: the folder shows no change, so none is looked for.
    Tables(folder.tables).path(CANONICAL_MESSAGES, "a").write_bytes(b"something else")
    assert table_hashes.named(folder, _READ, _STEPS) == before
    write(folder, "b", "hello")
    assert table_hashes.named(folder, _READ, _STEPS) != before
