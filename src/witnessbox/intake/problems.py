"""Problems as rows of their table."""

from collections.abc import Sequence

import pyarrow as pa

from witnessbox.evidence.model import Problem
from witnessbox.evidence.schema import PROBLEMS
from witnessbox.intake.columns import table_of


def problem_rows(problems: Sequence[Problem]) -> pa.RecordBatch | None:
    """Put problems into columns, in the order given; None where there are none."""
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
    return table_of(PROBLEMS, rows)
