"""What each bulk step made out of what."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event

import pyarrow as pa
import pytest

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import BATCHES
from witnessbox.evidence.steps import StepRecord, Steps, as_made, inputs_of, silent
from witnessbox.evidence.tables import Tables

_EMPTY = pa.RecordBatch.from_pylist([], schema=BATCHES.schema)


@pytest.fixture
def steps(folder: Folder) -> Steps:
    written = Tables(folder.tables).write(BATCHES, "all", [_EMPTY])
    made = Steps(folder)
    made.note(StepRecord("screen", "all", inputs_of(1, "a"), (written,)))
    return made


def test_a_shard_is_done_while_its_inputs_are_the_same(steps: Steps) -> None:
    assert steps.done("screen", "all", inputs_of(1, "a"))
    assert not steps.done("screen", "all", inputs_of(1, "b"))
    assert not steps.done("screen", "all", inputs_of(2, "a"))
    assert not steps.done("screen", "other", inputs_of(1, "a"))


def test_a_shard_whose_file_is_gone_is_not_done(steps: Steps, folder: Folder) -> None:
    Tables(folder.tables).path(BATCHES, "all").unlink()
    assert not steps.done("screen", "all", inputs_of(1, "a"))
    assert list(steps.check("screen")) == [
        "table file batches/all.parquet is missing; run 'witnessbox run' again"
    ]


@pytest.mark.parametrize("torn", [b'{"step":', b'{"step": "\xff"}'])
def test_a_torn_record_is_a_shard_not_made(steps: Steps, folder: Folder, torn: bytes) -> None:
    (folder.steps / "screen" / "all.json").write_bytes(torn)
    assert steps.find("screen", "all") is None
    assert list(steps.records("screen")) == []


def test_a_changed_file_is_found(steps: Steps, folder: Folder) -> None:
    assert list(steps.check("screen")) == []
    with Tables(folder.tables).path(BATCHES, "all").open("ab") as stream:
        stream.write(b"x")
    assert list(steps.check("screen")) == [
        "table file batches/all.parquet has changed since it was made"
    ]


def test_outputs_name_what_was_made(steps: Steps) -> None:
    before = steps.outputs("screen")
    steps.keep_only("screen", ["all"])
    assert steps.outputs("screen") == before
    steps.keep_only("screen", [])
    assert steps.outputs("screen") != before


def test_nobody_watching_is_told_nothing() -> None:
    silent("screen", 1, 2)


def test_shards_are_made_here_or_by_processes_and_come_as_they_are_made() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for executor in (None, pool):
            assert sorted(as_made(abs, [-3, 1, -2], executor)) == [1, 2, 3]


def test_what_has_not_begun_is_not_begun_once_nobody_asks() -> None:
    begun, go_on = [], Event()

    def work(number: int) -> None:
        begun.append(number)
        if number > 1:
            go_on.wait()

    with ThreadPoolExecutor(1) as pool:
        made = as_made(work, [1, 2, 3], pool)
        next(made)
        made.close()
        go_on.set()
    assert 3 not in begun
