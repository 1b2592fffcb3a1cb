"""What people decided of names: put to the persons that evidence makes, and told as links.

Names held apart are never joined, by whatever road: joins being made strongest first, the weakest
on the road is left out, and shown as parted.  Names held to be one bring together the persons that
evidence has made of either, whatever contradicts it; what speaks for and against it is told as it
is known without anybody's word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from witnessbox.reconcile.decision import Identity
from witnessbox.reconcile.joining import Hint, Judged, NodePair, Persons
from witnessbox.reconcile.model import CopyName, JoinedBy, LinkState
from witnessbox.reconcile.votes import Node
from witnessbox.reconcile.weighing import Seen, person, weigh

_RULE = JoinedBy.DECISION


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
            found[one.same].append(Hint(places[one.first], places[one.second], _RULE).pair)
    return DecidedPairs(tuple(sorted(found[True])), tuple(sorted(found[False])))


@dataclass(slots=True)
class Deciding:
    """Decisions beside evidence: before any join, behind the last one, and in what comes of it."""

    persons: Persons
    seen: Mapping[Node, Seen]
    pairs: DecidedPairs
    _accepted: list[tuple[Judged, LinkState]] = field(default_factory=list)

    def begin(self) -> None:
        """Hold apart what is decided to be two, and all that is decided to be one with either."""
        parted = self.persons.parted
        for first, second in self.pairs.apart:
            parted.hold(first, second)
        for first, second in self.pairs.same:
            if not parted.held(first, second):
                parted.bind(first, second)

    def accept(self, hints: Iterable[Hint]) -> bool:
        """Join what is decided to be one; say whether any was not one already.

        ``hints`` are those that weigh something by themselves.
        """
        known = {hint.pair: hint for hint in hints}
        judged = [self._judged(pair, known) for pair in self.pairs.same]
        for one in judged:
            held = self.persons.held_apart(*one.hint.pair)
            if not held and not self._one(*one.hint.pair):
                self.persons.join(*one.hint.pair)
            self._accepted.append((one, LinkState.PARTED if held else LinkState.ACCEPTED))
        return not all(one.joined for one in judged)

    def links(self) -> list[tuple[Judged, LinkState]]:
        """Say of every link what came of it, once all is joined."""
        decided = {*self.pairs.same, *self.pairs.apart}
        found = [
            (one, LinkState.JOINED) for one in self.persons.made if one.hint.pair not in decided
        ]
        found += self._accepted
        found += [(self._judged(pair, {}), LinkState.REFUSED) for pair in self.pairs.apart]
        for one in self.persons.proposed(decided):
            held = self.persons.held_apart(*one.hint.pair)
            found.append((one, LinkState.PARTED if held else LinkState.PROPOSED))
        return found

    def _judged(self, pair: NodePair, known: Mapping[NodePair, Hint]) -> Judged:
        """Say what is known of two names that a decision is about."""
        for one in self.persons.made:
            if one.hint.pair == pair:
                return one
        refused = self.persons.refused
        hint = refused.get(pair) or refused.get(pair[::-1]) or known.get(pair)
        hint = hint or Hint(*pair, _RULE)
        if not self._one(*pair):
            return Judged(hint, self.persons.weigh(hint), joined=False)
        # They came together by another road: what is known of the two names alone.
        alone = weigh(*(person(self.seen[node]) for node in pair))
        return Judged(hint, alone.beside(hint.weight), joined=True)

    def _one(self, first: Node, second: Node) -> bool:
        return self.persons.leader(first) == self.persons.leader(second)
