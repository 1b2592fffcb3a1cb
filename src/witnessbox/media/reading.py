"""Reading what is known of files that came with messages out of the tables."""

from collections.abc import Sequence

from witnessbox.evidence.schema import CAMERA_DATES, CARRIERS, MACHINE_TEXTS, MOTIFS, PICTURES
from witnessbox.evidence.tables import Tables
from witnessbox.intake.pictures.dates import CameraDate
from witnessbox.media.model import Carrier, MachineText, Motif, Picture
from witnessbox.media.run import WHOLE


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
