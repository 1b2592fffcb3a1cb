"""The bulk steps of an operation, in their order."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from witnessbox.evidence.steps import Progress, silent
from witnessbox.intake import extract
from witnessbox.media import run as media
from witnessbox.media.model import LOOKING, Looking
from witnessbox.operation.model import Operation
from witnessbox.reconcile import run as reconcile
from witnessbox.screening import run as screening
from witnessbox.search import index


@dataclass(frozen=True, slots=True)
class Work:
    """How the steps are to be run: how pictures are looked at, by whom, and who watches."""

    looking: Looking = LOOKING
    executor: Executor | None = None
    progress: Progress = silent


_PLAIN = Work()


@dataclass(frozen=True, slots=True)
class Step:
    """One bulk step: its name, what it does in a few words, and how to run or count it."""

    name: str
    title: str
    run: Callable[[Operation, Work], int]
    due: Callable[[Operation, Looking], int]


def _extract(operation: Operation, work: Work) -> int:
    return extract.run(
        operation.folder,
        operation.ledger,
        zone=operation.opening.zone,
        most_pixels=work.looking.most_pixels,
        executor=work.executor,
        progress=work.progress,
    )


def _reconcile(operation: Operation, work: Work) -> int:
    return reconcile.run(
        operation.folder, operation.ledger, executor=work.executor, progress=work.progress
    )


def _pictures(operation: Operation, work: Work) -> int:
    return media.run(
        operation.folder,
        operation.ledger,
        alike_bits=work.looking.alike_bits,
        progress=work.progress,
    )


def _index(operation: Operation, work: Work) -> int:
    return index.run(operation.folder, operation.ledger, progress=work.progress)


def _screen(operation: Operation, work: Work) -> int:
    return screening.run(
        operation.folder, operation.ledger, executor=work.executor, progress=work.progress
    )


STEPS = (
    Step(
        "extract",
        "read the messages out of every exhibit",
        _extract,
        lambda it, looking: extract.due(
            it.folder, it.ledger, zone=it.opening.zone, most_pixels=looking.most_pixels
        ),
    ),
    Step(
        "reconcile",
        "lay the copies of each conversation over one another",
        _reconcile,
        lambda it, _: reconcile.due(it.folder, it.ledger),
    ),
    Step(
        "pictures",
        "say which messages carry which files, and which pictures are one",
        _pictures,
        lambda it, looking: media.due(it.folder, it.ledger, alike_bits=looking.alike_bits),
    ),
    Step("index", "make the search index", _index, lambda it, _: index.due(it.folder, it.ledger)),
    Step(
        "screen",
        "score messages and put them in reading order",
        _screen,
        lambda it, _: screening.due(it.folder, it.ledger),
    ),
)


def run(
    operation: Operation, work: Work = _PLAIN, *, only: str | None = None
) -> Iterator[tuple[Step, int]]:
    """Run the bulk steps that are due, in order; yield each with how many shards it made anew."""
    for step in STEPS:
        if only in (None, step.name):
            yield step, step.run(operation, work)


def due(operation: Operation, looking: Looking = LOOKING) -> list[tuple[Step, int]]:
    """Say for each bulk step how many shards it has still to make."""
    return [(step, step.due(operation, looking)) for step in STEPS]
