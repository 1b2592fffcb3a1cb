"""What notices tell, so that phones' notices of one event meet: in persons, not in words.

Each phone tells of an event in its own language and with its own names.  A name is resolved by the
names of the phone's copy; one that nobody speaks under in it is not known, and stands for anyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from witnessbox.intake.whatsapp.wordings import made_for_itself
from witnessbox.reconcile.alignment import OWN
from witnessbox.reconcile.model import PlannedCopy
from witnessbox.reconcile.names import is_number, is_owner_word, written_name
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.order import Ints

_OF_ITSELF = frozenset(("left", "joined", "admin"))
_ONCE, _TITLED = "created", "subject"


@dataclass(frozen=True, slots=True)
class Change:
    """What one notice tells: an event, and the names it concerns as the notice has them."""

    event: str
    concerned: tuple[str | None, ...]


Told = Mapping[tuple[str, int], Change]
"""Changes by exhibit and start."""


def concerned(event: str, actor: str | None, member: str | None) -> str | None:
    """Name whom a change concerns; of a new subject, what it is."""
    if event == _ONCE:
        return None
    return (member or actor) if event in _OF_ITSELF else member


@dataclass(slots=True)
class Numbers:
    """Numbers for events, and for whom they concern."""

    events: dict[str, int] = field(default_factory=dict)
    abouts: dict[tuple[str, ...], int] = field(default_factory=dict)

    def event(self, name: str) -> int:
        """Give an event's number."""
        return self.events.setdefault(name, len(self.events))

    def about(self, parts: Sequence[str | None]) -> int:
        """Give the number of persons or a title; −1 where not all are known."""
        if not parts or None in parts:
            return -1
        return self.abouts.setdefault(tuple(sorted(part or "" for part in parts)), len(self.abouts))


class Persons:
    """Who is meant by the names of a conversation's notices."""

    __slots__ = ("_by_name", "_by_number", "_owners")

    def __init__(self, copies: Sequence[PlannedCopy]) -> None:
        """Take the names of the copies."""
        self._by_name = [{written_name(it.name): it.person for it in copy.names} for copy in copies]
        self._owners = [next((it.person for it in copy.names if it.owner), None) for copy in copies]
        self._by_number = {
            name: person
            for names in self._by_name
            for name, person in names.items()
            if is_number(name)
        }

    def person(self, copy: int, name: str | None) -> str | None:
        """Give the person a copy means by a name; None where that is not known."""
        if name is None:
            return None
        if is_owner_word(name):
            return self._owners[copy]
        written = written_name(name)
        return self._by_name[copy].get(written) or self._by_number.get(written)


def told(
    changes: Told,
    copies: Sequence[PlannedCopy],
    notices: Sequence[tuple[int, str, int, str | None]],
) -> tuple[Ints, Ints]:
    """Give the events of some notices, and whom they concern, as numbers.

    A notice is its copy, exhibit, start and text.
    """
    persons, numbers = Persons(copies), Numbers()
    found = [
        _told(changes.get((exhibit, start)), copy, text, persons, numbers)
        for copy, exhibit, start, text in notices
    ]
    event, about = zip(*found, strict=True) if found else ((), ())
    return np.array(event, np.int64), np.array(about, np.int64)


def _told(
    change: Change | None, copy: int, text: str | None, persons: Persons, numbers: Numbers
) -> tuple[int, int]:
    if change is None:
        return (-1 if text and not made_for_itself(text) else OWN), -1
    if change.event == _ONCE:
        parts: list[str | None] = [_ONCE]  # of one group there is one such event, whatever its name
    elif change.event == _TITLED:
        parts = [fold_word(title) if title else None for title in change.concerned]
    else:
        parts = [persons.person(copy, name) for name in change.concerned]
    return numbers.event(change.event), numbers.about(parts)
