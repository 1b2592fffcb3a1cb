"""The bulk steps of an operation, in their order."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from witnessbox.evidence.steps import Progress, silent
from witnessbox.intake import extract
from witnessbox.media import run as media
from witnessbox.operation.model import Operation
from witnessbox.reconcile import run as reconcile
from witnessbox.screening import run as screening
from witnessbox.search import index


@dataclass(frozen=True, slots=True)
class Step:
    """One bulk step: its name, what it does in a few words, and how to run or count it."""

    name: str
    title: str
    run: Callable[[Operation, Executor | None, Progress], int]
    due: Callable[[Operation], int]


def _extract(operation: Operation, executor: Executor | None, progress: Progress) -> int:
    return extract.run(
        operation.folder,
        operation.ledger,
        zone=operation.opening.zone,
        limits=operation.limits,
        executor=executor,
        progress=progress,
    )


def _reconcile(operation: Operation, executor: Executor | None, progress: Progress) -> int:
    return reconcile.run(
        operation.folder,
        operation.ledger,
        join_weight=operation.join_weight,
        executor=executor,
        progress=progress,
    )


def _pictures(operation: Operation, _executor: Executor | None, progress: Progress) -> int:
    return media.run(
        operation.folder, operation.ledger, alike_bits=operation.motif_bits, progress=progress
    )


def _index(operation: Operation, _executor: Executor | None, progress: Progress) -> int:
    return index.run(operation.folder, operation.ledger, progress=progress)


def _screen(operation: Operation, executor: Executor | None, progress: Progress) -> int:
    return screening.run(
        operation.folder,
        operation.ledger,
        words=operation.lexicons,
        second=operation.second_pass,
        executor=executor,
        progress=progress,
    )


STEPS = (
    Step(
        "extract",
        "read the messages out of every exhibit",
        _extract,
        lambda it: extract.due(it.folder, it.ledger, zone=it.opening.zone, limits=it.limits),
    ),
    Step(
        "reconcile",
        "lay the copies of each conversation over one another",
        _reconcile,
        lambda it: reconcile.due(it.folder, it.ledger, join_weight=it.join_weight),
    ),
    Step(
        "pictures",
        "say which messages carry which files, and which pictures are one",
        _pictures,
        lambda it: media.due(it.folder, it.ledger, alike_bits=it.motif_bits),
    ),
    Step("index", "make the search index", _index, lambda it: index.due(it.folder, it.ledger)),
    Step(
        "screen",
        "score messages and put them in reading order",
        _screen,
        lambda it: screening.due(it.folder, it.ledger, words=it.lexicons, second=it.second_pass),
    ),
)


def run(
    operation: Operation,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
    only: str | None = None,
) -> Iterator[tuple[Step, int]]:
    """Run the bulk steps that are due, in order; yield each with how many shards it made anew."""
    for step in STEPS:
        if only in (None, step.name):
            yield step, step.run(operation, executor, progress)


def due(operation: Operation) -> list[tuple[Step, int]]:
    """Say for each bulk step how many shards it has still to make."""
    return [(step, step.due(operation)) for step in STEPS]
