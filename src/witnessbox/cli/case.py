"""``witnessbox case``: investigations, subjects, allegations, outcomes, recommendations."""

from pathlib import Path

import msgspec
from cyclopts import App

from witnessbox.cases import record
from witnessbox.cases.load import fixture, from_words, load_toml
from witnessbox.cases.statistics import CaseStatistics, SumCheck, statistics
from witnessbox.cli.common import Directory, now, say, settings
from witnessbox.operation.model import open_operation
from witnessbox.review.places import finder

app = App(
    name="case",
    help=(
        "Investigations, subjects, allegations, outcomes, recommendations.\n\n"
        "Example: witnessbox case load harbour cases.toml"
    ),
    help_format="plaintext",
)


@app.command
def load(directory: Directory, file: Path, /, *, reason: str = "") -> int:
    """Enter the records of a TOML case file, all or none; a changed record supersedes.

    Example: witnessbox case load harbour cases.toml --reason "as agreed on 3 May"

    Parameters
    ----------
    file
        The case file.
    reason
        Why, for the ledger.
    """
    operation = open_operation(directory)
    records = load_toml(file, finder(operation.folder, operation.ledger))
    why = reason or f"from {file.name}"
    taken = record.take(operation.ledger, records, settings().actor, now(), why)
    say(f"{taken.added:,} records entered, {taken.unchanged:,} stood already")
    return 0


@app.command
def add(directory: Directory, kind: str, /, *words: str, reason: str = "") -> int:
    """Enter one record, or a new version of one, key by key.

    Example: witnessbox case add harbour outcome id=o7 kind=resigned subject=o3 dated=2025-03

    Parameters
    ----------
    kind
        The record's kind: investigation, subject, allegation, outcome …
    words
        The record's keys as key=value; a list is written as TOML: sources='["page"]'.
    reason
        Why, for the ledger.
    """
    operation = open_operation(directory)
    found = from_words(kind, words, finder(operation.folder, operation.ledger))
    entry = record.add(operation.ledger, found, settings().actor, now(), reason)
    say(f"{kind} {found.id} " + ("stood already" if entry is None else "entered"))
    return 0


@app.command(name="fixture")
def fixture_(directory: Directory, name: str, /) -> int:
    """Enter a set of published facts that ships with Witnessbox.

    Example: witnessbox case fixture hotton-record hotton

    Parameters
    ----------
    directory
        The operation's folder; a new one, since the facts are about another matter than yours.
    name
        The fixture: hotton.
    """
    operation = open_operation(directory)
    taken = record.take(
        operation.ledger, fixture(name), settings().actor, now(), f"published facts: {name}"
    )
    say(f"{taken.added:,} records entered, {taken.unchanged:,} stood already")
    return 0


@app.command
def strike(directory: Directory, kind: str, ident: str, /, *, reason: str) -> int:
    """Let a record no longer stand; it stays in the ledger.

    Example: witnessbox case strike harbour outcome o7 --reason "entered for the wrong subject"

    Parameters
    ----------
    kind
        The record's kind: investigation, subject, allegation, outcome …
    ident
        Its id.
    reason
        Why, for the ledger.
    """
    operation = open_operation(directory)
    record.strike(operation.ledger, kind, ident, settings().actor, now(), reason)
    say(f"{kind} {ident} no longer stands")
    return 0


@app.command
def show(directory: Directory, /) -> int:
    """Print the case file as it stands, as JSON.

    Example: witnessbox case show harbour
    """
    state = record.state(open_operation(directory).ledger)
    say(msgspec.json.format(msgspec.json.encode(state), indent=2).decode())
    return 0


@app.command(name="statistics")
def statistics_(directory: Directory, /) -> int:
    """Print the numbers of the case file, with what is not stated.

    Example: witnessbox case statistics harbour
    """
    for line in lines(statistics(record.state(open_operation(directory).ledger))):
        say(line)
    return 0


def lines(numbers: CaseStatistics) -> list[str]:
    """Write the numbers for a terminal."""
    recommended = numbers.recommendations
    found = [
        f"linked investigations   {numbers.investigations}",
        f"people under investigation   {numbers.people}",
        f"allegations   {numbers.allegations}",
        *(f"  {count.words}   {count.allegations}" for count in numbers.by_status),
        *_check("results", numbers.results),
        *_check("service", numbers.service),
    ]
    found.append(
        f"recommendations   {recommended.total}: subject known of {recommended.with_subject}, "
        f"not published of {recommended.without_subject}"
    )
    for fact in numbers.disputed:
        found.append(f"sources disagree   {fact.question}")
        found.extend(
            f"  {statement.value} ({'our reading' if statement.ours else statement.source})"
            for statement in fact.statements
        )
    return [*found, *(f"not published   {what}" for what in numbers.not_published)]


def _check(title: str, check: SumCheck) -> list[str]:
    return [
        f"{title}   {check.in_words}",
        *(f"  {count.title}   {count.people}" for count in check.counts),
    ]
