"""Tesseract, where it is installed: text out of pictures.

Tesseract is given shades of grey decoded by us, never the bytes of a stranger's file.
"""

import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from witnessbox.evidence.digest import pieces, sha256_of
from witnessbox.intake.pictures.looking import upright
from witnessbox.media.model import Engine, MachineKind
from witnessbox.media.program import ProgramError, find, output_of

PACKAGE = "tesseract-ocr"
_ASKING_SECONDS = 60


def engine(languages: str, seconds: int) -> Engine | None:
    """Give Tesseract as it is installed here; None where it is not.

    Raises ProgramError where it lacks a language.  Its name holds its version and the hash of each
    language's data: the same name reads the same text.
    """
    program = find("tesseract")
    if program is None:
        return None
    version = output_of([program.path, "--version"], None, _ASKING_SECONDS).split("\n")[0].strip()
    head, *known = output_of([program.path, "--list-langs"], None, _ASKING_SECONDS).splitlines()
    wanted = languages.split("+")
    lacking = [one for one in wanted if one not in known]
    if lacking:
        packages = " ".join(f"{PACKAGE}-{one.replace('_', '-')}" for one in lacking)
        raise ProgramError(
            f"Tesseract has no language {', '.join(lacking)}; install Debian's {packages}, or set "
            "WITNESSBOX_OCR_LANGUAGES"
        )
    return Engine(
        kind=MachineKind.OCR,
        name=f"{version} ({_data(head, wanted)})",
        program=program.sha256,
        command=(program.path, "stdin", "stdout", "-l", languages),
        language=languages,
        seconds=seconds,
    )


def _data(head: str, languages: list[str]) -> str:
    """Name each language with the beginning of its data's hash, where the data can be found."""
    named = re.search('"(.+)"', head)
    folder = Path(named[1] if named else "")
    return ", ".join(one + _hash(folder / f"{one}.traineddata") for one in languages)


def _hash(place: Path) -> str:
    if not place.is_file():
        return ""
    with place.open("rb") as stream:
        return f" {sha256_of(pieces(stream))[:16]}"


def read(engine: Engine, stream: BinaryIO, media_type: str, most_pixels: int) -> str:
    """Read a picture's text.  Raises PictureError, ProgramError."""
    with tempfile.TemporaryFile() as given:
        upright(stream, media_type, most_pixels).save(given, "PPM")
        given.seek(0)
        return output_of(engine.command, given, engine.seconds).replace("\f", "").strip()
