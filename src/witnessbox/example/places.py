"""Where each message can be read: the exports that hold its text, by file and first byte."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from witnessbox.example.model import Export, Message, Talked


@dataclass(frozen=True, slots=True)
class Place:
    """A record of a message's text: in which file, and from which byte on."""

    reference: str
    name: str
    exhibit: str  # SHA-256 of the file, of a zip's member where it stands in a zip
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quotable:
    """A message and the first place where its text stands."""

    message: Message
    place: Place


def quotable(talks: Iterable[Talked], exports: Iterable[Export]) -> tuple[Quotable, ...]:
    """Give every message whose text some export holds, with the first export that does."""
    places: dict[str, Place] = {}
    for export in exports:
        forms = {line.entry.key: line.form for line in export.copy.lines}
        for source in export.sources:
            digest = sha256(source.content).hexdigest()
            for key, start, end in zip(source.keys, source.starts, source.ends, strict=True):
                readable = forms[key] in {"plain", "edited", "forged"} and key != export.partial
                if readable and key not in places:
                    reference = export.copy.plan.reference
                    places[key] = Place(reference, source.name, digest, start, end)
    return tuple(
        Quotable(message, places[message.key])
        for talked in talks
        for message in talked.messages
        if message.key in places
    )
