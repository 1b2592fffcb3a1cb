"""Check the bundle of a recall certificate: every figure is worked out again.  Pure."""

import csv
import io
from collections.abc import Iterator, Mapping

import msgspec
import pyarrow as pa

from witnessbox.reports import bundle, recall
from witnessbox.screening.certificate import certify
from witnessbox.screening.material import Draw, Material, Read, View
from witnessbox.screening.sampling import SampleError, draw_uniform, population_hash

REQUIRED = (
    recall.PDF,
    recall.FIGURES,
    recall.FIGURES_CSV,
    recall.POPULATION,
    recall.CODINGS,
    recall.SAMPLES,
)


class _Manifest(msgspec.Struct):
    format: int
    kind: str
    files: tuple[bundle.Listed, ...]


def is_certificate(files: Mapping[str, bytes]) -> bool:
    """Say whether a bundle's files are a certificate's rather than a report's."""
    return recall.FIGURES in files


def breaches(files: Mapping[str, bytes]) -> list[str]:
    """Say all that does not hold in a certificate's bundle; an empty list means that it does."""
    missing = [name for name in (bundle.MANIFEST, *REQUIRED) if name not in files]
    if missing:
        return [f"{name} is not in the bundle" for name in missing]
    try:
        manifest = msgspec.json.decode(files[bundle.MANIFEST], type=_Manifest)
        issued = msgspec.json.decode(files[recall.FIGURES], type=recall.Issued)
        material = _material(files, issued)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, RecursionError) as error:
        return [f"the bundle cannot be read: {error}; ask for it again"]
    return [
        *bundle.breaches_of_listed(files, manifest.files),
        *_breaches_of_draws(material),
        *_breaches_of_figures(files, issued, material),
    ]


def _material(files: Mapping[str, bytes], issued: recall.Issued) -> Material:
    rows = csv.DictReader(io.StringIO(files[recall.CODINGS].decode(), newline=""), strict=True)
    if tuple(rows.fieldnames or ()) != recall.CODING_COLUMNS:
        raise ValueError(f"{recall.CODINGS} has other columns")
    reads = tuple(
        Read(
            int(row["position"]),
            row["message"],
            row["reader"],
            tuple(name for name in row["categories"].split(";") if name),
            row["stands"] == "1",
        )
        for row in rows
    )
    draws = msgspec.json.decode(files[recall.SAMPLES], type=tuple[Draw, ...])
    order = pa.array(files[recall.POPULATION].decode().split("\n")[:-1], pa.string())
    return Material(order, reads, draws, issued.figures.target, issued.figures.error)


def _breaches_of_draws(material: Material) -> Iterator[str]:
    view = View(material)
    for one in material.draws:
        what = f"the {one.purpose} sample as of entry {one.position}"
        population = view.population_of(one)
        if (len(population), population_hash(population)) != (
            one.population,
            one.population_sha256,
        ):
            yield f"{what} was not drawn out of the messages that were there to draw from"
            continue
        try:
            drawn = draw_uniform(population, len(one.messages), one.seed)
        except SampleError as error:
            yield f"{what} cannot be drawn: {error}"
            continue
        if tuple(drawn.to_pylist()) != one.messages:
            yield f"{what} is not what its seed draws"


def _breaches_of_figures(
    files: Mapping[str, bytes], issued: recall.Issued, material: Material
) -> Iterator[str]:
    figures = certify(material)
    if figures != issued.figures:
        ours, theirs = msgspec.to_builtins(figures), msgspec.to_builtins(issued.figures)
        for name in sorted(ours):
            if ours[name] != theirs[name]:
                yield f"{name}: {ours[name]} out of the bundle's data, {theirs[name]} certified"
    if recall.drawings(material) != issued.drawings:
        yield f"{recall.FIGURES} lists other samples than {recall.SAMPLES}"
    if recall.figures_csv(issued.figures) != files[recall.FIGURES_CSV]:
        yield f"{recall.FIGURES_CSV} says something else than {recall.FIGURES}"
