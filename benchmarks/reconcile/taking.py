"""Taking the invented evidence in as any other: received, extracted, and each row's truth known."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reconcile.model import Delivery, Form, Placed
from benchmarks.reconcile.people import HOME

from witnessbox.evidence.schema import MESSAGES
from witnessbox.evidence.tables import Tables
from witnessbox.intake import extract
from witnessbox.intake.receive import Terms, receive
from witnessbox.ledger.model import Actor
from witnessbox.operation.model import Operation, new

_NOW = datetime(2025, 2, 3, 12, tzinfo=UTC)
_WHO = Actor("ana", "Ana Okoro")
_COLUMNS = ("exhibit", "start", "row", "sent_at", "precision", "sender", "kind", "text", "sequence")


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of the messages, as it was read, beside what it truly shows."""

    exhibit: str
    start: int
    copy: str
    entry: str
    form: Form
    sent_ms: int | None
    unit_ms: int
    sender: str | None
    kind: str
    text: str | None
    sequence: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The evidence as the product has read it; ``unknown`` counts rows that no truth explains."""

    operation: Operation
    seen: tuple[Seen, ...]
    unknown: int
    unread: int  # records written that no row stands for


def take_in(root: Path, handed: Iterable[Delivery]) -> Taken:
    """Receive and extract what the phones hand over, into an operation under ``root``."""
    operation = new(root, name="Truth", zone=HOME, profile="ew-police", actor=_WHO, at=_NOW)
    placed: dict[tuple[str, int], Placed] = {}
    for number, one in enumerate(handed, 1):
        placed.update(one.placed)
        zone = one.phone.zone if one.phone.zone_stated else None
        terms = Terms(one.phone.owner.full, f"WB/{number:03}", "example", zone)
        with tempfile.TemporaryDirectory() as place:
            folder = _laid_out(Path(place) / f"{one.phone.key}-{one.number}", one)
            taken = receive(operation.folder, operation.ledger, [folder], terms, _WHO, _NOW)
        if taken.refusals:
            raise RuntimeError(f"{one.phone.key} was refused: {taken.refusals[0].reason}")
    extract.run(operation.folder, operation.ledger, zone=HOME)
    seen, unknown = _seen(operation.tables, placed)
    return Taken(operation, seen, unknown, len(placed) - len(seen))


def _laid_out(folder: Path, one: Delivery) -> Path:
    for name, content in one.files:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def _seen(tables: Tables, placed: dict[tuple[str, int], Placed]) -> tuple[tuple[Seen, ...], int]:
    found: list[Seen] = []
    unknown = 0
    for shard in tables.shards(MESSAGES):
        rows = tables.read(MESSAGES, [shard], _COLUMNS)
        columns = {name: rows[name].to_pylist() for name in _COLUMNS if name != "sent_at"}
        sent = rows["sent_at"].cast("int64").to_pylist()
        for at, (start, row) in enumerate(zip(columns["start"], columns["row"], strict=True)):
            truly = placed.get((shard, start if row is None else row))
            if truly is None:
                unknown += 1
                continue
            found.append(
                Seen(
                    shard,
                    start,
                    truly.copy,
                    truly.entry,
                    truly.form,
                    sent[at],
                    {"minute": 60_000, "second": 1_000}.get(columns["precision"][at], 1),
                    columns["sender"][at],
                    columns["kind"][at],
                    columns["text"][at],
                    columns["sequence"][at],
                )
            )
    return tuple(found), unknown
