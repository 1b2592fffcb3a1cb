"""What the first reading of an export found, kept for the second as far as there is room.

Finding heads and names is most of the work, and both readings need it; an export a phone writes
holds 40,000 messages at most, so that nearly all are searched once.  What is kept says nothing
that searching again would not: with no room at all the same is read, only more slowly.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

MOST_HEADS = 1 << 20
"""A head takes about 120 bytes."""

_Answer = TypeVar("_Answer")


class Kept(Generic[_Answer]):
    """Answers by where in the file they were found."""

    __slots__ = ("answers", "left")

    def __init__(self, most_heads: int = MOST_HEADS) -> None:
        """Start with room for the answers about so many heads."""
        self.left = most_heads
        self.answers: dict[tuple[int, ...], tuple[_Answer, int]] = {}

    def recall(self, *place: int, find: Callable[[], tuple[_Answer, int]]) -> _Answer:
        """Give what was found at a place, else ``find`` it (and for how many heads) and keep it."""
        answer, heads = self.answers.get(place) or find()
        if heads <= self.left and place not in self.answers:
            self.left -= heads
            self.answers[place] = answer, heads
        return answer
