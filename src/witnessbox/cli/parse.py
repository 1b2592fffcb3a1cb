"""``witnessbox parse``: exports read without an operation."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from witnessbox.cli.common import note
from witnessbox.cli.lines import lines
from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.evidence.model import Exhibit
from witnessbox.evidence.tables import ShardWriter, Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.beside import companions, mappings
from witnessbox.intake.containers import ContainerError, is_archive
from witnessbox.intake.handed import Handed, Refusal, handed_over
from witnessbox.intake.limits import DEFAULT, LimitError, Limits, limits_of
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
from witnessbox.intake.table.mapping import REFUSED, is_mapping, mapping_name
from witnessbox.intake.tiling import accounting
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
    mapping: Path | None = None,
    limits: Path | None = None,
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
    mapping
        Column mapping (TOML) of tables; else a NAME.mapping.toml among the files.
    limits
        Limits (TOML) on what a file may cost; those not named keep their defaults.
    """
    if not files:
        raise ParseError("nothing to parse; name exports, for example: witnessbox parse chat.txt")
    if (to == "parquet") != (output is not None):
        raise ParseError("--to parquet and --output FOLDER go together")
    if mapping is not None and not mapping.is_file():
        raise ParseError(f"there is no mapping {mapping}; write one, or leave --mapping out")
    within = _limits(limits)
    count = _Count()
    refusals: list[Refusal] = []
    with ExitStack() as stack:
        sink = _Parquet(stack, output) if output is not None else _Lines(problems=problems)
        every = list(handed_over(files, ("parse", ""), refusals))
        beside = _beside(every, mapping)
        assumption = Assumption(zone, "given on the command line")
        for handed, others in zip(every, beside, strict=True):
            several = len(files) > 1 or is_archive(handed.name) or "/" in handed.name
            with tempfile.TemporaryDirectory(prefix="witnessbox-") as scratch:
                for source in _sources(handed, others, Vault(Path(scratch)), within, count):
                    bounded = replace(source, limits=within)
                    _one(bounded, sink, count, assumption, several=several)
    for refusal in refusals:
        note(f"refused: {refusal.name}: {refusal.reason}")
    _conclude(count, len(refusals))
    return 1 if count.refused or refusals else 0


def _limits(file: Path | None) -> Limits:
    if file is None:
        return DEFAULT
    try:
        return limits_of(msgspec.toml.decode(file.read_bytes(), type=dict[str, object]))
    except (OSError, msgspec.DecodeError, msgspec.ValidationError, LimitError) as error:
        raise ParseError(f"the limits in {file} cannot be read: {error}") from error


def _conclude(count: _Count, refusals: int) -> None:
    if count.files:
        read = f"{count.messages:,} messages and {count.problems:,} problems"
        note(f"read {read} in {count.files} file(s): {', '.join(sorted(count.formats))}")
    if count.refused or refusals:
        note(f"{count.refused + refusals} file(s) refused")


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
    account = accounting(source.name, parser.FORMAT)
    count.files += 1
    count.formats.add(parser.FORMAT.title)
    for batch in parser.parse(source, assumption):
        account.take(batch)
        count.messages += 0 if batch.messages is None else batch.messages.num_rows
        count.problems += 0 if batch.problems is None else batch.problems.num_rows
        sink.take(batch, source.name if several else None)
        _note_refusals(batch, source.name, count)
    account.finish(source.size_bytes)


def _note_refusals(batch: Batch, name: str, count: _Count) -> None:
    """Say what a table lacks to be read; it is refused like a file of no format."""
    if batch.problems is None:
        return
    for row in batch.problems.to_pylist():
        if row["code"] == REFUSED:
            note(f"refused: {name}: {row['what']}")
            count.refused += 1


def _beside(every: Sequence[Handed], mapping: Path | None) -> list[tuple[Handed, ...]]:
    """Find what each file is read with: databases of its folder, and the mapping of a table."""

    def folder(one: Handed) -> Path:
        return one.path.parent

    found = companions(every, lambda one: one.name, folder)
    named = mappings(every, lambda one: one.name, folder)
    return [
        (*others, Handed(mapping, mapping_name(one.name), (), one.delivery))
        if mapping is not None
        else (*others, *(() if its is None else (its,)))
        for one, others, its in zip(every, found, named, strict=True)
    ]


def _sources(
    handed: Handed, others: Sequence[Handed], vault: Vault, limits: Limits, count: _Count
) -> list[Source]:
    """Give the file, or what lies in it where it is an archive; nothing where that is refused."""
    if not is_archive(handed.name):
        return [replace(_on_disk(handed), beside=tuple(map(_on_disk, others)))]
    try:
        found = store(handed, vault, limits, frozenset())[1:]
    except ContainerError as error:
        note(str(error))
        count.refused += 1
        return []
    taken_apart = {one.container for one in found}
    members = [
        Source(one.exhibit.digest, one.name, one.exhibit.size_bytes, _opener(vault, one.exhibit))
        for one in found
        if one.exhibit.digest not in taken_apart
    ]
    beside = companions(members, lambda one: one.name, lambda _one: None)
    named = mappings(members, lambda one: one.name, lambda _one: None)
    given = tuple(map(_on_disk, others))
    return [
        replace(one, beside=(*those, *(() if its is None else (its,)), *_renamed(given, one)))
        for one, those, its in zip(members, beside, named, strict=True)
    ]


def _renamed(given: Sequence[Source], member: Source) -> list[Source]:
    """Let a mapping given for an archive be the mapping of each table in it."""
    return [replace(one, name=mapping_name(member.name)) for one in given if is_mapping(one.name)]


def _on_disk(handed: Handed) -> Source:
    with handed.path.open("rb") as stream:
        exhibit = sha256_of(pieces(stream))
    size_bytes = handed.path.stat().st_size
    return Source(exhibit, handed.name, size_bytes, lambda: handed.path.open("rb"))


def _opener(vault: Vault, exhibit: Exhibit) -> Callable[[], BinaryIO]:
    return lambda: vault.open(exhibit.digest)


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
