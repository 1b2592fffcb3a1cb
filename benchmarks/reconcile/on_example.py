"""How well and how fast copies are laid together, on the example operation and its truth."""

import gzip
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from witnessbox import example
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CANONICAL_MESSAGES, COPIES, DISCREPANCIES, SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.model import Actor
from witnessbox.ledger.store import Ledger, open_ledger
from witnessbox.reconcile import run as reconcile

Key = tuple[str, str]
"""A conversation and a message of it, as the truth names them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, beside what there is."""

    sightings: int
    messages: int
    true_messages: int
    right_pairs: int
    wrong_pairs: int
    missed_pairs: int
    wrong_notice_pairs: int
    deletions: int
    deletions_told: int
    told: int
    cpu_s: float

    @property
    def precision(self) -> float:
        """Share of the pairs found that are right."""
        return self.right_pairs / (self.right_pairs + self.wrong_pairs)

    @property
    def recall(self) -> float:
        """Share of the true pairs that are found."""
        return self.right_pairs / (self.right_pairs + self.missed_pairs)


def measure(root: Path, scale: float) -> Result:
    """Make an example operation under ``root``, reconcile it and hold it against its truth."""
    example.write(root / "example", scale=scale)
    truth = json.loads(gzip.decompress((root / "example" / "truth.json.gz").read_bytes()))
    folder = Folder(root / "operation")
    folder.root.mkdir()
    ledger = open_ledger(f"sqlite:///{folder.ledger}", "benchmark", folder.head)
    _take_in(folder, ledger, root / "example", truth)
    extract.run(folder, ledger, zone="Europe/London")
    begin = time.process_time()
    reconcile.run(folder, ledger)
    return _held_against(truth, Tables(folder.tables), time.process_time() - begin)


def _take_in(folder: Folder, ledger: Ledger, made: Path, truth: Any) -> None:
    names = {one["key"]: f"{one['given']} {one['family']}" for one in truth["officers"]}
    for file in truth["files"]:
        place = made / file["file"]
        place = place if place.is_file() else made / "exports" / file["file"]
        terms = Terms(names[file["custodian"]], file["reference"], "example")
        receive(folder, ledger, [place], terms, Actor("b", "B"), datetime(2026, 1, 1, tzinfo=UTC))


def _held_against(truth: Any, tables: Tables, cpu_s: float) -> Result:
    known = {
        (source["sha256"], start): (file["conversation"], key)
        for file in truth["files"]
        for source in file["sources"]
        for key, start in zip(source["ids"], source["starts"], strict=True)
    }
    groups: dict[str, list[tuple[Key, str]]] = defaultdict(list)
    held: Counter[Key] = Counter()
    sightings = tables.read(SIGHTINGS, columns=["message", "exhibit", "start", "kind"])
    for row in sightings.to_pylist():
        key = known.get((row["exhibit"], row["start"]))
        if key is not None:  # the forged line is nobody's
            groups[row["message"]].append((key, row["kind"]))
            held[key] += 1
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    wrong = [(a, b) for a, b in pairs if a[0] != b[0]]
    right = len(pairs) - len(wrong)
    told, deletions = _missing(truth, tables, known)
    return Result(
        sightings=sightings.num_rows,
        messages=tables.rows(CANONICAL_MESSAGES),
        true_messages=len(held),
        right_pairs=right,
        wrong_pairs=len(wrong),
        missed_pairs=sum(n * (n - 1) // 2 for n in held.values()) - right,
        wrong_notice_pairs=sum(a[1] == b[1] == "notice" for a, b in wrong),
        deletions=len(deletions),
        deletions_told=len(told & deletions),
        told=len(told),
        cpu_s=cpu_s,
    )


def _missing(
    truth: Any, tables: Tables, known: dict[tuple[str, int], Key]
) -> tuple[set[tuple[str, Any]], set[tuple[str, Any]]]:
    """Give what is told as missing and what was deleted, as (exhibit reference, message)."""
    references = {
        source["sha256"]: file["reference"] for file in truth["files"] for source in file["sources"]
    }
    copies = {
        row["copy"]: references[row["exhibits"][0]] for row in tables.read(COPIES).to_pylist()
    }
    told = {
        (copies[row["copy"]], known.get((row["exhibit"], row["start"]), (None, None))[1])
        for row in tables.read(DISCREPANCIES).to_pylist()
        if row["kind"] == "missing"
    }
    deleted = {(file["reference"], key) for file in truth["files"] for key in file["deleted_here"]}
    return told, deleted
