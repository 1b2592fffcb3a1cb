"""What must not come together: groups that grow, and those among them that are held apart."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


@dataclass(slots=True)
class Parted(Generic[Member]):
    """Which groups, each known by the member that leads it, a decision holds apart."""

    _foes: dict[Member, set[Member]] = field(default_factory=dict)

    def hold(self, first: Member, second: Member) -> None:
        """Hold two groups apart from now on, whatever comes to them."""
        self._foes.setdefault(first, set()).add(second)
        self._foes.setdefault(second, set()).add(first)

    def held(self, first: Member, second: Member) -> bool:
        """Say whether two groups are held apart."""
        return second in self._foes.get(first, ())

    def merge(self, gone: Member, stays: Member) -> None:
        """Let what one group was held apart from hold for the group that took it up."""
        for foe in self._foes.pop(gone, ()):
            self._foes[foe].discard(gone)
            self.hold(foe, stays)
