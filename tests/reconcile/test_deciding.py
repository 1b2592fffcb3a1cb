"""What a person decided of names holds, whatever else is known, and is shown for what it is."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconcile.chats import Phone, source
from tests.reconcile.test_identity import (
    ANA,
    BEN,
    BLUE,
    GREEN,
    Chat,
    again,
    copies,
    made,
    mixed,
    persons_by_name,
    worlds,
)
from witnessbox.reconcile.decision import Identity, Verdict, link_id
from witnessbox.reconcile.identity import Copies, People, people
from witnessbox.reconcile.model import CopyName, JoinedBy, Link, LinkState

CY = Phone("cy", ("A1", "B1", "C1", "D1", "E1"), custodian="Cy Dunn")
TRIO: Chat = [(BLUE, ANA), (BLUE, BEN), (BLUE, CY)]


def name(phone: Phone, called: str) -> CopyName:
    return CopyName(source(phone).copy, called)


def decided(world: list[Chat], *words: Identity, least: float = 6.0) -> People:
    return people(copies(*world), least, words)


def same(first: CopyName, second: CopyName) -> Identity:
    return Identity(first, second, verdict=Verdict.SAME)


def apart(first: CopyName, second: CopyName) -> Identity:
    return Identity(first, second, verdict=Verdict.APART)


def persons(world: list[Chat], found: People) -> dict[CopyName, str]:
    flat = [pair for one in world for pair in one]
    return {CopyName(*key): person for key, person in persons_by_name([flat], found).items()}


def link(found: People, first: CopyName, second: CopyName) -> Link:
    (one,) = (it for it in found.links if link_id(it.first, it.second) == link_id(first, second))
    return one


def test_two_names_held_to_be_one_are_one_and_what_contradicts_it_is_shown() -> None:
    ben, cy = name(ANA, "Ben"), name(ANA, "Cy")
    found = decided([TRIO], same(ben, cy))
    who = persons([TRIO], found)
    assert who[ben] == who[cy] == who[name(BEN, "Ben Marsh")] == who[name(BEN, "C")]
    shown = link(found, ben, cy)
    assert (shown.state, shown.rule) == (LinkState.ACCEPTED, JoinedBy.DECISION)
    assert shown.weight < -60
    assert any("speaking over the same time (" in one for one in shown.speaks_against)


def test_what_was_only_proposed_is_accepted_with_the_weight_it_had() -> None:
    before = made(TRIO[:2], least=1_000.0)
    proposal = before.links[0]
    found = decided([TRIO[:2]], same(proposal.first, proposal.second), least=1_000.0)
    shown = link(found, proposal.first, proposal.second)
    assert shown.state is LinkState.ACCEPTED
    assert (shown.weight, shown.texts_agreed) == (proposal.weight, proposal.texts_agreed)
    assert (shown.speaks_for, shown.rule) == (proposal.speaks_for, JoinedBy.TEXTS)
    who = persons([TRIO[:2]], found)
    assert who[proposal.first] == who[proposal.second]


def test_a_refused_link_is_not_made_by_another_road_and_the_weakest_is_left_out() -> None:
    # Each two phones have texts in common that the third one lost, Cy's the fewest.
    trio: Chat = [
        (BLUE, replace(ANA, drops=frozenset(range(0, 120, 3)))),
        (BLUE, replace(BEN, drops=frozenset(range(1, 120, 3)))),
        (BLUE, replace(CY, last=70)),
    ]
    first, second, third = name(ANA, "Ben"), name(BEN, "Ben Marsh"), name(CY, "B1")
    together = persons([trio], decided([trio]))
    assert together[first] == together[second] == together[third]
    found = decided([trio], apart(first, second))
    who = persons([trio], found)
    assert who[first] != who[second]
    assert who[third] in {who[first], who[second]}
    assert link(found, first, second).state is LinkState.REFUSED
    assert link(found, first, second).weight > 30
    (left_out,) = [one for one in found.links if one.state is LinkState.PARTED]
    assert third in {left_out.first, left_out.second}
    kept = [one for one in found.links if one.joined and third in {one.first, one.second}]
    assert min(one.texts_agreed for one in kept) >= left_out.texts_agreed
    assert all(who[one] == together[one] for one in who if together[one] != together[first])


def test_a_refusal_is_undone_by_leaving_it_out() -> None:
    assert decided([TRIO]) == made(TRIO)


def test_one_phone_calls_two_people_alike_in_two_groups_until_somebody_says_so() -> None:
    elsewhere = again(ANA, "Ana", "Ben", "Fay", "Gus", "Hal")
    world: list[Chat] = [[(BLUE, ANA)], [(GREEN, elsewhere)]]
    first, second = name(ANA, "Ben"), name(elsewhere, "Ben")
    who = persons(world, decided(world))
    assert who[first] == who[second]
    found = decided(world, apart(first, second))
    who = persons(world, found)
    assert who[first] != who[second]
    assert who[name(ANA, "Ana")] == who[name(elsewhere, "Ana")]
    shown = link(found, first, second)
    assert (shown.state, shown.rule) == (LinkState.REFUSED, JoinedBy.PHONE)
    assert shown.speaks_for == ("one phone has the same name for both (+9.0)",)


def test_a_name_that_two_held_apart_bear_joins_nobody_by_itself() -> None:
    quiet = [replace(one, text="ok", kind="text") if one.who == 4 else one for one in BLUE]
    other = replace(BEN, names=(*BEN.names[:4], "Eli"))
    world: list[Chat] = [[(quiet, ANA), (quiet, other)]]
    first, second = name(ANA, "Eli"), name(other, "Eli")
    joined = decided(world)
    assert link(joined, first, second).rule is JoinedBy.NAME
    assert link(joined, first, second).speaks_for[0].startswith("two phones have the same name")
    who = persons(world, decided(world, apart(first, second)))
    assert who[first] != who[second]


def test_names_that_came_together_by_another_road_can_be_accepted_all_the_same() -> None:
    first, second = name(BEN, "Ben Marsh"), name(CY, "B1")
    before = decided([TRIO])
    assert not [it for it in before.links if {it.first, it.second} == {first, second}]
    shown = link(decided([TRIO], same(first, second)), first, second)
    assert shown.state is LinkState.ACCEPTED
    assert not shown.speaks_against


def test_decisions_that_contradict_one_another_leave_apart_what_is_held_apart() -> None:
    a, b, c = name(ANA, "Ben"), name(ANA, "Cy"), name(ANA, "Dee")
    found = decided([TRIO], same(a, b), same(b, c), apart(a, c))
    who = persons([TRIO], found)
    assert who[a] != who[c]
    states = {link(found, *pair).state for pair in ((a, b), (b, c))}
    assert states == {LinkState.ACCEPTED, LinkState.PARTED}


def test_a_decision_about_a_name_that_is_gone_says_nothing() -> None:
    gone = CopyName("01" + "0" * 32, "Ben")
    assert decided([TRIO], same(gone, name(ANA, "Ben")), apart(gone, name(ANA, "Cy"))) == made(TRIO)


def test_who_is_held_to_be_the_owner_of_another_copy_is_its_owner() -> None:
    told = replace(ANA, names=("You", "Ben", "Cy", "Dee", "Eli"))
    elsewhere = again(ANA, "Skip", "Pat", "Fay", "Gus", "Hal")
    world: list[Chat] = [[(BLUE, told)], [(GREEN, elsewhere)]]

    def owners(found: People) -> list[str]:
        return [one.name for one in found.names[1] if one.owner]

    assert owners(decided(world)) == []
    held = same(name(told, "You"), name(elsewhere, "Skip"))
    assert owners(decided(world, held)) == ["Skip"]


@st.composite
def words(draw: st.DrawFn, whole: Copies) -> list[Identity]:
    """Decide something of some names, in any order and as it comes."""
    names = [
        CopyName(one.copy, called)
        for one, sketched in zip(whole.sources, whole.sketches, strict=True)
        for called in sketched.names
    ]
    pairs = st.sampled_from(list(combinations(names, 2)))
    chosen = draw(st.lists(st.tuples(pairs, st.booleans()), max_size=6))
    return [
        Identity(*pair, verdict=Verdict.SAME if is_same else Verdict.APART)
        for pair, is_same in chosen
    ]


@settings(max_examples=60, deadline=None)
@given(st.data(), worlds(), st.permutations(range(6)))
def test_whatever_is_decided_holds_and_no_order_matters(
    data: st.DataObject, world: list[Chat], order: list[int]
) -> None:
    whole = copies(*world)
    asked = list({one.id: one for one in data.draw(words(whole))}.values())
    found = people(whole, decided=asked)
    who = persons(world, found)
    state = {link_id(one.first, one.second): one.state for one in found.links}
    assert len(state) == len(found.links)
    for one in asked:
        together = who[one.first] == who[one.second]
        shown = state[one.id]
        assert together is (shown is LinkState.ACCEPTED)
        assert shown in ({"accepted", "parted"} if one.same else {"refused"})
    assert all((who[one.first] == who[one.second]) is one.joined for one in found.links)
    again_found = people(mixed(whole, order), decided=asked[::-1])
    assert [found.names[place] for place in order] == list(again_found.names)
    assert found.links == again_found.links
