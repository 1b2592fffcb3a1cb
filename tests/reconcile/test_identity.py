"""Who is who: names joined by what speaks for it, refused by what contradicts it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconcile.chats import MINUTE, SECOND, Phone, Said, chat, rows, source
from witnessbox.intake.database.people import OWNER
from witnessbox.reconcile.identity import Copies, People, people
from witnessbox.reconcile.model import CopyName, JoinedBy, LinkState, Source
from witnessbox.reconcile.names import label, number_of, written_name
from witnessbox.reconcile.sketch import Sketch, sketch
from witnessbox.reconcile.votes import Vote, spans, votes
from witnessbox.reconcile.weighing import JOIN_WEIGHT

ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND, custodian="Ana Holt")
BEN = Phone("ben", ("A", "Ben Marsh", "C", "D", "E"), MINUTE, custodian="Ben Marsh")
GREEN = chat(120, seed=2)
BLUE = chat(120, seed=1)

Chat = Sequence[tuple[list[Said], Phone]]


def again(phone: Phone, *names: str) -> Phone:
    """Give the same phone's export of another conversation."""
    return replace(phone, name=f"{phone.name}-{'-'.join(names)}", names=names)


def recognised(*chats: Chat, least: float = JOIN_WEIGHT) -> dict[tuple[str, str], str]:
    """Give the person behind each name, by the copy's phone and the name."""
    return persons_of(made(*chats, least=least), chats)


def persons_of(found: People, chats: Sequence[Chat]) -> dict[tuple[str, str], str]:
    phones = [phone for one in chats for _, phone in one]
    return {
        (phone.name, name.name): name.person
        for phone, names in zip(phones, found.names, strict=True)
        for name in names
    }


def made(*chats: Chat, least: float = JOIN_WEIGHT) -> People:
    return people(copies(*chats), least)


def copies(*chats: Chat) -> Copies:
    pairs = [pair for one in chats for pair in one]
    groups, at = [], 0
    for one in chats:
        groups.append(tuple(range(at, at + len(one))))
        at += len(one)
    return Copies(
        [source(phone) for _, phone in pairs],
        [sketch(rows(said, phone)) for said, phone in pairs],
        groups,
    )


def test_texts_join_names_whatever_the_clocks_do() -> None:
    drifting = replace(
        BEN, skew_ms=9_000_000, steps=tuple((at, 20_000) for at in range(0, 120, 10))
    )
    jumping = replace(drifting, steps=((60, 7_777_000),))
    for phone in (drifting, jumping):
        who = recognised([(BLUE, ANA), (BLUE, phone)])
        assert [who["ana", one] for one in ANA.names] == [who["ben", one] for one in BEN.names]


def test_one_full_name_in_two_conversations_is_proposed_and_a_first_name_is_not() -> None:
    blue = replace(ANA, names=("Ana Holt", "Ben", "Cy", "Dee", "Eli"), custodian="Fay Ash")
    green = replace(BEN, names=("Ana Holt", "Ben", "C", "D", "E"), custodian="Gus Elm")
    chats: list[Chat] = [[(BLUE, blue)], [(chat(120, seed=9), green)]]
    (link,) = [one for one in made(*chats).links if one.first.name == one.second.name]
    assert (link.rule, link.state, link.weight) == (JoinedBy.FULL_NAME, LinkState.PROPOSED, 4.0)
    assert {link.first.name, link.second.name} == {"Ana Holt"}
    who = recognised(*chats, least=4.0)
    assert who[blue.name, "Ana Holt"] == who[green.name, "Ana Holt"]
    assert who[blue.name, "Ben"] != who[green.name, "Ben"]


def test_what_a_platform_writes_for_whose_account_is_gone_joins_nobody() -> None:
    blue = again(ANA, "Ana", "Facebook user", "Cy", "Dee", "Eli")
    green = again(ANA, "Ana", "Facebook User", "Cyd", "Di", "El")
    other = replace(BEN, names=("A", "Facebook user", "C", "D", "E"))
    chats: list[Chat] = [[(BLUE, blue)], [(GREEN, green)], [(chat(120, seed=9), other)]]
    found = made(*chats)
    who = persons_of(found, chats)
    gone = {who[blue.name, "Facebook user"], who[green.name, "Facebook User"]}
    assert len(gone | {who[other.name, "Facebook user"]}) == 3
    assert who[blue.name, "Ana"] == who[green.name, "Ana"]
    assert not [one for one in found.links if "Facebook" in one.first.name]


def test_a_text_said_twice_by_two_people_joins_nobody() -> None:
    # What one copy lost of the first and the other of the second looks like one message.
    said = [replace(one, kind="text", text=f"talk {one.number}", who=0) for one in BLUE]
    said[30] = replace(said[30], text="see you there", who=1)
    said[90] = replace(said[90], text="see you there", who=2)
    first, second = replace(ANA, drops=frozenset([90])), replace(BEN, drops=frozenset([30]))
    who = recognised([(said, first), (said, second)])
    assert who["ana", "Ben"] != who["ben", "C"]


def test_a_push_name_and_a_saved_name_on_one_phone_are_two_people() -> None:
    mixed = replace(ANA, names=("Ana", "~ Ben", "Ben", "Dee", "Eli"))
    who = recognised([(BLUE, mixed)], [(GREEN, again(mixed, *mixed.names))])
    assert len(set(who.values())) == 5


def test_you_on_two_phones_are_two_people() -> None:
    quiet = [replace(one, text="ok", kind="text") for one in BLUE]
    mine = replace(ANA, names=("You", "Ben", "Cy", "Dee", "Eli"))
    his = replace(BEN, names=("A", "You", "C", "D", "E"))
    who = recognised([(quiet, mine), (quiet, his)])
    assert who["ana", "You"] != who["ben", "You"]


def test_a_phone_handed_over_as_text_and_as_database_is_one_phone() -> None:
    text = replace(ANA, names=("Ana Holt", "Ben", "Cy", "Dee", "Eli"))
    data = again(ANA, OWNER, "Ben", "Cy", "Dee", "Eli")
    first, second = made([(BLUE, text)], [(GREEN, data)]).names
    persons = {one.name: one.person for one in second}
    assert [one.person for one in first if one.owner] == [persons[OWNER]]
    assert {one.person for one in first} == set(persons.values())


def test_one_false_agreement_does_not_outweigh_what_contradicts_it() -> None:
    # Ana's phone has one name for two people; Ben's and Cy's phones tell them apart.
    cy = Phone("cy", ("A1", "B1", "C1", "D1", "E1"), custodian="Cy Dunn")
    blue = [(BLUE, ANA), (BLUE, BEN), (BLUE, cy)]
    green = [
        (GREEN, again(ANA, "Ana", "Ben", "Fay", "Gus", "Hal")),
        (GREEN, again(BEN, "A", "Kim", "F", "G", "H")),
        (GREEN, again(cy, "A1", "Kim", "F1", "G1", "H1")),
    ]
    who = recognised(blue, green)
    assert who["ana", "Ben"] != who["ana-Ana-Ben-Fay-Gus-Hal", "Ben"]
    assert who["ana", "Ana"] == who["cy-A1-Kim-F1-G1-H1", "A1"]


def test_one_contact_renamed_does_not_outweigh_what_agrees() -> None:
    cy = Phone("cy", ("A1", "B1", "C1", "D1", "E1"), custodian="Cy Dunn")
    blue = [(BLUE, ANA), (BLUE, BEN), (BLUE, cy)]
    renamed = again(cy, "A1", "B1", "Skip", "D1", "E1")
    green = [(GREEN, again(ANA, *ANA.names)), (GREEN, again(BEN, *BEN.names)), (GREEN, renamed)]
    who = recognised(blue, green)
    assert who["cy", "C1"] == who[renamed.name, "Skip"]


def by_turns(said: list[Said]) -> list[Said]:
    """Let person 4 speak only before, and person 3 only after the middle."""
    middle = len(said) // 2
    return [
        replace(one, who=4 if one.number < middle else 3) if one.who in (3, 4) else one
        for one in said
    ]


def test_two_people_one_phone_calls_alike_stay_two_while_both_speak() -> None:
    alike = replace(BEN, names=("A", "Ben Marsh", "C", "Dave", "Dave"))
    who = recognised([(BLUE, ANA), (BLUE, alike)])
    assert who["ana", "Dee"] != who["ana", "Eli"]
    assert who["ben", "Dave"] in {who["ana", "Dee"], who["ana", "Eli"]}


def test_a_number_that_follows_another_is_one_person_to_whom_one_name_is_given() -> None:
    said = by_turns(chat(300))
    alike = replace(BEN, names=("A", "Ben Marsh", "C", "Dave", "Dave"))
    who = recognised([(said, ANA), (said, alike)])
    assert who["ana", "Dee"] == who["ana", "Eli"] == who["ben", "Dave"]


def test_a_name_two_people_bear_in_a_conversation_joins_nobody_by_itself() -> None:
    said = [replace(one, text="ok", kind="text") if one.who == 4 else one for one in BLUE]
    first = replace(ANA, names=("Ana", "Ben", "Cy", "Sam", "~ Sam"))
    second = replace(BEN, names=("A", "Ben Marsh", "C", "D", "Sam"))
    who = recognised([(said, first), (said, second)])
    assert who["ben", "Sam"] not in {who["ana", "Sam"], who["ana", "~ Sam"]}


def owners(found: People) -> list[list[str]]:
    return [[one.name for one in names if one.owner] for names in found.names]


@pytest.mark.parametrize(
    ("names", "custodian", "owner"),
    [
        ((OWNER, "Ana Holt", "C", "D", "E"), "Ana Holt", [OWNER]),
        (("You", "B", "C", "D", "E"), "Ana Holt", ["You"]),
        (("You", "B", "C", "D", "E"), "", ["You"]),
        (("holt, ána", "B", "C", "D", "E"), "Ana Holt", ["holt, ána"]),
        (("PC Holt", "B", "C", "D", "E"), "Ana Holt", ["PC Holt"]),
        (("Kez Holt", "B", "C", "D", "E"), "Ana Holt", []),
        (("Ana", "Holt", "C", "D", "E"), "Ana Holt", []),
        (("A", "B", "C", "D", "E"), "Ana Holt", []),
    ],
)
def test_the_owner_is_who_the_copy_says_or_the_name_that_alone_fits(
    names: tuple[str, ...], custodian: str, owner: list[str]
) -> None:
    assert owners(made([(BLUE, replace(ANA, names=names, custodian=custodian))])) == [owner]


def test_who_fits_two_custodians_is_taken_for_neither() -> None:
    first = replace(ANA, custodian="Ana Holt", names=("Holt", "B", "C", "D", "E"))
    second = replace(BEN, custodian="Ian Holt", names=("Holt", "B", "C", "D", "E"))
    assert owners(made([(BLUE, first), (BLUE, second)])) == [[], []]


def test_an_owner_without_a_name_here_is_known_from_another_copy() -> None:
    told = replace(ANA, names=("You", "07700 900123", "Cy", "Dee", "Eli"))
    other = replace(BEN, names=("Annie", "B", "C", "D", "E"))
    third = replace(other, name="cy", custodian="Cy Dunn")
    elsewhere = again(ANA, "Annie", "Ben", "Cy", "Dee", "Eli")
    green = [again(other, *other.names), again(third, *third.names), elsewhere]
    found = made(
        [(BLUE, phone) for phone in (told, other, third)], [(GREEN, phone) for phone in green]
    )
    assert owners(found)[5] == ["Annie"]


def test_a_phone_means_its_owner_by_every_number_others_have_for_them() -> None:
    other = replace(BEN, names=("+44 7700 900123", "B", "C", "D", "E"))
    silent = again(ANA, "X", "Y", "Z", "V", "W")
    found = made([(BLUE, replace(ANA, names=("You", *ANA.names[1:]))), (BLUE, other)])
    assert found.own[0] == ("447700900123", "you")
    both = made(
        [(BLUE, replace(ANA, names=("You", *ANA.names[1:]))), (BLUE, other)], [(GREEN, silent)]
    )
    assert both.own[2] == ("447700900123", "you")


def test_two_ways_to_write_a_custodian_are_one_person() -> None:
    first = replace(ANA, names=(OWNER, "B", "C", "D", "E"), custodian="ANA  HOLT")
    second = replace(first, name="x", custodian="Ana Holt")
    who = recognised([(BLUE, first)], [(GREEN, second)])
    assert who["ana", OWNER] == who["x", OWNER]


def test_a_join_by_texts_says_how_many_agreed() -> None:
    found = made([(BLUE, ANA), (BLUE, BEN)])
    texts = [link for link in found.links if link.rule is JoinedBy.TEXTS]
    assert len(texts) == 5
    held = {(source(phone).copy, name) for phone in (ANA, BEN) for name in phone.names}
    assert {(it.copy, it.name) for link in texts for it in (link.first, link.second)} == held
    assert all(link.joined and link.texts_agreed > 5 and not link.texts_against for link in texts)
    assert all(link.weight == 40.0 for link in texts)


def test_what_weighs_too_little_is_only_proposed() -> None:
    found = made([(BLUE, ANA), (BLUE, BEN)], least=1_000.0)
    assert len({one.person for names in found.names for one in names}) == 10
    assert {(link.rule, link.joined) for link in found.links} == {(JoinedBy.TEXTS, False)}


def test_votes_count_each_text_once_and_what_speaks_against_the_rarer_name() -> None:
    sketches = [sketch(rows(BLUE, phone)) for phone in (ANA, replace(BEN, names=tuple("ABCDD")))]
    found = votes(sketches, [0, 1])
    assert len(found) == 5
    assert sum(vote.agreed for vote in found) == len(set(sketches[0].hashes.tolist()))
    assert {vote.against for vote in found} == {0}
    assert votes(sketches[:1], [0]) == []
    assert votes([sketch(rows([], ANA))] * 2, [0, 1]) == []


def test_a_text_with_nothing_around_it_says_nothing() -> None:
    lone = [replace(BLUE[0], kind="text", text="only this", who=1)]
    sketches = [sketch(rows(lone, phone)) for phone in (ANA, BEN)]
    assert votes(sketches, [0, 1]) == []
    pair = [*lone, replace(lone[0], number=1, text="and this")]
    sketches = [sketch(rows(pair, phone)) for phone in (ANA, BEN)]
    assert votes(sketches, [0, 1]) == [Vote((0, 0), (1, 0), 2, 0)]


def test_a_name_that_is_never_sampled_has_no_span() -> None:
    said = [replace(one, kind="media", text="") if one.who == 4 else one for one in BLUE]
    found = spans(sketch(rows(said, ANA)))
    assert [span is None for span in found] == [False, False, False, False, True]


def test_names_are_kept_apart_as_the_phone_keeps_them() -> None:
    assert written_name("~\u202fZoë") == "~zoe" != written_name("Zoë")
    assert written_name("\u202a+44 7700 900123\u202c") == written_name("0044 7700 900123")
    assert number_of("Unit 7700900") is None
    assert label({OWNER: (3, 90), "Ana": (1, 2)}, (OWNER,)) == "Ana"


@st.composite
def worlds(draw: st.DrawFn) -> list[Chat]:
    """Invent two conversations of three phones that name people as they please."""
    stream = Random(draw(st.integers(0, 1 << 20)))  # noqa: S311 - invented talk, not a secret
    words = ("Sam", "~ Sam", "Al", "Jo", "+44 7700 900123", "You", "Sam Roe", "Ana Holt", OWNER)
    names = st.lists(st.sampled_from(words), min_size=4, max_size=4)
    custodian = st.sampled_from(("", "Ana Holt", "Sam Roe"))
    held: list[Chat] = []
    for place in range(2):
        said = chat(40, people=4, seed=stream.randrange(1 << 20))
        phones = [
            Phone(f"{place}-{one}", tuple(draw(names)), custodian=draw(custodian))
            for one in range(3)
        ]
        held.append([(said, phone) for phone in phones])
    return held


def mixed(whole: Copies, order: Sequence[int]) -> Copies:
    """Hand the same copies in in another order."""
    rank = {place: at for at, place in enumerate(order)}
    sources: list[Source] = [whole.sources[place] for place in order]
    sketches: list[Sketch] = [whole.sketches[place] for place in order]
    groups = [tuple(rank[place] for place in group[::-1]) for group in whole.groups[::-1]]
    return Copies(sources, sketches, groups)


@settings(max_examples=40, deadline=None)
@given(worlds(), st.permutations(range(6)))
def test_the_order_of_copies_changes_nothing(world: list[Chat], order: list[int]) -> None:
    whole = copies(*world)
    first, second = people(whole), people(mixed(whole, order))
    assert [first.names[place] for place in order] == list(second.names)
    assert [first.own[place] for place in order] == list(second.own)
    assert first.links == second.links


@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from((0.5, JOIN_WEIGHT, 20.0)))
def test_no_copy_gets_two_names_for_one_person_unless_the_weight_says_so(
    world: list[Chat], least: float
) -> None:
    found = made(*world, least=least)
    persons = persons_by_name(world, found)
    joined = [link for link in found.links if link.joined]
    assert all(link.weight >= least for link in joined)
    assert all(link.weight < least for link in found.links if not link.joined)
    outweighed = {persons[_key(link.first)] for link in joined if link.traits_against}
    for names in found.names:
        twice = [one.person for one in names]
        assert {one for one in twice if twice.count(one) > 1} <= outweighed


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_every_person_hangs_together_by_recorded_joins(world: list[Chat]) -> None:
    found = made(*world)
    persons = persons_by_name(world, found)
    joined = [link for link in found.links if link.joined]
    assert all(persons[_key(link.first)] == persons[_key(link.second)] for link in joined)
    assert len(joined) == len(persons) - len(set(persons.values()))


def _key(name: CopyName) -> tuple[str, str]:
    return name.copy, name.name


def persons_by_name(world: Sequence[Chat], found: People) -> dict[tuple[str, str], str]:
    phones = [phone for one in world for _, phone in one]
    return {
        (source(phone).copy, name.name): name.person
        for phone, names in zip(phones, found.names, strict=True)
        for name in names
    }
