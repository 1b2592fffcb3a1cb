"""``witnessbox export``: any table, or all conversations, in a format other tools read."""

import sys
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from witnessbox.cli.common import Directory, note, progress
from witnessbox.errors import WitnessboxError
from witnessbox.evidence.schema import BATCHES, SCORES
from witnessbox.operation.model import open_operation
from witnessbox.reports.rsmf import run as rsmf
from witnessbox.screening.model import DECIDES_NOTHING

CONVERSATIONS = "canonical_messages"
_ROWS = 10_000
_SCORED = (SCORES.name, BATCHES.name)


class ExportError(WitnessboxError):
    """What was asked for cannot be exported that way."""


def export(
    directory: Directory,
    table: str = CONVERSATIONS,
    /,
    *,
    to: Literal["jsonl", "csv", "parquet", "rsmf"] = "jsonl",
    output: Path | None = None,
) -> int:
    """Write one of the tables, or with `--to rsmf` conversations for review platforms.

    Parameters
    ----------
    table
        A table's name; a wrong one gives the list.
    to
        The format; `rsmf` is for review platforms, all conversations, a file a day.
    output
        A new file; standard output by default. For RSMF a new folder.
    """
    if to == "rsmf":
        return _rsmf(directory, table, output)
    rows = open_operation(directory).table(table)
    if table in _SCORED:
        note(DECIDES_NOTHING)
    if output is None:
        write(rows, to, sys.stdout.buffer)
    else:
        with output.open("xb") as stream:
            write(rows, to, stream)
        note(f"wrote {rows.num_rows:,} rows of {table} to {output}")
    return 0


def _rsmf(directory: Path, table: str, output: Path | None) -> int:
    if table != CONVERSATIONS:
        raise ExportError(f"RSMF holds conversations, not {table}; leave the table out")
    if output is None:
        raise ExportError("RSMF is a folder of files; name a new one with --output FOLDER")
    operation = open_operation(directory)
    with progress() as shown:
        done = rsmf.export(
            operation.folder, operation.ledger, output, zone=operation.opening.zone, progress=shown
        )
    note(
        f"wrote {done.events:,} events of {done.conversations:,} conversation(s) "
        f"in {done.files:,} file(s) to {output}"
    )
    return 0


def write(rows: pa.Table, to: str, stream: BinaryIO) -> None:
    """Write a table's rows to a stream; lists become JSON text in CSV, times ISO 8601."""
    if to == "parquet":
        pyarrow.parquet.write_table(rows, stream)
    elif to == "csv":
        pyarrow.csv.write_csv(_flat(rows), stream)
    else:
        stream.writelines(
            msgspec.json.encode(row) + b"\n"
            for batch in rows.to_batches(max_chunksize=_ROWS)
            for row in batch.to_pylist()
        )


def _flat(rows: pa.Table) -> pa.Table:
    columns = []
    for column in rows.columns:
        kind = column.type
        if pa.types.is_list(kind):
            texts = [
                None if one is None else msgspec.json.encode(one).decode()
                for one in column.to_pylist()
            ]
            columns.append(pa.array(texts, pa.string()))
        elif pa.types.is_dictionary(kind):
            columns.append(column.cast(kind.value_type))
        else:
            columns.append(column)
    return pa.table(columns, names=rows.column_names)
