"""What extraction could not read or decide, as the command line tells it."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from witnessbox.cli.common import say
from witnessbox.evidence.model import Severity
from witnessbox.intake.open_problems import OpenProblem, open_problems
from witnessbox.intake.record import receipts
from witnessbox.operation.model import Operation

_SHOWN = 20
_ACROSS = 80


def tell_open(operation: Operation, directory: Path) -> None:
    """Say what stands open in an operation, a line a kind, and where to go on."""
    found = open_problems(operation.folder, receipts(operation.ledger))
    for (reference, name), kinds in groupby(
        found[:_SHOWN], key=lambda one: (one.reference, one.name)
    ):
        say(f"{reference}  {name}")
        for one in kinds:
            say(_line(one))
    if len(found) > _SHOWN:
        more = len({one.reference for one in found[_SHOWN:]})
        exhibits = "1 exhibit" if more == 1 else f"{more:,} exhibits"
        say(
            f"… and {len(found) - _SHOWN:,} kinds more in {exhibits}: witnessbox status {directory}"
        )
    if found:
        say(f"{_counted(found)}; doubts are settled with: witnessbox settle {directory}")


def _line(one: OpenProblem) -> str:
    times = f" × {one.times:,}" if one.times > 1 else ""
    line = f"  {one.severity}  {one.code}{times}: {one.what}"
    return line if len(line) <= _ACROSS else f"{line[: _ACROSS - 1]}…"


def _counted(found: Sequence[OpenProblem]) -> str:
    counts: Counter[Severity] = Counter()
    for one in found:
        counts[one.severity] += one.times
    losses, doubts = counts[Severity.LOSS], counts[Severity.DOUBT]
    return (
        f"{losses:,} {'loss' if losses == 1 else 'losses'}, "
        f"{doubts:,} {'doubt' if doubts == 1 else 'doubts'}"
    )
