"""``witnessbox review``: batches of messages out, codings in."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from witnessbox.cli import review_learning, review_recall
from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.cli.screened import screened
from witnessbox.operation.model import open_operation
from witnessbox.review import queue, record
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import disputed
from witnessbox.review.rounds import last_cold
from witnessbox.screening import coverage, lexicons
from witnessbox.screening.model import DECIDES_NOTHING, EntryKind

NEXT_BATCHES = 10
"""So many of the batches that nobody has begun are listed."""

app = App(
    name="review",
    help=(
        "Batches of messages out, codings in; samples, when to stop, and the certificate.\n\n"
        "Example: witnessbox review code harbour codings.jsonl"
    ),
    help_format="plaintext",
)

app.command(review_learning.round_, name="round")
app.command(review_learning.simulate)
app.command(review_learning.suggestions_, name="suggestions")
app.command(review_recall.sample)
app.command(review_recall.stopping)
app.command(review_recall.certificate)


@app.command
def code(directory: Directory, file: Path, /) -> int:
    """Enter a file of codings (CSV or JSON lines), all or none.

    Example: witnessbox review code harbour codings.jsonl

    Parameters
    ----------
    file
        The codings; what already stands just so adds nothing.
    """
    operation = open_operation(directory)
    taken = record.take(operation.folder, operation.ledger, file, settings().actor, now())
    say(f"{taken.added:,} codings entered, {taken.unchanged:,} stood already")
    return 0


@app.command
def batches(
    directory: Directory, /, *, every: Annotated[bool, Parameter(name="--all")] = False
) -> int:
    """Say how far each batch has been read: those begun, and the next ones in reading order.

    Example: witnessbox review batches harbour

    Parameters
    ----------
    every
        List all batches.
    """
    operation = screened(directory)
    progress = queue.progress_of(operation.folder, operation.ledger, settings().actor.id)
    found, last = progress.part(0, progress.batches), last_cold(operation.folder)
    begun = [one for one in found if every or one.batch > last or one.read_by_anyone]
    known = {one.batch for one in begun}
    upcoming = [one for one in found if one.batch not in known][:NEXT_BATCHES]
    say("  batch  messages  read by you  by anyone  disputed")
    for one in sorted([*begun, *upcoming], key=lambda one: one.batch):
        say(f"{one.batch:7,}{_figures(one)}{'  learned' if one.batch > last else ''}")
    say(f"    all{_figures(progress.total(last))}")
    left = len(found) - len(begun) - len(upcoming)
    if left:
        note(f"{left:,} more batches that nobody has begun; --all lists them")
    note(DECIDES_NOTHING)
    return 0


def _figures(one: queue.BatchProgress) -> str:
    return f"  {one.messages:8,}  {one.read:11,}  {one.read_by_anyone:9,}  {one.disputed:8,}"


@app.command(name="next")
def next_(directory: Directory, /, *, batch: int | None = None) -> int:
    """Print the messages you have still to read, in reading order, as JSON lines.

    Example: witnessbox review next harbour --batch 1

    Parameters
    ----------
    batch
        One batch; by default all.
    """
    operation = screened(directory)
    waiting = queue.remaining(operation.folder, operation.ledger, settings().actor.id, batch)
    for one in waiting:
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    note(f"{len(waiting):,} messages to read")
    note(DECIDES_NOTHING)
    return 0


@app.command(name="disputed")
def disputed_(directory: Directory, /) -> int:
    """Name the messages on which reviewers differ; exit 1 where there are any.

    Example: witnessbox review disputed harbour
    """
    operation = open_operation(directory)
    found = disputed(record.standing(operation.folder, operation.ledger))
    for message in found:
        say(message)
    note(f"{len(found):,} disputed")
    return 1 if found else 0


@app.command
def categories() -> int:
    """Print the code-book: the categories and what they mean.

    Example: witnessbox review categories
    """
    for category in shipped().category:
        say(f"{category.id:24} {category.title}")
    return 0


@app.command
def lexicon(directory: Directory, /) -> int:
    """Read the lexicons an operation is screened with, and say what is in them.

    Example: witnessbox review lexicon harbour
    """
    operation = open_operation(directory)
    own = [name for name, _ in lexicons.own_files(operation.folder, operation.lexicons)]
    entries = lexicons.of(operation.folder, operation.lexicons).entries
    say(f"own files: {', '.join(own) or 'none'}; {len(entries):,} forms in all")
    if operation.lexicons.shipped is not True:
        kept = ", ".join(operation.lexicons.shipped or ()) or "nothing"
        say(f"of the shipped lexicons: {kept}")
    for kind in EntryKind:
        these = [entry for entry in entries if entry.kind is kind]
        reviewed = sum(entry.reviewed != "no" for entry in these)
        say(f"{kind:9}  {len(these):6,} forms, {reviewed:,} of them reviewed")
    return 0


@app.command
def languages(directory: Directory, /) -> int:
    """Count messages by language; exit 1 where some are in languages no model has learned.

    Example: witnessbox review languages harbour
    """
    found = coverage.languages(screened(directory).tables)
    say("messages  language")
    for one in found:
        say(f"{one.messages:8,}  {one.name}{'' if one.has_model else ': no model has learned it'}")
    return int(any(not one.has_model for one in found))
