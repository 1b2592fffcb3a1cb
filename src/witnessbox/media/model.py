"""The words of media: what pictures show, and texts that machines read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from witnessbox.intake.pictures.dates import CameraDate


@dataclass(frozen=True, slots=True)
class Carrier:
    """A canonical message that carries a file: an exhibit that is attached to it."""

    file: str
    message: str
    conversation: str
    position: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What was seen of one picture; what could not be is None."""

    exhibit: str
    media_type: str
    width: int | None
    height: int | None
    animated: bool
    phash: str | None
    dates: tuple[CameraDate, ...]


@dataclass(frozen=True, slots=True)
class Motif:
    """What one or more pictures show, and how many messages of how many conversations carry it.

    ``furthest_bits`` is by how much the hash of any picture differs from the first one's.
    """

    exhibits: tuple[str, ...]
    furthest_bits: int
    messages: int
    conversations: int


class MachineKind(StrEnum):
    """How a machine came to a text."""

    OCR = "ocr"  # out of a picture
    TRANSCRIPT = "transcript"  # out of a sound recording


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads: its name and version, the SHA-256 of its program, and how it is called.

    ``command`` has ``{file}`` where the file's place stands; without it the program is given the
    file on its standard input.  ``language`` is what it was set to, None where the command says it.
    """

    kind: MachineKind
    name: str
    program: str
    command: tuple[str, ...]
    language: str | None = None
    seconds: int = 600  # for one file, after which it is ended

    @property
    def written(self) -> str:
        """Write the command the way it is stored."""
        return " ".join(self.command)


@dataclass(frozen=True, slots=True)
class MachineText:
    """A text that a machine read out of an exhibit; never what a person wrote or said for sure."""

    exhibit: str
    kind: str
    engine: str
    text: str
    failure: str | None = None
