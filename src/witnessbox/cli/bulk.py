"""``witnessbox run``, and each bulk step by itself: ``extract``, ``reconcile`` and the others."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from witnessbox.cli.common import Directory, Jobs, executor, note, progress, say, settings

if TYPE_CHECKING:
    from witnessbox.operation.model import Operation


def _run(directory: Path, only: str | None, jobs: int | None) -> "Operation":
    with executor(jobs or settings().jobs) as pool:
        # Loaded while the processes load what they need: half of what one exhibit takes.
        from witnessbox.operation.model import open_operation  # noqa: PLC0415

        operation = open_operation(directory)
        run_steps(operation, only, pool)
    return operation


def run_steps(operation: "Operation", only: str | None, pool: Executor | None) -> None:
    """Run the steps that are due, with progress, and say what each made."""
    from witnessbox.operation import steps  # noqa: PLC0415 - see above

    with progress() as watch:
        for step, made in steps.run(operation, executor=pool, progress=watch, only=only):
            say(f"{step.name}: {made:,} made anew" if made else f"{step.name}: up to date")
    if only is None and not any(count for _step, count in steps.due(operation)):
        note("nothing is due")


def extract(directory: Directory, /, *, jobs: Jobs = None) -> int:
    """Read the messages out of every exhibit that was received.

    Says at the end what could not be read or decided, exhibit by exhibit.
    """
    operation = _run(directory, "extract", jobs)
    from witnessbox.cli.problems import tell_open  # noqa: PLC0415 - see above

    tell_open(operation, directory)
    return 0


def reconcile(directory: Directory, /, *, jobs: Jobs = None) -> int:
    """Lay the copies of each conversation over one another."""
    _run(directory, "reconcile", jobs)
    return 0


def pictures(directory: Directory, /) -> int:
    """Say which messages carry which files, and which pictures show the same motif."""
    _run(directory, "pictures", 1)
    return 0


def index(directory: Directory, /) -> int:
    """Make the search index."""
    _run(directory, "index", 1)
    return 0


def screen(directory: Directory, /, *, jobs: Jobs = None) -> int:
    """Score messages and put them in reading order; no score decides anything."""
    _run(directory, "screen", jobs)
    return 0


def run(directory: Directory, /, *, jobs: Jobs = None) -> int:
    """Run all bulk steps that are due; what is done already is not done again."""
    _run(directory, None, jobs)
    return 0
