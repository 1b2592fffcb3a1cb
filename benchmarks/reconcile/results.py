"""The frozen figures, by section: kept in ``results.json``, set out in ``results.md``."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from benchmarks.reconcile.on_example import Result
from benchmarks.reconcile.scores import Counted
from benchmarks.reconcile.sheet import Sheet
from benchmarks.reconcile.speed import Speed

HERE = Path(__file__).resolve().parent
FROZEN = HERE / "results.json"
_KEPT_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured in one way: figures, errors by kind and a few examples of each."""

    figures: dict[str, int | float]
    errors: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)


def of_sheet(sheet: Sheet, cpu_s: float) -> Section:
    """Take the figures of a scored answer; ``cpu_s`` is what giving it took."""
    figures: dict[str, int | float] = {"sightings": sheet.sightings, "cpu_s": round(cpu_s, 1)}
    for name in ("joins", "notices", "people", "people_within", "owners", "missing", "forged"):
        counted = getattr(sheet, name)
        if counted is not None:
            figures |= _of(name, counted)
    figures["missing_outside"] = sheet.outside
    for grade, (told, right) in sheet.grades.items():
        figures |= {f"missing_{grade}": told, f"missing_{grade}_right": right}
    if sheet.clocks is not None:
        figures |= {
            "alone_elsewhere_lost": sheet.alone_elsewhere_lost,
            "placed": sheet.placed[0],
            "placed_far": sheet.placed[1],
            "altered": sheet.altered[0],
            "altered_marked": sheet.altered[1],
            "talks": sheet.talks,
            "talks_joined": sheet.talks_joined,
            "talks_split": sheet.talks_split,
        }
        clocks = msgspec.to_builtins(sheet.clocks)
        figures |= {f"clocks_{name}": value for name, value in clocks.items()}
    return Section(
        figures,
        dict(sorted(sheet.errors.counts.items(), key=lambda it: (-it[1], it[0]))),
        {kind: those[:_KEPT_EXAMPLES] for kind, those in sorted(sheet.errors.examples.items())},
    )


def _of(name: str, counted: Counted) -> dict[str, int | float]:
    return {
        f"{name}_precision": round(counted.precision, 6),
        f"{name}_recall": round(counted.recall, 6),
        f"{name}_f1": round(counted.f1, 6),
        f"{name}_right": counted.right,
        f"{name}_wrong": counted.wrong,
        f"{name}_missed": counted.missed,
    }


def of_example(result: Result) -> Section:
    """Take the figures of the example operation."""
    told = msgspec.to_builtins(result)
    told |= {"precision": round(result.precision, 6), "recall": round(result.recall, 6)}
    return Section(told | {"cpu_s": round(result.cpu_s, 1)})


def of_speed(speed: Speed) -> Section:
    """Take the figures of one size."""
    return Section(
        {
            "sightings": speed.sightings,
            "conversations": speed.conversations,
            "cpu_s": round(speed.one.cpu_s, 1),
            "per_cpu_s": round(speed.per_cpu_s),
            "peak_mb": round(speed.one.peak_mb),
            "wall_1_s": round(speed.one.wall_s, 1),
            "wall_2_s": round(speed.two.wall_s, 1),
            "main_of_2_cpu_s": round(speed.two.cpu_s, 1),
            "workers_of_2_cpu_s": round(speed.two.workers_cpu_s, 1),
            "share_of_two": round(speed.share_of_two, 2),
            "bare_cpu_s": round(speed.bare_cpu_s, 1),
        }
    )


def kept(frozen: Path = FROZEN) -> dict[str, Section]:
    """Give the frozen sections."""
    if not frozen.exists():
        return {}
    return msgspec.json.decode(frozen.read_bytes(), type=dict[str, Section])


def freeze(sections: dict[str, Section], frozen: Path = FROZEN) -> dict[str, Section]:
    """Put sections in the place of those of the same name; give all."""
    every = kept(frozen) | sections
    encoded = msgspec.json.encode(dict(sorted(every.items())))
    frozen.write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
    return every
