"""Read the cases peers wrote into their tests, and lay our reading beside what those tests state.

::

    python -m benchmarks.intake.cases            print the table; samples.md holds it, frozen

``cases.toml`` lists them.  How heads, dates and elements are written is the peer's; names and words
are ours, since some of the tests may not be passed on.  Every byte is accounted for, or the run
stops.
"""

import io
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path

import msgspec

from witnessbox.intake.parser import (
    HEAD_BYTES,
    Assumption,
    Batch,
    Source,
    UnknownFormatError,
    choose,
)
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.tiling import accounting

HERE = Path(__file__).parent
UNEXPLAINED = "NOT EXPLAINED"
_HEAD = """## Cases written in peers' tests

Heads, dates and elements are as the peer's test has them; names and words are ours. *Equal* is a
case in which the number of messages and every time, sender and file that the test states are ours
too; *in doubt* are those equal ones where we say that another reading is open (a last line without
its end not counted). Below, why the rest are not equal.

| peer's test | cases | equal | in doubt | refused | different |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a peer's test: what is read, and what the test states of it."""

    text: str
    count: int | None = None
    times: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # "" for what the platform says
    files: list[str] = field(default_factory=list)
    name: str = "chat.txt"
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Layouts:
    """Every date with every clock in every form of head: one case for each."""

    at: list[str]
    dates: list[str]
    clocks: list[str]
    forms: list[str]
    differs: str = ""

    def cases(self) -> Iterator[Case]:
        """Write the messages in each layout."""
        moments = [datetime.fromisoformat(moment) for moment in self.at]
        for date, clock, form in product(self.dates, self.clocks, self.forms):
            heads = (moment.strftime(form.format(date=date, clock=clock)) for moment in moments)
            lines = [f"{head}{'Ana' if n % 2 else 'Bo'}: tea?" for n, head in enumerate(heads)]
            times = [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
            if "%S" in clock:
                times = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments]
            yield Case("\n".join(lines) + "\n", len(lines), times, differs=self.differs)


@dataclass(frozen=True, slots=True)
class PeerTest:
    """One test of a peer's: ``owner/name:path``, and the cases in it."""

    of: str
    case: list[Case] = field(default_factory=list)
    layouts: list[Layouts] = field(default_factory=list)

    def cases(self) -> list[Case]:
        """List its cases, layouts written out."""
        return [*self.case, *(case for one in self.layouts for case in one.cases())]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a case."""

    times: list[str]
    senders: list[str]
    files: list[str]
    doubts: int


def listed(file: Path = HERE / "cases.toml") -> list[PeerTest]:
    """List the tests."""
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, list[PeerTest]])["test"]


def read(case: Case) -> Reading | None:
    """Read a case as a file of its own; None where no format is recognised."""
    data = case.text.encode()
    source = Source("0" * 64, case.name, len(data), lambda: io.BytesIO(data))
    try:
        parser = choose(PARSERS, case.name, data[:HEAD_BYTES])
    except UnknownFormatError:
        return None
    account = accounting(source.name, parser.FORMAT)
    batches = []
    for batch in parser.parse(source, Assumption("UTC", "for the benchmark")):
        account.take(batch)
        batches.append(batch)
    account.finish(source.size_bytes)
    rows = _rows(batches, "messages")
    return Reading(
        times=["" if row["sent_at"] is None else f"{row['sent_at']:%F %T}" for row in rows],
        senders=[str(row["sender"] or "") for row in rows],
        files=[str(row["name"] or "") for row in _rows(batches, "attachments")],
        doubts=sum(
            row["severity"] != "note" and row["code"] != "truncated-tail"
            for row in _rows(batches, "problems")
        ),
    )


def _rows(batches: list[Batch], table: str) -> list[dict[str, object]]:
    parts = [getattr(batch, table) for batch in batches]
    return [row for part in parts if part is not None for row in part.to_pylist()]


def outcome(case: Case, reading: Reading | None) -> str:
    """Say how our reading stands to what the test states."""
    if reading is None:
        return "equal" if case.count == 0 else "refused"
    stated = case.count if case.count is not None else len(case.senders or case.times)
    same = len(reading.senders) == stated
    same &= not case.senders or reading.senders == case.senders
    same &= not case.files or reading.files == case.files
    width = {len(time) for time in case.times}
    ours = [time[: max(width)] for time in reading.times] if width else []
    same &= not width or ours == case.times
    if not same:
        return "different"
    return "in doubt" if reading.doubts else "equal"


def table(tests: list[PeerTest]) -> str:
    """Count how our readings stand to each test; below, why they differ."""
    rows, reasons = [], []
    for test in tests:
        cases = test.cases()
        found = [(outcome(case, read(case)), case) for case in cases]
        counts = Counter(how for how, _ in found)
        equal = counts["equal"] + counts["in doubt"]
        rows.append(
            f"| {test.of} | {len(cases)} | {equal} | {counts['in doubt']} | "
            f"{counts['refused']} | {counts['different']} |"
        )
        why = Counter(
            (how, case.differs or UNEXPLAINED)
            for how, case in found
            if how in {"refused", "different"}
        )
        reasons += [f"- {test.of}: {many} {how}: {reason}" for (how, reason), many in why.items()]
    totals = [sum(int(row.split("|")[n]) for row in rows) for n in range(2, 7)]
    rows.append("| **all** | " + " | ".join(f"**{total}**" for total in totals) + " |")
    return _HEAD + "\n".join([*rows, "", *reasons]).rstrip() + "\n"


def main() -> int:
    """Print the table."""
    made = table(listed())
    print(made)
    return 1 if UNEXPLAINED in made else 0


if __name__ == "__main__":
    sys.exit(main())
