"""When a copy's owner was out of the conversation, as the copy's own notices tell it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from witnessbox.reconcile.alignment import NOTICE
from witnessbox.reconcile.discrepancies import Absence
from witnessbox.reconcile.identity import plain_name
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import Name, PlannedConversation
from witnessbox.reconcile.notices import OWNER_WORDS, Change, Told, concerned

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


def membership_events(memberships: Any) -> Told:
    """Say which notices tell of which change of membership."""
    names: dict[tuple[str, int], list[str | None]] = {}
    events: dict[tuple[str, int], str] = {}
    for change in memberships.to_pylist():
        place = change["exhibit"], change["start"]
        events[place] = change["event"]
        who = concerned(change["event"], change["actor"], change["member"])
        names.setdefault(place, []).append(who)
    return {place: Change(event, tuple(names[place])) for place, event in events.items()}
