"""``witnessbox demo``: the example operation, from eighteen exports to a report."""

import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from witnessbox import example
from witnessbox.cases import record as cases
from witnessbox.cases.load import load_toml
from witnessbox.cli.bulk import run_steps
from witnessbox.cli.common import Directory, Jobs, executor, now, progress, say, settings
from witnessbox.cli.serve import serve_operation
from witnessbox.errors import WitnessboxError
from witnessbox.evidence.steps import Progress
from witnessbox.intake.receive import Terms, receive
from witnessbox.intake.record import receipts
from witnessbox.ledger.model import Actor
from witnessbox.operation.model import Operation, new, open_operation
from witnessbox.operation.tally import Tally, tally
from witnessbox.operation.verify import verify
from witnessbox.reports.gather import Edition
from witnessbox.reports.publish import publish
from witnessbox.reports.record import releases
from witnessbox.review import record as review
from witnessbox.review.places import finder


class DemoError(WitnessboxError):
    """The example did not come out as its truth file says."""


class _File(msgspec.Struct, frozen=True):
    """How one file of the example came in."""

    path: str
    reference: str
    custodian: str
    received_at: datetime
    phone: str = ""


class _Plan(msgspec.Struct, frozen=True):
    """The example's operation and its files."""

    name: str
    zone: str
    profile: str
    receiving_officer: str
    lawful_basis: str
    file: tuple[_File, ...]


def demo(
    directory: Path = Path("demo"),
    /,
    *,
    scale: float = 1.0,
    serve: bool | None = None,
    jobs: Jobs = None,
) -> int:
    """Make the example operation, run everything on it, and offer the workbench.

    Parameters
    ----------
    directory
        A folder for the example; one that an earlier demo made is gone on with.
    scale
        How large, from 0.01 to 1 (about 60,000 messages).
    serve
        Open the workbench at the end; by default on a terminal only.
    """
    began = time.monotonic()
    written = _write(directory / "example", scale)
    operation = _operation(directory, written)
    with (
        _heading("bulk steps: extract, reconcile, index, screen"),
        executor(jobs or settings().jobs) as pool,
    ):
        run_steps(operation, None, pool)
    with _heading("review and cases"):
        _decide(operation, directory / "example")
    with _heading("publish"):
        _publish(operation)
    holds = _conclude(operation, written)
    say(f"\nAll of it took {time.monotonic() - began:.0f} seconds.")
    folder = directory / "operation"
    if serve is None:
        serve = sys.stdout.isatty()
    if serve:
        say()
        serve_operation(operation, None)
    else:
        say("The workbench (commands are in .venv/bin after 'make demo'):")
        say(f"  witnessbox serve {folder}")
        say(f"prints a sign-in link to http://127.0.0.1:{settings().port}/")
    return 0 if holds else 1


@contextmanager
def _heading(title: str) -> Iterator[None]:
    say(f"\n== {title}")
    began = time.monotonic()
    yield
    say(f"   {time.monotonic() - began:.1f} s")


def _write(folder: Path, scale: float) -> example.Written:
    marker = folder / "written.json"
    if marker.exists():
        known = marker.read_bytes()
        return msgspec.json.decode(known, type=example.Written, dec_hook=_path)
    with _heading("the example: made up by a seeded generator, nothing in it is real"):
        written = example.write(folder, scale=scale)
        marker.write_bytes(msgspec.json.encode(written, enc_hook=str))
        say(
            f"   {written.files} export files, {written.messages:,} distinct messages in "
            f"{written.conversations} conversations, {written.size_bytes / 1e6:.1f} MB"
        )
    return written


def _path(_kind: type, written: str) -> Path:
    return Path(written)


def _operation(directory: Directory, written: example.Written) -> Operation:
    folder, source = directory / "operation", written.folder
    plan = msgspec.convert(tomllib.loads((source / "operation.toml").read_text()), _Plan)
    officer = Actor("receiving", plan.receiving_officer)
    with _heading(f"receive into {folder}"), progress() as watch:
        if (folder / "operation.toml").exists():
            operation = open_operation(folder)
        else:
            operation = new(
                folder,
                name=plan.name,
                zone=plan.zone,
                profile=plan.profile,
                actor=officer,
                at=plan.file[0].received_at,
            )
        _receive(operation, plan, source, officer, watch)
        taken = receipts(operation.ledger)
        say(f"   {len(plan.file)} files handed over, {len(taken)} exhibits with what lies in them")
    return operation


def _receive(
    operation: Operation, plan: _Plan, source: Path, officer: Actor, watch: Progress
) -> None:
    known = {receipt.reference for receipt in receipts(operation.ledger)}
    for done, file in enumerate(plan.file, 1):
        if file.reference not in known:
            terms = Terms(file.custodian, file.reference, plan.lawful_basis)
            path = source / file.path
            receive(operation.folder, operation.ledger, [path], terms, officer, file.received_at)
        watch("receive", done, len(plan.file))


def _decide(operation: Operation, source: Path) -> None:
    actor = settings().actor
    coded = review.take(operation.folder, operation.ledger, source / "codings.jsonl", actor, now())
    records = load_toml(source / "cases.toml", finder(operation.folder, operation.ledger))
    taken = cases.take(operation.ledger, records, actor, now(), "the example's case file")
    say(f"   {coded.added:,} codings entered, {coded.unchanged:,} stood already")
    say(f"   {taken.added:,} case records entered, {taken.unchanged:,} stood already")


def _publish(operation: Operation) -> None:
    opening = operation.opening
    if releases(operation.ledger):
        say(f"   published already: {operation.folder.reports}")
        return
    made = publish(
        operation.folder,
        operation.ledger,
        Edition(opening.name, opening.zone),
        actor=settings().actor,
        at=now(),
        reason="the example's report",
    )
    say(f"   {made.release.quotations} quotations verified against their bytes")
    for path in (made.page, made.pdf, made.bundle):
        say(f"   {path}")


def _conclude(operation: Operation, written: example.Written) -> bool:
    counted = tally(operation)
    say("\n== what came out, beside the truth")
    holds = True
    for what, found, true in _compared(counted, written):
        holds &= found == true
        say(f"   {what:<44}{found:>12,}  {'= truth' if found == true else f'TRUTH: {true:,}'}")
    for finding in verify(operation):
        holds &= finding.holds
        say(f"   {'holds' if finding.holds else 'BREACH'}: {finding.what}")
    return holds


def _compared(counted: Tally, written: example.Written) -> Iterator[tuple[str, int, int]]:
    yield "export files", counted.handed_over, written.files
    yield (
        "message records read",
        counted.messages,
        written.message_records + written.header_like_lines,
    )
    yield "notices read", counted.notices, written.notice_records
    yield "conversations found", counted.conversations, written.conversations
    yield "bytes unexplained", counted.unexplained_bytes, 0
    yield "codings standing", counted.codings, written.codings
