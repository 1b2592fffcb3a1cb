"""What the overview adds up.  Pure: exhibits in, sums and lines out."""

from collections.abc import Sequence
from dataclasses import dataclass

from witnessbox.intake.explained import Explained
from witnessbox.intake.settlement import ZONE
from witnessbox.intake.settling import Doubt


@dataclass(frozen=True, slots=True)
class Sums:
    """All exhibits together.  An archive's bytes are those of its members, not counted twice."""

    exhibits: int
    size_bytes: int
    accounted_bytes: int  # of files that are accounted for byte by byte
    explained_bytes: int
    database_rows: int  # of databases, which are accounted for row by row
    explained_rows: int
    waiting: int  # not extracted yet
    messages: int
    losses: int
    doubts: int
    notes: int

    @property
    def unexplained_bytes(self) -> int:
        """Count the bytes no message and no problem accounts for."""
        return self.accounted_bytes - self.explained_bytes

    @property
    def unexplained_rows(self) -> int:
        """Count the rows of databases that no message and no problem accounts for."""
        return self.database_rows - self.explained_rows


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
        accounted_bytes=sum(one.whole for one in exhibits if not one.by_rows),
        explained_bytes=sum(one.accounted for one in exhibits if not one.by_rows),
        database_rows=sum(one.whole for one in exhibits if one.by_rows),
        explained_rows=sum(one.accounted for one in exhibits if one.by_rows),
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


@dataclass(frozen=True, slots=True)
class DoubtGroup:
    """An exhibit's open doubts of one code: the first few, and how all of them can be settled."""

    code: str
    shown: tuple[Doubt, ...]
    total: int
    choices: tuple[str, ...]

    @property
    def takes_zone(self) -> bool:
        """Say whether a time zone settles it."""
        return self.code == ZONE


SHOWN_DOUBTS = 5


def doubt_groups(doubts: Sequence[Doubt]) -> list[DoubtGroup]:
    """Put the open doubts of each code together, in the order in which they first show."""
    by_code: dict[str, list[Doubt]] = {}
    for one in doubts:
        if one.open:
            by_code.setdefault(one.code, []).append(one)
    return [
        DoubtGroup(
            code,
            tuple(group[:SHOWN_DOUBTS]),
            len(group),
            tuple(
                choice for choice in group[0].choices if all(choice in one.choices for one in group)
            ),
        )
        for code, group in by_code.items()
    ]
