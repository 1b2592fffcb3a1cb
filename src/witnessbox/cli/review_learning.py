"""``witnessbox review`` where it learns: rounds, plans, suggestions."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.cli.screened import screened
from witnessbox.review import planning, suggestions
from witnessbox.review.coding import ReviewError
from witnessbox.review.planning import Plan, Team
from witnessbox.review.rounds import next_round
from witnessbox.screening.learning_order import Mixture


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
    operation = screened(directory)
    mixture = replace(Mixture(), messages=messages)
    made = next_round(operation.folder, operation.ledger, settings().actor, now(), mixture)
    say(f"batch {made.batch}: {made.messages:,} messages; round {made.number} of the learner")
    note(f"read it in the workbench; 'review next {directory} --batch {made.batch}' lists it")
    return 0


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
    if labels is None:
        operation = screened(directory)
        known = planning.of_operation(operation.folder, operation.ledger)
    else:
        known = planning.of_file(labels)
    found = planning.plans(known, Team(readers, per_hour, hours_a_day, limit), seeds)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        return 0
    _tell(found)
    note(
        f"played {seeds} times on {len(known.answers):,} coded messages, {known.relevant:,} of "
        "them relevant; the share holds for all messages if these were drawn by lot"
    )
    return 0


def _tell(found: Sequence[Plan]) -> None:
    """Print plans as a table."""
    say("recall   to read (least to most)      share   hours  relevant    days  a reader a day")
    for one in found:
        span = f"{one.reads:,} ({one.least:,} to {one.most:,})"
        say(
            f"{one.recall:6.0%}   {span:27} {one.share:6.1%} {one.hours:7,.1f} {one.relevant:9,}"
            f" {one.days:7,.1f} {one.relevant_a_day:15,.1f}"
        )


def suggestions_(directory: Directory, /) -> int:
    """Print messages nobody coded that say nearly what a relevant one says, as JSON lines.

    A suggestion codes nothing: forwards and copies in other groups are for a person to read.

    Example: witnessbox review suggestions harbour
    """
    operation = screened(directory)
    found = list(suggestions.every(operation.folder, operation.ledger))
    for exact in found:
        one = replace(exact, likeness=round(exact.likeness, 2))
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    note(f"{len(found):,} messages say nearly what a relevant one says")
    return 0
