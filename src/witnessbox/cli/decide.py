"""``witnessbox decide``: what copies leave open, and a person's word on it."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from cyclopts import App

from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.cli.named import milliseconds, moment, name_of, one_of
from witnessbox.operation.model import Operation, open_operation
from witnessbox.reconcile import reading, record
from witnessbox.reconcile.decision import Belonging, Decision, Identity, Offset, Verdict, Window
from witnessbox.reconcile.model import CopyName
from witnessbox.reconcile.record import DecisionError

app = App(
    name="decide",
    help=(
        "Settle what copies leave open: people, conversations, clocks, windows.\n\n"
        "Example: witnessbox decide list harbour"
    ),
    help_format="plaintext",
)

SameOrApart = Literal["same", "apart"]


@app.command(name="list")
def list_(directory: Directory, /, *, every: bool = False, json: bool = False) -> int:
    """List what is proposed, with what speaks for and against it, and what was decided.

    Example: witnessbox decide list harbour

    Parameters
    ----------
    every
        List every link between names, also those that evidence made by itself.
    json
        Print JSON lines: links first, then decisions.
    """
    operation = open_operation(directory)
    standing = record.standing(operation.ledger)
    everybody = reading.people(operation.tables)
    found = reading.links(operation.tables, everybody, standing)
    shown = [one for one in found if every or one.open]
    known = reading.copies(operation.tables)
    if json:
        _print_json([*shown, *(_entered(word, known) for word in standing.values())])
        return 0
    for link in shown:
        _print_link(link)
    have = record.known(operation.folder)
    for ident, word in standing.items():
        say(f"{ident}  decided")
        say(f"  {reading.in_words(word.decision, known)}")
        say(f"  by {word.actor.name}, {word.at[:10]}: {word.reason}")
        if lacked := have.lacks(word.decision):
            say(f"  it changes nothing now: {lacked}")
        say()
    waiting = sum(one.open for one in found)
    note(f"{waiting:,} links are proposed, {len(standing):,} decisions stand")
    return 0


@app.command
def copies(directory: Directory, /, *, json: bool = False) -> int:
    """List the copies of each conversation, by the ids that decisions name them by.

    Example: witnessbox decide copies harbour

    Parameters
    ----------
    json
        Print JSON lines.
    """
    found = reading.copies(open_operation(directory).tables).values()
    if json:
        _print_json(found)
        return 0
    for one in found:
        say(f"{one.copy}  {one.called}, {one.messages:,} messages")
        doubt = f"; {one.offset_doubt}" if one.offset_doubt else ""
        say(f"  {reading.offset_in_words(one.offset_ms)}{doubt}")
    return 0


@app.command
def identity(
    directory: Directory, word: SameOrApart, first: str, second: str = "", /, *, reason: str = ""
) -> int:
    """Decide that two names are one person's, or are not.

    Example: witnessbox decide identity harbour same 01c3f2 --reason "her number, form KO/4"

    Parameters
    ----------
    word
        same or apart.
    first
        A link that is listed; or a name, as COPY:NAME, with the copy's id.
    second
        The other name, where the first is no link.
    reason
        What decides, for the ledger.
    """
    operation = open_operation(directory)
    have = record.known(operation.folder)
    names = (name_of(have, first), name_of(have, second)) if second else _of_link(operation, first)
    return _decide(operation, Identity(*names, verdict=Verdict(word)), reason)


@app.command
def conversation(
    directory: Directory, word: SameOrApart, first: str, second: str, /, *, reason: str = ""
) -> int:
    """Decide that two copies show one conversation, or do not.

    Example: witnessbox decide conversation harbour apart 01c3f2 0188ab --reason "two groups"

    Parameters
    ----------
    word
        same or apart.
    first
        A copy's id, or its beginning; 'witnessbox decide copies' lists them.
    second
        The other copy's.
    reason
        What decides, for the ledger.
    """
    operation = open_operation(directory)
    have = record.known(operation.folder).copies
    one, other = (one_of(have, each, "copy") for each in (first, second))
    return _decide(operation, Belonging(one, other, verdict=Verdict(word)), reason)


@app.command
def offset(
    directory: Directory,
    copy: str,
    way: Literal["fast", "slow", "right"],
    by: str = "0:00:00",
    /,
    *,
    since: str = "",
    reason: str = "",
) -> int:
    """Decide by how much a copy's clock was fast or slow; this replaces what was measured.

    Example: witnessbox decide offset harbour 01c3f2 fast 0:07:00 --reason "photograph KO/12"

    Parameters
    ----------
    copy
        The copy's id, or its beginning; 'witnessbox decide copies' lists them.
    way
        fast, slow or right.
    by
        Hours, minutes and seconds, as 0:07:00 or 0:00:02.500.
    since
        From which time on, by the copy's own clock, as 2024-03-01T10:00; by default all of it.
    reason
        What decides, for the ledger.
    """
    operation = open_operation(directory)
    named = one_of(record.known(operation.folder).copies, copy, "copy")
    sign = {"fast": -1, "slow": 1, "right": 0}[way]
    if bool(sign) != bool(milliseconds(by)):
        raise DecisionError(f"a clock is not {way} by {by}; say by how much, as 0:07:00")
    at = moment(operation.zone, since)
    return _decide(operation, Offset(named, sign * milliseconds(by), at), reason)


@app.command
def window(
    directory: Directory, copy: str, /, *, since: str = "", until: str = "", reason: str = ""
) -> int:
    """Decide from when until when a copy could have known what was sent.

    Example: witnessbox decide window harbour 01c3f2 --until 2024-03-09 --reason "phone lost"

    Parameters
    ----------
    copy
        The copy's id, or its beginning; 'witnessbox decide copies' lists them.
    since
        The first moment, as 2024-03-01T10:00; by default that end is open.
    until
        The first moment no longer in it; by default that end is open.
    reason
        What decides, for the ledger.
    """
    operation = open_operation(directory)
    named = one_of(record.known(operation.folder).copies, copy, "copy")
    begins, ends = (moment(operation.zone, each) for each in (since, until))
    return _decide(operation, Window(named, begins, ends), reason)


@app.command
def undo(directory: Directory, decision: str, /, *, reason: str = "") -> int:
    """Undo a decision; what the tables were without it comes back.

    Example: witnessbox decide undo harbour 01c3f2 --reason "it was another phone"

    Parameters
    ----------
    decision
        Its id, or its beginning; 'witnessbox decide list' lists them.
    reason
        Why, for the ledger.
    """
    operation = open_operation(directory)
    standing = record.standing(operation.ledger)
    word = standing[one_of(standing.keys(), decision, "decision")]
    record.undo(operation.ledger, word, settings().actor, now(), reason)
    say(f"undone: {reading.in_words(word.decision, reading.copies(operation.tables))}")
    _say_due(operation)
    return 0


def _decide(operation: Operation, decision: Decision, reason: str) -> int:
    have, actor = record.known(operation.folder), settings().actor
    record.decide(operation.ledger, have, decision, actor, now(), reason)
    said = reading.in_words(decision, reading.copies(operation.tables))
    say(f"{decision.id}  decided: {said}")
    _say_due(operation)
    return 0


def _say_due(operation: Operation) -> None:
    note(f"what it touches is due to be made again: witnessbox run {operation.folder.root}")


def _of_link(operation: Operation, link: str) -> tuple[CopyName, CopyName]:
    """Find the two names of a link that is listed."""
    everybody = reading.people(operation.tables)
    found = {one.link: one for one in reading.links(operation.tables, everybody, {})}
    one = found[one_of(found.keys(), link, "link")]
    return one.first.key, one.second.key


def _print_link(link: reading.ShownLink) -> None:
    say(f"{link.link}  {link.state}, weighs {link.weight:.1f}")
    for name in (link.first, link.second):
        say(f"  {name.called}, {name.messages:,} messages")
    for words in link.speaks_for:
        say(f"  for: {words}")
    for words in link.speaks_against:
        say(f"  against: {words}")
    if link.due:
        say("  decided since; the tables are due to be made again")
    say()


@dataclass(frozen=True, slots=True)
class _Entered:
    """A decision that stands, as JSON has it."""

    decision: str  # id
    kind: str
    what: str
    by: str
    at: str
    reason: str


def _entered(word: record.Word, known: Mapping[str, reading.ShownCopy]) -> _Entered:
    decision = word.decision
    what = reading.in_words(decision, known)
    kind = record.kind_of(decision)
    return _Entered(decision.id, kind, what, word.actor.name, word.at, word.reason)


def _print_json(records: Iterable[Any]) -> None:
    for one in records:
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
