"""What must not come together: camps that grow, and those among them that are held apart."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


@dataclass(slots=True)
class Parted(Generic[Member]):
    """Members bound to one another so far, and which of them a decision holds apart.

    Whoever is in no camp yet is one alone.
    """

    _above: dict[Member, Member] = field(default_factory=dict)
    _foes: dict[Member, set[Member]] = field(default_factory=dict)  # camps, by who leads them

    def hold(self, first: Member, second: Member) -> None:
        """Hold two members apart from now on, with all that is bound to either."""
        one, other = self._camp(first), self._camp(second)
        self._foes.setdefault(one, set()).add(other)
        self._foes.setdefault(other, set()).add(one)

    def held(self, first: Member, second: Member) -> bool:
        """Say whether two members are held apart."""
        return bool(self._foes) and self._camp(second) in self._foes.get(self._camp(first), ())

    def bind(self, first: Member, second: Member) -> None:
        """Let whatever holds for one of two members hold for the other."""
        gone, stays = self._camp(first), self._camp(second)
        if gone == stays:
            return
        self._above[gone] = stays
        for foe in self._foes.pop(gone, ()):
            self._foes[foe].discard(gone)
            self.hold(foe, stays)

    def _camp(self, member: Member) -> Member:
        while (above := self._above.get(member)) is not None:
            self._above[member] = self._above.get(above, above)
            member = above
        return member
