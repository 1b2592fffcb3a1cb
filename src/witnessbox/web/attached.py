"""What pages show of files that came with messages: pictures, motifs, machine-read text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from witnessbox.evidence import schema
from witnessbox.evidence.tables import Tables
from witnessbox.media import reading
from witnessbox.media.camera import is_far
from witnessbox.media.model import Carrier, MachineText, Motif, Picture

SHOWN = 20
"""How many messages that carry a file are listed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A message that carries the file, or another picture of its motif."""

    carrier: Carrier
    title: str
    same_file: bool


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file as pages show it; ``places`` are the first of the messages that carry its motif."""

    exhibit: str
    picture: Picture | None
    note: str | None  # what it is, where no picture of it was decoded
    far: bool  # the camera's time lies far from that of the message
    motif: Motif | None
    places: tuple[Place, ...]
    all_places: int
    conversations: int
    texts: tuple[MachineText, ...]


def of_message(tables: Tables, message: str, sent_at: datetime | None) -> list[AttachedFile]:
    """Give the files that a message carries, and where else each of them stands."""
    files = sorted({one.file for one in reading.carried(tables, [message])})
    return [_file(tables, file, sent_at, leave_out=message) for file in files]


def of_exhibit(tables: Tables, exhibit: str) -> AttachedFile | None:
    """Give what is known of an exhibit that is a picture, is carried, or was read by machine."""
    found = _file(tables, exhibit, None)
    known = found.picture or found.places or found.texts
    return found if known else None


def _file(
    tables: Tables, exhibit: str, sent_at: datetime | None, leave_out: str = ""
) -> AttachedFile:
    picture, motif = reading.picture(tables, exhibit), reading.motif(tables, exhibit)
    alike = (exhibit,) if motif is None else motif.exhibits
    carriers = [one for one in reading.carriers(tables, alike) if one.message != leave_out]
    places = _places(tables, exhibit, carriers)
    return AttachedFile(
        exhibit=exhibit,
        picture=picture,
        note=reading.note(tables, exhibit),
        far=picture is not None and is_far(picture.dates, sent_at),
        motif=motif,
        places=tuple(places[:SHOWN]),
        all_places=len(places),
        conversations=len({place.carrier.conversation for place in places}),
        texts=tuple(reading.machine_texts(tables, [exhibit])),
    )


def _places(tables: Tables, exhibit: str, carriers: Sequence[Carrier]) -> list[Place]:
    """List each message once, those with the very file first."""
    rows = tables.read(schema.CONVERSATIONS, columns=["conversation", "title"]).to_pylist()
    titles = {row["conversation"]: row["title"] or "untitled" for row in rows}
    same = {one.message for one in carriers if one.file == exhibit}
    places = {
        one.message: Place(one, titles.get(one.conversation, "untitled"), one.message in same)
        for one in carriers
    }
    return sorted(
        places.values(),
        key=lambda one: (not one.same_file, one.carrier.conversation, one.carrier.position),
    )
