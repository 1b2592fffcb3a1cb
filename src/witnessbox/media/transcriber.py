"""A transcriber the user names: a local program that writes what is said in a recording."""

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from witnessbox.media.model import Engine, MachineKind
from witnessbox.media.program import ProgramError, find, output_of, words_of

_ENDINGS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "audio/flac": "flac",
    "audio/x-caf": "caf",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
}
"""Programs often go by a file's ending; ours comes from its bytes."""


def engine(command: str, seconds: int) -> Engine:
    """Give the transcriber that a command names.  Raises ProgramError where it cannot be used."""
    words = words_of(command)
    program = find(words[0])
    if program is None:
        raise ProgramError(f"there is no program {words[0]!r} here; name one that can be run")
    return Engine(
        kind=MachineKind.TRANSCRIPT,
        name=Path(words[0]).name,
        program=program.sha256,
        command=(program.path, *words[1:]),
        seconds=seconds,
    )


def read(engine: Engine, stream: BinaryIO, media_type: str) -> str:
    """Have a recording written down.  Raises ProgramError."""
    with tempfile.TemporaryDirectory(prefix="witnessbox-") as folder:
        place = Path(folder) / f"recording.{_ENDINGS[media_type]}"
        with place.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
        words = [word.replace("{file}", str(place)) for word in engine.command]
        return output_of(words, None, engine.seconds).strip()
