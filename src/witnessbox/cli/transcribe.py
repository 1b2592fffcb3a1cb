"""``witnessbox transcribe``: text out of pictures and voice notes, by machine."""

from witnessbox.cli.common import Directory, Jobs, executor, note, progress, say, settings
from witnessbox.media import ocr as tesseract
from witnessbox.media import transcriber as local
from witnessbox.media.model import Engine
from witnessbox.media.program import is_apart
from witnessbox.media.transcribe import run
from witnessbox.operation.model import open_operation


def transcribe(
    directory: Directory,
    /,
    *,
    ocr: bool = True,
    languages: str | None = None,
    transcriber: str | None = None,
    seconds: int | None = None,
    jobs: Jobs = None,
) -> int:
    """Read pictures with Tesseract, and voice notes with a local program that you name.

    What a machine read is marked as that wherever it is shown. Nothing is read twice.

    Parameters
    ----------
    ocr
        Read pictures, where Tesseract is installed.
    languages
        Languages of the pictures as Tesseract names them: eng, eng+fra.
    transcriber
        A local command that prints what is said: "whisper-cli -nt -f {file}". None is shipped.
    seconds
        How long one file may take.
    """
    operation, chosen = open_operation(directory), settings()
    limit = seconds or chosen.machine_seconds
    engines = [
        *(_pictures(languages or chosen.ocr_languages, limit) if ocr else ()),
        *_recordings(transcriber if transcriber is not None else chosen.transcriber, limit),
    ]
    if engines and not is_apart():
        note("this system cannot cut programs off from the network; cut the machine off yourself")
    with executor(jobs or chosen.jobs) as pool, progress() as watch:
        outcome = run(
            operation.folder,
            operation.ledger,
            engines,
            most_pixels=operation.limits.picture_pixels,
            executor=pool,
            progress=watch,
        )
    say(f"transcribe: {outcome.read:,} read of {outcome.exhibits:,}, {outcome.failed:,} failed")
    if outcome.read:
        note(f"next: witnessbox index {directory}, so that it can be searched")
    return 0


def _pictures(languages: str, seconds: int) -> list[Engine]:
    found = tesseract.engine(languages, seconds)
    if found is None:
        note(f"pictures are not read: install Debian's {tesseract.PACKAGE}, then run this again")
    return [found] if found else []


def _recordings(command: str, seconds: int) -> list[Engine]:
    if not command:
        note("voice notes are not read: name a local program with --transcriber")
    return [local.engine(command, seconds)] if command else []
