"""Who is who: the names different phones use for one person, told by the messages they share.

Within a conversation, two names on two phones are one person when the texts both phones hold stand
under them together.  Across conversations a telephone number is one person everywhere, one phone's
name for somebody is one person, and a custodian is one person on all platforms; what contradicts
that is weighed against it.  Names that resemble one another decide nothing, except for speakers
who share no text of their own with anyone; one full name in two conversations only proposes.  What
a person decided holds, whatever is known.  Every join keeps its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.deciding import DecidedPairs, Deciding, decided_pairs
from witnessbox.reconcile.decision import Identity
from witnessbox.reconcile.joining import Hint, Judged, Persons, Trait
from witnessbox.reconcile.model import CopyName, JoinedBy, Link, LinkState, Name, Source
from witnessbox.reconcile.names import (
    is_full_name,
    is_owner_word,
    is_pushed,
    is_stand_in,
    label,
    number_of,
    plain_name,
    written_name,
)
from witnessbox.reconcile.owners import fitting_owners, own_names, settled_owners, told_owners
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.speaking import in_words
from witnessbox.reconcile.votes import Node, spans, votes
from witnessbox.reconcile.weighing import (
    FITS_CUSTODIAN,
    JOIN_WEIGHT,
    SAME_FULL_NAME,
    SAME_NAME_AMONG_FEW,
    Phone,
    Seen,
    custodian_of,
    of_texts,
    phone_of,
)


@dataclass(frozen=True, slots=True)
class Copies:
    """What identity needs of every copy; the first two run alike."""

    sources: Sequence[Source]
    sketches: Sequence[Sketch]
    groups: Sequence[Sequence[int]]  # conversations, as places of copies


@dataclass(frozen=True, slots=True)
class People:
    """Who is who.  ``names`` and ``own`` run as the copies do, names as the sketch's."""

    names: tuple[tuple[Name, ...], ...]
    own: tuple[tuple[str, ...], ...]  # plain names by which each phone may mean its owner
    links: tuple[Link, ...]


def people(copies: Copies, least: float = JOIN_WEIGHT, decided: Sequence[Identity] = ()) -> People:
    """Name the person behind each name of each copy; a join takes the ``least`` weight.

    The order of the copies and of what is decided changes nothing.
    """
    order = sorted(range(len(copies.sources)), key=lambda place: copies.sources[place].copy)
    rank = {place: at for at, place in enumerate(order)}
    ordered = Copies(
        [copies.sources[place] for place in order],
        [copies.sketches[place] for place in order],
        sorted(sorted(rank[place] for place in group) for group in copies.groups),
    )
    pairs = decided_pairs(decided, _places(ordered)) if decided else DecidedPairs()
    found = _Recognising(ordered, least, pairs).run()
    places = [rank[place] for place in range(len(order))]
    return People(
        tuple(found.names[at] for at in places),
        tuple(found.own[at] for at in places),
        found.links,
    )


class _Recognising:
    """One run over copies in the order of their ids."""

    __slots__ = ("_copies", "_deciding", "_groups", "_owners", "_persons", "_seen")

    def __init__(self, copies: Copies, least: float, decided: DecidedPairs) -> None:
        self._copies = copies
        self._groups = {copy: at for at, group in enumerate(copies.groups) for copy in group}
        self._owners = told_owners(copies.sources, copies.sketches)
        self._seen = {one.node: one for one in _seen(copies, self._owners)}
        self._persons = Persons(least)
        self._persons.add(self._seen.values())
        self._deciding = Deciding(self._persons, self._seen, decided)

    def run(self) -> People:
        """Join by texts first, then by what one phone, a number or a custodian hold together.

        What a person decided to be one joins the persons that come of it.
        """
        self._deciding.begin()
        texts = [hint for group in self._copies.groups for hint in self._by_texts(group)]
        self._persons.judge(texts)
        traits = self._traits()
        self._persons.settle(traits, texts)
        names = [hint for group in self._copies.groups for hint in self._by_name(group)]
        fits, fitting = self._fit(traits, [*texts, *names])
        if self._deciding.accept([*texts, *names, *fitting]):
            fits, _ = self._fit(traits, [*texts, *names])
        self._persons.judge(self._persons.beside(self._by_full_name()))
        self._owners = settled_owners(self._copies.sources, self._persons, self._owners, fits)
        own = own_names(self._copies.sources, self._persons, self._owners)
        return People(self._names(), own, self._links())

    def _fit(
        self, traits: Sequence[Trait], hints: Sequence[Hint]
    ) -> tuple[dict[int, Node], list[Hint]]:
        """Join by who fits a custodian too; gives these, and the hints that came of it."""
        fits = fitting_owners(self._copies.sources, self._copies.sketches, self._persons)
        fitting = self._by_fit(fits)
        self._persons.settle(traits, [*hints, *fitting])
        return fits, fitting

    def _by_texts(self, group: Sequence[int]) -> list[Hint]:
        return [
            Hint(
                vote.first,
                vote.second,
                JoinedBy.TEXTS,
                of_texts(vote.agreed, vote.against),
                vote.agreed,
                vote.against,
            )
            for vote in votes(self._copies.sketches, group)
        ]

    def _traits(self) -> list[Trait]:
        """List what several names may have in common."""
        found: dict[tuple[JoinedBy, tuple[str, ...]], list[Node]] = {}
        for node, seen in self._seen.items():
            found.setdefault((JoinedBy.PHONE, (*seen.phone, seen.name)), []).append(node)
            for number in seen.numbers:
                found.setdefault((JoinedBy.NUMBER, (number,)), []).append(node)
        for copy, node in sorted(self._owners.items()):
            custodian = custodian_of(self._copies.sources[copy])
            found.setdefault((JoinedBy.CUSTODIAN, (custodian,)), []).append(node)
        return [
            Trait(rule, tuple(nodes))
            for (rule, what), nodes in sorted(found.items())
            if len(nodes) > 1 and any(what)
        ]

    def _by_name(self, group: Sequence[int]) -> list[Hint]:
        """Hold beside one another who bears one name in a conversation, unless two people do."""
        bearers: dict[str, dict[Node, Node]] = {}
        for copy in group:
            for place, name in enumerate(self._copies.sketches[copy].names):
                if not is_owner_word(name):
                    node = (copy, place)
                    bearers.setdefault(plain_name(name), {}).setdefault(
                        self._persons.leader(node), node
                    )
        found: list[Hint] = []
        for _, nodes in sorted(bearers.items()):
            first, *others = sorted(
                nodes.values(), key=lambda node: (-len(self._persons.of(node).nodes), node)
            )
            hints = [Hint(first, one, JoinedBy.NAME, SAME_NAME_AMONG_FEW) for one in others]
            if all(map(self._may_be_one, hints)):
                found += hints
        return found

    def _may_be_one(self, hint: Hint) -> bool:
        if self._persons.held_apart(hint.first, hint.second):
            return False
        return self._persons.weigh(hint).weight >= SAME_NAME_AMONG_FEW

    def _by_full_name(self) -> list[Trait]:
        """List who bears the same full name, wherever: that only proposes, whatever the phones."""
        bearers: dict[str, list[Node]] = {}
        for node in self._seen:
            name = self._copies.sketches[node[0]].names[node[1]]
            if is_full_name(name):
                bearers.setdefault(plain_name(name), []).append(node)
        return [
            Trait(JoinedBy.FULL_NAME, tuple(nodes), SAME_FULL_NAME)
            for _, nodes in sorted(bearers.items())
            if len(nodes) > 1
        ]

    def _by_fit(self, fits: Mapping[int, Node]) -> list[Hint]:
        """Hold who fits a custodian beside the owner of that custodian's first copy."""
        first: dict[str, Node] = {}
        for copy, node in [*sorted(self._owners.items()), *sorted(fits.items())]:
            first.setdefault(custodian_of(self._copies.sources[copy]), node)
        return [
            Hint(
                first[custodian_of(self._copies.sources[copy])],
                node,
                JoinedBy.CUSTODIAN,
                FITS_CUSTODIAN,
            )
            for copy, node in sorted(fits.items())
        ]

    def _names(self) -> tuple[tuple[Name, ...], ...]:
        known = {leader: self._called(one.nodes) for leader, one in self._persons.people.items()}
        found = []
        for copy, sketch in enumerate(self._copies.sketches):
            leaders = [self._persons.leader((copy, place)) for place in range(len(sketch.names))]
            owner = self._owners.get(copy)
            own = None if owner is None else self._persons.leader(owner)
            found.append(
                tuple(
                    Name(name, *known[leader], messages=messages, owner=leader == own)
                    for name, leader, messages in zip(
                        sketch.names, leaders, sketch.counts, strict=True
                    )
                )
            )
        return tuple(found)

    def _called(self, nodes: Sequence[Node]) -> tuple[str, str]:
        """Give a person's id, which comes from the name that stands first, and the name to show.

        What one phone handed over of one conversation twice counts once.
        """
        said: dict[tuple[str, Phone, int], int] = {}
        own: set[str] = set()
        for copy, place in nodes:
            sketch = self._copies.sketches[copy]
            name = sketch.names[place]
            heard = name, phone_of(self._copies.sources[copy]), self._groups[copy]
            said[heard] = max(said.get(heard, 0), sketch.counts[place])
            if self._owners.get(copy) == (copy, place):
                own.add(name)
        weighted: dict[str, tuple[int, int]] = {}
        for (name, _, _), count in said.items():
            used, messages = weighted.get(name, (0, 0))
            weighted[name] = used + 1, messages + count
        first = self._copy_name(min(nodes))
        return derive("person", first.copy, first.name), label(weighted, own)

    def _links(self) -> tuple[Link, ...]:
        return tuple(self._link(judged, state) for judged, state in self._deciding.links())

    def _link(self, judged: Judged, state: LinkState) -> Link:
        return Link(
            self._copy_name(judged.hint.first),
            self._copy_name(judged.hint.second),
            judged.hint.rule,
            judged.hint.agreed,
            judged.hint.against,
            judged.weighed.agreed,
            judged.weighed.against,
            round(judged.weighed.weight, 1),
            *in_words(judged),
            state,
        )

    def _copy_name(self, node: Node) -> CopyName:
        copy, place = node
        return CopyName(self._copies.sources[copy].copy, self._copies.sketches[copy].names[place])


def _places(copies: Copies) -> dict[CopyName, Node]:
    """Say where each name of each copy stands."""
    return {
        CopyName(source.copy, name): (copy, place)
        for copy, (source, sketch) in enumerate(zip(copies.sources, copies.sketches, strict=True))
        for place, name in enumerate(sketch.names)
    }


def _seen(copies: Copies, owners: Mapping[int, Node]) -> Iterator[Seen]:
    for copy, (source, sketch) in enumerate(zip(copies.sources, copies.sketches, strict=True)):
        for place, (name, span) in enumerate(zip(sketch.names, spans(sketch), strict=True)):
            yield Seen(
                (copy, place),
                phone_of(source),
                source.parser,
                # In another conversation a stand-in may be anybody else.
                f"{written_name(name)}\0{source.copy}" if is_stand_in(name) else written_name(name),
                is_pushed(name),
                _numbers(sketch, place),
                custodian_of(source) if owners.get(copy) == (copy, place) else "",
                span,
            )


def _numbers(sketch: Sketch, place: int) -> frozenset[str]:
    """Give the numbers of a name; where none were looked for, only the name can be one."""
    if sketch.numbers:
        return sketch.numbers[place]
    number = number_of(sketch.names[place])
    return frozenset() if number is None else frozenset((number,))
