"""``witnessbox review`` where it says how much was found: samples, when to stop, certificates."""

import sys
from pathlib import Path

import msgspec

from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.cli.screened import screened
from witnessbox.cli.verify import show
from witnessbox.operation.verify import Finding
from witnessbox.reports.check import verify_bundle
from witnessbox.reports.recall import issue, write
from witnessbox.reports.stopping import lines, promise
from witnessbox.review import samples
from witnessbox.screening.material import Purpose


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
    operation = screened(directory)
    actor = settings().actor
    if size is None:
        waits = samples.waiting(operation.folder, operation.ledger, actor.id)
        for one in waits:
            sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
        note(f"{len(waits):,} drawn messages wait for you")
        return 0
    asked = samples.Asked(purpose, size, seed, operation.recall_target)
    made = samples.draw(operation.folder, operation.ledger, asked, actor, now())
    say(f"{len(made.messages):,} of {made.population:,} messages drawn, seed {made.seed}")
    say("Readers get them without scores, in the workbench under Review, or from this command.")
    return 0


def stopping(directory: Directory, /) -> int:
    """Say how much was found, how much may be left, and what the stopping rules say now.

    Example: witnessbox review stopping harbour
    """
    operation = screened(directory)
    present = samples.material(operation.folder, operation.ledger, operation.recall_target)
    for line in lines(present):
        say(line)
    return 0


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
    operation = screened(directory)
    name, target = operation.opening.name, operation.recall_target
    made, present = issue(operation.folder, operation.ledger, name, target)
    for path in write(made, present, out or operation.folder.reports):
        say(f"{path}")
    note(promise(made.figures))
    return 0
