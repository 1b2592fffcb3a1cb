"""One conversation, from its copies' tables to its own: the shard of the bulk step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from witnessbox.evidence.schema import (
    CANONICAL_ACKNOWLEDGEMENTS,
    CANONICAL_MESSAGES,
    CANONICAL_REACTIONS,
    CANONICAL_VOTES,
    CLOCKS,
    DISCREPANCIES,
    GROUNDS,
    MEMBERSHIPS,
    SIGHTINGS,
    TRACES,
    VARIANTS,
    WINDOWS,
    Table,
)
from witnessbox.evidence.tables import Tables, Written
from witnessbox.reconcile.absence import membership_events
from witnessbox.reconcile.alignment import by_identity
from witnessbox.reconcile.beside import BESIDE, beside
from witnessbox.reconcile.canonical import canonical_messages, sightings, weave
from witnessbox.reconcile.discrepancies import differences
from witnessbox.reconcile.layer import Layer, layer
from witnessbox.reconcile.leftovers import place
from witnessbox.reconcile.model import PlannedConversation, Source
from witnessbox.reconcile.numbering import COLUMNS as TRACED
from witnessbox.reconcile.ready import lay_ready, rows_ready
from witnessbox.reconcile.scene import scene_of
from witnessbox.reconcile.sketch import Sketch, sketch
from witnessbox.reconcile.timing import clocks_table
from witnessbox.reconcile.united import united
from witnessbox.reconcile.variants import variants

_UNITED = (CANONICAL_REACTIONS, CANONICAL_VOTES, CANONICAL_ACKNOWLEDGEMENTS)
MADE = (
    CANONICAL_MESSAGES,
    SIGHTINGS,
    DISCREPANCIES,
    CLOCKS,
    GROUNDS,
    WINDOWS,
    *_UNITED,
    VARIANTS,
)
"""The tables that a conversation has a shard of, if it has any row of them."""


def sketch_copy(root: Path, apart: Path, source: Source) -> Sketch:
    """Take the sample of one copy out of the tables under ``root``, and lay its rows ready."""
    return sketch(lay_ready(root, apart, source))


def reconcile(
    planned: PlannedConversation,
    copies: list[Any],
    memberships: Any,
    traces: Any = None,
    told: Sequence[Any] = (None,) * len(BESIDE),
) -> tuple[Any, ...]:
    """Lay the copies over one another; gives the rows of each of ``MADE``.

    ``told`` is what copies tell beside messages, for each table of ``BESIDE``.
    """
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
        *(united(planned, laid, woven, *pair) for pair in zip(told[:3], _UNITED, strict=True)),
        variants(planned, laid, woven, told[3]),
    )


def _groups(laid: Layer) -> Any:
    group, between = by_identity(laid.rows)
    return place(laid.rows, between, group, laid.texts)


def make(root: Path, apart: Path, planned: PlannedConversation) -> tuple[Written, ...]:
    """Make one conversation's tables under ``root``."""
    tables = Tables(root)
    copies = [rows_ready(root, apart, copy.source) for copy in planned.copies]
    exhibits = sorted({name for copy in planned.copies for name in copy.source.exhibits})
    kept = [name for name in exhibits if tables.path(MEMBERSHIPS, name).is_file()]
    memberships = tables.read(MEMBERSHIPS, kept, ["exhibit", "start", "event", "actor", "member"])
    # A conversation of one copy lacks nothing, and a phone has thousands of these.
    several = exhibits if len(copies) > 1 else ()
    shown = [name for name in several if tables.path(TRACES, name).is_file()]
    traces = tables.read(TRACES, shown, TRACED)
    told = beside(tables, [copy.source for copy in planned.copies], apart)
    made = reconcile(planned, copies, memberships, traces, told)
    written = (
        _kept(tables, table, planned.conversation, rows)
        for table, rows in zip(MADE, made, strict=True)
    )
    return tuple(one for one in written if one is not None)


def _kept(tables: Tables, table: Table, conversation: str, rows: Any) -> Written | None:
    """Write a shard; of most tables most conversations have no row, and then no file either."""
    if rows.num_rows or table in (CANONICAL_MESSAGES, SIGHTINGS):
        return tables.write(table, conversation, rows.to_batches())
    tables.path(table, conversation).unlink(missing_ok=True)
    return None
