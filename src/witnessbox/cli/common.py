"""What the commands share: who is acting, what is said, and how progress is shown."""

import getpass
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import forkserver, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from witnessbox.settings import Settings, from_environment

if TYPE_CHECKING:  # what every command imports stays light: workers start while the rest loads
    from witnessbox.evidence import steps

Directory = Annotated[Path, Parameter(help="The operation's folder.")]
"""The operation a command works on."""

Jobs = Annotated[int | None, Parameter(help="How many processes; by default one a core.")]
"""How many processes a bulk step may use."""


def settings() -> Settings:
    """Read this machine's settings."""
    return from_environment(os.environ, getpass.getuser())


def now() -> datetime:
    """Give the moment, with its zone."""
    return datetime.now(UTC)


def say(line: str = "") -> None:
    """Print one line of results."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def note(line: str) -> None:
    """Print one line about the work, beside the results."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@contextmanager
def progress() -> "Iterator[steps.Progress]":
    """Show progress: a bar on a terminal, a plain line at the start of each step when piped."""
    if not sys.stderr.isatty():
        yield _plain()
        return
    with Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        # Results on a terminal go above the bars; results into a file stay what they are.
        redirect_stdout=sys.stdout.isatty(),
    ) as bars:
        tasks: dict[str, object] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)  # type: ignore[arg-type]

        yield show


def _plain() -> "steps.Progress":
    seen: dict[str, int] = {}

    def show(step: str, done: int, total: int) -> None:
        quarter = 4 * done // total if total else 4
        if seen.get(step) != quarter:
            seen[step] = quarter
            note(f"{step}: {done:,} of {total:,}")

    return show


@contextmanager
def executor(jobs: int) -> Iterator[Executor | None]:
    """Give a pool of ``jobs`` processes for the bulk steps; None for one job.

    The process they are forked from starts at once and imports while the caller goes on.
    """
    if jobs <= 1:
        yield None
        return
    # Arrow and DuckDB hold threads that do not survive a fork; so workers are forked from a process
    # that has done nothing but import what they need, once for all of them.
    context = get_context("forkserver")
    context.set_forkserver_preload(["witnessbox.intake.extract"])
    forkserver.ensure_running()
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield pool
