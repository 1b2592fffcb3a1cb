"""Rows put into the columns of our tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import Table


def table_of(table: Table, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch | None:
    """Put whole rows into a table's columns, in their order; None where there are none."""
    if not rows:
        return None
    columns = zip(table.schema, zip(*rows, strict=True), strict=True)
    arrays = [column_of(want.type, values) for want, values in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def column_of(kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
    """Put values into one column; a column of words that repeat is dictionary-encoded."""
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def same(kind: pa.DataType, value: str | None, count: int) -> pa.Array:
    """Put one word, or nothing, into every row of a column."""
    if value is None:
        return pa.nulls(count, kind)
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), [value])
