"""``witnessbox search``: messages with their context and their bytes."""

import sys
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.text import Text

from witnessbox.cli.common import Directory, note
from witnessbox.operation.model import Operation, open_operation
from witnessbox.search.model import Hit, Line, MachineHit, Order, Query
from witnessbox.search.query import around
from witnessbox.search.query import search as ask

_BEFORE, _SHOWN = 60, 300  # characters


def search(  # noqa: PLR0913 - each is an option of the command
    directory: Directory,
    /,
    *query: str,
    sender: str | None = None,
    conversation: str | None = None,
    since: date | None = None,
    until: date | None = None,
    order: Order = Order.NEWEST,
    limit: int = 20,
    offset: int = 0,
    context: int = 0,
    json: bool = False,
) -> int:
    """Print hits; exit 1 where there are none.

    Parameters
    ----------
    query
        Words, "a phrase", prefix*, -without, a OR b, sender:, in:, since:, until:
    sender
        A person's id or any name a phone uses for them.
    conversation
        An id or part of a title.
    since
        First day.
    until
        Last day.
    order
        Newest or oldest first, or by relevance.
    limit
        How many hits.
    offset
        How many to pass over.
    context
        How many messages before and after each hit.
    json
        Print one JSON object a hit.
    """
    operation = open_operation(directory)
    hits = ask(
        operation.folder,
        Query(
            text=" ".join(query),
            sender=sender,
            conversation=conversation,
            since=since,
            until=until,
            limit=limit,
            offset=offset,
            order=order,
            zone=operation.opening.zone,
        ),
    )
    console = Console(highlight=False, soft_wrap=False)
    for hit in hits.hits:
        if json:
            sys.stdout.buffer.write(msgspec.json.encode(hit) + b"\n")
        else:
            _show(console, operation, hit, context)
    note(f"{len(hits.hits):,} of {hits.total:,} hits")
    return 0 if hits.total else 1


def _show(console: Console, operation: Operation, hit: Hit, context: int) -> None:
    zone = operation.zone
    console.print(
        f"\n{hit.title}  #{hit.position}  {hit.span.exhibit[:12]}…  "
        f"bytes {hit.span.start:,} to {hit.span.end:,}",
        style="dim",
        markup=False,
    )
    for line in around(operation.folder, hit.conversation, hit.position, context):
        text = Text(line.text)
        if line.position == hit.position:
            for start, end in hit.highlights:
                text.stylize("bold reverse", start, end)
        console.print(Text.assemble(Text(_lead(line, zone), style="dim"), text))
    for read in hit.machine:
        console.print(_machine_read(read))


def _machine_read(read: MachineHit) -> Text:
    """Show what a machine read, as that; from a little before the first thing found."""
    flat = Text(" ".join(read.text.split("\n")))
    for start, end in read.highlights:
        flat.stylize("bold reverse", start, end)
    first = max(read.highlights[0][0] - _BEFORE, 0)
    lead = f"    machine-read ({read.kind}, {read.engine}) in exhibit {read.exhibit[:12]}…: "
    return Text.assemble(Text(lead, style="dim"), flat[first : first + _SHOWN])


def _lead(line: Line, zone: ZoneInfo) -> str:
    at = "no time" if line.sent_at is None else f"{line.sent_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{at}  {line.sender_name or '(notice)'}: "
