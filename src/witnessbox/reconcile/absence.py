"""When a copy's owner was out of the conversation, as the copy's own notices tell it."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.reconcile.alignment import NOTICE
from witnessbox.reconcile.discrepancies import Absence
from witnessbox.reconcile.identity import plain_name
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import Name, PlannedConversation

OWNER_WORDS = frozenset(
    ("you", "du", "dich", "tú", "te", "usted", "vous", "tu", "ti", "lei", "je", "jij", "você")
)
"""How notices speak to the phone's owner; support only, the owner's known names count as well."""
_OUT = frozenset(("removed", "left"))
_IN = frozenset(("added", "joined", "created"))


def absences(planned: PlannedConversation, laid: Layer, memberships: Any) -> list[Absence]:
    """Pair each notice that a copy's owner went with the next one that they came back.

    ``memberships`` needs exhibit, start, event, actor and member.
    """
    notices = np.flatnonzero(laid.rows.sort == NOTICE).tolist()
    places = {(laid.exhibits[laid.exhibit[row]], int(laid.start[row])): row for row in notices}
    changes: dict[int, list[tuple[int, str]]] = {}
    for change in memberships.to_pylist():
        row = places.get((change["exhibit"], change["start"]))
        if row is None:
            continue
        copy = int(laid.rows.copy[row])
        if _is_owner(_subject(change), planned.copies[copy].names):
            changes.setdefault(copy, []).append((row, change["event"]))
    return [gap for copy in sorted(changes) for gap in _gaps(sorted(changes[copy]))]


def _subject(change: dict[str, Any]) -> str:
    """Say who came or went; of one who left or joined by themselves, the notice's actor."""
    return str(change["member"] or change["actor"] or "")


def _is_owner(name: str, names: Sequence[Name]) -> bool:
    plain = plain_name(name)
    return plain in OWNER_WORDS or any(one.owner and plain_name(one.name) == plain for one in names)


def _gaps(changes: Iterable[tuple[int, str]]) -> list[Absence]:
    gaps: list[Absence] = []
    left: int | None = None
    for row, event in changes:
        if event in _OUT:
            left = row if left is None else left
        elif event in _IN and left is not None:
            gaps.append(Absence(left, row))
            left = None
    return gaps


def membership_events(memberships: Any) -> dict[tuple[str, int], str]:
    """Say which notices tell of which change of membership."""
    columns = (
        memberships["exhibit"].cast(pa.string()).to_pylist(),
        memberships["start"].to_pylist(),
        memberships["event"].cast(pa.string()).to_pylist(),
    )
    return {(exhibit, start): event for exhibit, start, event in zip(*columns, strict=True)}
