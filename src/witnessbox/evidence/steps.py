"""What each bulk step made out of what, so that a step resumes and anyone can check its tables.

A step works shard by shard.  Its record names the hash of everything the shard was made from and of
every file it gave.  A shard is *done* while its record says the same inputs and the files stand.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from witnessbox.evidence.digest import derive, pieces, sha256_of
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import DATA_VERSION
from witnessbox.evidence.tables import Written

Given = TypeVar("Given")
Made = TypeVar("Made")

Progress = Callable[[str, int, int], None]
"""Told the step, how much is done and of how much; may raise KeyboardInterrupt to cancel."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Be the progress of nobody watching."""


def as_made(
    work: Callable[[Given], Made], todo: Sequence[Given], executor: Executor | None
) -> Generator[Made]:
    """Do a work for each shard, here or on an executor, and give each result once it is there.

    What has not begun when the caller stops asking, or is interrupted, is not begun.
    """
    if executor is None:
        yield from map(work, todo)
        return
    futures = [executor.submit(work, one) for one in todo]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One shard of one step: what it was made from, by which version, and what came out."""

    step: str
    shard: str
    inputs: str
    written: tuple[Written, ...]


def inputs_of(version: int, *parts: str | int) -> str:
    """Name everything a shard is made from: the step's version and its inputs' hashes."""
    return derive("inputs", DATA_VERSION, version, *parts)


@dataclass(frozen=True, slots=True)
class Steps:
    """The records of the bulk steps of one operation."""

    folder: Folder

    def _path(self, step: str, shard: str) -> Path:
        return self.folder.steps / step / f"{shard}.json"

    def find(self, step: str, shard: str) -> StepRecord | None:
        """Give the record of a shard, or None where the step has not made it (or it is torn)."""
        try:
            return msgspec.json.decode(self._path(step, shard).read_bytes(), type=StepRecord)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def done(self, step: str, shard: str, inputs: str) -> bool:
        """Say whether a shard stands as made from just these inputs."""
        record = self.find(step, shard)
        return (
            record is not None
            and record.inputs == inputs
            and all((self.folder.tables / part.path).is_file() for part in record.written)
        )

    def note(self, record: StepRecord) -> None:
        """Write down that a shard is made; last of all, when its files stand."""
        place = self._path(record.step, record.shard)
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_suffix(".partial")
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
        partial.replace(place)

    def keep_only(self, step: str, shards: Sequence[str]) -> None:
        """Forget the shards a step no longer makes."""
        kept = set(shards)
        for place in (self.folder.steps / step).glob("*.json"):
            if place.stem not in kept:
                place.unlink()

    def outputs(self, step: str) -> str:
        """Name all that a step has made, as an input to the next one."""
        parts = [
            f"{part.path}:{part.sha256}" for record in self.records(step) for part in record.written
        ]
        return derive("outputs", *sorted(parts))

    def records(self, step: str) -> Iterator[StepRecord]:
        """Give the records of a step, by shard."""
        for place in sorted((self.folder.steps / step).glob("*.json")):
            record = self.find(step, place.stem)
            if record is not None:
                yield record

    def check(self, step: str) -> Iterator[str]:
        """Hash a step's files again and say what is wrong with each that is not as written."""
        for record in self.records(step):
            for part in record.written:
                place = self.folder.tables / part.path
                if not place.is_file():
                    yield f"table file {part.path} is missing; run 'witnessbox run' again"
                    continue
                with place.open("rb") as stream:
                    if sha256_of(pieces(stream)) != part.sha256:
                        yield f"table file {part.path} has changed since it was made"
