"""Measure the bulk step ``extract`` as it is run: two exhibits on two processes beside one on one.

Each run begins with an operation in which nothing is extracted, and counts from the start of the
command to its end: starting Python and its processes is part of what a person waits for.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.intake import generate

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What the bulk step took, in seconds on the wall; the best of so many rounds."""

    messages: int  # in each exhibit
    one_s: float
    two_s: float
    rounds: int
    load: float  # processes that wanted to run when measuring began; over 1, others slowed it

    @property
    def ratio(self) -> float:
        """Say how many times as long two exhibits take on two processes as one does on one."""
        return self.two_s / self.one_s


def two_beside_one(messages: int, rounds: int = 5) -> Bulk:
    """Extract one exhibit with one job and two with two, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        exports = [Path(folder) / f"WhatsApp Chat with {name}.txt" for name in ("Ana", "Bo")]
        for seed, export in enumerate(exports, 1):
            generate.write(export, messages, seed)
        load = round(os.getloadavg()[0], 1)
        one = _received(Path(folder) / "one", exports[:1])
        two = _received(Path(folder) / "two", exports)
        pairs = [(_extract_s(one, 1), _extract_s(two, 2)) for _ in range(rounds)]
    ones, twos = zip(*pairs, strict=True)
    return Bulk(messages, min(ones), min(twos), rounds, load)


def _received(operation: Path, exports: list[Path]) -> Path:
    _witnessbox("new", operation, "--name", "Benchmark")
    _witnessbox("receive", operation, *exports, "--custodian", "Benchmark", "--basis", "none")
    return operation


def _extract_s(received: Path, jobs: int) -> float:
    """Extract a copy of an operation in which nothing was extracted yet."""
    copy = received.with_name(f"{received.name} again")
    shutil.copytree(received, copy)
    try:
        begun = time.perf_counter()
        _witnessbox("extract", copy, "--jobs", str(jobs))
        return time.perf_counter() - begun
    finally:
        shutil.rmtree(copy)


def _witnessbox(*words: str | Path) -> None:
    """Run a command as one that is installed runs: its modules are compiled once, not each time.

    What it says goes into a file, as a pipe would stay open until its last process has gone, which
    nobody waits for.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", "witnessbox", *map(str, words)]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, check=False, stdout=said, stderr=said, env=environment)
        if done.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
