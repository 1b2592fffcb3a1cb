"""Reading what is known of files that came with messages out of the tables."""

from collections.abc import Sequence

from witnessbox.evidence.model import Span
from witnessbox.evidence.schema import (
    ATTACHMENTS,
    CAMERA_DATES,
    CARRIERS,
    MACHINE_TEXTS,
    MOTIFS,
    PICTURES,
    PROBLEMS,
)
from witnessbox.evidence.tables import Tables
from witnessbox.intake.pictures.dates import CameraDate
from witnessbox.media.model import Carrier, MachineText, Motif, Picture
from witnessbox.media.run import WHOLE

_NO_CHAT = "not-a-chat-export"
_NOTES = (_NO_CHAT, "picture-not-decoded", "picture-damaged")


def carriers(tables: Tables, files: Sequence[str]) -> list[Carrier]:
    """Give the messages that carry any of these files, in the order of their conversations."""
    return _carriers(tables, "file", files)


def carried(tables: Tables, messages: Sequence[str]) -> list[Carrier]:
    """Give the files that any of these messages carries."""
    return _carriers(tables, "message", messages)


def _carriers(tables: Tables, column: str, values: Sequence[str]) -> list[Carrier]:
    rows = tables.where(CARRIERS, WHOLE, column, values).to_pylist()
    return [Carrier(**row) for row in rows]


def picture(tables: Tables, exhibit: str) -> Picture | None:
    """Give what was seen of a picture; None where an exhibit is none."""
    for row in tables.where(PICTURES, exhibit, "exhibit", [exhibit]).to_pylist():
        dates = tables.where(CAMERA_DATES, exhibit, "exhibit", [exhibit]).to_pylist()
        return Picture(
            exhibit=exhibit,
            media_type=row["media_type"],
            width=row["width"],
            height=row["height"],
            animated=row["animated"],
            phash=row["phash"],
            dates=tuple(CameraDate(one["tag"], one["written"]) for one in dates),
        )
    return None


def note(tables: Tables, exhibit: str) -> str | None:
    """Say what an exhibit is that is no chat; None where looking at the picture has told it."""
    for row in tables.where(PROBLEMS, exhibit, "code", _NOTES).to_pylist():
        if row["code"] != _NO_CHAT or picture(tables, exhibit) is None:
            return str(row["what"])
    return None


def not_come(tables: Tables, sightings: Sequence[Span]) -> tuple[str, ...]:
    """Give the names of files that a message names and that no exhibit is known to be."""
    named = [
        row
        for span in sightings
        for row in tables.where(ATTACHMENTS, span.exhibit, "start", [span.start]).to_pylist()
        if row["name"] and not row["omitted"] and row["media"] != "link"
    ]
    came = {row["name"] for row in named if row["file"]}
    return tuple(dict.fromkeys(row["name"] for row in named if row["name"] not in came))


def motif(tables: Tables, exhibit: str) -> Motif | None:
    """Give the motif that a picture shows, with all its pictures; None before it was looked for."""
    for row in tables.where(MOTIFS, WHOLE, "exhibit", [exhibit]).to_pylist():
        members = tables.where(MOTIFS, WHOLE, "motif", [row["motif"]]).to_pylist()
        return Motif(
            exhibits=tuple(one["exhibit"] for one in members),
            furthest_bits=max(one["bits"] for one in members),
            messages=row["messages"],
            conversations=row["conversations"],
        )
    return None


def machine_texts(tables: Tables, exhibits: Sequence[str]) -> list[MachineText]:
    """Give what machines read out of these exhibits, and where they could not."""
    return [
        MachineText(one["exhibit"], one["kind"], one["engine"], one["text"] or "", one["what"])
        for exhibit in exhibits
        for one in tables.where(MACHINE_TEXTS, exhibit, "exhibit", [exhibit]).to_pylist()
    ]
