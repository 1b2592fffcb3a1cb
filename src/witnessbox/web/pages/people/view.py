"""What the pages about people show: each person with what joined their names.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from witnessbox.reconcile.model import LinkState
from witnessbox.reconcile.reading import ShownLink, ShownPerson
from witnessbox.reconcile.record import Word

_MADE = {LinkState.JOINED, LinkState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Phone:
    """What one phone calls a person, in however many copies."""

    custodian: str
    names: tuple[str, ...]
    copies: int


@dataclass(frozen=True, slots=True)
class Card:
    """One person, and the links that made their names one person's."""

    person: ShownPerson
    links: tuple[ShownLink, ...]

    @property
    def phones(self) -> tuple[Phone, ...]:
        """Give the names by phone, as far as a custodian is one phone."""
        names: dict[str, dict[str, None]] = {}
        copies: dict[str, set[str]] = {}
        for one in self.person.names:
            names.setdefault(one.copy.custodian, {})[one.name] = None
            copies.setdefault(one.copy.custodian, set()).add(one.copy.copy)
        return tuple(Phone(who, tuple(names[who]), len(copies[who])) for who in sorted(names))

    @property
    def weakest(self) -> ShownLink | None:
        """Give the link that weighs least; None where there is but one name."""
        return min(self.links, key=lambda one: one.weight, default=None)

    @property
    def against(self) -> tuple[str, ...]:
        """Say what contradicts that all names are one person's."""
        return tuple(words for link in self.links for words in link.speaks_against)


def cards(people: Sequence[ShownPerson], links: Sequence[ShownLink]) -> list[Card]:
    """Put people and what joined their names together."""
    made: dict[str, list[ShownLink]] = {}
    for link in links:
        if link.state in _MADE:
            made.setdefault(link.first.person, []).append(link)
    return [Card(one, tuple(made.get(one.person, ()))) for one in people]


@dataclass(frozen=True, slots=True)
class Entered:
    """A decision that stands, in words."""

    word: Word
    said: str
    linked: bool  # the link it is about has a page
    lacked: str  # what it is about that no copy has any more


@dataclass(frozen=True, slots=True)
class Queue:
    """The links that wait for somebody's word, in their order."""

    links: tuple[str, ...]

    def after(self, link: str) -> str | None:
        """Give the one behind a link, or the first where it does not wait; None at the end."""
        if link not in self.links:
            return self.links[0] if self.links else None
        place = self.links.index(link) + 1
        return self.links[place] if place < len(self.links) else None

    def before(self, link: str) -> str | None:
        """Give the one in front of a link that waits; None at the beginning."""
        place = self.links.index(link) if link in self.links else 0
        return self.links[place - 1] if place else None
