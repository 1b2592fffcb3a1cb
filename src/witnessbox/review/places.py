"""Between what people name (a file and a byte, a message) and what the tables hold.

Only whole answers: a reference that fits nothing, or more than one thing, is lost with the reason.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import CANONICAL_MESSAGES, SIGHTINGS, Table
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import Receipt, receipts
from witnessbox.ledger.store import Ledger
from witnessbox.review.coding import Place

_LAST_BYTE = (1 << 63) - 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A message as a person names it: by its id, or by an exhibit and its first byte there.

    ``exhibit`` is the SHA-256, the exhibit reference, or the file's name or path as received.
    """

    message: str = ""
    exhibit: str = ""
    start: int | None = None

    def __str__(self) -> str:
        """Name what is named, for errors."""
        return f"message {self.message}" if self.message else f"{self.exhibit}, byte {self.start}"


@dataclass(frozen=True, slots=True)
class Found:
    """The message and the bytes that a reference names."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a reference names no message, or more than one."""

    why: str


Finder = Callable[[Sequence[Reference]], tuple[Found | Lost, ...]]
"""Gives for each reference what it names."""


def messages_at(tables: Tables, places: Collection[Place]) -> dict[Place, str]:
    """Say which message each place belongs to; a place that is in none is left out."""
    return {place: found.message for place, found in _sightings(tables, places).items()}


def messages_of(folder: Folder, spans: Iterable[Span]) -> dict[Place, str]:
    """Say which message each span belongs to now, by the place where it begins."""
    return messages_at(Tables(folder.tables), {(span.exhibit, span.start) for span in spans})


def finder(folder: Folder, ledger: Ledger) -> Finder:
    """Give a finder over an operation's receipts and tables."""
    received = receipts(ledger)

    def find(references: Sequence[Reference]) -> tuple[Found | Lost, ...]:
        return locate(Tables(folder.tables), received, references)

    return find


def locate(
    tables: Tables, received: Iterable[Receipt], references: Sequence[Reference]
) -> tuple[Found | Lost, ...]:
    """Say for each reference which message and bytes it names."""
    known = _by_name(received)
    canonical = _canonical(tables, {one.message for one in references if one.message})
    wanted = {
        (exhibit, one.start)
        for one in references
        if one.start is not None and 0 <= one.start <= _LAST_BYTE
        for exhibit in _candidates(known, one.exhibit)
    }
    sighted = _sightings(tables, wanted)
    return tuple(_settle(one, known, canonical, sighted) for one in references)


def _settle(
    reference: Reference,
    known: dict[str, set[str]],
    canonical: dict[str, Found],
    sighted: dict[Place, Found],
) -> Found | Lost:
    if reference.message:
        return canonical.get(reference.message) or Lost(
            f"there is no message {reference.message}: ids change when copies are reconciled anew, "
            "so name the message by exhibit and start"
        )
    if reference.start is None or not reference.exhibit:
        return Lost("it names no message: give a message, or an exhibit and a start byte")
    candidates = _candidates(known, reference.exhibit)
    if not candidates:
        return Lost(f"no exhibit was received as '{reference.exhibit}': check its reference")
    found = [
        sighted[exhibit, reference.start]
        for exhibit in sorted(candidates)
        if (exhibit, reference.start) in sighted
    ]
    if len(found) == 1:
        return found[0]
    if found:
        return Lost(
            f"'{reference.exhibit}' names {len(found)} exhibits with a message at byte "
            f"{reference.start}: use the SHA-256"
        )
    return Lost(
        f"no message begins at byte {reference.start} of '{reference.exhibit}': check the byte, "
        "and that 'witnessbox run' is up to date"
    )


def _by_name(received: Iterable[Receipt]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for one in received:
        for name in (one.reference, one.name, one.name.rpartition("/")[2]):
            if name:
                known.setdefault(name, set()).add(one.exhibit)
    return known


def _candidates(known: dict[str, set[str]], name: str) -> set[str]:
    return {name} if _SHA256.fullmatch(name) else known.get(name, set())


def _parts(tables: Tables, table: Table, columns: Sequence[str]) -> Iterator[pa.Table]:
    for shard in tables.shards(table):
        yield tables.read(table, [shard], columns)


def _rows(part: pa.Table, column: str, wanted: pa.Array) -> Iterator[tuple[str, Span]]:
    rows = part.filter(pc.is_in(part[column], value_set=wanted))
    lists = [rows[name].to_pylist() for name in ("message", "exhibit", "start", "end")]
    for message, exhibit, start, end in zip(*lists, strict=True):
        yield message, Span(exhibit, start, end)


def _sightings(tables: Tables, places: Collection[Place]) -> dict[Place, Found]:
    found: dict[Place, Found] = {}
    if not places:
        return found
    starts: dict[str, list[int]] = {}
    for exhibit, start in places:
        starts.setdefault(exhibit, []).append(start)
    for part in _parts(tables, SIGHTINGS, ("message", "exhibit", "start", "end")):
        for exhibit in pc.unique(part["exhibit"]).to_pylist():
            if exhibit in starts:
                wanted = pa.array(starts[exhibit], pa.int64())
                of_exhibit = part.filter(pc.equal(part["exhibit"], exhibit))
                for message, span in _rows(of_exhibit, "start", wanted):
                    found[span.exhibit, span.start] = Found(message, span)
    return found


def _canonical(tables: Tables, messages: Collection[str]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    if not messages:
        return found
    wanted = pa.array(sorted(messages), pa.string())
    for part in _parts(tables, CANONICAL_MESSAGES, ("message", "exhibit", "start", "end")):
        for message, span in _rows(part, "message", wanted):
            found[message] = Found(message, span)
    return found
