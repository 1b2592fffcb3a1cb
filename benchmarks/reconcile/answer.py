"""The product's answer, read out of its tables and named by the truth's names for copies."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.reconcile.known import Known
from benchmarks.reconcile.scores import Told

from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    COPIES,
    DISCREPANCIES,
    PEOPLE,
    SIGHTINGS,
)
from witnessbox.evidence.tables import Tables

MISSING, ALONE = "missing", "only-here"


@dataclass(frozen=True, slots=True)
class Offset:
    """What a copy's clock is said to be off by, and why that is doubtful."""

    offset_ms: int
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found."""

    message: Sequence[str]  # of each row that was read, the message it is taken for
    position: Mapping[str, int]  # of each message, in its conversation
    talk: Mapping[str, str]  # conversation, by copy
    missing: Sequence[Told]
    alone: Sequence[int]  # places of rows
    person: Mapping[tuple[str, str], str]  # by copy and name
    owners: Mapping[str, str]  # the name that is its owner's, by copy
    offsets: Mapping[str, Offset]
    other: Sequence[tuple[int, str]]  # places of rows, and the kind of what else is said of them


def answer(tables: Tables, truth: Known) -> Answer:
    """Read the answer."""
    places = {(one.exhibit, one.start): at for at, one in enumerate(truth.seen)}
    message = [""] * len(truth.seen)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    talk: dict[str, str] = {}
    wanted = ["message", "conversation", "copy", "exhibit", "start"]
    for row in tables.read(SIGHTINGS, columns=wanted).to_pylist():
        at = places[row["exhibit"], row["start"]]
        message[at] = row["message"]
        votes[row["copy"]][truth.seen[at].copy] += 1
        talk[truth.seen[at].copy] = row["conversation"]
    named = {copy: counted.most_common(1)[0][0] for copy, counted in votes.items()}
    missing, alone, other = _found(tables, truth, places, named, message)
    people = tables.read(PEOPLE).to_pylist()
    return Answer(
        message=message,
        position=dict(zip(*_columns(tables, ("message", "position")), strict=True)),
        talk=talk,
        missing=missing,
        alone=alone,
        person={(named[row["copy"]], row["name"]): row["person"] for row in people},
        owners={named[row["copy"]]: row["name"] for row in people if row["owner"]},
        offsets={
            named[row["copy"]]: Offset(row["offset_ms"], row["offset_doubt"])
            for row in tables.read(COPIES).to_pylist()
        },
        other=other,
    )


def _columns(tables: Tables, names: tuple[str, str]) -> list[list[Any]]:
    rows = tables.read(CANONICAL_MESSAGES, columns=list(names))
    return [rows[name].to_pylist() for name in names]


def _found(
    tables: Tables,
    truth: Known,
    places: Mapping[tuple[str, int], int],
    named: Mapping[str, str],
    message: Sequence[str],
) -> tuple[list[Told], list[int], list[tuple[int, str]]]:
    """Read the discrepancies."""
    shown: dict[str, Counter[str]] = defaultdict(Counter)
    for at, name in enumerate(message):
        shown[name][truth.seen[at].entry] += 1
    entry = {name: counted.most_common(1)[0][0] for name, counted in shown.items()}
    missing: list[Told] = []
    alone: list[int] = []
    other: list[tuple[int, str]] = []
    for row in tables.read(DISCREPANCIES).to_pylist():
        at = places[row["exhibit"], row["start"]]
        if row["kind"] == MISSING:
            missing.append(Told(named[row["copy"]], entry[row["message"]], row["strength"]))
        elif row["kind"] == ALONE:
            alone.append(at)
        else:
            other.append((at, row["kind"]))
    return missing, alone, other
