"""What extraction could not read or decide, and nobody has settled: by exhibit, in few lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Severity
from witnessbox.evidence.schema import PROBLEMS
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import Receipt, first_receipts

_OPEN = (Severity.LOSS.value, Severity.DOUBT.value)  # in the order they are told


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """One kind of loss or doubt in one exhibit; ``what`` is told of one of them."""

    reference: str
    name: str  # of the file, as received
    severity: Severity
    code: str
    times: int
    what: str


def open_problems(folder: Folder, received: Sequence[Receipt]) -> list[OpenProblem]:
    """List losses and doubts that stand: exhibits in the order of receipt, losses first."""
    tables = Tables(folder.tables)
    shards = frozenset(tables.shards(PROBLEMS))
    found: list[OpenProblem] = []
    for exhibit, receipt in first_receipts(received).items():
        if exhibit in shards:
            rows = tables.read(PROBLEMS, [exhibit], ["severity", "code", "what"])
            found += _of_exhibit(receipt, rows)
    return found


def _of_exhibit(receipt: Receipt, rows: pa.Table) -> list[OpenProblem]:
    severity = rows["severity"].cast(pa.string())
    plain = pa.table(
        {"severity": severity, "code": rows["code"].cast(pa.string()), "what": rows["what"]}
    ).filter(pc.is_in(severity, pa.array(_OPEN)))
    counted = plain.group_by(["severity", "code"]).aggregate([("what", "min"), ([], "count_all")])
    found = [
        OpenProblem(
            receipt.reference,
            receipt.name,
            Severity(row["severity"]),
            row["code"],
            row["count_all"],
            row["what_min"],
        )
        for row in counted.to_pylist()
    ]
    return sorted(found, key=lambda one: (_OPEN.index(one.severity), one.code))
