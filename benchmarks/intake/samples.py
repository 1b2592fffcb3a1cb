"""Read the samples peers publish, and lay the counts beside what the peers state of them.

::

    python -m benchmarks.intake.samples FOLDER            print the table
    python -m benchmarks.intake.samples FOLDER --freeze   and write samples.md

``samples.toml`` lists them.  FOLDER holds clones of the repositories as ``owner/name``; a sample
that is not there is said to be missing.  The samples themselves are not kept here: some of them may
not be passed on.  Every byte of each is accounted for, or the run stops.  Below them are laid the
cases peers wrote into their tests (``cases.py``).
"""

import argparse
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
from benchmarks.intake import cases

HERE = Path(__file__).parent
FROZEN = HERE / "samples.md"
UNEXPLAINED = "NOT EXPLAINED"
_HEAD = """# Peers' public samples

Each read with `witnessbox parse`, every byte accounted for.  *States* is what the peer's tests or
its file's name say; *found* are our messages, notices among them; *flagged* are doubts and losses.

| sample | SHA-256 | states | found | notices | flagged |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of a peer's, and how many messages the peer states it holds."""

    repository: str
    path: str
    states: int
    of: str
    differs: str = ""

    @property
    def title(self) -> str:
        """Name the sample by its repository and its path there."""
        return f"{self.repository}:{self.path}"


@dataclass(frozen=True, slots=True)
class Found:
    """What was read out of a sample."""

    sha256: str
    messages: int
    notices: int
    flagged: int


def listed(file: Path = HERE / "samples.toml") -> list[Sample]:
    """List the samples."""
    told = msgspec.toml.decode(file.read_bytes(), type=dict[str, list[Sample]])
    return told["sample"]


def read(file: Path) -> Found:
    """Read one sample as a user would."""
    run = subprocess.run(
        [sys.executable, "-m", "witnessbox", "parse", str(file)],
        capture_output=True,
        check=False,  # a picture beside the messages is refused, and said to be
        text=True,
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    messages = [line for line in lines if "sent_at" in line]
    return Found(
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        messages=len(messages),
        notices=sum(line["kind"] == "notice" for line in messages),
        flagged=sum(line.get("severity") in ("doubt", "loss") for line in lines),
    )


def table(samples: list[Sample], folder: Path) -> str:
    """Lay what was found beside what is stated; below it, why they differ."""
    rows, reasons = [], []
    for one in samples:
        file = folder / one.repository / one.path
        if not file.is_file():
            rows.append(f"| {one.title} | missing | {one.states:,} | | | |")
            continue
        found = read(file)
        counts = f"{found.messages:,} | {found.notices:,} | {found.flagged:,}"
        rows.append(f"| {one.title} | `{found.sha256[:16]}` | {one.states:,} | {counts} |")
        if found.messages != one.states:
            reasons.append(f"- {one.title}: {one.differs or UNEXPLAINED}")
    return _HEAD + "\n".join([*rows, "", *reasons]).rstrip() + "\n"


def main() -> int:
    """Print the table, or freeze it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--freeze", action="store_true")
    given = options.parse_args()
    made = table(listed(), given.folder) + "\n" + cases.table(cases.listed())
    print(made)
    if given.freeze:
        FROZEN.write_text(made)
    return 1 if UNEXPLAINED in made else 0


if __name__ == "__main__":
    sys.exit(main())
