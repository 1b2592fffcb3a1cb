"""Reading by machine: text out of pictures and recordings, marked as read by a machine.

Not one of the steps that are due by themselves: it takes long, and depends on programs that are not
ours.  One shard an exhibit; one that was read by the same engine is not read again.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Severity
from witnessbox.evidence.schema import ATTACHMENTS, MACHINE_TEXTS, MESSAGES, PICTURES
from witnessbox.evidence.steps import Progress, StepRecord, Steps, as_made, inputs_of, silent
from witnessbox.evidence.tables import Tables, Written
from witnessbox.evidence.vault import Vault
from witnessbox.intake.columns import table_of
from witnessbox.intake.pictures.content import recording_type_of
from witnessbox.intake.pictures.looking import MOST_PIXELS, PictureError
from witnessbox.intake.record import receipts
from witnessbox.ledger.store import Ledger
from witnessbox.media import ocr, transcriber
from witnessbox.media.model import Engine, MachineKind
from witnessbox.media.program import ProgramError

STEP = "transcribe"
VERSION = 1
_HEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class Job:
    """One exhibit to read, and by what."""

    root: Path
    exhibit: str
    media_type: str
    engine: Engine
    most_pixels: int

    @property
    def inputs(self) -> str:
        """Name everything the text is made from."""
        used = self.engine
        return inputs_of(
            VERSION,
            self.exhibit,
            used.kind,
            used.name,
            used.program,
            used.written,
            used.seconds,
            self.most_pixels,
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one exhibit."""

    job: Job
    written: Written
    failed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many exhibits of one kind there are to read, how many were read now, and failed."""

    exhibits: int = 0
    read: int = 0
    failed: int = 0


def run(
    folder: Folder,
    ledger: Ledger,
    engines: Sequence[Engine],
    *,
    most_pixels: int = MOST_PIXELS,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Have every exhibit read that an engine is for and that is due."""
    steps, tables = Steps(folder), Tables(folder.tables)
    received = sorted({one.exhibit for one in receipts(ledger)})
    tables.remove(MACHINE_TEXTS, received)
    steps.keep_only(STEP, received)
    types = readable(folder, received)
    jobs = [
        Job(folder.root, exhibit, types[used.kind][exhibit], used, most_pixels)
        for used in engines
        for exhibit in types[used.kind]
    ]
    todo = [job for job in jobs if not steps.done(STEP, job.exhibit, job.inputs)]
    failed = 0
    progress(STEP, 0, len(todo))
    for done, one in enumerate(as_made(read, todo, executor), 1):
        steps.note(StepRecord(STEP, one.job.exhibit, one.job.inputs, (one.written,)))
        failed += one.failed
        progress(STEP, done, len(todo))
    return Outcome(len(jobs), len(todo), failed)


def readable(folder: Folder, received: Sequence[str]) -> dict[MachineKind, dict[str, str]]:
    """Name the pictures and recordings among exhibits, each with its type by content.

    Pictures that cannot be decoded are left out, and those too plain to hold a word.
    """
    tables, vault = Tables(folder.tables), Vault(folder.vault)
    seen = tables.read(PICTURES, columns=["exhibit", "media_type", "phash"]).to_pylist()
    pictures = {one["exhibit"]: one["media_type"] for one in seen if one["phash"] is not None}
    others = set(tables.shards(MESSAGES)) | {one["exhibit"] for one in seen}
    named = tables.read(ATTACHMENTS, columns=["media", "file"])
    audio = pc.equal(named["media"].cast(pa.string()), "audio")
    sounding = set(named.filter(audio)["file"].to_pylist())
    recordings = {}
    for exhibit in (one for one in received if one not in others):
        with vault.open(exhibit) as stream:
            head = stream.read(_HEAD_BYTES)
        media_type = recording_type_of(head, named_audio=exhibit in sounding)
        if media_type is not None:
            recordings[exhibit] = media_type
    return {MachineKind.OCR: pictures, MachineKind.TRANSCRIPT: recordings}


def read(job: Job) -> Read:
    """Have one exhibit read; where that fails, its row says why."""
    folder, used = Folder(job.root), job.engine
    text, problem = None, None
    try:
        text = _text(job, Vault(folder.vault))
    except (PictureError, ProgramError) as error:
        problem = str(error)
    row = (
        job.exhibit,
        used.kind.value,
        used.name,
        used.program,
        used.written,
        used.language,
        text,
        None if problem is None else "machine-unread",
        problem,
        None if problem is None else Severity.NOTE.value,
    )
    rows = [batch for batch in (table_of(MACHINE_TEXTS, [row]),) if batch is not None]
    written = Tables(folder.tables).write(MACHINE_TEXTS, job.exhibit, rows)
    return Read(job, written, problem is not None)


def _text(job: Job, vault: Vault) -> str:
    with vault.open(job.exhibit) as stream:
        if job.engine.kind is MachineKind.OCR:
            return ocr.read(job.engine, stream, job.media_type, job.most_pixels)
        return transcriber.read(job.engine, stream, job.media_type)
