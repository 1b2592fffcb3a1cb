"""When a copy's owner was out of the conversation, as the copy's own notices tell it."""

from collections.abc import Sequence
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


def absences(planned: PlannedConversation, laid: Layer, memberships: Any) -> list[Absence]:
    """Find where a copy's owner went, and the row with which the conversation goes on for them.

    A phone shows nothing between the notice that its owner left or was removed and whatever came
    first after they were back.  ``memberships`` needs exhibit, start, event, actor and member.
    """
    rows = laid.rows
    notices = np.flatnonzero(rows.sort == NOTICE).tolist()
    places = {(laid.exhibits[laid.exhibit[row]], int(laid.start[row])): row for row in notices}
    found: list[Absence] = []
    for change in memberships.to_pylist():
        left = places.get((change["exhibit"], change["start"]))
        if left is None or change["event"] not in _OUT or left + 1 == len(rows.copy):
            continue
        own = planned.copies[int(rows.copy[left])].names
        goes_on = rows.copy[left + 1] == rows.copy[left]
        if goes_on and _is_owner(change["member"] or change["actor"], own):
            found.append(Absence(left, left + 1))
    return sorted(found, key=lambda it: it.left_row)


def _is_owner(name: str | None, names: Sequence[Name]) -> bool:
    """Say whether a notice speaks of the phone's owner; one that names nobody does."""
    if name is None or plain_name(name) in OWNER_WORDS:
        return True
    return any(one.owner and plain_name(one.name) == plain_name(name) for one in names)


def membership_events(memberships: Any) -> dict[tuple[str, int], str]:
    """Say which notices tell of which change of membership."""
    columns = (
        memberships["exhibit"].cast(pa.string()).to_pylist(),
        memberships["start"].to_pylist(),
        memberships["event"].cast(pa.string()).to_pylist(),
    )
    return {(exhibit, start): event for exhibit, start, event in zip(*columns, strict=True)}
