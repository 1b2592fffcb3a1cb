"""What the review pages show: a batch in reading order, and the keys that act.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from witnessbox.review.codebook import Category, CodeBook

CATEGORY_KEYS = "1234567890qwertyi"
SEVERITY_KEYS = "asdfg"


@dataclass(frozen=True, slots=True)
class Place:
    """One message's place in its batch."""

    message: str
    conversation: str
    position: int
    read: bool
    context: tuple[str, ...] = ()  # what around it speaks for reading it


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch in reading order."""

    number: int
    places: tuple[Place, ...]

    @property
    def read(self) -> int:
        """Count what this reviewer has read."""
        return sum(place.read for place in self.places)

    def index(self, message: str) -> int | None:
        """Say where a message stands in the batch."""
        return next(
            (index for index, place in enumerate(self.places) if place.message == message), None
        )

    def next_unread(self, after: int = -1) -> Place | None:
        """Give the next message to read behind one, going round to what was skipped."""
        order = (*self.places[after + 1 :], *self.places[: max(after, 0)])
        return next((place for place in order if not place.read), None)

    def beside(self, index: int, step: int) -> Place | None:
        """Give the message before or after one, read or not."""
        return self.places[index + step] if 0 <= index + step < len(self.places) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One category with the key that chooses it."""

    category: Category
    key: str


@dataclass(frozen=True, slots=True)
class Group:
    """The categories of one kind of behaviour."""

    title: str
    choices: tuple[Choice, ...]


def groups(book: CodeBook, keys: Sequence[str] = CATEGORY_KEYS) -> tuple[Group, ...]:
    """Lay the code-book out by behaviour; a category beyond the keys has none."""
    given = {
        category.id: keys[place] if place < len(keys) else ""
        for place, category in enumerate(book.category)
    }
    found = []
    for behaviour in book.behaviour:
        choices = tuple(
            Choice(category, given[category.id])
            for category in book.category
            if category.behaviour == behaviour.id
        )
        if choices:
            found.append(Group(behaviour.title, choices))
    return tuple(found)
