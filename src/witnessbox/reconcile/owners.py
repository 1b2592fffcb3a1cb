"""Which speaker of a copy is the owner of the phone it comes from.

A database says so, an export may say "You", and where the speaker bears the custodian's very name
there is no doubt either.  Else it is the one person whose name on any phone fits the custodian's.
"""

from collections.abc import Mapping, Sequence

from witnessbox.reconcile.joining import Persons
from witnessbox.reconcile.model import Source
from witnessbox.reconcile.names import (
    is_database_owner,
    is_owner_sending,
    name_words,
    plain_name,
)
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.votes import Node
from witnessbox.reconcile.weighing import custodian_of, phone_of


def told_owners(sources: Sequence[Source], sketches: Sequence[Sketch]) -> dict[int, Node]:
    """Find the owner in each copy that names them without doubt; ``sources`` run alike."""
    found: dict[int, Node] = {}
    for copy, (source, sketch) in enumerate(zip(sources, sketches, strict=True)):
        told = [place for place, name in enumerate(sketch.names) if is_database_owner(name)]
        if not told:
            told = [
                place
                for place, name in enumerate(sketch.names)
                if is_owner_sending(name) or _same_name(name, source.custodian)
            ]
        if len(told) == 1:
            found[copy] = (copy, told[0])
    return found


def _same_name(name: str, custodian: str) -> bool:
    words = name_words(name)
    return bool(words) and words == name_words(custodian)


def fitting_owners(
    sources: Sequence[Source], sketches: Sequence[Sketch], persons: Persons
) -> dict[int, Node]:
    """Find the owner of each copy by what is known of its speakers everywhere.

    A person known as the custodian from another copy is the owner.  Else one speaker's name must
    fit the custodian's better than every other's, and say nothing that the custodian's does not;
    who fits two custodians is taken for neither.
    """
    bearers, known_as = _bearers(sketches, persons), _known_as(persons)
    fits = {
        custodian: _fits(custodian, bearers, persons) | known_as.get(custodian, {})
        for custodian in set(map(custodian_of, sources))
    }
    found: dict[int, Node] = {}
    for copy, (source, sketch) in enumerate(zip(sources, sketches, strict=True)):
        fit = fits[custodian_of(source)]
        known: dict[Node, Node] = {}
        for place in range(len(sketch.names)):
            known.setdefault(persons.leader((copy, place)), (copy, place))
        ranked = sorted(((fit[one], node) for one, node in known.items() if one in fit))
        if ranked and (len(ranked) == 1 or ranked[-2][0] < ranked[-1][0]):
            found[copy] = ranked[-1][1]
    custodians: dict[Node, set[str]] = {}
    for copy, node in found.items():
        custodians.setdefault(persons.leader(node), set()).add(custodian_of(sources[copy]))
    return {
        copy: node for copy, node in found.items() if len(custodians[persons.leader(node)]) == 1
    }


def settled_owners(
    sources: Sequence[Source],
    persons: Persons,
    told: Mapping[int, Node],
    fits: Mapping[int, Node],
) -> dict[int, Node]:
    """Add those who fit where nobody is told, unless a custodian were two people then."""
    known = _people_of(sources, persons, told)
    fitting = _people_of(sources, persons, fits)
    found = dict(told)
    for copy, node in fits.items():
        custodian = custodian_of(sources[copy])
        if known.get(custodian, fitting[custodian]) == {persons.leader(node)}:
            found.setdefault(copy, node)
    return found


def own_names(
    sources: Sequence[Source], persons: Persons, owners: Mapping[int, Node]
) -> tuple[tuple[str, ...], ...]:
    """Give the numbers, and the names on their own phone, by which each copy may mean its owner.

    Where the owner does not speak, what is known of the custodian's one person counts.
    """
    people = _people_of(sources, persons, owners)
    found = []
    for copy, source in enumerate(sources):
        known = people.get(custodian_of(source), set()) if source.custodian else set()
        leaders = {persons.leader(owners[copy])} if copy in owners else known
        named: set[str] = set()
        if len(leaders) == 1:
            one = persons.people[min(leaders)]
            named = one.numbers | one.names.get(phone_of(source), {}).keys()
        found.append(tuple(sorted(named)))
    return tuple(found)


def _people_of(
    sources: Sequence[Source], persons: Persons, owners: Mapping[int, Node]
) -> dict[str, set[Node]]:
    """Give each custodian's people as some of their copies have them."""
    found: dict[str, set[Node]] = {}
    for copy, node in owners.items():
        found.setdefault(custodian_of(sources[copy]), set()).add(persons.leader(node))
    return found


_KNOWN = 1 << 10
"""More words than a name has: how well a person fits who is known to be the custodian."""


def _known_as(persons: Persons) -> dict[str, dict[Node, int]]:
    """Give who is known to be a custodian."""
    found: dict[str, dict[Node, int]] = {}
    for leader, one in persons.people.items():
        for custodian in one.owners:
            found.setdefault(custodian, {})[leader] = _KNOWN
    return found


def _bearers(sketches: Sequence[Sketch], persons: Persons) -> dict[str, set[tuple[Node, str]]]:
    """Give the persons, and their names, by each word of a name."""
    found: dict[str, set[tuple[Node, str]]] = {}
    for copy, sketch in enumerate(sketches):
        for place, name in enumerate(sketch.names):
            leader = persons.leader((copy, place))
            for word in name_words(name):
                found.setdefault(word, set()).add((leader, plain_name(name)))
    return found


def _fits(
    custodian: str, bearers: Mapping[str, set[tuple[Node, str]]], persons: Persons
) -> dict[Node, int]:
    """Say how many words of a custodian's name a person's name has, by person."""
    wanted = name_words(custodian)
    found: dict[Node, int] = {}
    for leader, name in {one for word in wanted for one in bearers.get(word, ())}:
        words = name_words(name)
        owners = persons.people[leader].owners
        if (words <= wanted or wanted <= words) and owners <= {custodian}:
            found[leader] = max(found.get(leader, 0), len(words & wanted))
    return found
