"""Under which names a person is known, and what joined these.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from witnessbox.reconcile.why.model import Copy, KnownAs, NameOn, PersonWhy, ToldLink
from witnessbox.reconcile.why.words import led, odds


@dataclass(frozen=True, slots=True)
class StoredName:
    """A row of the people table."""

    person: str
    label: str
    copy: str
    name: str
    messages: int
    owner: bool


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A row of the links table."""

    link: str
    first: tuple[str, str]  # copy and name
    second: tuple[str, str]
    first_person: str | None
    second_person: str | None
    rule: str
    texts_agreed: int
    texts_against: int
    traits_agreed: int
    traits_against: int
    weight: float
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Material:
    """What is stored of one person, and of the copies and conversations they are named in."""

    names: tuple[StoredName, ...]  # theirs, at least one
    links: tuple[StoredLink, ...]
    labels: Mapping[str, str]  # of the people the links lead to
    copies: Mapping[str, tuple[Copy, str]]  # each with its conversation
    titles: Mapping[str, str]  # of conversations


def explain(of: Material) -> PersonWhy:
    """Tell under which names a person is known, and what joined these."""
    person, label = of.names[0].person, of.names[0].label
    links = sorted(
        (_told(of, person, link) for link in of.links), key=lambda one: (-one.weight, one.id)
    )
    return PersonWhy(
        person=person,
        label=label,
        names=tuple(_known(of)),
        joined=tuple(one for one in links if one.other is None),
        apart=tuple(one for one in links if one.other is not None),
    )


def _known(of: Material) -> Sequence[KnownAs]:
    found = [
        KnownAs(
            copy, conversation, of.titles.get(conversation, ""), row.name, row.messages, row.owner
        )
        for row in of.names
        if row.copy in of.copies
        for copy, conversation in [of.copies[row.copy]]
    ]
    return sorted(found, key=lambda one: (one.title, one.conversation, one.copy.number, one.name))


def _told(of: Material, person: str, link: StoredLink) -> ToldLink:
    """Tell of a link with this person's name first."""
    ends = [(link.first, link.first_person), (link.second, link.second_person)]
    if link.first_person != person:
        ends.reverse()
    (first, _), (second, whose) = ends
    other = None if whose == person else whose or ""
    return ToldLink(
        id=link.link,
        first=_on(of, first),
        second=_on(of, second),
        other=other,
        other_label=None if other is None else of.labels.get(other, second[1]),
        rule=link.rule,
        led=led(link.rule),
        texts_agreed=link.texts_agreed,
        texts_against=link.texts_against,
        traits_agreed=link.traits_agreed,
        traits_against=link.traits_against,
        weight=link.weight,
        odds=odds(link.weight),
        speaks_for=link.speaks_for,
        speaks_against=link.speaks_against,
        state=link.state,
    )


def _on(of: Material, place: tuple[str, str]) -> NameOn:
    copy, name = place
    known = of.copies.get(copy)
    if known is None:
        return NameOn(name, None, "")
    return NameOn(name, known[0], of.titles.get(known[1], ""))
