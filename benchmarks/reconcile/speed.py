"""How fast copies are laid together, and in how much memory: each run a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reconcile.speed_tables import place_of, size_of, write

from witnessbox.cli.common import executor
from witnessbox.evidence.schema import SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import open_ledger
from witnessbox.reconcile import run as reconcile
from witnessbox.reconcile.kernel import MADE

_ROOT = Path(__file__).resolve().parents[2]
_NAME = "speed"


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took."""

    jobs: int
    wall_s: float
    cpu_s: float  # of the process itself
    workers_cpu_s: float
    peak_mb: float  # of the process itself


@dataclass(frozen=True, slots=True)
class Speed:
    """What one size took, with one job and with two."""

    sightings: int
    conversations: int
    one: Took
    two: Took
    bare_cpu_s: float  # of DuckDB, for the bare join of the same tables

    @property
    def per_cpu_s(self) -> float:
        """Give sightings per CPU second, in one process."""
        return self.sightings / self.one.cpu_s

    @property
    def share_of_two(self) -> float:
        """Give the time of two workers beside one's, by CPU seconds, as if nothing disturbed."""
        return (self.two.cpu_s + self.two.workers_cpu_s / 2) / self.one.cpu_s


def measure(sightings: int, seed: int = 1, turns: int = 2) -> Speed:
    """Write the tables, and lay them together in new processes, with one job and with two.

    The ways take turns and the best of each counts: a neighbour can only make a run slower.
    """
    size = size_of(sightings)
    with tempfile.TemporaryDirectory() as place:
        folder = place_of(Path(place) / "operation")
        ledger = open_ledger(f"sqlite:///{folder.ledger}", _NAME, folder.head)
        rows = write(folder, ledger, size, seed)
        ran: list[tuple[Took, Took, float]] = []
        for _ in range(turns):
            one, two = (_run(folder.root, jobs) for jobs in (1, 2))
            bare = _child("benchmarks.reconcile.bare_join", folder.tables)
            ran.append((one, two, bare["cpu_s"]))
    ones, twos, bares = zip(*ran, strict=True)
    return Speed(rows, size.conversations, _best(ones), _best(twos), min(bares))


def _best(runs: Iterable[Took]) -> Took:
    return min(runs, key=lambda run: run.cpu_s + run.workers_cpu_s)


def _run(root: Path, jobs: int) -> Took:
    folder = place_of(root)
    shutil.rmtree(folder.steps / reconcile.STEP, ignore_errors=True)
    for table in MADE:
        shutil.rmtree(folder.tables / table.name, ignore_errors=True)
    return Took(jobs, **_child("benchmarks.reconcile.speed", root, jobs))


def _child(module: str, *given: object) -> dict[str, float]:
    """Run a module in a process of its own; gives the figures it prints."""
    places = os.pathsep.join((str(_ROOT / "src"), str(_ROOT)))
    ran = subprocess.run(
        [sys.executable, "-m", module, *map(str, given)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": places},
        check=True,
    )
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


def child() -> None:
    """Lay together what the command line names, and print what it took."""
    root, jobs = Path(sys.argv[1]), int(sys.argv[2])
    folder = place_of(root)
    ledger = open_ledger(f"sqlite:///{folder.ledger}", _NAME, folder.head)
    began, cpu = time.perf_counter(), time.process_time()
    with executor(jobs) as pool:
        timed = None if pool is None else Timed(pool)
        reconcile.run(folder, ledger, executor=timed)
        told = {
            "wall_s": time.perf_counter() - began,
            "cpu_s": time.process_time() - cpu,
            "workers_cpu_s": 0.0 if timed is None else timed.cpu_s,
            "peak_mb": _peak_mb(),
        }
    if not Tables(folder.tables).rows(SIGHTINGS):
        raise RuntimeError("nothing was laid together")
    print(json.dumps(told))


def _peak_mb() -> float:
    """Give the peak of this program's memory; ``getrusage`` would count its parent's as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


class Timed(Executor):
    """A pool that adds up the CPU seconds its workers spend."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self.cpu_s = 0.0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker do it, and time it there."""
        outer: Future[Any] = Future()
        outer.set_running_or_notify_cancel()
        inner = self._pool.submit(_timed, fn, *args, **kwargs)
        inner.add_done_callback(lambda done: self._pass_on(done, outer))
        return outer

    def _pass_on(self, done: Future[Any], outer: Future[Any]) -> None:
        error = done.exception()
        if error is not None:
            outer.set_exception(error)
            return
        cpu_s, result = done.result()
        self.cpu_s += cpu_s
        outer.set_result(result)


def _timed(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> tuple[float, Any]:
    began = time.process_time()
    result = fn(*args, **kwargs)
    return time.process_time() - began, result


if __name__ == "__main__":
    child()
