"""``witnessbox status``: what came in, whether every byte is explained, what is due."""

from witnessbox.cli.common import Directory, say, settings
from witnessbox.evidence.model import Severity
from witnessbox.intake.explained import explained
from witnessbox.intake.settling import settled
from witnessbox.operation import steps
from witnessbox.operation.model import Operation, open_operation
from witnessbox.operation.tally import Tally, tally
from witnessbox.reconcile import reading, record
from witnessbox.review import queue
from witnessbox.review.rounds import last_cold


def _media(counted: Tally) -> list[str]:
    """Say what came of pictures and voice notes, where there are any."""
    found = []
    if counted.pictures:
        found.append(
            f"{counted.pictures:,} pictures show {counted.motifs:,} motifs, "
            f"{counted.shared_motifs:,} of them in more than one conversation"
        )
    if counted.machine_readable:
        found.append(
            f"{counted.machine_read:,} of {counted.machine_readable:,} pictures and voice notes "
            "were read by machine; see 'witnessbox transcribe'"
        )
    return found


def _people(operation: Operation) -> list[str]:
    """Say what is proposed and decided about reconciliation, where anything is."""
    standing = record.standing(operation.ledger)
    links = reading.links(operation.tables, reading.people(operation.tables), standing)
    waiting = sum(one.open for one in links)
    if not waiting and not standing:
        return []
    proposed = f"{waiting:,} links between names are proposed"
    return [
        f"{proposed}, {len(standing):,} decisions about copies stand; see 'witnessbox decide list'"
    ]


def status(directory: Directory, /) -> int:
    """Print an operation in numbers."""
    operation = open_operation(directory)
    counted = tally(operation)
    opening = operation.opening
    say(f"{opening.name}   zone {opening.zone}   profile {opening.profile}")
    say()
    say(f"{'exhibit':<12}{'messages':>10}{'losses':>8}{'doubts':>8}{'unexplained':>13}  file")
    for part in explained(operation.folder, operation.ledger):
        left = f"{part.unexplained:,} {part.unit}" if part.extracted else "not read yet"
        say(
            f"{part.reference:<12}{part.messages:>10,}{part.losses:>8}{part.doubts:>8}{left:>13}"
            f"  {part.name.rpartition('/')[2]}"
        )
    say()
    say(
        f"{counted.messages + counted.notices:,} rows read ({counted.notices:,} of them notices); "
        f"{counted.canonical_messages:,} messages in {counted.conversations} conversations, "
        f"{counted.copies} copies; {counted.unexplained_bytes:,} bytes unexplained"
        + (f", {counted.unexplained_rows:,} rows of databases" if counted.database_rows else "")
    )
    for kind, number in sorted(counted.discrepancies.items()):
        grades = counted.strengths[kind].items()
        told = ", ".join(f"{count:,} {grade}" for grade, count in grades)
        say(f"discrepancies, {kind}: {number:,} ({told})")
    for line in _media(counted):
        say(line)
    for line in _people(operation):
        say(line)
    progress = queue.progress_of(operation.folder, operation.ledger, settings().actor.id)
    whole = progress.total(last_cold(operation.folder))
    unread = whole.messages - whole.read_by_anyone
    say(f"{counted.codings:,} codings stand; {unread:,} messages nobody has read")
    words = sum(len(one) for one in settled(operation.ledger).values())
    open_ = counted.problems.get(Severity.DOUBT, 0)
    say(f"{open_:,} doubts are open, {words:,} settlements; see 'witnessbox settle {directory}'")
    waiting = [f"{step.name} ({count:,})" for step, count in steps.due(operation) if count]
    say(f"due: {', '.join(waiting) or 'nothing'}")
    return 0
