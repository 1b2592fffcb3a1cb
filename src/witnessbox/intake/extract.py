"""Extract: every exhibit read into tables, every byte of it accounted for.

One shard an exhibit.  An exhibit whose bytes, name, zone and parsers are as they were is not read
again.  What no parser recognises is one problem over the whole file; an archive is explained by
its members, which are exhibits of their own.  A picture is looked at: see ``intake.pictures``.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.evidence.schema import CAMERA_DATES, PICTURES
from witnessbox.evidence.steps import Progress, StepRecord, Steps, as_made, silent
from witnessbox.evidence.tables import ShardWriter, Tables, Written
from witnessbox.evidence.vault import Vault
from witnessbox.intake.attached import Attached
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parser import (
    BATCH_TABLES,
    Batch,
    Parser,
    UnknownFormatError,
    choose,
)
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.pictures.content import media_type_of
from witnessbox.intake.pictures.looking import Looked, look
from witnessbox.intake.pictures.rows import date_rows, picture_rows, why_no_chat
from witnessbox.intake.plan import VERSION, Job, head_of, jobs, source_of
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.settling import Settling
from witnessbox.intake.tiling import Accounting, Tiling, accounting
from witnessbox.intake.unread import Unread, why_unread
from witnessbox.ledger.store import Ledger

STEP = "extract"
LABEL = f"{STEP}/{VERSION}"
"""The name of the parser of exhibits that have none."""

_NO_MESSAGES = frozenset(("problems",))
_EVERY_TABLE = frozenset(table.name for table in BATCH_TABLES)
_OF_PICTURES = (PICTURES, CAMERA_DATES)


class ExtractError(WitnessboxError):
    """Some exhibits could not be extracted; the others were."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one exhibit gave; ``failure`` says why it gave nothing."""

    exhibit: str
    inputs: str
    written: tuple[Written, ...]
    failure: str | None = None


def run(
    folder: Folder,
    ledger: Ledger,
    *,
    zone: str,
    limits: Limits = DEFAULT,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> int:
    """Read every exhibit that is due; say how many were.

    ``zone`` is read into exhibits whose receipt states none.  Raises ExtractError, when all others
    are done, where an exhibit's parser leaves bytes unexplained or its bytes cannot be read.
    """
    steps, tables = Steps(folder), Tables(folder.tables)
    planned = jobs(folder, ledger, zone, limits)
    todo = _due(steps, planned)
    failures: dict[str, str] = {}
    progress(STEP, 0, len(todo))
    for done, made in enumerate(as_made(extract, todo, executor), 1):
        if made.failure is None:
            steps.note(StepRecord(STEP, made.exhibit, made.inputs, made.written))
        else:
            failures[made.exhibit] = made.failure
        progress(STEP, done, len(todo))
    kept = [job.exhibit for job in planned if job.exhibit not in failures]
    steps.keep_only(STEP, kept)
    for table in (*BATCH_TABLES, *_OF_PICTURES):
        tables.remove(table, kept)
    if failures:
        raise ExtractError("; ".join(sorted(failures.values())))
    return len(todo)


def due(folder: Folder, ledger: Ledger, *, zone: str, limits: Limits = DEFAULT) -> int:
    """Say how many exhibits are still to be read."""
    return len(_due(Steps(folder), jobs(folder, ledger, zone, limits)))


def _due(steps: Steps, planned: Sequence[Job]) -> list[Job]:
    return [job for job in planned if not steps.done(STEP, job.exhibit, job.inputs)]


def extract(job: Job) -> Extracted:
    """Read one exhibit into its shards; the same job gives the same files."""
    try:
        written = _write(job)
    except WitnessboxError as error:
        return Extracted(job.exhibit, job.inputs, (), str(error))
    return Extracted(job.exhibit, job.inputs, written)


def _write(job: Job) -> tuple[Written, ...]:
    folder = Folder(job.root)
    vault, tables = Vault(folder.vault), Tables(folder.tables)
    head = head_of(vault, job.exhibit)
    parser = _parser(job.name, head)
    seen = _seen(job, vault, head) if parser is None else None
    account: Accounting
    if parser is None or job.members:
        wanted, account = _NO_MESSAGES, Tiling(job.name, LABEL)
        batches: Iterator[Batch] = iter((_whole(job, head, seen),))
    else:
        wanted = _EVERY_TABLE
        batches = parser.parse(source_of(job, vault), job.assumption)
        account = accounting(job.name, parser.FORMAT)
    with ExitStack() as stack:
        writers = {
            table.name: stack.enter_context(tables.writer(table, job.exhibit))
            for table in BATCH_TABLES
            if table.name in wanted
        }
        zoneless = skipped = 0
        settling, attached = Settling(job.assumption.settled), Attached(job.name, job.came)
        for batch in batches:
            account.take(batch)
            _add(writers, attached.batch(settling.batch(batch)))
            zoneless += _zoneless(batch)
            skipped += _skipped(batch)
        account.finish(job.size_bytes)
        whole = [*_absent(job), *_zone_doubt(job, zoneless, skipped), *_missing(job, attached)]
        told = settling.problems(whole)
        told += settling.idle(Span(job.exhibit, 0, 0), LABEL)
        _add(writers, Batch(problems=problem_rows(told)))
    texts = tuple(writer.written() for writer in writers.values())
    return texts + (() if seen is None else _pictured(tables, job.exhibit, seen))


def _seen(job: Job, vault: Vault, head: bytes) -> Looked | None:
    """Look at an exhibit that is a picture; None where it is none."""
    media_type = media_type_of(head) or ""
    if not media_type.startswith("image/"):
        return None
    with vault.open(job.exhibit) as stream:
        return look(stream, media_type, job.limits.picture_pixels)


def _pictured(tables: Tables, exhibit: str, seen: Looked) -> tuple[Written, ...]:
    rows = (PICTURES, picture_rows(exhibit, seen)), (CAMERA_DATES, date_rows(exhibit, seen))
    return tuple(
        tables.write(table, exhibit, [batch]) for table, batch in rows if batch is not None
    )


def _add(writers: Mapping[str, ShardWriter], batch: Batch) -> None:
    for name, writer in writers.items():
        rows = getattr(batch, name)
        if rows is not None:
            writer.add(rows)


def _parser(name: str, head: bytes) -> Parser | None:
    """Pick the parser of an exhibit; none where none recognises it."""
    try:
        return choose(PARSERS, name, head)
    except UnknownFormatError:
        return None


def _whole(job: Job, head: bytes, seen: Looked | None) -> Batch:
    """Explain an exhibit without messages in one problem over all of it."""
    if job.members:
        what = f"an archive of {job.members} members, each an exhibit of its own"
        why = Unread("archive", what, Severity.NOTE)
    elif seen is not None:
        why = why_no_chat(seen)
    else:
        why = why_unread(job.name, head, [parser.FORMAT.title for parser in PARSERS])
    span = Span(job.exhibit, 0, job.size_bytes)
    return Batch(problems=problem_rows([Problem(span, LABEL, why.code, why.what, why.severity)]))


def _absent(job: Job) -> list[Problem]:
    start = Span(job.exhibit, 0, 0)
    return [Problem(start, LABEL, one.code, one.what, Severity.DOUBT) for one in job.absent]


def _missing(job: Job, attached: Attached) -> list[Problem]:
    if attached.told is None:
        return []
    start = Span(job.exhibit, 0, 0)
    return [Problem(start, LABEL, "files-missing", attached.told, Severity.NOTE)]


def _zoneless(batch: Batch) -> int:
    """Count the messages whose time is a wall clock's, without a zone."""
    if batch.messages is None:
        return 0
    walls = batch.messages.column("wall_at")
    return len(walls) - int(walls.null_count)


def _skipped(batch: Batch) -> int:
    """Count the places where times begin to fall in an hour their zone skips."""
    if batch.problems is None:
        return 0
    codes = batch.problems.column("code").cast(pa.string())
    return int(pc.sum(pc.equal(codes, "zone-hour-skipped")).as_py() or 0)


def _zone_doubt(job: Job, zoneless: int, skipped: int) -> list[Problem]:
    """Say in which zone times without one were read, and why; a doubt unless it was stated."""
    if not zoneless:
        return []
    zone, stated = job.assumption.zone, job.assumption.stated
    what = (
        f"{zoneless:,} times name no zone and are read in {zone}: {job.assumption.why}; another "
        "zone would move all of them alike; "
        + (
            f"in {skipped} places they fall in an hour that zone skips, which speaks against it"
            if skipped
            else "none falls in an hour that zone skips, so nothing here speaks against it"
        )
    )
    severity = Severity.NOTE if stated else Severity.DOUBT
    return [Problem(Span(job.exhibit, 0, 0), LABEL, "zone-assumed", what, severity)]
