"""What one conversation is told from: its tables, joined by the bytes each row was read from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from witnessbox.evidence import schema
from witnessbox.evidence.schema import Table
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import Receipt, first_receipts

Row = Mapping[str, Any]
Place = tuple[str, int]  # exhibit and first byte of a message


@dataclass(frozen=True, slots=True)
class Custody:
    """What receipts say: how exhibits are called, and which files came with which."""

    first: Mapping[str, Receipt]
    beside: Mapping[tuple[str, str], tuple[Receipt, ...]]  # by delivery and file name

    def reference(self, exhibit: str) -> str:
        """Give an exhibit's reference, else its digest."""
        known = self.first.get(exhibit)
        return exhibit if known is None else known.reference

    def file(self, exhibit: str, name: str) -> Receipt | None:
        """Find the one file of this name that came with an exhibit; None where none or several."""
        known = self.first.get(exhibit)
        if known is None:
            return None
        wanted = PurePosixPath(name.replace("\\", "/"))
        found = {
            one.exhibit: one
            for one in self.beside.get((known.delivery, wanted.name), ())
            if one.exhibit != exhibit
        }
        if len(found) > 1:  # as many as can be told apart by the folders they lie in
            ends = "/" + wanted.as_posix().lstrip("/")
            found = {key: one for key, one in found.items() if one.name.endswith(ends)}
        return next(iter(found.values())) if len(found) == 1 else None


def custody(receipts: Sequence[Receipt]) -> Custody:
    """Arrange receipts by what is looked up in them."""
    beside: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        beside[receipt.delivery, PurePosixPath(receipt.name).name].append(receipt)
    return Custody(first_receipts(receipts), {key: tuple(those) for key, those in beside.items()})


@dataclass(frozen=True, slots=True)
class People:
    """Who is who in a conversation: persons by the names copies have for them."""

    persons: Mapping[tuple[str, str], str]  # by copy and name as written
    labels: Mapping[str, str]  # by person
    names: Mapping[str, tuple[tuple[str, str], ...]]  # by person: copy and name
    owners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sources:
    """One conversation's rows; what an exhibit says of a message is found by its place."""

    conversation: Row
    copies: Mapping[str, Row]
    people: People
    canonical: tuple[Row, ...]  # in the order of the conversation
    sightings: Mapping[str, tuple[Row, ...]]  # by message, the quoted one first
    said: Mapping[Place, Row]
    attachments: Mapping[Place, tuple[Row, ...]]
    reactions: Mapping[Place, tuple[Row, ...]]
    memberships: Mapping[Place, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Shared:
    """The tables of the whole operation, read once."""

    conversations: tuple[Row, ...]
    copies: tuple[Row, ...]
    people: tuple[Row, ...]


def shared(tables: Tables) -> Shared:
    """Read what is the same for every conversation."""
    return Shared(
        *(
            tuple(tables.read(table).to_pylist())
            for table in (schema.CONVERSATIONS, schema.COPIES, schema.PEOPLE)
        )
    )


def sources(tables: Tables, of: Shared, conversation: Row) -> Sources:
    """Read one conversation."""
    key = conversation["conversation"]
    canonical = tables.read(schema.CANONICAL_MESSAGES, [key]).to_pylist()
    quoted = {row["message"]: (row["exhibit"], row["start"]) for row in canonical}
    sightings: dict[str, list[Row]] = defaultdict(list)
    for row in tables.read(schema.SIGHTINGS, [key]).to_pylist():
        sightings[row["message"]].append(row)
    for message, rows in sightings.items():
        rows.sort(key=lambda row: (_place(row) != quoted.get(message), row["copy"], row["start"]))
    copies = {row["copy"]: row for row in of.copies if row["conversation"] == key}
    places = {_place(row) for rows in sightings.values() for row in rows}
    exhibits = sorted({exhibit for exhibit, _ in places})
    return Sources(
        conversation=conversation,
        copies=copies,
        people=_people(of, copies),
        canonical=tuple(sorted(canonical, key=lambda row: row["position"])),
        sightings={message: tuple(rows) for message, rows in sightings.items()},
        said={key: rows[0] for key, rows in _at(tables, schema.MESSAGES, exhibits, places).items()},
        attachments=_at(tables, schema.ATTACHMENTS, exhibits, places),
        reactions=_at(tables, schema.REACTIONS, exhibits, places),
        memberships=_at(tables, schema.MEMBERSHIPS, exhibits, places),
    )


def _place(row: Row) -> Place:
    return row["exhibit"], row["start"]


def _people(of: Shared, copies: Mapping[str, Row]) -> People:
    rows = [row for row in of.people if row["copy"] in copies]
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        names[row["person"]].append((row["copy"], row["name"]))
    return People(
        persons={(row["copy"], row["name"]): row["person"] for row in rows},
        labels={row["person"]: row["label"] for row in rows},
        names={person: tuple(those) for person, those in names.items()},
        owners=frozenset(row["person"] for row in rows if row["owner"]),
    )


def _at(
    tables: Tables, table: Table, exhibits: Iterable[str], places: set[Place]
) -> dict[Place, tuple[Row, ...]]:
    """Read the rows of a table that are about the messages at these places."""
    there = set(tables.shards(table))
    found: dict[Place, list[Row]] = defaultdict(list)
    for exhibit in exhibits:
        if exhibit in there:
            for batch in tables.batches(table, exhibit):
                for row in batch.to_pylist():
                    if _place(row) in places:
                        found[_place(row)].append(row)
    return {place: tuple(rows) for place, rows in found.items()}
