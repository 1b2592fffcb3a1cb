"""The screening step scores what is due, once, and its tables come out the same each time."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from tests.screening.encoders import write_encoder
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES, CANONICAL_MESSAGES, EMBEDDINGS, SCORES
from witnessbox.evidence.steps import Steps
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.screening import run as screening
from witnessbox.screening.second_pass import Settings


@pytest.fixture
def ledger(sqlite_ledger: Ledger) -> Ledger:
    return sqlite_ledger


def write(folder: Folder, conversation: str, *texts: str | None, kind: str = "text") -> None:
    rows = [
        dict.fromkeys(CANONICAL_MESSAGES.schema.names)
        | {
            "message": f"{conversation}-{position}",
            "conversation": conversation,
            "position": position,
            "kind": kind,
            "text": text,
        }
        for position, text in enumerate(texts)
    ]
    batch = pa.RecordBatch.from_pylist(rows, schema=CANONICAL_MESSAGES.schema)
    Tables(folder.tables).write(CANONICAL_MESSAGES, conversation, [batch])


def digests(folder: Folder) -> list[str]:
    return [part.sha256 for record in Steps(folder).records("screen") for part in record.written]


def test_messages_are_scored_and_ranked_across_conversations(
    folder: Folder, ledger: Ledger
) -> None:
    write(folder, "c1", "hello all", "women drivers", "hello all", None)
    write(folder, "c2", "send them all back")
    assert screening.due(folder, ledger) == 3
    assert screening.run(folder, ledger) == 3
    tables = Tables(folder.tables)
    scores = tables.read(SCORES).to_pylist()
    assert [row["message"] for row in scores if row["category"] == "abuse"] == [
        "c1-0",
        "c1-1",
        "c1-2",
        "c2-0",
    ]
    batches = tables.read(BATCHES).to_pylist()
    assert {row["message"]: row["category"] for row in batches} == {
        "c1-0": "abuse",
        "c1-1": "misogyny",
        "c1-2": "abuse",
        "c2-0": "racism",
    }
    assert {row["message"]: row["position"] for row in batches}["c1-2"] == 2


def test_placeholders_have_no_score(folder: Folder, ledger: Ledger) -> None:
    write(folder, "c1", "You deleted this message", kind="deleted")
    screening.run(folder, ledger)
    assert Tables(folder.tables).rows(SCORES) == 0
    assert Tables(folder.tables).rows(BATCHES) == 0


def test_an_operation_without_messages_has_nothing_to_read(folder: Folder, ledger: Ledger) -> None:
    screening.run(folder, ledger)
    assert Tables(folder.tables).rows(BATCHES) == 0
    assert screening.due(folder, ledger) == 0


def test_what_is_done_is_not_done_again(folder: Folder, ledger: Ledger) -> None:
    write(folder, "c1", "hello")
    write(folder, "c2", "hello")
    screening.run(folder, ledger)
    assert screening.due(folder, ledger) == 0
    assert screening.run(folder, ledger) == 0
    write(folder, "c2", "hello", "goodbye")
    assert screening.due(folder, ledger) == 2
    assert screening.run(folder, ledger) == 2


def test_scores_of_a_conversation_that_is_gone_go_too(folder: Folder, ledger: Ledger) -> None:
    write(folder, "c1", "hello")
    write(folder, "c2", "hello")
    screening.run(folder, ledger)
    Tables(folder.tables).remove(CANONICAL_MESSAGES, ["c1"])
    screening.run(folder, ledger)
    assert Tables(folder.tables).shards(SCORES) == ["c1"]
    assert Tables(folder.tables).shards(EMBEDDINGS) == ["c1"]
    assert Tables(folder.tables).rows(BATCHES) == 1


def test_an_executor_makes_the_same_bytes_as_working_here(folder: Folder, ledger: Ledger) -> None:
    for number in range(4):
        write(folder, f"c{number}", "hello", "you idiot", f"number {number}")
    screening.run(folder, ledger)
    here = digests(folder)
    for place in folder.steps.rglob("*.json"):
        place.unlink()
    told: list[tuple[str, int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        screening.run(folder, ledger, executor=executor, progress=lambda *now: told.append(now))
    assert digests(folder) == here
    assert told == [("screen", done, 4) for done in range(5)]


def test_another_encoder_or_none_makes_the_scores_anew(
    folder: Folder, ledger: Ledger, tmp_path: Path
) -> None:
    write(folder, "c1", "hello", "you idiot", "women drivers")
    tiny = Settings(encoder=str(write_encoder(tmp_path / "tiny")), least=0.0)
    none = Settings(encoder="none")
    made, embedded = {}, {}
    for name, second in {"shipped": Settings(), "tiny": tiny, "none": none}.items():
        assert screening.due(folder, ledger, second=second) == 2
        screening.run(folder, ledger, second=second)
        assert screening.due(folder, ledger, second=second) == 0
        made[name] = Tables(folder.tables).read(SCORES).to_pylist()
        embedded[name] = Tables(folder.tables).read(EMBEDDINGS).to_pylist()
    assert {row["source"] for row in made["tiny"]} == {"encoder"}
    assert all(" tiny/" in row["version"] for row in made["tiny"])
    assert {row["version"].split("/")[0] for row in made["none"]} == {"linear-2"}
    assert "encoder" not in {row["source"] for row in made["none"]}
    assert {row["source"] for row in made["shipped"]} >= {"encoder"}
    assert [row["version"].split("/")[0] for row in embedded["tiny"]] == ["tiny"] * 3
    assert embedded["none"] == []


def test_each_text_read_to_the_end_has_its_embedding_once(
    folder: Folder, ledger: Ledger, tmp_path: Path
) -> None:
    write(folder, "c1", "hello", "you idiot", None, "you idiot", "women drivers")
    write(folder, "c2", "you idiot")
    tiny = Settings(encoder=str(write_encoder(tmp_path / "tiny")), least=0.0)
    screening.run(folder, ledger, second=tiny)
    rows = Tables(folder.tables).read(EMBEDDINGS).to_pylist()
    assert [row["message"] for row in rows] == ["c1-0", "c1-1", "c1-4", "c2-0"]
    assert rows[0]["embedding"] == pytest.approx([-(0.5**0.5)] * 2, abs=1e-3)
    assert rows[1]["embedding"] == rows[3]["embedding"]


def test_an_executor_shares_the_second_pass_out(folder: Folder, ledger: Ledger) -> None:
    for number in range(3):
        write(folder, f"c{number}", "hello", "you idiot", f"women {number}")
    screening.run(folder, ledger)
    here = digests(folder)
    for place in folder.steps.rglob("*.json"):
        place.unlink()
    with ProcessPoolExecutor(2) as executor:
        screening.run(folder, ledger, executor=executor)
    assert digests(folder) == here
