"""How much speaks for two names being one person's: match weights, and what they are made of.

A weight is the base-2 logarithm of how much likelier what was seen is if both are one person than
if they are two, as I. Fellegi and A. Sunter weigh records (*A theory for record linkage*, 1969).
What agrees adds and what contradicts subtracts; each figure below says which two shares it stands
for.  They are set, not fitted: a phone is taken to seldom change a name, and never to call one
person two names in one conversation.
"""

from dataclasses import dataclass, field

from witnessbox.reconcile.model import Source
from witnessbox.reconcile.names import plain_name
from witnessbox.reconcile.votes import Node

JOIN_WEIGHT = 6.0
"""The weight from which a join is made unless a setting says another; 64 to 1.  Below, it is only
proposed."""
LEAST_JOIN_WEIGHT, MOST_JOIN_WEIGHT = 1.0, 100.0
"""Between which weights the setting may lie."""
MOST_OF_TEXTS = 40.0
"""More texts do not make surer: if something is wrong, it is wrong with all of them."""
TEXT_AGREES = 6.6  # 98 in 100 shared texts stand by one person's two names; 1 in 100 by another's
TEXT_DISAGREES = -5.6  # 2 in 100; 99 in 100
FITS_CUSTODIAN = 8.0  # a speaker's name fits, and no other's: mostly; one in 200
SAME_FULL_NAME = 4.0  # a third of phones; 1 in 50 of all that an operation's phones know
SAME_NAME_AMONG_FEW = 8.0  # a third of phones; 1 in 700 of those who speak in one conversation


@dataclass(frozen=True, slots=True)
class Point:
    """One thing seen of two persons that speaks for their being one, or against it."""

    weight: float
    words: str


SAME_NUMBER = Point(20.0, "both have the same telephone number")
"""Nearly always; one in a million."""
SAME_CUSTODIAN = Point(20.0, "both are the owner of a phone of one custodian")
SAME_NAME_ON_PHONE = Point(9.0, "one phone has the same name for both")
"""Nearly always; 2 in 1,000 people on one phone share a name."""
SAME_CHOSEN_NAME_ON_PHONE = Point(6.6, "one phone has the same name for both, which they chose")
"""The same, where people name themselves: 1 in 100."""
OTHER_NAME_ON_PHONE = Point(-6.6, "one phone has different names for them")
"""One in 100 names was changed between two exports; nearly always."""
OTHER_NUMBER = Point(-4.3, "they have different telephone numbers")
"""One in 20 people has a second one."""
OTHER_CUSTODIAN = Point(-30.0, "they are owners of phones of different custodians")
"""A custodian is one person, unless written in two ways."""
TWO_NAMES_BY_TURNS = Point(-60.0, "one copy shows both, speaking over the same time")
TWO_NAMES_IN_TURN = Point(-12.0, "one copy shows both, one after the other")
"""As when a number is changed."""

Phone = tuple[str, str]
"""A custodian and a platform; without a custodian, nothing and the copy."""


def custodian_of(source: Source) -> str:
    """Name who held a phone, however that is written."""
    return plain_name(source.custodian)


def phone_of(source: Source) -> Phone:
    """Name the phone (as far as a custodian and a platform are one phone) a copy comes from."""
    custodian = custodian_of(source)
    return (custodian, source.platform) if custodian else ("", source.copy)


@dataclass(frozen=True, slots=True)
class Seen:
    """One name of one copy, with what it can agree with others in."""

    node: Node
    phone: Phone
    book: str  # which program's names these are
    name: str  # as the phone keeps it apart from others
    chosen: bool  # by the person themselves
    numbers: frozenset[str]
    owner: str  # the custodian whose phone says that this is its owner, or nothing
    span: tuple[int, int] | None  # rows of its copy between which it speaks


@dataclass(slots=True)
class Person:
    """Names taken for one person so far, laid out so that another person's can be held beside."""

    nodes: list[Node]
    names: dict[Phone, dict[str, bool]]  # and whether it is one of those people choose
    books: dict[tuple[Phone, str], set[str]]
    copies: dict[int, list[tuple[int, int] | None]]
    numbers: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)

    def take(self, other: "Person") -> None:
        """Take another's names for this person's."""
        self.nodes += other.nodes
        for phone, names in other.names.items():
            self.names.setdefault(phone, {}).update(names)
        for book, written in other.books.items():
            self.books.setdefault(book, set()).update(written)
        for copy, spans in other.copies.items():
            self.copies.setdefault(copy, []).extend(spans)
        self.numbers |= other.numbers
        self.owners |= other.owners


def person(seen: Seen) -> Person:
    """Begin with one name."""
    return Person(
        [seen.node],
        {seen.phone: {seen.name: seen.chosen}},
        {(seen.phone, seen.book): {seen.name}},
        {seen.node[0]: [seen.span]},
        set(seen.numbers),
        {seen.owner} if seen.owner else set(),
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """A match weight, how many traits agreed with and spoke against it, and which."""

    weight: float
    agreed: int
    against: int
    points: tuple[Point, ...]

    def beside(self, weight: float) -> "Weighed":
        """Add what is known beside traits."""
        return Weighed(self.weight + weight, self.agreed, self.against, self.points)


def weigh(one: Person, other: Person) -> Weighed:
    """Weigh all that two persons' names agree and contradict one another in, texts left aside."""
    found = [*_on_phones(one, other), *_in_copies(one, other)]
    if one.numbers and other.numbers:
        found.append(OTHER_NUMBER if one.numbers.isdisjoint(other.numbers) else SAME_NUMBER)
    if one.owners and other.owners:
        found.append(OTHER_CUSTODIAN if one.owners.isdisjoint(other.owners) else SAME_CUSTODIAN)
    weights = [point.weight for point in found]
    agreed = sum(1 for weight in weights if weight > 0)
    return Weighed(sum(weights), agreed, len(found) - agreed, tuple(found))


def of_texts(agreed: int, against: int) -> float:
    """Weigh the texts two names stand by together, and those they do not."""
    return min(agreed * TEXT_AGREES + against * TEXT_DISAGREES, MOST_OF_TEXTS)


def _on_phones(one: Person, other: Person) -> list[Point]:
    """Hold the names each phone has for them beside one another."""
    small, large = (one, other) if len(one.books) <= len(other.books) else (other, one)
    agreeing: set[Phone] = set()
    found: list[Point] = []
    for phone, names in small.names.items():
        both = names.keys() & large.names.get(phone, {}).keys()
        if both:
            agreeing.add(phone)
            chosen = all(names[name] for name in both)
            found.append(SAME_CHOSEN_NAME_ON_PHONE if chosen else SAME_NAME_ON_PHONE)
    differing = {
        book[0]
        for book, names in small.books.items()
        if book in large.books and book[0] not in agreeing
    }
    return found + [OTHER_NAME_ON_PHONE] * len(differing)


def _in_copies(one: Person, other: Person) -> list[Point]:
    """Count the copies that would call one person two names."""
    small, large = (one, other) if len(one.copies) <= len(other.copies) else (other, one)
    return [
        TWO_NAMES_BY_TURNS
        if any(_overlap(a, b) for a in spans for b in large.copies[copy])
        else TWO_NAMES_IN_TURN
        for copy, spans in small.copies.items()
        if copy in large.copies
    ]


def _overlap(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Say whether two names speak over the same time, or when is not known."""
    return one is None or other is None or (one[0] <= other[1] and other[0] <= one[1])
