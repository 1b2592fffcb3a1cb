"""Problems as rows of their table."""

from collections.abc import Sequence

import pyarrow as pa

from witnessbox.evidence.model import Problem
from witnessbox.evidence.schema import PROBLEMS


def problem_rows(problems: Sequence[Problem]) -> pa.RecordBatch | None:
    """Put problems into columns, in the order given; None where there are none."""
    if not problems:
        return None
    rows = [
        (
            one.span.exhibit,
            one.span.start,
            one.span.end,
            one.parser,
            one.code,
            one.what,
            one.severity.value,
            one.table,
            one.row,
        )
        for one in problems
    ]
    arrays = []
    for want, values in zip(PROBLEMS.schema, zip(*rows, strict=True), strict=True):
        if pa.types.is_dictionary(want.type):
            arrays.append(pa.array(values, pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(values, want.type))
    return pa.RecordBatch.from_arrays(arrays, schema=PROBLEMS.schema)
