"""The certificate of recall as a document: two pages, and a bundle that proves its figures.

The bundle holds no words of any message: ids, who coded what, what was drawn, and a program of a
hundred lines that works the figures out again without Witnessbox.  The same tables and ledger give
the same bytes; it is made out of the ledger up to the last coding or draw.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, DATA_VERSION, SCORES
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.model import Head
from witnessbox.ledger.record import read
from witnessbox.ledger.store import Ledger
from witnessbox.reports import bundle
from witnessbox.reports.render import Fonts, drawable, typeset
from witnessbox.reports.times import stamped
from witnessbox.review.codebook import shipped as codebook
from witnessbox.review.rounds import ROUND, Round
from witnessbox.review.samples import material, told
from witnessbox.screening.certificate import Certificate, certify
from witnessbox.screening.material import Material, Purpose, View
from witnessbox.screening.sampling import population_hash
from witnessbox.screening.stopping import TARGET_RECALL
from witnessbox.version import VERSION

FORMAT = 1
PDF, FIGURES, FIGURES_CSV = "certificate.pdf", "certificate.json", "figures.csv"
POPULATION, CODINGS, SAMPLES, CHECK = "population.txt", "codings.csv", "samples.json", "check.py"
CODING_COLUMNS = ("position", "message", "reader", "categories", "stands")

ASSUMPTIONS = (
    "A message is relevant when a standing coding gives it a category; one reader is enough.",
    "The population is what was read in, words only; what no phone here held is not in it.",
    "Samples were drawn by the rule and the seeds stated here.",
    "Readers of a sample did not know what it was to show.",
    "A sample's codings did not change the order of reading before their turn came.",
    "Readers miss no larger a share in a sample than in what they read otherwise.",
    "What neither of two readers found relevant is not relevant.",
)
"""What the figures rest on, beside the arithmetic; printed on every certificate."""


class CertificateError(WitnessboxError):
    """A certificate cannot be written."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Messages that are not in the population, and why."""

    kind: str
    why: str
    messages: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """One sample as the certificate lists it; the messages are in the bundle."""

    purpose: Purpose
    as_of: int
    seed: int
    population: int
    population_sha256: str
    drawn: int
    target: float | None  # of recall, as it stood when it was drawn


@dataclass(frozen=True, slots=True)
class Issued:
    """All that the certificate says."""

    format: int
    operation: str
    product: str
    data_version: int
    screener: str
    ledger: Head
    told_at: str
    sightings: int
    excluded: tuple[Excluded, ...]
    drawings: tuple[Drawing, ...]
    figures: Certificate
    assumptions: tuple[str, ...]


def issue(
    folder: Folder, ledger: Ledger, operation: str, target: float = TARGET_RECALL
) -> tuple[Issued, Material]:
    """Gather and work out a certificate.  Raises ReviewError where nothing was coded or drawn."""
    head, at = told(ledger)
    present = material(folder, ledger, target)
    _check_draws(present)
    sightings, excluded = _outside(folder, present.order)
    made = Issued(
        format=FORMAT,
        operation=operation,
        product=f"Witnessbox {VERSION}",
        data_version=DATA_VERSION,
        screener=_order_of_reading(folder, ledger, head),
        ledger=head,
        told_at=at,
        sightings=sightings,
        excluded=excluded,
        drawings=drawings(present),
        figures=certify(present),
        assumptions=ASSUMPTIONS,
    )
    return made, present


def _order_of_reading(folder: Folder, ledger: Ledger, head: Head) -> str:
    """Name what made the order: the versions that scored, and the rounds given by then."""
    scores = Tables(folder.tables).read(SCORES, columns=["version"])["version"]
    versions = sorted(pc.unique(scores.cast(pa.string())).drop_null().to_pylist())
    entries = [entry for entry in ledger.entries(ROUND) if entry.position < head.length]
    rounds = [read(entry, Round) for entry in entries]
    learners = sorted({one.learner for one in rounds})
    if rounds:
        versions.append(f"learner {', '.join(map(str, learners))} (rounds: {len(rounds):,})")
    return ", ".join(versions) or "none"


def _check_draws(present: Material) -> None:
    """Raise CertificateError where a sample that would count was drawn from other messages."""
    view = View(present)
    for one in present.draws:
        if view.fits(one) and population_hash(view.population_of(one)) != one.population_sha256:
            raise CertificateError(
                f"the {one.purpose} sample as of entry {one.position} was drawn from as many "
                "messages as there are now, but from others; draw a new one"
            )


def drawings(present: Material) -> tuple[Drawing, ...]:
    """List the samples."""
    return tuple(
        Drawing(
            one.purpose,
            one.position,
            one.seed,
            one.population,
            one.population_sha256,
            len(one.messages),
            one.target,
        )
        for one in present.draws
    )


def _outside(folder: Folder, order: pa.Array) -> tuple[int, tuple[Excluded, ...]]:
    """Count all sightings, and by kind and reason the messages outside the population."""
    tables = Tables(folder.tables)
    table = tables.read(CANONICAL_MESSAGES, columns=["message", "kind", "text", "sightings"])
    outside = table.filter(pc.invert(pc.is_in(table["message"], value_set=order)))
    counted = (
        pa.table({"kind": outside["kind"].cast(pa.string()), "worded": outside["text"].is_valid()})
        .group_by(["kind", "worded"])
        .aggregate([([], "count_all")])
        .sort_by([("kind", "ascending"), ("worded", "ascending")])
    )
    reasons: dict[tuple[str, str], int] = {}
    for row in counted.to_pylist():
        reason = row["kind"], _why(row["kind"], worded=row["worded"])
        reasons[reason] = reasons.get(reason, 0) + row["count_all"]
    rows = tuple(Excluded(*reason, count) for reason, count in reasons.items())
    return pc.sum(table["sightings"]).as_py() or 0, rows


def _why(kind: str, *, worded: bool) -> str:
    if kind == "deleted":
        return "a placeholder: what it said is gone from every copy"
    if not worded or kind == "empty":
        return "it has no words to read"
    return "it is not in the reading order"


def files(
    folder: Folder, ledger: Ledger, operation: str, target: float = TARGET_RECALL
) -> dict[str, bytes]:
    """Make the files of a certificate's bundle; the same tables and ledger give the same bytes."""
    made, present = issue(folder, ledger, operation, target)
    return packed(made, present)


def packed(made: Issued, present: Material) -> dict[str, bytes]:
    """Write a certificate and all it is made from."""
    found = {
        PDF: pdf(made),
        FIGURES: bundle.written(made),
        FIGURES_CSV: figures_csv(made.figures),
        POPULATION: "".join(f"{one}\n" for one in present.order.to_pylist()).encode(),
        CODINGS: _codings_csv(present),
        SAMPLES: bundle.written(present.draws),
        CHECK: (Path(__file__).parent / "templates" / "check.py.txt").read_bytes(),
    }
    found[bundle.MANIFEST] = bundle.written(
        {"format": FORMAT, "kind": "recall-certificate", "files": bundle.listed(found)}
    )
    return found


def write(made: Issued, present: Material, folder: Path) -> tuple[Path, Path]:
    """Write a certificate's files and its bundle; give both places.  One that stands is the same.

    Raises CertificateError where they cannot be written.
    """
    found = packed(made, present)
    name = f"recall-{made.told_at[:10]}-{made.ledger.length}"
    place, zipped = folder / name, folder / f"{name}.zip"
    try:
        place.mkdir(parents=True, exist_ok=True)
        for path, data in found.items():
            (place / path).write_bytes(data)
        zipped.write_bytes(bundle.pack(found))
    except OSError as error:
        raise CertificateError(
            f"the certificate cannot be written to {folder}: {error}; free space or check access"
        ) from error
    return place / PDF, zipped


def _codings_csv(present: Material) -> bytes:
    return _csv(
        CODING_COLUMNS,
        (
            (one.position, one.message, one.reader, ";".join(one.categories), int(one.stands))
            for one in present.reads
        ),
    )


def figures_csv(figures: Certificate) -> bytes:
    """Write every figure as a line: where it stands in the certificate, and its value."""
    return _csv(("figure", "value"), _flat("", msgspec.to_builtins(figures)))


def _flat(path: str, value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _flat(f"{path}.{name}" if path else name, value[name])
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value, 1):
            yield from _flat(f"{path}.{number}", one)
    else:
        yield path, "" if value is None else value


def _csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(rows)
    return out.getvalue().encode()


def pdf(made: Issued, fonts: Fonts | None = None) -> bytes:
    """Set the certificate as PDF.  Raises RenderError where Typst refuses it."""
    fonts = fonts or Fonts()
    missing: set[str] = set()
    data: dict[str, Any] = drawable(msgspec.to_builtins(made), fonts.covered(), missing)
    titles = {one.category: codebook().title(one.category) for one in made.figures.categories}
    data["titles"] = titles
    return typeset(
        "certificate", lambda families: {**data, "families": list(families)}, _at(made), fonts
    )


def _at(made: Issued) -> datetime:
    return stamped(made.told_at, ZoneInfo("UTC"))
