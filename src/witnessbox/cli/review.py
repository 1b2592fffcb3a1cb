"""``witnessbox review``: batches of messages out, codings in; samples, stopping, certificate."""

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
from cyclopts import App

from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.cli.verify import show
from witnessbox.operation.model import open_operation
from witnessbox.operation.verify import Finding
from witnessbox.reports.check import verify_bundle
from witnessbox.reports.recall import issue, write
from witnessbox.reports.stopping import lines
from witnessbox.review import planning, queue, record, samples, suggestions
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import ReviewError, disputed
from witnessbox.review.planning import Team
from witnessbox.review.rounds import next_round
from witnessbox.screening import coverage, lexicons
from witnessbox.screening.learning_order import Mixture
from witnessbox.screening.material import Purpose
from witnessbox.screening.model import DECIDES_NOTHING, EntryKind

app = App(
    name="review",
    help=(
        "Batches of messages out, codings in; samples, when to stop, and the certificate.\n\n"
        "Example: witnessbox review code harbour codings.jsonl"
    ),
    help_format="plaintext",
)


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
def batches(directory: Directory, /) -> int:
    """Say how far each batch has been read.

    Example: witnessbox review batches harbour
    """
    operation = open_operation(directory)
    found = queue.batches(operation.folder, operation.ledger, settings().actor.id)
    if not found:
        note(f"no batches yet; run 'witnessbox run {directory}'")
        return 0
    say("batch  messages  read by you  by anyone  disputed")
    for one in found:
        say(
            f"{one.batch:5}  {one.messages:8}  {one.read:11}  {one.read_by_anyone:9}"
            f"  {one.disputed:8}"
        )
    note(DECIDES_NOTHING)
    return 0


@app.command(name="next")
def next_(directory: Directory, /, *, batch: int | None = None) -> int:
    """Print the messages you have still to read, in reading order, as JSON lines.

    Example: witnessbox review next harbour --batch 1

    Parameters
    ----------
    batch
        One batch; by default all.
    """
    operation = open_operation(directory)
    waiting = queue.remaining(operation.folder, operation.ledger, settings().actor.id, batch)
    for one in waiting:
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    note(f"{len(waiting):,} messages to read")
    note(DECIDES_NOTHING)
    return 0


@app.command(name="round")
def round_(directory: Directory, /, *, messages: int = Mixture().messages) -> int:
    """Have the learner put the next batch together out of what was coded so far.

    Example: witnessbox review round harbour

    Parameters
    ----------
    messages
        How many messages the batch is to have.
    """
    if messages < 1:
        raise ReviewError(f"a batch has at least one message, not {messages}")
    operation = open_operation(directory)
    mixture = replace(Mixture(), messages=messages)
    made = next_round(operation.folder, operation.ledger, settings().actor, now(), mixture)
    say(f"batch {made.batch}: {made.messages:,} messages; round {made.number} of the learner")
    return 0


@app.command
def simulate(  # noqa: PLR0913 - a plan has that many figures
    directory: Directory,
    /,
    *,
    labels: Path | None = None,
    seeds: int = 5,
    readers: int = Team().readers,
    per_hour: int = Team().per_hour,
    hours_a_day: float = Team().hours_a_day,
    limit: int = Team().limit,
    json: bool = False,
) -> int:
    """Play a review through on messages that stand coded, and say what reading it would take.

    Example: witnessbox review simulate harbour --readers 3 --limit 150

    Parameters
    ----------
    labels
        A CSV with the columns text and relevant, instead of the operation's own codings.
    seeds
        How often it is played through, each time on another four fifths of the messages.
    per_hour
        How many messages a reader reads in an hour.
    limit
        How many relevant messages a reader is to meet in a day at most.
    json
        Print JSON instead of a table.
    """
    if min(seeds, readers, per_hour, limit) < 1 or hours_a_day <= 0:
        raise ReviewError("seeds, readers, hours and limits are above 0; correct the option")
    operation = open_operation(directory)
    if labels is None:
        known = planning.of_operation(operation.folder, operation.ledger)
    else:
        known = planning.of_file(labels)
    found = planning.plans(known, Team(readers, per_hour, hours_a_day, limit), seeds)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        return 0
    say("recall   to read (least to most)      share   hours  relevant    days  a reader a day")
    for one in found:
        span = f"{one.reads:,} ({one.least:,} to {one.most:,})"
        say(
            f"{one.recall:6.0%}   {span:27} {one.share:6.1%} {one.hours:7,.1f} {one.relevant:9,}"
            f" {one.days:7,.1f} {one.relevant_a_day:15,.1f}"
        )
    note(
        f"played {seeds} times on {len(known.answers):,} coded messages, {known.relevant:,} of "
        "them relevant; the share holds for all messages if these were drawn by lot"
    )
    return 0


@app.command(name="suggestions")
def suggestions_(directory: Directory, /) -> int:
    """Print messages nobody coded that say nearly what a relevant one says, as JSON lines.

    A suggestion codes nothing: forwards and copies in other groups are for a person to read.

    Example: witnessbox review suggestions harbour
    """
    operation = open_operation(directory)
    found = list(suggestions.every(operation.folder, operation.ledger))
    for one in found:
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    note(f"{len(found):,} messages say nearly what a relevant one says")
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
    folder = open_operation(directory).folder
    own = [name for name, _ in lexicons.own_files(folder)]
    entries = lexicons.of(folder).entries
    say(f"own files: {', '.join(own) or 'none'}; {len(entries):,} forms in all")
    for kind in EntryKind:
        these = [entry for entry in entries if entry.kind is kind]
        reviewed = sum(entry.reviewed != "no" for entry in these)
        say(f"{kind:9}  {len(these):6,} forms, {reviewed:,} of them reviewed")
    return 0


@app.command
def sample(
    directory: Directory,
    /,
    *,
    purpose: Purpose = Purpose.SEALED,
    size: int | None = None,
    seed: int | None = None,
) -> int:
    """Draw a sample by lot and note it in the ledger; without --size, list what waits to be read.

    Example: witnessbox review sample harbour --size 5000

    Parameters
    ----------
    purpose
        sealed (of the unread, to know when to stop), control (of all, before anything is read) or
        second-reading (of what was found not relevant, to know what readers miss).
    size
        How many messages; 'review stopping' names a number.
    seed
        Draws the same again; by default it follows from the ledger's last entry.
    """
    operation = open_operation(directory)
    actor = settings().actor
    if size is None:
        waits = samples.waiting(operation.folder, operation.ledger, actor.id)
        for one in waits:
            sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
        note(f"{len(waits):,} drawn messages wait for you")
        return 0
    asked = samples.Asked(purpose, size, seed)
    made = samples.draw(operation.folder, operation.ledger, asked, actor, now())
    say(f"{len(made.messages):,} of {made.population:,} messages drawn, seed {made.seed}")
    say("Readers get them without scores, in the workbench under Review, or from this command.")
    return 0


@app.command
def languages(directory: Directory, /) -> int:
    """Count messages by language; exit 1 where some are in languages no model has learned.

    Example: witnessbox review languages harbour
    """
    found = coverage.languages(open_operation(directory).tables)
    say("messages  language")
    for one in found:
        say(f"{one.messages:8,}  {one.name}{'' if one.has_model else ': no model has learned it'}")
    return int(any(not one.has_model for one in found))


@app.command
def stopping(directory: Directory, /) -> int:
    """Say how much was found, how much may be left, and what the stopping rules say now.

    Example: witnessbox review stopping harbour
    """
    operation = open_operation(directory)
    for line in lines(samples.material(operation.folder, operation.ledger)):
        say(line)
    return 0


@app.command
def certificate(
    directory: Path | None = None, /, *, out: Path | None = None, check: Path | None = None
) -> int:
    """Make the certificate of recall and its bundle, or check one; exit 1 where it does not hold.

    Example: witnessbox review certificate harbour

    Parameters
    ----------
    directory
        The operation's folder.
    out
        Where to write it; by default a folder under the operation's reports, and a zip beside it.
    check
        A certificate's bundle (folder or zip): every figure is worked out again from its data.
    """
    if check is not None:
        what = f"the certificate {check.name}, by itself"
        return show([Finding(what, tuple(verify_bundle(check)))])
    if directory is None:
        note("name the operation's folder, or a bundle with --check")
        return 2
    operation = open_operation(directory)
    made, present = issue(operation.folder, operation.ledger, operation.opening.name)
    for path in write(made, present, out or operation.folder.reports):
        say(f"{path}")
    return 0
