"""``witnessbox parse``: exports read without an operation."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from witnessbox.cli.common import note
from witnessbox.cli.lines import lines
from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.evidence.tables import ShardWriter, Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.containers import ContainerError, Limits, is_archive
from witnessbox.intake.handed import Handed, Refusal, handed_over
from witnessbox.intake.parser import (
    BATCH_TABLES,
    HEAD_BYTES,
    Assumption,
    Batch,
    Source,
    UnknownFormatError,
    choose,
)
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.tiling import Tiling
from witnessbox.intake.unpack import store


class ParseError(WitnessboxError):
    """The command was asked for something that does not go together."""


@dataclass(slots=True)
class _Count:
    messages: int = 0
    problems: int = 0
    refused: int = 0
    files: int = 0
    formats: set[str] = field(default_factory=set)


def parse(
    *files: Path,
    problems: bool = True,
    zone: str = "UTC",
    to: Literal["jsonl", "parquet"] = "jsonl",
    output: Path | None = None,
) -> int:
    """Read exports; folders and zips are opened up.

    Parameters
    ----------
    files
        Exports: files, folders, zips.
    problems
        Also print what could not be read or decided, among the records, in file order.
    zone
        IANA zone for the UTC times in Parquet where an export names none.
    to
        JSON lines on standard output, or Parquet into a new folder.
    output
        The folder for Parquet.
    """
    if not files:
        raise ParseError("nothing to parse; name exports, for example: witnessbox parse chat.txt")
    if (to == "parquet") != (output is not None):
        raise ParseError("--to parquet and --output FOLDER go together")
    count = _Count()
    refusals: list[Refusal] = []
    with ExitStack() as stack:
        sink = _Parquet(stack, output) if output is not None else _Lines(problems=problems)
        for handed in handed_over(files, ("parse", ""), refusals):
            several = len(files) > 1 or is_archive(handed.name) or "/" in handed.name
            _read(
                handed, sink, count, Assumption(zone, "given on the command line"), several=several
            )
    for refusal in refusals:
        note(f"refused: {refusal.name}: {refusal.reason}")
    _conclude(count, len(refusals))
    return 1 if count.refused or refusals else 0


def _conclude(count: _Count, refusals: int) -> None:
    if count.files:
        read = f"{count.messages:,} messages and {count.problems:,} problems"
        note(f"read {read} in {count.files} file(s): {', '.join(sorted(count.formats))}")
    if count.refused or refusals:
        note(f"{count.refused + refusals} file(s) refused")


def _read(
    handed: Handed,
    sink: "_Lines | _Parquet",
    count: _Count,
    assumption: Assumption,
    *,
    several: bool,
) -> None:
    with tempfile.TemporaryDirectory(prefix="witnessbox-") as scratch:
        try:
            sources = list(_sources(handed, Vault(Path(scratch))))
        except ContainerError as error:
            note(str(error))
            count.refused += 1
            return
        for source in sources:
            _one(source, sink, count, assumption, several=several)


def _one(
    source: Source,
    sink: "_Lines | _Parquet",
    count: _Count,
    assumption: Assumption,
    *,
    several: bool,
) -> None:
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
    try:
        parser = choose(PARSERS, source.name, head)
    except UnknownFormatError as error:
        note(f"refused: {error}")
        count.refused += 1
        return
    tiling = Tiling(source.name, parser.FORMAT.label)
    count.files += 1
    count.formats.add(parser.FORMAT.title)
    for batch in parser.parse(source, assumption):
        tiling.take(batch)
        count.messages += 0 if batch.messages is None else batch.messages.num_rows
        count.problems += 0 if batch.problems is None else batch.problems.num_rows
        sink.take(batch, source.name if several else None)
    tiling.finish(source.size_bytes)


def _sources(handed: Handed, vault: Vault) -> Iterator[Source]:
    """Give the file, or what lies in it where it is an archive."""
    if not is_archive(handed.name):
        with handed.path.open("rb") as stream:
            exhibit = sha256_of(pieces(stream))
        size_bytes = handed.path.stat().st_size
        yield Source(exhibit, handed.name, size_bytes, lambda: handed.path.open("rb"))
        return
    for found in store(handed, vault, Limits(), frozenset())[1:]:
        exhibit = found.exhibit.digest
        yield Source(exhibit, found.name, found.exhibit.size_bytes, _opener(vault, exhibit))


def _opener(vault: Vault, exhibit: str) -> Callable[[], BinaryIO]:
    return lambda: vault.open(exhibit)


class _Lines:
    """Writes JSON lines to standard output."""

    def __init__(self, *, problems: bool) -> None:
        self._problems = problems
        self._encoder = msgspec.json.Encoder()

    def take(self, batch: Batch, name: str | None) -> None:
        """Print one batch; ``name`` is the file's where there are several."""
        prefix = {} if name is None else {"file": name}
        sys.stdout.buffer.writelines(
            self._encoder.encode(prefix | line) + b"\n"
            for line in lines(batch, problems=self._problems)
        )


class _Parquet:
    """Writes each table to a file of its own in a new folder."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        folder.mkdir(parents=True)
        tables = Tables(folder)
        self._writers: Sequence[tuple[str, ShardWriter]] = [
            (table.name, stack.enter_context(tables.writer(table, "parsed")))
            for table in BATCH_TABLES
        ]

    def take(self, batch: Batch, _name: str | None) -> None:
        """Write one batch; rows carry their exhibit's SHA-256."""
        for name, writer in self._writers:
            rows = getattr(batch, name)
            if rows is not None:
                writer.add(rows)
