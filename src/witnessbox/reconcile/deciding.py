"""What people decided of names, put to persons before evidence is, and the links that come of it.

Names held to be one are joined first, whatever contradicts it; names held apart are never joined,
by whatever road.  Of the joins on such a road the weakest is left out, and shown as parted.  What
speaks for a join that a person made is told as it stands without anybody's word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from witnessbox.reconcile.decision import Identity
from witnessbox.reconcile.joining import Hint, Judged, Persons
from witnessbox.reconcile.model import CopyName, JoinedBy, LinkState
from witnessbox.reconcile.votes import Node
from witnessbox.reconcile.weighing import Seen, Weighed, person, weigh

NodePair = tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class DecidedPairs:
    """Names that are one person's, and names that are not; each pair and all pairs in order."""

    same: tuple[NodePair, ...] = ()
    apart: tuple[NodePair, ...] = ()


def decided_pairs(decided: Iterable[Identity], places: Mapping[CopyName, Node]) -> DecidedPairs:
    """Find the names that decisions are about; one about a name that is gone says nothing."""
    found: dict[bool, list[NodePair]] = {True: [], False: []}
    for one in decided:
        if one.first in places and one.second in places:
            found[one.same].append(_pair(places[one.first], places[one.second]))
    return DecidedPairs(tuple(sorted(found[True])), tuple(sorted(found[False])))


def put(persons: Persons, pairs: DecidedPairs) -> None:
    """Hold apart and join what is decided.  What is to be both stays apart."""
    for first, second in pairs.apart:
        persons.hold_apart(first, second)
    for first, second in pairs.same:
        if persons.leader(first) != persons.leader(second) and not persons.held_apart(
            first, second
        ):
            persons.join(first, second)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What led to persons, and what each name is like by itself."""

    persons: Persons
    seen: Mapping[Node, Seen]
    hints: dict[NodePair, Hint] = field(default_factory=dict)  # all that weigh by themselves

    def note(self, hints: Iterable[Hint]) -> None:
        """Remember hints, the first of each pair."""
        for hint in hints:
            self.hints.setdefault(_pair(hint.first, hint.second), hint)

    def of(self, pairs: Iterable[NodePair]) -> list[Judged]:
        """Say what is known of pairs of names."""
        made = {_pair(one.hint.first, one.hint.second): one for one in self.persons.made}
        return [made.get(pair) or self._judged(pair) for pair in pairs]

    def _judged(self, pair: NodePair) -> Judged:
        hint = self.persons.refused.get(pair) or self.persons.refused.get(pair[::-1])
        hint = hint or self.hints.get(pair) or Hint(*pair, JoinedBy.DECISION)
        if self.persons.leader(pair[0]) != self.persons.leader(pair[1]):
            return Judged(hint, self.persons.weigh(hint), joined=False)
        # They came together by another road: what is known of the two names alone.
        alone = weigh(*(person(self.seen[node]) for node in pair))
        weight = hint.weight + alone.weight
        return Judged(
            hint, Weighed(weight, alone.agreed, alone.against, alone.grounds), joined=True
        )


def links(
    evidence: Evidence, pairs: DecidedPairs, undecided: Evidence
) -> list[tuple[Judged, LinkState]]:
    """Say of every link what came of it.

    ``undecided`` is what is known without anybody's word.
    """
    persons = evidence.persons
    known = {*pairs.same, *pairs.apart}
    found = [(one, LinkState.JOINED) for one in persons.made]
    found += [
        (one, LinkState.ACCEPTED if _one(persons, pair) else LinkState.PARTED)
        for pair, one in zip(pairs.same, undecided.of(pairs.same), strict=True)
    ]
    found += [(one, LinkState.REFUSED) for one in evidence.of(pairs.apart)]
    found += [
        (one, LinkState.PARTED if _held(persons, one) else LinkState.PROPOSED)
        for one in persons.proposed()
        if _pair(one.hint.first, one.hint.second) not in known
    ]
    return found


def _pair(first: Node, second: Node) -> NodePair:
    return (first, second) if first < second else (second, first)


def _one(persons: Persons, pair: NodePair) -> bool:
    return persons.leader(pair[0]) == persons.leader(pair[1])


def _held(persons: Persons, judged: Judged) -> bool:
    return persons.held_apart(judged.hint.first, judged.hint.second)
