"""How well and how fast copies are laid over one another, held against a known truth.

::

    python -m benchmarks.reconcile.run                    invented evidence at its usual settings
    python -m benchmarks.reconcile.run --hard             and at hard ones, which take turns
    python -m benchmarks.reconcile.run --example          the example operation
    python -m benchmarks.reconcile.run --speed 1000000    how fast, and in how much memory
    python -m benchmarks.reconcile.run --freeze           keep the figures in results.json and .md

``--errors FILE`` writes the first twenty errors of each kind, with their spans.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.reconcile import on_example, speed
from benchmarks.reconcile.answer import answer
from benchmarks.reconcile.baselines import by_difference, by_time_and_text
from benchmarks.reconcile.dials import DEFAULT, HARD, Dials
from benchmarks.reconcile.evidence import deliveries, evidence
from benchmarks.reconcile.known import Known, known
from benchmarks.reconcile.page import page
from benchmarks.reconcile.results import HERE, Section, freeze, of_example, of_sheet, of_speed
from benchmarks.reconcile.sheet import Sheet, score
from benchmarks.reconcile.taking import take_in

from witnessbox.reconcile import run as reconcile

PAGE = HERE / "results.md"
MOST_ROWS = 3_500  # of a copy that lines are compared of: the way is quadratic


def product(dials: Dials, root: Path) -> tuple[Known, Sheet, float]:
    """Invent evidence, take it in, lay it together and score that; also gives CPU seconds."""
    truth = evidence(dials)
    taken = take_in(root, deliveries(truth))
    began = time.process_time()
    reconcile.run(taken.operation.folder, taken.operation.ledger)
    cpu_s = time.process_time() - began
    truly = known(truth, taken.seen)
    return truly, score(truly, answer(taken.operation.tables, truly)), cpu_s


def ways(truth: Known) -> dict[str, tuple[Sheet, float]]:
    """Score the simple ways of working on the same rows."""
    began = time.process_time()
    simple = by_time_and_text(truth)
    middle = time.process_time()
    compared, _ = by_difference(truth, MOST_ROWS)
    ended = time.process_time()
    return {"time and text": (simple, middle - began), "diff": (compared, ended - middle)}


def measure(name: str, dials: Dials) -> tuple[dict[str, Section], Sheet]:
    """Measure the product and the simple ways at some settings."""
    with tempfile.TemporaryDirectory() as place:
        truth, sheet, cpu_s = product(dials, Path(place) / "operation")
    found = {name: of_sheet(sheet, cpu_s)}
    for way, (other, took_s) in ways(truth).items():
        found[f"{name}: {way}"] = of_sheet(other, took_s)
    return found, sheet


def written_errors(sheet: Sheet) -> str:
    """Set out the first errors of each kind, the most frequent kind first."""
    lines: list[str] = []
    for kind, count in sheet.errors.counts.most_common():
        lines += [f"{count:,} × {kind}", *(f"    {one}" for one in sheet.errors.examples[kind])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and freeze on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hard", action="store_true", help="three phones, text only")
    parser.add_argument("--example", action="store_true", help="the example operation")
    parser.add_argument("--scale", type=float, default=1.0, help="of the example operation")
    parser.add_argument("--speed", type=int, action="append", help="sightings", default=[])
    parser.add_argument("--errors", type=Path, help="write the first twenty of each kind here")
    parser.add_argument("--freeze", action="store_true", help="write results.json and results.md")
    wanted = parser.parse_args()
    found: dict[str, Section] = {}
    if wanted.example:
        with tempfile.TemporaryDirectory() as place:
            found["example"] = of_example(on_example.measure(Path(place), wanted.scale))
    for sightings in wanted.speed:
        found[f"speed {sightings}"] = of_speed(speed.measure(sightings))
    if wanted.hard or not found:
        name, dials = ("hard", HARD) if wanted.hard else ("default", DEFAULT)
        sections, sheet = measure(name, dials)
        found |= sections
        if wanted.errors:
            wanted.errors.write_text(written_errors(sheet))
    every = freeze(found) if wanted.freeze else found
    if wanted.freeze:
        PAGE.write_text(page(every))
    print(page(found))


if __name__ == "__main__":
    main()
