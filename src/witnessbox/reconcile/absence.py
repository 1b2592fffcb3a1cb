"""When a copy's owner came, went and was back, as the copy's own notices tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from witnessbox.reconcile.alignment import NOTICE
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import PlannedConversation, PlannedCopy
from witnessbox.reconcile.names import is_owner_word, written_name
from witnessbox.reconcile.notices import Change, Told, concerned

_LEFT, _REMOVED, _ADDED, _JOINED = "left", "removed", "added", "joined"
_TEXT = "-text"  # in the names of parsers of exports that speak to their owner


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which a copy's owner was not in the conversation: rows of the copy, bounds."""

    left_row: int
    back_row: int


@dataclass(frozen=True, slots=True)
class Moves:
    """What the copies' notices tell of their owners, by rows; each in the order of rows."""

    out: tuple[Absence, ...]
    left: tuple[int, ...]  # for good: it is the last row of its copy
    came: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Own:
    """How one copy's notices may speak of the phone's owner.

    A name that another speaker bears in the copy is not the owner's.
    """

    names: frozenset[str]
    others: frozenset[str]
    unnamed: bool  # a notice that names nobody speaks to the owner

    def means(self, name: str | None) -> bool:
        """Say whether a notice's name is the owner's."""
        if name is None:
            return False
        written = written_name(name)
        return written not in self.others and (is_owner_word(name) or written in self.names)

    def went(self, change: Mapping[str, Any]) -> bool:
        """Say whether it is the owner who left or was removed."""
        return self._moved(change, _LEFT, _REMOVED)

    def came(self, change: Mapping[str, Any]) -> bool:
        """Say whether it is the owner who joined or was added."""
        return self._moved(change, _JOINED, _ADDED)

    def _moved(self, change: Mapping[str, Any], alone: str, by_another: str) -> bool:
        if change["event"] == alone:
            named = [name for name in (change["member"], change["actor"]) if name is not None]
            return any(map(self.means, named)) if named else self.unnamed
        if change["event"] != by_another:
            return False
        return self.unnamed if change["member"] is None else self.means(change["member"])


def moves(planned: PlannedConversation, laid: Layer, memberships: Any) -> Moves:
    """Find where a copy's owner came and went, and with which row it goes on for them.

    A phone shows nothing between the notice that its owner left or was removed and whatever came
    first after they were back.  ``memberships`` needs exhibit, start, event, actor and member.
    """
    rows = laid.rows
    notices = np.flatnonzero(rows.sort == NOTICE).tolist()
    places = {(laid.exhibits[laid.exhibit[row]], int(laid.start[row])): row for row in notices}
    changes = memberships.to_pylist()
    owns = [_own(copy, _taught(copy, changes)) for copy in planned.copies]
    out: set[Absence] = set()
    left: set[int] = set()
    came: set[int] = set()
    for change in changes:
        row = places.get((change["exhibit"], change["start"]))
        if row is None:
            continue
        own = owns[int(rows.copy[row])]
        if own.came(change):
            came.add(row)
        elif own.went(change):
            goes_on = row + 1 < len(rows.copy) and rows.copy[row + 1] == rows.copy[row]
            if goes_on:
                out.add(Absence(row, row + 1))
            else:
                left.add(row)
    return Moves(
        tuple(sorted(out, key=lambda it: it.left_row)), tuple(sorted(left)), tuple(sorted(came))
    )


def _own(copy: PlannedCopy, taught: frozenset[str] = frozenset()) -> _Own:
    owner = {written_name(one.name) for one in copy.names if one.owner}
    others = frozenset(written_name(one.name) for one in copy.names if not one.owner)
    return _Own(taught.union(owner, copy.own), others, _TEXT in copy.source.parser)


def _taught(copy: PlannedCopy, changes: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Learn the owner's number where one notice of the exhibit names them in two ways."""
    own = _own(copy)
    left = [
        (change["actor"], change["member"])
        for change in changes
        if change["event"] == _LEFT and change["exhibit"] in copy.source.exhibits
    ]
    return frozenset(
        written_name(other)
        for pair in left
        for name, other in (pair, pair[::-1])
        if other is not None and own.means(name)
    )


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
