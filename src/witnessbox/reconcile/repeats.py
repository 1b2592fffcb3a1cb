"""Repeats: "ok" five times within two minutes, and not every phone holds all five.

Each copy's repeats keep their order; which of them are the same message shows in time and in the
place between messages already matched.  Copies are laid one after another against what the copies
before them show, as many pairs as possible, the nearest in time among equals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_LARGEST = 10_000  # cells; beyond it rows are taken in order, without weighing alternatives
_RANK_SLACK = 1


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row that words alone cannot place."""

    row: int
    copy: int
    middle_ms: int
    allowed_ms: int
    after: int  # rank of the matched message before it in its copy
    before: int  # rank of the one after it


@dataclass(frozen=True, slots=True)
class Cost:
    """How well two sequences were paired.

    A pair that keeps its place counts; a strained one only where nothing better is lost by it.
    """

    pairs: int
    strained: int  # pairs that stand on two sides of the same matched message
    apart_ms: int

    def beats(self, other: "Cost") -> bool:
        """Say whether this is the better of two."""
        return self._worth > other._worth  # noqa: SLF001 - of the same class

    @property
    def _worth(self) -> tuple[int, int, int]:
        return self.pairs - self.strained, self.pairs, -self.apart_ms


def fits(first: OpenRow, second: OpenRow) -> bool:
    """Say whether two rows of two copies can be one message by time and place."""
    return (
        abs(first.middle_ms - second.middle_ms) <= first.allowed_ms + second.allowed_ms
        and first.after < second.before + _RANK_SLACK
        and second.after < first.before + _RANK_SLACK
    )


def strained(first: OpenRow, second: OpenRow) -> bool:
    """Say whether a matched message stands between two rows; copies may differ in order by one."""
    return first.after >= second.before or second.after >= first.before


def settle(rows: Sequence[OpenRow]) -> list[list[int]]:
    """Group the rows of one block into messages; each group has one row of a copy at most."""
    by_copy: dict[int, list[OpenRow]] = {}
    for row in sorted(rows, key=lambda it: (it.copy, it.row)):
        by_copy.setdefault(row.copy, []).append(row)
    ordered = sorted(by_copy.items(), key=lambda it: (-len(it[1]), it[0]))
    slots: list[list[OpenRow]] = [[row] for row in ordered[0][1]]
    for _, more in ordered[1:]:
        slots = _laid(slots, more)
    return [[row.row for row in slot] for slot in slots]


def _laid(slots: list[list[OpenRow]], rows: list[OpenRow]) -> list[list[OpenRow]]:
    """Lay one more copy's rows over the slots, both in order."""
    pairs = _pairs(slots, rows)
    merged: list[list[OpenRow]] = []
    s = r = 0
    for slot, row in [*pairs, (len(slots), len(rows))]:
        merged.extend(sorted([*slots[s:slot], *([one] for one in rows[r:row])], key=_when))
        if slot < len(slots):
            merged.append([*slots[slot], rows[row]])
        s, r = slot + 1, row + 1
    return merged


def _when(slot: list[OpenRow]) -> int:
    return slot[0].middle_ms


def _pairs(slots: list[list[OpenRow]], rows: list[OpenRow]) -> list[tuple[int, int]]:
    if len(slots) * len(rows) > _LARGEST:
        return _in_turn(slots, rows)
    none = Cost(0, 0, 0)
    best = [[none] * (len(rows) + 1) for _ in range(len(slots) + 1)]
    for s in range(len(slots) - 1, -1, -1):
        for r in range(len(rows) - 1, -1, -1):
            choice = best[s + 1][r]
            if best[s][r + 1].beats(choice):
                choice = best[s][r + 1]
            paired = _paired(slots[s], rows[r], best[s + 1][r + 1])
            if paired is not None and not choice.beats(paired):
                choice = paired
            best[s][r] = choice
    return _traced(slots, rows, best)


def _paired(slot: list[OpenRow], row: OpenRow, rest: Cost) -> Cost | None:
    if not all(fits(one, row) for one in slot):
        return None
    apart = min(abs(one.middle_ms - row.middle_ms) for one in slot)
    strain = any(strained(one, row) for one in slot)
    return Cost(rest.pairs + 1, rest.strained + strain, rest.apart_ms + apart)


def _traced(
    slots: list[list[OpenRow]], rows: list[OpenRow], best: list[list[Cost]]
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    s = r = 0
    while s < len(slots) and r < len(rows):
        if best[s][r] == _paired(slots[s], rows[r], best[s + 1][r + 1]):
            pairs.append((s, r))
            s, r = s + 1, r + 1
        elif best[s][r] == best[s + 1][r]:
            s += 1
        else:
            r += 1
    return pairs


def _in_turn(slots: list[list[OpenRow]], rows: list[OpenRow]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    s = 0
    for r, row in enumerate(rows):
        ahead = s
        while ahead < len(slots) and not all(fits(one, row) for one in slots[ahead]):
            if slots[ahead][0].middle_ms > row.middle_ms + 2 * row.allowed_ms:
                ahead = len(slots)
            ahead += 1
        if ahead < len(slots):
            pairs.append((ahead, r))
            s = ahead + 1
    return pairs
