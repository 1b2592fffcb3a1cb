"""Messages of a conversation as events of RSMF, each with the bytes it was read from.  Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from witnessbox.evidence.model import Kind, Precision
from witnessbox.intake.record import Receipt
from witnessbox.intake.rsmf.own import KIND, PLACEHOLDER, PRECISION
from witnessbox.reports.rsmf.model import (
    Attachment,
    Conversation,
    Custom,
    Edit,
    Event,
    Participant,
    Reaction,
)
from witnessbox.reports.rsmf.sources import Custody, Place, Row, Sources

_PLAIN = frozenset((Kind.TEXT.value, Kind.NOTICE.value, Kind.DELETED.value))
_CAME_OR_WENT = {"joined": "join", "added": "join", "left": "leave", "removed": "leave"}
_UNNAMED = "name:"
"""Begins the id of someone a copy names and who is no person of the conversation."""


@dataclass(slots=True)
class Telling:
    """One conversation on its way into events; gathers who is named and which files are."""

    of: Sources
    custody: Custody
    strangers: dict[str, str] = field(default_factory=dict)  # id to name
    files: dict[str, Receipt] = field(default_factory=dict)  # name in the archive to exhibit
    _message_of: dict[str, str] = field(default_factory=dict)  # platform id to message

    def __post_init__(self) -> None:
        for message, rows in self.of.sightings.items():
            for row in rows:
                said = self.of.said.get(_place(row))
                if said is not None and said["platform_id"] is not None:
                    self._message_of.setdefault(said["platform_id"], message)

    def conversation(self) -> Conversation:
        """Say what the conversation is; call it when every event was told."""
        row = self.of.conversation
        persons = [one.id for one in self.participants()]
        owners = sorted(self.of.people.owners)
        held = [
            _custom(
                f"Copy of {copy['custodian']}",
                ", ".join(map(self.custody.reference, copy["exhibits"])),
            )
            for copy in self.of.copies.values()
        ]
        return Conversation(
            id=row["conversation"],
            platform=row["platform"] or "unknown",
            participants=persons,
            display=row["title"] or "",
            type="direct" if len(persons) <= 2 else "channel",
            custodian=owners[0] if len(owners) == 1 else None,
            custom=_filled(held),
        )

    def participants(self) -> tuple[Participant, ...]:
        """Give everybody named, persons first; each with the names copies have for them."""
        people = self.of.people
        persons = [
            Participant(
                id=person,
                display=people.labels[person],
                custom=_filled(
                    _custom(f"Named in the copy of {self._custodian(copy)}", name)
                    for copy, name in people.names[person]
                    if name != people.labels[person]
                ),
            )
            for person in sorted(people.labels)
        ]
        others = [Participant(id=key, display=name) for key, name in sorted(self.strangers.items())]
        return (*persons, *others)

    def _custodian(self, copy: str) -> str:
        return str(self.of.copies[copy]["custodian"])

    def _person(self, copy: str, name: str | None) -> str | None:
        if not name:
            return None
        person = self.of.people.persons.get((copy, name))
        if person is None:
            person = _UNNAMED + name
            self.strangers[person] = name
        return person

    def time(self, row: Row) -> datetime | None:
        """Give a message's time; None where no copy has one and it only stands among others."""
        seen = self.of.sightings.get(row["message"], ())
        at: datetime | None = row["sent_at"]
        return at if any(one["sent_at"] is not None for one in seen) else None

    def event(self, row: Row) -> Event:
        """Tell one message."""
        seen = self.of.sightings.get(row["message"], ())
        kind, participant = "message", row["sender"]
        notes = list(_nature(row))
        if row["kind"] == Kind.NOTICE.value:
            kind, participant, more = self._change(row, seen)
            notes += more
        attached, about = self._attached(seen)
        gone = row["kind"] == Kind.DELETED.value
        return Event(
            type=kind,  # type: ignore[arg-type]  # one of the four by construction
            id=row["message"],
            conversation=row["conversation"],
            parent=self._parent(row, seen),
            participant=participant,
            timestamp=written(self.time(row), row["precision"]),
            body=None if gone else row["text"],
            deleted=gone or bool(row["deleted"]),
            reactions=self._reactions(seen),
            attachments=attached,
            edits=(Edit(participant),) if row["edited"] and participant else (),
            custom=_filled([*self._provenance(row, seen), *notes, *about]),
        )

    def _parent(self, row: Row, seen: Iterable[Row]) -> str | None:
        for one in seen:
            said = self.of.said.get(_place(one))
            parent = None if said is None else self._message_of.get(said["reply_to"] or "")
            if parent is not None and parent != row["message"]:
                return parent
        return None

    def _change(self, row: Row, seen: Iterable[Row]) -> tuple[str, str | None, list[Custom]]:
        """Tell a notice: who came or went where it is one person, else what it says."""
        for one in seen:
            changes = self.of.memberships.get(_place(one), ())
            if len(changes) == 1 and changes[0]["event"] in _CAME_OR_WENT:
                (change,) = changes
                by = change["actor"] if change["actor"] != change["member"] else None
                notes = [_custom("By", by or "")]
                return (
                    _CAME_OR_WENT[change["event"]],
                    self._person(one["copy"], change["member"]),
                    notes,
                )
            if changes:
                told = [_custom(f"Who {each['event']}", each["member"] or "") for each in changes]
                return "disclaimer", None, told
        return "disclaimer", row["sender"], []

    def _reactions(self, seen: Iterable[Row]) -> tuple[Reaction, ...]:
        """Give each person's reaction once, however many copies hold it."""
        found: dict[str, dict[str, None]] = {}
        unnamed: dict[str, int] = {}
        for one in seen:
            nobody: dict[str, int] = {}
            for reaction in self.of.reactions.get(_place(one), ()):
                value = reaction["reaction"] or "?"
                person = self._person(one["copy"], reaction["actor"])
                if person is None:
                    nobody[value] = nobody.get(value, 0) + 1
                else:
                    found.setdefault(value, {})[person] = None
            for value, count in nobody.items():
                unnamed[value] = max(unnamed.get(value, 0), count)
        return tuple(
            Reaction(value, len(persons) + unnamed.get(value, 0), tuple(persons))
            for value in dict.fromkeys([*found, *unnamed])
            for persons in (found.get(value, {}),)
        )

    def _attached(self, seen: Iterable[Row]) -> tuple[tuple[Attachment, ...], list[Custom]]:
        """Give the files of the first copy that names any; one that did not come is said so."""
        for one in seen:
            rows = self.of.attachments.get(_place(one), ())
            if rows:
                return self._files(one["exhibit"], rows)
        return (), []

    def _files(
        self, exhibit: str, rows: Iterable[Row]
    ) -> tuple[tuple[Attachment, ...], list[Custom]]:
        found, notes = [], []
        for row in rows:
            name = row["name"]
            file = None if name is None or row["omitted"] else self.custody.file(exhibit, name)
            if name is None:
                notes.append(_custom("Attachment left out of the export", row["media"]))
            elif file is None:
                found.append(Attachment(id=name, display=PurePosixPath(name).name))
                notes.append(_custom("Attachment not received", name))
            else:
                plain = PurePosixPath(file.name).name
                inside = f"{file.exhibit[:16]}_{plain}"
                self.files[inside] = file
                found.append(Attachment(id=inside, display=plain, size=file.size_bytes))
                notes.append(_custom(f"SHA-256 of {plain}", file.exhibit))
        return tuple(found), notes

    def _provenance(self, row: Row, seen: Iterable[Row]) -> Iterator[Custom]:
        """Say where the message stands: the bytes it is quoted from, then every other copy's."""
        yield _custom("Exhibit reference", self.custody.reference(row["exhibit"]))
        yield _custom("Exhibit SHA-256", row["exhibit"])
        yield _custom("First byte", str(row["start"]))
        yield _custom("End byte", str(row["end"]))
        for one in seen:
            if _place(one) == _place(row):
                continue
            reference = self.custody.reference(one["exhibit"])
            where = f"{one['exhibit']}, bytes {one['start']} to {one['end']}"
            yield _custom(f"Also in {reference}", where)
            said = self.of.said.get(_place(one))
            if not one["same_text"] and said is not None:
                yield _custom(f"As {reference} has it", said["text"] or "")


def _nature(row: Row) -> Iterator[Custom]:
    """Say of a message what no field of an event can."""
    if row["kind"] not in _PLAIN:
        yield _custom(KIND, row["kind"])
    if row["kind"] == Kind.DELETED.value:
        yield _custom(PLACEHOLDER, row["text"] or "")
    if row["precision"] == Precision.MINUTE.value:
        yield _custom(PRECISION, row["precision"])


def written(at: datetime | None, precision: str | None) -> str | None:
    """Write a time in UTC as finely as its export knows it; a whole second at least."""
    if at is None:
        return None
    fine = "milliseconds" if precision == Precision.MILLISECOND.value else "seconds"
    return at.isoformat(timespec=fine).replace("+00:00", "Z")


def _place(row: Row) -> Place:
    return row["exhibit"], row["start"]


def _custom(name: str, value: str) -> Custom:
    return Custom(name, value)


def _filled(those: Iterable[Custom]) -> tuple[Custom, ...]:
    """Leave out what the schema does not allow: properties that say nothing."""
    return tuple(one for one in those if one.value)
