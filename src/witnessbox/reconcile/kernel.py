"""One conversation, from its copies' tables to its own: the shard of the bulk step."""

from pathlib import Path
from typing import Any

from witnessbox.evidence.schema import (
    CANONICAL_MESSAGES,
    CLOCKS,
    DISCREPANCIES,
    GROUNDS,
    MEMBERSHIPS,
    SIGHTINGS,
    TRACES,
    WINDOWS,
)
from witnessbox.evidence.tables import Tables, Written
from witnessbox.reconcile.absence import membership_events
from witnessbox.reconcile.alignment import by_identity
from witnessbox.reconcile.canonical import canonical_messages, sightings, weave
from witnessbox.reconcile.copies import rows_of
from witnessbox.reconcile.discrepancies import differences
from witnessbox.reconcile.layer import COLUMNS, Layer, layer
from witnessbox.reconcile.leftovers import place
from witnessbox.reconcile.model import PlannedConversation, Source
from witnessbox.reconcile.numbering import COLUMNS as TRACED
from witnessbox.reconcile.scene import scene_of
from witnessbox.reconcile.sketch import COLUMNS as SKETCHED
from witnessbox.reconcile.sketch import Sketch, sketch
from witnessbox.reconcile.timing import clocks_table

MADE = (CANONICAL_MESSAGES, SIGHTINGS, DISCREPANCIES, CLOCKS, GROUNDS, WINDOWS)
"""What is made of each conversation, in the order in which ``reconcile`` gives it."""

USED = tuple(dict.fromkeys((*SKETCHED, *COLUMNS)))
"""The columns of messages that reconciliation reads."""


def sketch_copy(root: Path, apart: Path, source: Source) -> Sketch:
    """Take the sample of one copy out of the tables under ``root``."""
    return sketch(rows_of(Tables(root), source, SKETCHED, apart))


def reconcile(
    planned: PlannedConversation, copies: list[Any], memberships: Any, traces: Any = None
) -> tuple[Any, ...]:
    """Lay the copies over one another; gives the tables that ``MADE`` names."""
    laid = layer(planned, copies, membership_events(memberships))
    woven = weave(laid, _groups(laid))
    found = differences(scene_of(planned, laid, woven, (memberships, traces)))
    return (
        canonical_messages(planned, laid, woven),
        sightings(planned, laid, woven),
        found.discrepancies,
        clocks_table(planned, laid.clocks),
        found.grounds,
        found.windows,
    )


def _groups(laid: Layer) -> Any:
    group, between = by_identity(laid.rows)
    return place(laid.rows, between, group, laid.texts)


def make(root: Path, apart: Path, planned: PlannedConversation) -> tuple[Written, ...]:
    """Make one conversation's tables under ``root``."""
    tables = Tables(root)
    copies = [rows_of(tables, copy.source, COLUMNS, apart) for copy in planned.copies]
    exhibits = sorted({name for copy in planned.copies for name in copy.source.exhibits})
    kept = [name for name in exhibits if tables.path(MEMBERSHIPS, name).is_file()]
    memberships = tables.read(MEMBERSHIPS, kept, ["exhibit", "start", "event", "actor", "member"])
    # A conversation of one copy lacks nothing, and a phone has thousands of these.
    several = exhibits if len(copies) > 1 else ()
    shown = [name for name in several if tables.path(TRACES, name).is_file()]
    traces = tables.read(TRACES, shown, TRACED)
    made = reconcile(planned, copies, memberships, traces)
    return tuple(
        tables.write(table, planned.conversation, rows.to_batches())
        for table, rows in zip(MADE, made, strict=True)
    )
