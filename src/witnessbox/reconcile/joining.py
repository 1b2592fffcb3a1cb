"""Names joined into persons, strongest evidence first, and a record of every join.

What agrees is gathered per person: when two persons are held beside one another, every name,
number and phone known of either counts, not only the two names that led there.  A join that is
refused may be made later, when more is known; one that a decision forbids never is, by whatever
road: the strongest joins being made first, the weakest one on the road is left out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from witnessbox.reconcile.model import JoinedBy
from witnessbox.reconcile.parted import Parted
from witnessbox.reconcile.votes import Node
from witnessbox.reconcile.weighing import Person, Seen, Weighed, person, weigh

NodePair = tuple[Node, Node]
_BESIDE = 3
"""Of the persons that share a trait, each is held beside so many of the largest."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Two names that may be one person's, and what is known beyond their persons' traits."""

    first: Node
    second: Node
    rule: JoinedBy
    weight: float = 0.0
    agreed: int = 0  # texts
    against: int = 0

    @property
    def pair(self) -> NodePair:
        """Give the two names in their order."""
        return min(self.first, self.second), max(self.first, self.second)


@dataclass(frozen=True, slots=True)
class Judged:
    """A hint, how all that was known then weighs, and whether the two were joined."""

    hint: Hint
    weighed: Weighed
    joined: bool


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that names may have in common, and those that have it."""

    rule: JoinedBy
    nodes: tuple[Node, ...]
    weight: float = 0.0  # of having it in common, beyond what persons' traits weigh


@dataclass(slots=True)
class Persons:
    """Names joined so far."""

    least: float  # the weight from which a join is made
    leaders: dict[Node, Node] = field(default_factory=dict)
    people: dict[Node, Person] = field(default_factory=dict)  # by leader
    made: list[Judged] = field(default_factory=list)
    refused: dict[tuple[Node, Node], Hint] = field(default_factory=dict)
    parted: Parted[Node] = field(default_factory=Parted)

    def add(self, seen: Iterable[Seen]) -> None:
        """Begin with names that are each a person of their own."""
        for one in seen:
            self.leaders[one.node] = one.node
            self.people[one.node] = person(one)

    def leader(self, node: Node) -> Node:
        """Give the name that stands for a name's person."""
        return self.leaders[node]

    def of(self, node: Node) -> Person:
        """Give a name's person."""
        return self.people[self.leaders[node]]

    def weigh(self, hint: Hint) -> Weighed:
        """Weigh a hint with all that is known of both persons."""
        return weigh(self.of(hint.first), self.of(hint.second)).beside(hint.weight)

    def judge(self, hints: Iterable[Hint]) -> bool:
        """Join what weighs enough, strongest first; say whether any was joined."""
        weighed = [(self.weigh(hint), hint) for hint in hints if self._apart(hint)]
        ordered = sorted(
            weighed,
            key=lambda it: (-it[0].weight, -it[1].agreed, it[1].first, it[1].second, it[1].rule),
        )
        before = len(self.made)
        for _, hint in ordered:
            if self._apart(hint):
                self._judge(hint)
        return len(self.made) > before

    def _apart(self, hint: Hint) -> bool:
        return self.leaders[hint.first] != self.leaders[hint.second]

    def _judge(self, hint: Hint) -> None:
        weighed = self.weigh(hint)
        if weighed.weight < self.least or self.held_apart(hint.first, hint.second):
            self.refused[hint.first, hint.second] = hint
            return
        self.made.append(Judged(hint, weighed, joined=True))
        self.join(hint.first, hint.second)

    def join(self, first: Node, second: Node) -> None:
        """Take two names' persons for one, whatever speaks against it."""
        small, large = sorted(
            (self.leader(first), self.leader(second)),
            key=lambda it: (len(self.people[it].nodes), it),
        )
        taken = self.people.pop(small)
        for node in taken.nodes:
            self.leaders[node] = large
        self.people[large].take(taken)
        self.parted.bind(small, large)

    def held_apart(self, first: Node, second: Node) -> bool:
        """Say whether two names' persons are never to become one."""
        return self.parted.held(first, second)

    def settle(self, traits: Sequence[Trait], hints: Sequence[Hint]) -> None:
        """Join by traits, and by the hints refused so far, until nothing changes."""
        while self.judge([*hints, *self.beside(traits)]):
            hints = [hint for hint in hints if self._apart(hint)]
            traits = [
                trait for trait in traits if len({self.leaders[node] for node in trait.nodes}) > 1
            ]

    def beside(self, traits: Iterable[Trait]) -> list[Hint]:
        """Hold each person with a trait beside the largest few that have it."""
        found: dict[tuple[Node, Node], Hint] = {}
        for trait in traits:
            bearers: dict[Node, Node] = {}
            for node in trait.nodes:
                bearers.setdefault(self.leader(node), node)
            ordered = sorted(bearers, key=lambda it: (-len(self.people[it].nodes), it))
            for place, one in enumerate(ordered):
                for other in ordered[: min(place, _BESIDE)]:
                    hint = Hint(bearers[other], bearers[one], trait.rule, trait.weight)
                    found.setdefault((other, one), hint)
        return list(found.values())

    def proposed(self, decided: Collection[NodePair] = ()) -> list[Judged]:
        """Give what was refused and still speaks for a join, the best of each two persons.

        What is known of the persons by now counts; names that are ``decided`` do not.
        """
        best: dict[tuple[Node, ...], Judged] = {}
        for hint in self.refused.values():
            if hint.pair in decided:
                continue
            pair = tuple(sorted((self.leader(hint.first), self.leader(hint.second))))
            weighed = self.weigh(hint)
            known = best.get(pair)
            if pair[0] != pair[1] and weighed.weight > (known.weighed.weight if known else 0):
                best[pair] = Judged(hint, weighed, joined=False)
        return list(best.values())
