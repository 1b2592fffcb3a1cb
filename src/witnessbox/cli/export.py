"""``witnessbox export``: any table, in a format other tools read."""

import sys
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from witnessbox.cli.common import Directory, note
from witnessbox.operation.model import open_operation

_ROWS = 10_000


def export(
    directory: Directory,
    table: str,
    /,
    *,
    to: Literal["jsonl", "csv", "parquet"] = "jsonl",
    output: Path | None = None,
) -> int:
    """Write a whole table as JSON lines, CSV or Parquet.

    Parameters
    ----------
    table
        A table's name; a wrong one gives the list.
    to
        The format.
    output
        A new file; standard output by default.
    """
    rows = open_operation(directory).table(table)
    if output is None:
        write(rows, to, sys.stdout.buffer)
    else:
        with output.open("xb") as stream:
            write(rows, to, stream)
        note(f"wrote {rows.num_rows:,} rows of {table} to {output}")
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
