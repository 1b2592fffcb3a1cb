"""``witnessbox validate``: every parser held against known data."""

from pathlib import Path

from witnessbox.cli.common import note, now, say
from witnessbox.errors import WitnessboxError
from witnessbox.intake.parsers import PARSERS
from witnessbox.validation import render
from witnessbox.validation.known import SEED
from witnessbox.validation.pack import validate as run

_WAYS = {".html": render.page, ".md": render.markdown, ".csv": render.comma_separated}


class ValidateError(WitnessboxError):
    """The pack cannot be written where it was asked for."""


def validate(*, output: Path | None = None, seed: int = SEED) -> int:
    """Read known data in every format and say of each element whether it came out as it was.

    Exit code 1 if any element failed.

    Parameters
    ----------
    output
        Also write the pack to this file: .html to print and sign, .md to file, .csv to count.
    seed
        What the known data are made from; another seed makes other data.
    """
    write = None if output is None else _WAYS.get(output.suffix)
    if output is not None and write is None:
        raise ValidateError(
            f"{output} must end in {', '.join(_WAYS)}, to say how it is to be written"
        )
    pack = run(PARSERS, seed, now().date())
    say(render.text(pack))
    if output is not None and write is not None:
        output.write_text(write(pack), encoding="utf-8")
        note(f"written to {output}")
    return 1 if pack.failures else 0
