"""What the overview adds up.  Pure: exhibits in, sums and lines out."""

from collections.abc import Sequence
from dataclasses import dataclass

from witnessbox.intake.explained import Explained


@dataclass(frozen=True, slots=True)
class Sums:
    """All exhibits together.  An archive's bytes are those of its members, not counted twice."""

    exhibits: int
    size_bytes: int
    explained_bytes: int
    waiting: int  # not extracted yet
    messages: int
    losses: int
    doubts: int
    notes: int

    @property
    def unexplained_bytes(self) -> int:
        """Count the bytes no message and no problem accounts for."""
        return self.size_bytes - self.explained_bytes


@dataclass(frozen=True, slots=True)
class Custody:
    """What came from one custodian."""

    custodian: str
    exhibits: int
    size_bytes: int
    messages: int


def sums(exhibits: Sequence[Explained]) -> Sums:
    """Add all exhibits up."""
    return Sums(
        exhibits=len(exhibits),
        size_bytes=sum(one.size_bytes for one in exhibits),
        explained_bytes=sum(one.message_bytes + one.problem_bytes for one in exhibits),
        waiting=sum(not one.extracted for one in exhibits),
        messages=sum(one.messages for one in exhibits),
        losses=sum(one.losses for one in exhibits),
        doubts=sum(one.doubts for one in exhibits),
        notes=sum(one.notes for one in exhibits),
    )


def custody(exhibits: Sequence[Explained]) -> list[Custody]:
    """Add up what came from each custodian, in the order in which they first appear."""
    by_name: dict[str, list[Explained]] = {}
    for one in exhibits:
        by_name.setdefault(one.custodian, []).append(one)
    return [
        Custody(
            custodian=name,
            exhibits=len(theirs),
            size_bytes=sum(one.size_bytes for one in theirs),
            messages=sum(one.messages for one in theirs),
        )
        for name, theirs in by_name.items()
    ]
