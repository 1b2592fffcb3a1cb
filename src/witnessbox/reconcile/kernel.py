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
    MEMBERSHIPS,
    SIGHTINGS,
    VARIANTS,
)
from witnessbox.evidence.tables import Tables, Written
from witnessbox.reconcile.absence import absences, membership_events
from witnessbox.reconcile.alignment import by_identity
from witnessbox.reconcile.beside import BESIDE, beside
from witnessbox.reconcile.canonical import canonical_messages, sightings, weave
from witnessbox.reconcile.copies import rows_of
from witnessbox.reconcile.discrepancies import discrepancies
from witnessbox.reconcile.layer import COLUMNS, Layer, layer
from witnessbox.reconcile.leftovers import place
from witnessbox.reconcile.model import PlannedConversation, Source
from witnessbox.reconcile.sketch import COLUMNS as SKETCHED
from witnessbox.reconcile.sketch import Sketch, sketch
from witnessbox.reconcile.timing import clocks_table
from witnessbox.reconcile.united import united
from witnessbox.reconcile.variants import variants

USED = tuple(dict.fromkeys((*SKETCHED, *COLUMNS)))
"""The columns of messages that reconciliation reads."""
_UNITED = (CANONICAL_REACTIONS, CANONICAL_VOTES, CANONICAL_ACKNOWLEDGEMENTS)
MADE = (
    CANONICAL_MESSAGES,
    SIGHTINGS,
    DISCREPANCIES,
    CLOCKS,
    *_UNITED,
    VARIANTS,
)
"""The tables that each conversation has a shard of."""


def sketch_copy(root: Path, apart: Path, source: Source) -> Sketch:
    """Take the sample of one copy out of the tables under ``root``."""
    return sketch(rows_of(Tables(root), source, SKETCHED, apart))


def reconcile(
    planned: PlannedConversation,
    copies: list[Any],
    memberships: Any,
    told: Sequence[Any] = (None,) * len(BESIDE),
) -> tuple[Any, ...]:
    """Lay the copies over one another; gives the rows of each of ``MADE``.

    ``told`` is what copies tell beside messages, for each table of ``BESIDE``.
    """
    laid = layer(planned, copies, membership_events(memberships))
    woven = weave(laid, _groups(laid))
    gaps = absences(planned, laid, memberships)
    return (
        canonical_messages(planned, laid, woven),
        sightings(planned, laid, woven),
        discrepancies(planned, laid, woven, gaps),
        clocks_table(planned, laid.clocks),
        *(united(planned, laid, woven, *pair) for pair in zip(told[:3], _UNITED, strict=True)),
        variants(planned, laid, woven, told[3]),
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
    told = beside(tables, [copy.source for copy in planned.copies], apart)
    made = reconcile(planned, copies, memberships, told)
    return tuple(
        tables.write(table, planned.conversation, rows.to_batches())
        for table, rows in zip(MADE, made, strict=True)
    )
